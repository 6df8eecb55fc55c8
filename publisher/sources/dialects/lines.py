"""The lines of a Markdown text, and which of them are code: nothing else is meant by those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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


_WHOLE = re.compile(r"%%(?!%)(?:(?!%%).)+%%")


def without_comments(text: str) -> tuple[str, list[int]]:
    """Return a text without Obsidian's comments (`%%` at both ends of lines), and their lines.

    One that begins in a line of its own goes on to a line that ends so, one with words behind its
    sign only within its paragraph: two remarks of Erlang or LaTeX are none. What is left out leaves
    empty lines. A comment that never ends is none.

    >>> without_comments("a\\n%%\\nb\\n%%\\n%% c %%\\n50%%")
    ('a\\n\\n\\n\\n\\n50%%', [2, 5])
    """
    if "%%" not in text:
        return text, []
    lines = list(parted(text))
    ends = _ending(lines)
    kept: list[str] = []
    found: list[int] = []
    is_open = False
    for at, (line, is_code) in enumerate(lines):
        bare = "" if is_code else line.strip()
        is_whole = not is_open and _WHOLE.fullmatch(bare) is not None
        if is_whole or (not is_open and _begins(bare, *ends[at])):
            found.append(at + 1)
            is_open = not is_whole
            kept.append("")
        elif is_open:
            is_open = is_code or not _ends(line)
            kept.append("")
        else:
            kept.append(line)
    return "\n".join(kept), found


def _begins(bare: str, is_below: bool, is_near: bool) -> bool:
    """Whether a comment of several lines begins in one; of those below, one ends it."""
    return is_below if bare == "%%" else is_near and bare.startswith("%%") and "%%" not in bare[2:]


def _ending(lines: Sequence[tuple[str, bool]]) -> list[tuple[bool, bool]]:
    """Whether a line below each may end a comment: anywhere, and in the same paragraph."""
    found: list[tuple[bool, bool]] = []
    is_below = is_near = False
    for line, is_code in reversed(lines):
        found.append((is_below, is_near))
        is_near = is_near and not is_code and bool(line.strip())
        if not is_code and _ends(line):
            is_below = True
            is_near = is_near or line.strip() == "%%" or not line.lstrip().startswith("%%")
    return found[::-1]


def _ends(line: str) -> bool:
    """Whether a line ends a comment that another one begins."""
    return line.rstrip().endswith("%%")
