"""Makers of texts of any length: one text again and again, numbered, or within each other."""

from __future__ import annotations

from collections.abc import Callable

Make = Callable[[int], str]


def again(unit: str, before: str = "", after: str = "") -> Make:
    """One text again and again."""
    return lambda n: before + unit * (n // len(unit)) + after


def counted(unit: str, before: str = "", after: str = "") -> Make:
    """One text with a number in it, again and again; `@` is where that stands."""
    length = len(unit) + 3
    return lambda n: (
        before + "".join(unit.replace("@", str(one)) for one in range(n // length)) + after
    )


def nested(unit: str, depth: int, rest: str) -> Make:
    """Some elements within each other, and a long text in the innermost."""
    return lambda n: unit * depth + rest * (n // len(rest))


def units(text: str) -> dict[str, Make]:
    """Shapes of one text again and again, parted by blanks; `␣` and `⏎` stand for white space."""
    return {unit: again(unit.replace("␣", " ").replace("⏎", "\n")) for unit in text.split()}
