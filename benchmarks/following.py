"""How long after a file is saved `run` has written its page, and `preview` shows it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.archive import NOW, Generator, newest
from benchmarks.measuring import PUBLISHER, Cost

_PATIENCE = 1_800.0  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")


def written_after(generator: Generator, number: int) -> Cost:
    """Save articles `number` and the next two: the best of two, after `run` has begun."""
    root = generator.root

    def is_there(one: int) -> bool:
        return (root / f"outbox/web/article-{one:06}/index.html").exists()

    with _started(root, "run") as process:
        return _saved(generator, number, process, is_there)


def shown_after(generator: Generator, number: int) -> Cost:
    """The same, until the page of `preview` names it among what may go out."""
    with _started(generator.root, "preview", "--serve", "--no-open") as process:
        assert process.stdout is not None
        address = process.stdout.readline().decode().strip()

        def is_there(one: int) -> bool:
            text = (generator.root / f"articles/article-{one:06}.md").read_text()
            title = text.partition("title: ")[2].partition("\n")[0]
            with urlopen(address) as page:
                return title in page.read().decode()

        return _saved(generator, number, process, is_there)


def _saved(
    generator: Generator,
    number: int,
    process: subprocess.Popen[bytes],
    is_there: Callable[[int], bool],
) -> Cost:
    """What it takes from the moment an article is saved until it is there, the best of two."""
    costs = []
    for one in range(number, number + 3):
        begun, cpu = time.perf_counter(), _cpu(process.pid)
        generator.article(one, newest(one))
        while not is_there(one):
            if time.perf_counter() - begun > _PATIENCE or process.poll() is not None:
                raise SystemExit(f"article {one} never came")
            time.sleep(0.005)
        seconds = time.perf_counter() - begun
        time.sleep(min(seconds, 5.0))  # what is still done after it counts, too
        costs.append(Cost(seconds, _cpu(process.pid) - cpu, _peak(process.pid)))
    return min(costs[1:], key=lambda cost: cost.seconds)  # the first waits for the start


@contextmanager
def _started(root: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [*PUBLISHER, "-C", str(root), *words, "--at", NOW]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE if words[0] == "preview" else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NOTIFY_SOCKET": ""},
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


def _cpu(pid: int) -> float:
    """Seconds of the processor of a process and all below it (Linux)."""
    place = Path(f"/proc/{pid}")
    try:
        fields = (place / "stat").read_text().rpartition(")")[2].split()
        below = [one.read_text().split() for one in place.glob("task/*/children")]
    except OSError:  # it has just ended
        return 0.0
    own = sum(map(int, fields[11:15])) / _TICKS  # with what its ended children took
    return own + sum(_cpu(int(one)) for some in below for one in some)


def _peak(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
