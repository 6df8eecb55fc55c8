"""The two lines that in-boxes show: how wide they are, and what they are made of."""

from __future__ import annotations

import unicodedata

LINES = ("subject", "preheader")


def width(line: str) -> int:
    """Return how many Latin letters would take a line's room: those of East Asia count twice."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in line
    )


def letters(line: str) -> str:
    """Return a line's letters and digits alone."""
    return "".join(sign for sign in line if sign.isalnum())


def same(one: str, other: str) -> bool:
    """Whether two lines say the same, whatever their case, spaces and stops."""
    return bool(letters(one)) and letters(one.casefold()) == letters(other.casefold())
