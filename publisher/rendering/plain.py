"""A body's HTML → plain text as people write it in mails."""

from __future__ import annotations

import textwrap
from itertools import takewhile

from publisher.model import prose

WIDTH = 72


def plain(body: str, language: str = "") -> str:
    """Return sanitised HTML as text: paragraphs wrapped at 72, addresses after their words."""
    lines: list[str] = []
    above = ""
    for block in prose.blocks(body, language):
        if lines and not block.tight:
            lines.append(_quoted(above, block.rest))
        lines.append(_laid_out(block))
        above = block.rest
    return "\n".join(lines)


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Wrap a paragraph; long words (addresses, Japanese) are never broken."""
    rest = indent if hanging is None else hanging
    first, *others = text.split("\n")
    return "\n".join([_filled(first, indent, rest), *(_filled(one, rest, rest) for one in others)])


def _filled(line: str, first: str, rest: str) -> str:
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _laid_out(block: prose.Block) -> str:
    if not block.fixed:
        return wrap(block.text, block.first, block.rest)
    first, *others = block.text.split("\n")
    return "\n".join([block.first + first, *(block.rest + line for line in others)])


def _quoted(above: str, below: str) -> str:
    """The empty line between two blocks, marked where both stand in the same quotation."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(above, below, strict=False))
    common = "".join(one for one, _ in same)
    return common[: common.rfind(">") + 1]
