"""The lines of a Markdown text, and which of them are code: nothing else is meant by those."""

from __future__ import annotations

import re
from collections.abc import Iterator

FENCE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}(?=[^`]*$)|~{3,})(.*)$")
# In the middle of a line it may be code itself: `<script>`.
_VERBATIM = re.compile(
    r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:<(pre|script|style|textarea)\b|<!--)", re.IGNORECASE
)
_CLOSED = {name: re.compile(rf"</{name}\s*>", re.I) for name in "pre script style textarea".split()}
_CLOSED[""] = re.compile("-->")


def parted(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code: fenced, or in a `<pre>` or a comment.

    >>> [code for _, code in parted("a\\n```\\n:::\\n```\\nb")]
    [False, True, True, True, False]
    """
    fence = verbatim = ""
    is_verbatim = False
    for line in text.split("\n"):
        if fence:
            yield line, True
            bare = line.strip(" \t>")
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
        elif is_verbatim:
            yield line, True
            is_verbatim = not _CLOSED[verbatim].search(line)
        elif found := FENCE.match(line):
            fence = found[2]
            yield line, True
        else:
            begun = _VERBATIM.match(line) if "<" in line else None
            if begun:
                verbatim = (begun[1] or "").lower()
                is_verbatim = not _CLOSED[verbatim].search(line, begun.end())
            yield line, bool(begun) and is_verbatim


_COMMENT = re.compile(r"%%(?:$|[ \t].*?(?:[ \t]%%$|$))")


def without_comments(text: str) -> tuple[str, list[int]]:
    """Return a text without Obsidian's comments (`%%` at both ends of lines), and their lines.

    What is left out leaves empty lines. A comment that never ends is none.

    >>> without_comments("a\\n%%\\nb\\n%%\\n%% c %%\\n50%%")
    ('a\\n\\n\\n\\n\\n50%%', [2, 5])
    """
    if "%%" not in text:
        return text, []
    lines = list(parted(text))
    last = max(
        (at for at, (line, code) in enumerate(lines) if not code and _ends(line)), default=-1
    )
    kept: list[str] = []
    found: list[int] = []
    is_open = False
    for at, (line, is_code) in enumerate(lines):
        bare = line.strip()
        begins = not is_open and not is_code and _COMMENT.match(bare) is not None
        is_whole = begins and len(bare) > 3 and bare.endswith(" %%")
        if begins and (is_whole or at < last):
            found.append(at + 1)
            is_open = not is_whole
            kept.append("")
        elif is_open:
            is_open = is_code or not _ends(line)
            kept.append("")
        else:
            kept.append(line)
    return "\n".join(kept), found


def _ends(line: str) -> bool:
    return line.strip() == "%%" or line.rstrip().endswith(" %%")
