"""Colours of a theme from its accent, each readable where it stands (WCAG 2.2 §1.4.3: 4.5 to 1)."""

from __future__ import annotations

from collections.abc import Mapping

_Colour = tuple[float, float, float]

TINT, DARK_TINT = "#f4f1ec", "#262a31"
"""The grounds of least contrast that text in the accent stands on, in light and in the dark."""


def colours(accent: str) -> Mapping[str, str]:
    """Return the accent for bars, and links and button text that can be read whatever it is."""
    return {
        "accent": accent,
        "link": _readable(accent, TINT, (0.0, 0.0, 0.0)),
        "link_dark": _readable(accent, DARK_TINT, (1.0, 1.0, 1.0)),
        "on_accent": "#ffffff" if contrast("#ffffff", accent) >= 4.5 else "#000000",
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(_parsed(one)), _luminance(_parsed(other))))
    return (light + 0.05) / (dark + 0.05)


def _readable(colour: str, ground: str, toward: _Colour) -> str:
    """The colour nearest to `colour` on the way to `toward` that can be read on `ground`."""
    start = _parsed(colour)
    for step in range(21):
        mixed = tuple(a + (b - a) * step / 20 for a, b in zip(start, toward, strict=True))
        found = "#" + "".join(f"{round(part * 255):02x}" for part in mixed)
        if contrast(found, ground) >= 4.5:
            break
    return found


def _parsed(colour: str) -> _Colour:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: _Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
