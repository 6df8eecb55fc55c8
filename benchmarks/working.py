"""Workers that send one edition side by side: rate, processor time, memory; a large one frozen."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from benchmarks.measuring import PUBLISHER, cost, table
from benchmarks.sending import AT, EDITION, prepared_articles, sink, sink_name
from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from tests.crash.hosts import Server

ENGINE = '\n[engine]\nkind = "procrastinate"\n'
CONNECTIONS = 10
_LOOK = 0.25  # seconds between two looks at how many are sent
_READERS = """
INSERT INTO subscribers (id, address, key, domain, utf8, name, language, zone, attributes, joined)
SELECT n, 'r' || n || '@' || domain, 'r' || n || '@' || domain, domain, false, 'Reader ' || n,
'', '', '{}', %(now)s
FROM generate_series(1, %(readers)s) AS n, concat('mail', n %% 50, '.example') AS domain
"""
_SUBSCRIPTIONS = """
INSERT INTO subscriptions (subscriber, newsletter, active, since)
SELECT n, 'morning', true, %(now)s FROM generate_series(1, %(readers)s) AS n
"""
_SENT = "SELECT count(*) FROM deliveries WHERE edition = %(edition)s AND state = 'accepted'"


@dataclass(frozen=True)
class Found:
    """What workers did: messages in so many seconds, CPU seconds, each worker's peak in MB."""

    workers: int
    readers: int
    frozen: float
    jobs: int
    sent: int
    seconds: float
    cpu: float
    megabytes: int


def run(mailed: int, audience: int) -> None:
    """Print how 1, 2 and 4 workers send, and how a large audience is frozen and begun."""
    found = [measured(workers, mailed, mailed) for workers in (1, 2, 4)]
    found.append(measured(2, audience, mailed))
    table(
        f"Workers with {CONNECTIONS} connections each, one PostgreSQL; the sink: {sink_name()}",
        (
            "workers", "readers", "frozen in s", "jobs", "sent", "a second", "times one worker",
            "CPU s per 1,000, workers", "peak MB a worker",
        ),
        [_row(one, found[0]) for one in found],
    )  # fmt: skip


def _row(one: Found, first: Found) -> tuple[object, ...]:
    rate, alone = one.sent / one.seconds, first.sent / first.seconds
    return (
        one.workers, f"{one.readers:,}", f"{one.frozen:.1f}", f"{one.jobs:,}", f"{one.sent:,}",
        f"{rate:,.0f}", f"{rate / alone:.2f}", f"{one.cpu / one.sent * 1000:.3f}", one.megabytes,
    )  # fmt: skip


def measured(workers: int, readers: int, mailed: int) -> Found:
    """Freeze an edition for so many readers, and let workers send so many of them."""
    with tempfile.TemporaryDirectory(prefix="publisher-workers-") as name, sink() as port:
        folder = Path(name)
        folder.chmod(0o711)
        database = Server(folder / "pg")
        try:
            hosts = _hosts(folder, database.url, workers, port)
            ledger = Ledger(database.url, workers=True)
            with contextlib.closing(ledger):
                assert ledger.jobs is not None
                ledger.jobs.prepare(*tables())
                _populate(ledger, readers)
                frozen = cost(*PUBLISHER, "-C", str(hosts[0]), "send", EDITION, "--yes")
                jobs, _ = ledger.jobs.of(EDITION)
                with _working(hosts) as processes:
                    sent, seconds, cpu = _watched(ledger, min(mailed, readers), processes)
                    megabytes = max(map(_peak, processes))
        finally:
            database.stop()
    return Found(workers, readers, frozen.seconds, jobs, sent, seconds, cpu, megabytes)


def _hosts(folder: Path, url: str, workers: int, port: int) -> list[Path]:
    """A folder for each worker, with the same articles; the outbox is shared."""
    first = folder / "host0"
    shared = f'outbox = "{folder / "outbox"}"\nledger = "{url}"\n'
    prepared_articles(first, port, CONNECTIONS, shared, ENGINE)
    cost(*PUBLISHER, "-C", str(first), "build", "--at", AT)
    others = [folder / f"host{number}" for number in range(1, workers)]
    for other in others:
        shutil.copytree(first, other, ignore=shutil.ignore_patterns(".publisher"))
    return [first, *others]


def _populate(ledger: Ledger, readers: int) -> None:
    values = {"now": int(datetime.now(UTC).timestamp()), "readers": readers}
    with ledger._engine.begin() as db:
        for statement in (_READERS, _SUBSCRIPTIONS):
            db.exec_driver_sql(statement, values)
    with ledger._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as db:
        db.exec_driver_sql("ANALYZE")


@contextlib.contextmanager
def _working(hosts: list[Path]) -> Iterator[list[psutil.Process]]:
    """A worker on each host, ended in order afterwards."""
    running = [
        subprocess.Popen(
            [*PUBLISHER, "-C", str(host), "worker", "--lanes", "mail"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for host in hosts
    ]
    try:
        yield [psutil.Process(one.pid) for one in running]
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(120)


def _watched(
    ledger: Ledger, wanted: int, processes: list[psutil.Process]
) -> tuple[int, float, float]:
    """Wait until so many are sent; return how many, and the seconds and CPU seconds that it took.

    All from the first look that saw one on: what it costs to start is not counted.
    """
    begun: tuple[int, float, float] | None = None
    while True:
        with ledger._engine.connect() as db:
            count = int(db.exec_driver_sql(_SENT, {"edition": EDITION}).scalar_one())
        looked = count, time.perf_counter(), sum(map(_cpu, processes))
        if count and begun is None:
            begun = looked
        elif begun is not None and count >= wanted:
            return count - begun[0], looked[1] - begun[1], looked[2] - begun[2]
        time.sleep(_LOOK)


def _cpu(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _peak(process: psutil.Process) -> int:
    """Megabytes of its largest resident set (proc(5), VmHWM)."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
