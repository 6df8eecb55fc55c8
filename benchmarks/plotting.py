"""A plot of lines over two logarithmic axes, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 230, 40, 45  # for what is written beside the plot
_GAP = 15  # px between two names
_COLOURS = ("#0b6e99", "#b5403a", "#3f7d20", "#8a5a00", "#6940a5", "#37474f", "#ad1a72", "#00796b")


@dataclass(frozen=True)
class Line:
    """A line's name, and its points."""

    name: str
    points: Mapping[int, float]


@dataclass(frozen=True)
class _Axis:
    """Powers of ten from one pixel to another."""

    low: int
    high: int
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> _Axis:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        return cls(low, max(high, low + 1), start, end)

    def at(self, value: float) -> float:
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def plot(path: Path, title: str, across: str, up: str, lines: Sequence[Line]) -> None:
    """Draw lines, each named at its end; all values are above 0."""
    x = _Axis.over([at for one in lines for at in one.points], _LEFT, _WIDTH - _RIGHT)
    y = _Axis.over(
        [value for one in lines for value in one.points.values()], _HEIGHT - _BOTTOM, _TOP
    )
    parts = [*_frame(x, y, title, across, up), *_drawn(x, y, lines)]
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>{escape(title)}</title>\n'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _frame(x: _Axis, y: _Axis, title: str, across: str, up: str) -> Iterator[str]:
    yield _text(_LEFT, _TOP - 18, title, weight="bold")
    for tick in x.ticks:
        at = x.at(tick)
        yield _stroke([(at, y.start), (at, y.end)], "#ddd")
        yield _text(at, y.start + 16, f"{tick:,.0f}", anchor="middle")
    for tick in y.ticks:
        at = y.at(tick)
        yield _stroke([(x.start, at), (x.end, at)], "#ddd")
        yield _text(x.start - 6, at + 4, f"{tick:g}", anchor="end")
    yield _text((x.start + x.end) / 2, y.start + 34, across, anchor="middle")
    yield _text(x.start - 6, y.end - 8, up, anchor="end")


def _drawn(x: _Axis, y: _Axis, lines: Sequence[Line]) -> Iterator[str]:
    ends = {}
    for one, colour in zip(lines, _COLOURS * len(lines), strict=False):
        points = [(x.at(at), y.at(value)) for at, value in sorted(one.points.items())]
        yield _stroke(points, colour, 2)
        for across, up in points:
            yield f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>'
        ends[one.name] = points[-1], colour
    lowest = -math.inf
    for name, ((across, up), colour) in sorted(ends.items(), key=lambda one: one[1][0][1]):
        lowest = max(up, lowest + _GAP)  # no name over another
        yield _text(across + 10, lowest + 4, name, colour=colour)


def _stroke(points: Sequence[tuple[float, float]], colour: str, width: int = 1) -> str:
    told = " ".join(f"{across:.1f},{up:.1f}" for across, up in points)
    return f'<polyline points="{told}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    colour: str = "#222",
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-weight="{weight}">{escape(text)}</text>'
    )
