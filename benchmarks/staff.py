"""Workers on hosts of their own that share a ledger on PostgreSQL, and an outbox in a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.measuring import PUBLISHER
from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from publisher.ledger.jobs import Jobs
from tests.crash.hosts import Server

ENGINE = '\n[engine]\nkind = "procrastinate"\n'
_SOON = 120  # seconds until a worker has ended


@dataclass(frozen=True)
class Staff:
    """The folders of hosts, with the same articles; what they share."""

    hosts: list[Path]
    ledger: Ledger
    jobs: Jobs
    outbox: Path

    @contextlib.contextmanager
    def working(self, lane: str, *, apart: bool = False) -> Iterator[list[psutil.Process]]:
        """A worker of a lane on each host, ended in order afterwards; `apart`: a core for each."""
        cores = sorted(os.sched_getaffinity(0))
        running = []
        for number, host in enumerate(self.hosts):
            words = [*PUBLISHER, "-C", str(host), "worker", "--lanes", lane]
            one = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if apart:
                os.sched_setaffinity(one.pid, {cores[number % len(cores)]})
            running.append(one)
        try:
            yield [psutil.Process(one.pid) for one in running]
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(_SOON)


@contextlib.contextmanager
def staff_of(workers: int, prepare: Callable[[Path, str], object]) -> Iterator[Staff]:
    """Yield hosts for so many workers; PostgreSQL is ended afterwards, and nothing is left.

    `prepare` makes the publication in a folder, with keys for its [publication]; it has workers if
    its publisher.toml ends with `ENGINE`.
    """
    with tempfile.TemporaryDirectory(prefix="publisher-workers-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as somebody else
        database = Server(folder / "pg")
        try:
            outbox, hosts = folder / "outbox", [folder / f"host{n}" for n in range(workers)]
            hosts[0].mkdir()
            prepare(hosts[0], f'outbox = "{outbox}"\nledger = "{database.url}"')
            for other in hosts[1:]:
                shutil.copytree(hosts[0], other, ignore=shutil.ignore_patterns(".publisher"))
            with contextlib.closing(Ledger(database.url, workers=True)) as ledger:
                assert ledger.jobs is not None
                ledger.jobs.prepare(*tables())
                yield Staff(hosts, ledger, ledger.jobs, outbox)
        finally:
            database.stop()


def cpu(process: psutil.Process) -> float:
    """CPU seconds of a worker with all that it started."""
    try:
        used = process.cpu_times()
        own = used.user + used.system + used.children_user + used.children_system
        return float(own) + sum(map(cpu, process.children()))
    except psutil.NoSuchProcess:
        return 0.0


def peak(process: psutil.Process) -> int:
    """Megabytes of its largest resident set (proc(5), VmHWM), without those of what it started."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
