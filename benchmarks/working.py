"""Workers that send one edition side by side: rate, processor time, memory; a large one frozen."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil

from benchmarks.measuring import PUBLISHER, cost, table
from benchmarks.sending import AT, EDITION, prepared_articles, sink, sink_name
from benchmarks.staff import ENGINE, cpu, peak, staff_of
from publisher.ledger import Ledger

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
    with sink() as port, staff_of(workers, partial(_prepare, port)) as staff:
        _populate(staff.ledger, readers)
        frozen = cost(*PUBLISHER, "-C", str(staff.hosts[0]), "send", EDITION, "--yes")
        jobs, _ = staff.jobs.of(EDITION)
        with staff.working("mail") as processes:
            sent, seconds, used = _watched(staff.ledger, min(mailed, readers), processes)
            megabytes = max(map(peak, processes))
    return Found(workers, readers, frozen.seconds, jobs, sent, seconds, used, megabytes)


def _prepare(port: int, first: Path, keys: str) -> None:
    prepared_articles(first, port, CONNECTIONS, f"{keys}\n", ENGINE)
    cost(*PUBLISHER, "-C", str(first), "build", "--at", AT)


def _populate(ledger: Ledger, readers: int) -> None:
    values = {"now": int(datetime.now(UTC).timestamp()), "readers": readers}
    with ledger._engine.begin() as db:
        for statement in (_READERS, _SUBSCRIPTIONS):
            db.exec_driver_sql(statement, values)
    with ledger._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as db:
        db.exec_driver_sql("ANALYZE")


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
        looked = count, time.perf_counter(), sum(map(cpu, processes))
        if count and begun is None:
            begun = looked
        elif begun is not None and count >= wanted:
            return count - begun[0], looked[1] - begun[1], looked[2] - begun[2]
        time.sleep(_LOOK)
