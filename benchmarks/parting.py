"""Feeds and pages that workers share: what each does until all of it is put there, and its memory.

Each worker has a host's folders and one core of its own. What is told in CPU seconds is the longest
way through it: who plans, then the busiest worker while parts are made, then who puts all there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil

from benchmarks.archive import Generator
from benchmarks.measuring import table
from benchmarks.staff import ENGINE, Staff, cpu, peak, staff_of
from publisher.ledger.jobs import WorkerRecord
from publisher.model.job import making_pages
from tests.crash.hosts import with_keys

_LOOK = 0.2  # seconds between two looks
_OTHER = WorkerRecord(name="other", host="other", lanes="pages", concurrency=1)


@dataclass(frozen=True)
class Found:
    """What became of a build: CPU seconds of all workers, of the longest way, and peaks in MB.

    `shown` is how many files readers see.
    """

    what: str
    workers: int
    parts: int
    total: float
    longest: float
    ways: str
    megabytes: int
    shown: int


def run(articles: int) -> None:
    """Print what a first build and a change of every page cost one worker, and two."""
    found = [one for workers in (1, 2) for one in measured(articles, workers)]
    alone = {one.what: one for one in found if one.workers == 1}
    table(
        f"{articles:,} articles, feeds and pages, a core a worker",
        (
            "build", "workers", "parts", "CPU s, all", "CPU s, longest way",
            "planned + parts + last", "of one worker", "peak MB a worker", "files",
        ),
        [
            (
                one.what, one.workers, one.parts, f"{one.total:.1f}", f"{one.longest:.1f}",
                one.ways, f"{one.longest / alone[one.what].longest:.2f}", one.megabytes,
                f"{one.shown:,}",
            )
            for one in found
        ],
    )  # fmt: skip


def measured(articles: int, workers: int) -> list[Found]:
    """Have workers build a publication, and build it again with another title."""
    with staff_of(workers, partial(_prepare, articles)) as staff:
        if workers > 1:
            staff.jobs.look(_OTHER)  # or the first one to start would think itself alone
        with staff.working("pages", apart=True) as processes:
            first = _watched("first", staff, processes)
            for host in staff.hosts:
                text = (host / "publisher.toml").read_text()
                changed = text.replace('title = "Benchmark"', 'title = "Another"')
                (host / "publisher.toml").write_text(changed)
            staff.jobs.put([making_pages()])
            second = _watched("another title", staff, processes)
    return [first, second]


def _prepare(articles: int, first: Path, keys: str) -> None:
    Generator(first).publication(articles)
    toml = first / "publisher.toml"
    toml.write_text(with_keys(toml.read_text(), keys) + ENGINE)


def _watched(what: str, staff: Staff, processes: list[psutil.Process]) -> Found:
    """Wait until all is put there; note the CPU seconds of each worker between its steps."""
    shared, outbox = staff.ledger.parts, staff.outbox
    assert shared is not None
    last = shared.stands()
    before, marks, stage, parts = last.build if last else "", [_cpus(processes)], 0, 1
    time.sleep(1)
    while True:
        stands = shared.stands()
        is_new = stands is not None and stands.build != before
        now = (1 + stands.is_made + stands.is_taken) if stands and is_new else 0
        while stage < now:
            marks.append(_cpus(processes))
            stage += 1
        parts = stands.parts if stands and is_new else parts
        lanes = staff.jobs.lanes()
        busy = any(one.waiting + one.doing for one in lanes if one.lane == "pages")
        if not busy and stage in (0, 3) and (outbox / "web/style.css").is_file():
            break
        time.sleep(_LOOK)
    marks.append(_cpus(processes))
    steps = [[b - a for a, b in zip(one, other, strict=True)] for one, other in pairwise(marks)]
    ways = [max(step) for step in steps]
    return Found(
        what, len(processes), parts, sum(map(sum, steps)), sum(ways),
        " + ".join(f"{way:.1f}" for way in ways), max(map(peak, processes)),
        sum(path.is_file() for part in ("web", "feeds") for path in (outbox / part).rglob("*")),
    )  # fmt: skip


def _cpus(processes: list[psutil.Process]) -> list[float]:
    """CPU seconds of each worker with all that it started."""
    return [cpu(one) for one in processes]
