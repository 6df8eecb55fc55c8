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
