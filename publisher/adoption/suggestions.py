"""What an editor may write for the shortcodes of a site that nobody knows: a line for each."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

AROUND = "<aside>{{ inner }}</aside>"
"""For one that encloses a text: it is kept."""

FILTER = "{{ args[0] }}"
"""For a filter: what it is given stays as it is."""


class Suggestion(msgspec.Struct, frozen=True):
    """A line of `[sources.shortcodes]`: what may stand for a shortcode, and the files it frees."""

    name: str
    template: str
    files: int


def template_for(name: str, texts: Iterable[str]) -> str:
    """Return what may stand for a shortcode, by how articles use it; "", which leaves it out."""
    own = re.escape(name)
    encloses = re.compile(
        rf"\{{\{{-?[<%]\s*/\s*{own}(?![\w-])"  # {{< /note >}}
        rf"|\{{%-?\s*(?:end|/)\s*{own}(?![\w-])"  # {% endnote %}, {% /note %}
        rf"|\{{%-?\s*{own}\s*\([^{{}}]*\)\s*-?%\}}"  # {% note() %}…{% end %}
    )
    is_filter = re.compile(rf"\|\s*{own}(?![\w-])")
    found = ""
    for text in texts:
        if encloses.search(text):
            return AROUND
        found = found or (FILTER if is_filter.search(text) else "")
    return found
