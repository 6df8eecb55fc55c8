"""A first build, packed or not, with so many processes, beside Hugo on the same articles."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archive import NOW, Generator
from benchmarks.measuring import PUBLISHER, table, tree

_HUGO = """\
baseURL = "https://bench.example/"
title = "Benchmark"
[taxonomies]
tag = "tags"
author = "authors"
[related]
includeNewer = false
threshold = 0
[[related.indices]]
name = "tags"
weight = 100
[[related.indices]]
name = "date"
weight = 10
pattern = "2006"
"""
_LIST = "{{ range .Pages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
_PAGE = (
    "<h1>{{ .Title }}</h1>{{ .Content }}{{ range first 3 (.Site.RegularPages.Related .) }}"
    "<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
)


@dataclass(frozen=True)
class _Cost:
    """Seconds by the clock and of the processors, and MB, all processes together."""

    seconds: float
    cpu: float
    megabytes: float


def run(articles: int) -> None:
    """Print what first builds cost."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root = Path(folder)
        Generator(root).publication(articles)
        config = (root / "publisher.toml").read_text()
        rows: list[tuple[str, _Cost]] = []
        made: dict[str, dict[str, bytes]] = {}
        hugo = shutil.which("hugo")
        if hugo:
            _lay(root)
            rows.append(("Hugo", _cost(hugo, "--source", str(root / "hugo"), "--quiet")))
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
        for packed in (False, True):
            (root / "publisher.toml").write_text(
                f"{config}\n[web]\npacked = {str(packed).lower()}\n"
            )
            for jobs in dict.fromkeys((1, cores, 2 * cores)):
                shutil.rmtree(root / "outbox", ignore_errors=True)
                shutil.rmtree(root / ".publisher", ignore_errors=True)
                command = (*PUBLISHER, "-C", folder, "build", "--at", NOW, "--jobs", str(jobs))
                what = f"{'' if packed else 'not '}packed, {jobs} processes"
                rows.append((what, _cost(*command)))
                made[what] = tree(root / "outbox")
        first = rows[0][1]
        table(
            f"First build of {articles:,} articles",
            ("", "seconds", "CPU seconds", "MB, all processes", "of Hugo's", "of its CPU"),
            [
                (
                    what,
                    f"{one.seconds:.2f}",
                    f"{one.cpu:.2f}",
                    f"{one.megabytes:.0f}",
                    f"{one.seconds / first.seconds:.2f}" if hugo else "",
                    f"{one.cpu / first.cpu:.2f}" if hugo else "",
                )
                for what, one in rows
            ],
        )
        texts = [
            {name: data for name, data in one.items() if not name.endswith((".gz", ".br"))}
            for one in made.values()
        ]
        print(f"\nThe same bytes in each: {all(one == texts[0] for one in texts)}.")


def _lay(root: Path) -> None:
    """The same articles as a site of Hugo's, each in the folder of its section."""
    for path in (root / "articles").iterdir():
        number = int(path.stem.partition("-")[2])
        place = root / "hugo/content" / f"section{number % 8}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    layouts = root / "hugo/layouts/_default"
    layouts.mkdir(parents=True)
    (root / "hugo/hugo.toml").write_text(_HUGO)
    (layouts / "single.html").write_text(_PAGE)
    (layouts / "list.html").write_text(_LIST)


def _cost(*command: str) -> _Cost:
    """Run a command to its end, and look how much it and its processes have of memory."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, is_over = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not is_over.wait(0.1):
            most = max(most, _memory(process.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    is_over.set()
    watching.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return _Cost(seconds, usage.ru_utime + usage.ru_stime, most / 1e6)


def _memory(pid: int) -> int:
    """Bytes of a process and all below it; what several share is counted once (PSS, Linux)."""
    place = Path(f"/proc/{pid}")
    try:
        told = re.search(r"^Pss:\s+(\d+) kB", (place / "smaps_rollup").read_text(), re.MULTILINE)
        below = [one.read_text().split() for one in place.glob("task/*/children")]
    except OSError:  # it has just ended
        return 0
    own = 1024 * int(told[1]) if told else 0
    return own + sum(_memory(int(one)) for some in below for one in some)
