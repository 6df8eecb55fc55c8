"""What reading an article costs grows with its length, whatever stands in it.

Each shape is read at two lengths, the second four times the first. What costs the square of its
length costs sixteen times as much then. No second is counted: the limit is a ratio, and what costs
next to nothing beside an honest article of the same length is not judged.

`python -m tests.contracts.test_growth` prints the table.
"""

from __future__ import annotations

import gc
import sys
import time
from unicodedata import normalize

import pytest

from publisher.errors import SourceError
from tests.hostile.shapes import SHAPES
from tests.hostile.steps import steps

SHORT, LONG = 8_000, 32_000  # characters
MOST = 8.0
"""How much more four times the length may cost: 4 and what caches and chance add to it."""

_ATTEMPTS = 3

Costs = dict[str, float]


def article(shape: tuple[str, str], length: int) -> bytes:
    """A file of some shape; its front matter names a title, if it is not the shape itself."""
    text = SHAPES[shape](length)
    head = "" if shape[0] == ".markdown" else "---\ntitle: T\ndate: 2026-11-01\n---\n"
    return (head + text).encode("utf-8", "surrogatepass")


def costs(suffix: str, data: bytes) -> Costs:
    """The processor's time that each step takes from a file on; those after an error are not."""
    found: Costs = {}
    gc.collect()
    gc.disable()
    try:
        for name, step in steps(f"a{suffix}", data):
            begun = time.process_time()
            step()
            found[name] = time.process_time() - begun
    except SourceError as error:
        found[f"named: {error.problem.what}"] = 0.0
    finally:
        gc.enable()
    return found


def honest(length: int) -> float:
    """What an ordinary article of some length costs."""
    text = "# T\n\n" + "Some *words* of a [story](b.html), and more of them & others.\n\n" * (
        length // 64
    )
    return sum(costs(".md", text.encode()).values())


@pytest.fixture(scope="module")
def grain() -> float:
    """A tenth of an honest article's cost."""
    return min(honest(LONG) for _ in range(3)) / 10


def excess(shape: tuple[str, str], grain: float) -> dict[str, float]:
    """The steps that cost more than they may, with how many times as much.

    Some do where a cache ends, or a check begins that is for long texts alone: they are measured
    again at four times the lengths.
    """
    for short in (SHORT, LONG):
        found = _excess(shape, (short, 4 * short), grain * short / SHORT)
        if not found:
            return {}
    return found


def _excess(shape: tuple[str, str], lengths: tuple[int, int], grain: float) -> dict[str, float]:
    short = long = None
    for _ in range(_ATTEMPTS):
        short = _least(short, costs(shape[0], article(shape, lengths[0])))
        long = _least(long, costs(shape[0], article(shape, lengths[1])))
        # What one length is refused for, the other may pass: then it is bounded.
        ratios = {
            name: cost / max(short[name], grain / 16)
            for name, cost in long.items()
            if name in short and cost > grain
        }
        found = {name: ratio for name, ratio in ratios.items() if ratio > MOST}
        if not found:
            return {}
    return found


def _least(known: Costs | None, now: Costs) -> Costs:
    """The smaller of two measurements: chance only ever adds to one."""
    return {name: min(cost, (known or now).get(name, cost)) for name, cost in now.items()}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=" ".join)
def test_four_times_the_length_costs_no_more_than_eight_times(shape, grain):
    assert excess(shape, grain) == {}


def test_what_costs_the_square_of_its_length_is_told(grain, monkeypatch):
    """The measure itself can fail: as if words were folded as Python does it."""
    monkeypatch.setattr("publisher.related.terms.nfkc", lambda text: normalize("NFKC", text))
    found = _excess((".txt", "marks on a letter"), (SHORT // 4, SHORT), grain / 4)
    assert found.keys() == {"words"}


def _table() -> None:
    grain = min(honest(LONG) for _ in range(3)) / 10
    print(f"{SHORT:,} and {LONG:,} characters; an honest article of the second: {grain * 10:.3f} s")
    for shape in SHAPES:
        short, long = (costs(shape[0], article(shape, length)) for length in (SHORT, LONG))
        worst = max(long, key=lambda name: long[name])
        ratio = long[worst] / max(short.get(worst, 0.0), 1e-4)
        named = next((name for name in long if name.startswith("named")), "")
        total = sum(long.values())
        print(f"{total:7.3f} s  ×{ratio:4.1f} {worst:13} {' '.join(shape)!r:60} {named}")
        sys.stdout.flush()


if __name__ == "__main__":
    _table()
