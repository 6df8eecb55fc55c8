"""Feeds and pages that workers share: what each does until all of it is put there, and its memory.

Each worker has a host's folders and one core of its own. What is told in CPU seconds is the longest
way through it: who plans, then the busiest worker while parts are made, then who puts all there.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil

from benchmarks.archive import Generator
from benchmarks.measuring import PUBLISHER, table
from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from publisher.ledger.jobs import WorkerRecord
from publisher.model.job import making_pages
from tests.crash.hosts import Server, with_keys

ENGINE = '\n[engine]\nkind = "procrastinate"\n'
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
    with tempfile.TemporaryDirectory(prefix="publisher-parts-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        database = Server(folder / "pg")
        try:
            hosts = _hosts(folder, database.url, articles, workers)
            ledger = Ledger(database.url, workers=True)
            with contextlib.closing(ledger):
                assert ledger.jobs is not None
                ledger.jobs.prepare(*tables())
                if workers > 1:
                    ledger.jobs.look(_OTHER)  # or the first one to start would think itself alone
                with _working(hosts) as processes:
                    first = _watched("first", ledger, processes, folder / "outbox")
                    for host in hosts:
                        text = (host / "publisher.toml").read_text()
                        changed = text.replace('title = "Benchmark"', 'title = "Another"')
                        (host / "publisher.toml").write_text(changed)
                    ledger.jobs.put([making_pages()])
                    second = _watched("another title", ledger, processes, folder / "outbox")
        finally:
            database.stop()
    return [first, second]


def _hosts(folder: Path, url: str, articles: int, workers: int) -> list[Path]:
    first = folder / "host0"
    first.mkdir()
    Generator(first).publication(articles)
    toml = first / "publisher.toml"
    toml.write_text(
        with_keys(toml.read_text(), f'outbox = "{folder / "outbox"}"', f'ledger = "{url}"') + ENGINE
    )
    others = [folder / f"host{number}" for number in range(1, workers)]
    for other in others:
        shutil.copytree(first, other)
    return [first, *others]


@contextlib.contextmanager
def _working(hosts: list[Path]) -> Iterator[list[psutil.Process]]:
    """A worker on each host with a core of its own, ended in order afterwards."""
    cores = sorted(os.sched_getaffinity(0))
    running = []
    for number, host in enumerate(hosts):
        words = [*PUBLISHER, "-C", str(host), "worker", "--lanes", "pages"]
        one = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.sched_setaffinity(one.pid, {cores[number % len(cores)]})
        running.append(one)
    try:
        yield [psutil.Process(one.pid) for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(120)


def _watched(what: str, ledger: Ledger, processes: list[psutil.Process], outbox: Path) -> Found:
    """Wait until all is put there; note the CPU seconds of each worker between its steps."""
    assert ledger.parts is not None
    last = ledger.parts.stands()
    before, marks, stage, parts = last.build if last else "", [_cpus(processes)], 0, 1
    time.sleep(1)
    while True:
        stands = ledger.parts.stands()
        is_new = stands is not None and stands.build != before
        now = (1 + stands.is_made + stands.is_taken) if stands and is_new else 0
        while stage < now:
            marks.append(_cpus(processes))
            stage += 1
        parts = stands.parts if stands and is_new else parts
        jobs = ledger.jobs.lanes() if ledger.jobs else []
        busy = any(one.waiting + one.doing for one in jobs if one.lane == "pages")
        if not busy and stage in (0, 3) and (outbox / "web/style.css").is_file():
            break
        time.sleep(_LOOK)
    marks.append(_cpus(processes))
    steps = [[b - a for a, b in zip(one, other, strict=True)] for one, other in pairwise(marks)]
    ways = [max(step) for step in steps]
    return Found(
        what, len(processes), parts, sum(map(sum, steps)), sum(ways),
        " + ".join(f"{way:.1f}" for way in ways), max(map(_peak, processes)),
        sum(path.is_file() for part in ("web", "feeds") for path in (outbox / part).rglob("*")),
    )  # fmt: skip


def _cpus(processes: list[psutil.Process]) -> list[float]:
    """CPU seconds of each worker with all that it started."""
    return [_cpu(one) for one in processes]


def _cpu(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
        own = used.user + used.system + used.children_user + used.children_system
        return float(own) + sum(map(_cpu, process.children()))
    except psutil.NoSuchProcess:
        return 0.0


def _peak(process: psutil.Process) -> int:
    """Megabytes of its largest resident set (proc(5), VmHWM), without those of what it started."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
