"""Colours that can be read where they stand (WCAG 2.2 §1.4.3: 4.5 to 1)."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 4.5
"""The contrast that text of any size needs."""

_STEPS = 20


def readable(colour: str, grounds: Sequence[str], toward: str) -> str:
    """Return the colour nearest to `colour`, on the way to `toward`, that can be read on all
    grounds.
    """
    start, end = _parsed(colour), _parsed(toward)
    found = colour
    for step in range(_STEPS + 1):
        mixed = [a + (b - a) * step / _STEPS for a, b in zip(start, end, strict=True)]
        found = "#" + "".join(f"{round(part * 255):02x}" for part in mixed)
        if all(contrast(found, ground) >= LEAST for ground in grounds):
            break
    return found


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(_parsed(one)), _luminance(_parsed(other))))
    return (light + 0.05) / (dark + 0.05)


def _parsed(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
