"""Tildes between two words, which lead from one to the other and strike nothing out.

`9~18` and `월~금` are ranges, `H~2~O` is a formula; GitHub's Markdown would strike out what stands
between two of them, and the words would be missing in every text that leaves out what is struck.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_ASIDE = "\U00011fff"  # punctuation as the tilde is, since emphasis depends on it; of Tamil
_ENCODED = quote(_ASIDE)
_BETWEEN = re.compile(
    r"(?:(?<=[\w%‰°℃℉$€£¥₩)\]”’」』》])|(?<=\w\*)|(?<=\w\*\*))~"
    r"(?=[\w$€£¥₩+−“‘「『《*-]|<[A-Za-z])"
)


def put_aside(text: str) -> str:
    """Return Markdown in which tildes between words wait until `put_back`."""
    if "~" not in text or _ASIDE in text:
        return text
    return _BETWEEN.sub(_ASIDE, text)


def put_back(rendered: str, text: str) -> str:
    """Return what was rendered of Markdown, `text` before `put_aside`, with its tildes."""
    if _ASIDE in text or "~" not in text:
        return rendered
    return rendered.replace(_ASIDE, "~").replace(_ENCODED, "~")
