"""What reading costs grows with the length of what is read, whatever stands in it.

Each shape of tests/hostile is read at two lengths, the second four times the first. What costs the
square of its length costs sixteen times as much then. No second is judged: the limit is a ratio,
and what costs next to nothing is not judged. What is over the limit is measured again at sixteen
times the first length, where a square is 256 times and chance cannot be.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from unicodedata import normalize

from benchmarks.measuring import table
from publisher.errors import SourceError
from publisher.related import terms
from publisher.schedule import spans_of
from publisher.sources.scripts import exported
from tests.hostile.lists import CALENDARS, LISTS, SCRIPTS
from tests.hostile.makers import Make
from tests.hostile.shapes import SHAPES
from tests.hostile.steps import steps
from tests.site import AT, Site

MOST = ((4, 8.0), (16, 64.0))
"""Of so many times the length, the ratio of costs that is too much: half of a square's."""

_ATTEMPTS = 3

Costs = dict[str, float]
"""Seconds of the processor by step; a step that ended in an error is none."""


@dataclass(frozen=True)
class Measured:
    """What reads a shape of some length, and what is too cheap to be judged."""

    what: str
    shape: str
    make: Make
    read: Callable[[str], Costs]
    short: int  # characters of the shorter text
    grain: float  # seconds at four times that

    def excess(self) -> tuple[Costs, Costs]:
        """The steps that cost more than they may with their ratios, and the costs at 4n."""
        first: Costs = {}
        for times, most in MOST:
            found, costs = self._excess(times, most)
            first = first or costs
            if not found:
                return {}, first
        return found, first

    def _excess(self, times: int, most: float) -> tuple[Costs, Costs]:
        low: Costs = {}
        high: Costs = {}
        for _ in range(_ATTEMPTS):
            low = _least(low, self.read(self.make(self.short)))
            high = _least(high, self.read(self.make(times * self.short)))
            grain = self.grain * times / 4
            # What one length is refused for, the other may pass: then it is bounded.
            ratios = {
                name: cost / max(low[name], grain / (4 * times))
                for name, cost in high.items()
                if name in low and cost > grain
            }
            found = {name: ratio for name, ratio in ratios.items() if ratio > most}
            if not found:
                break
        return found, high


def _least(known: Costs, now: Costs) -> Costs:
    """The smaller of two measurements: chance only ever adds to one."""
    return {name: min(cost, known.get(name, cost)) for name, cost in now.items()}


def _article(suffix: str, text: str) -> Costs:
    """What each step from a file on takes."""
    head = "" if suffix == ".markdown" else "---\ntitle: T\ndate: 2026-11-01\n---\n"
    data = (head + text).encode("utf-8", "surrogatepass")
    found: Costs = {}
    with suppress(SourceError), _collected():
        for name, step in steps(f"a{suffix}", data):
            begun = time.process_time()
            step()
            found[name] = time.process_time() - begun
    return found


def _list(site: Site, text: str) -> Costs:
    path = site.root / "list.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    begun = time.process_time()
    done = site.run("subscribers", "import", str(path), "-n", "--at", AT)
    if done.code not in (0, 1, 2):
        raise SystemExit(f"import ended with {done.code}: {done.err}")
    return {"import": time.process_time() - begun}


def _calendar(text: str) -> Costs:
    begun = time.process_time()
    with suppress(ValueError):
        spans_of(text.encode("utf-8", "replace"), "Europe/Berlin", date(2028, 1, 1))
    return {"calendar": time.process_time() - begun}


def _script(text: str) -> Costs:
    begun = time.process_time()
    exported(text)
    return {"script": time.process_time() - begun}


@contextmanager
def _collected() -> Iterator[None]:
    """Without Python's collection of garbage, which comes when it likes."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _honest(length: int) -> float:
    """What an ordinary article of some length costs."""
    text = "# T\n\n" + "Some *words* of a [story](b.html), and more of them & others.\n\n" * (
        length // 64
    )
    return sum(_article(".md", text).values())


def _all(site: Site, short: int, grain: float) -> Iterator[Measured]:
    for (suffix, name), make in SHAPES.items():
        read = partial(_article, suffix)
        yield Measured(f"article {suffix}", name, make, read, short, grain)
    kinds: tuple[tuple[str, Mapping[str, Make], Callable[[str], Costs], int], ...] = (
        ("list", LISTS, partial(_list, site), 20_000),
        ("calendar", CALENDARS, _calendar, 8_000),
        ("script", SCRIPTS, _script, 8_000),
    )
    for what, shapes, read, length in kinds:
        for name, make in shapes.items():
            yield Measured(what, name, make, read, length, 0.05)


def _can_fail(short: int, grain: float) -> None:
    """The measure tells a square: as if words were folded as Python does it."""
    honest = terms.nfkc
    terms.nfkc = lambda text: normalize("NFKC", text)
    try:
        make = SHAPES[(".txt", "marks on a letter")]
        found = Measured(
            "article", "marks", make, partial(_article, ".txt"), short // 4, grain / 4
        ).excess()[0]
    finally:
        terms.nfkc = honest
    if found.keys() != {"words"}:
        raise SystemExit("the measure of growth does not tell a square from a line")


def run(_: int) -> None:
    """Print what is over its limit and what is the dearest; end with 1 if anything is over."""
    short = 8_000
    grain = min(_honest(4 * short) for _ in range(3)) / 10
    _can_fail(short, grain)
    gc.freeze()  # all that was imported: it is gone through for each of thousands of readings
    over: list[tuple[object, ...]] = []
    dear: list[tuple[float, str, str, str]] = []
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for one in _all(Site(Path(folder) / "site"), short, grain):
            excess, costs = one.excess()
            count += 1
            over += [(one.what, one.shape, step, f"{ratio:.1f}") for step, ratio in excess.items()]
            if costs:
                step = max(costs, key=lambda name: costs[name])
                dear.append((costs[step], one.what, one.shape, step))
            print(f"\r{count} shapes, {len(over)} over", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    table(
        f"Growth: {count} shapes at n and 4n; an honest article of 32,000 characters takes "
        f"{grain * 10:.3f} s. The dearest at 4n:",
        ("read as", "shape", "step", "s"),
        [(*rest, f"{cost:.3f}") for cost, *rest in sorted(dear, reverse=True)[:10]],
    )
    table("Over the limit", ("read as", "shape", "step", "×"), over or [("none", "", "", "")])
    if over:
        raise SystemExit(1)
