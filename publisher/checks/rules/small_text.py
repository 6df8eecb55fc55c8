"""Words too small to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Element, Mail
from publisher.checks.rule import Found, Rule

_SMALLEST = 12  # pixels
_SIZE = re.compile(r"font-size:\s*(\d+(?:\.\d+)?)(px|pt)")


def _look(mail: Mail) -> Iterator[Found]:
    told: set[float] = set()
    for words, element in mail.words:
        size = _size(element)
        if 0 < size < _SMALLEST and size not in told and any(sign.isalnum() for sign in words):
            told.add(size)
            shown = f"{size:g}px"
            what = f"“{words.strip()[:40]}” is {shown.removesuffix('px')} pixels large"
            yield Found(
                what,
                *mail.place(f'font-size="{shown}', f"font-size:{shown}", f"font-size: {shown}"),
            )


def _size(element: Element) -> float:
    """The size that is written nearest to words; 0 where none is."""
    for one in (element, *element.iterancestors()):
        if found := _SIZE.search(one.get("style") or ""):
            return float(found[1]) * (4 / 3 if found[2] == "pt" else 1)
    return 0


RULE = Rule(
    name="small-text",
    finds=f"Words of fewer than {_SMALLEST} pixels.",
    why="Nobody reads them on a phone; some programs enlarge them, and break the lines.",
    todo=f"Write at least {_SMALLEST}px; 16 for what is to be read.",
    look=_look,
    bad=({"html": '<p style="font-size:9px">Words</p>'},),
    clean=({"html": '<p style="font-size:13px">Words</p>'},
           {"html": '<p style="font-size:0px">&nbsp;</p>'}),
)  # fmt: skip
