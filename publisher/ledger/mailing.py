"""The jobs of what waits to be sent, written in the transaction that makes it due.

Whoever decides that something is to be sent, now or at a time, asks here; so a decision that is
rolled back leaves no job. What the clock alone brings (a lease that ends, an edition that is too
late) is found by who keeps the jobs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.model.job import Job, delivering, looking, making_pages, parts, redelivering

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

_STEP = 10  # seconds: what is put off within them is one job
_WAITS = ("queued", "deferred")


class Mailing:
    """Writes jobs for workers; where there are none (`jobs` is None) it does nothing."""

    def __init__(self, jobs: Jobs | None) -> None:
        self._jobs = jobs

    def go(self, db: sa.Connection, edition: str, now: datetime) -> None:
        """Let an edition go by its rows: a job for each part, when it is due, and its pages.

        A test of its subjects is looked at when it ends.
        """
        if self._jobs:
            jobs = [*_parts_of(db, edition, now), *_ends(db, edition, now)]
            self._jobs.defer(db, [*jobs, making_pages()])

    def put_off(
        self, db: sa.Connection, dues: Iterable[tuple[str, datetime]], now: datetime
    ) -> None:
        """Have editions looked at when some of their deliveries (edition, due) are due."""
        if not self._jobs:
            return
        wanted = Counter((edition, _step(due)) for edition, due in dues)
        lanes = _breaking(db, {edition for edition, _ in wanted})
        jobs = [
            redelivering(edition, at, now, breaking=lanes[edition], part=part)
            for (edition, at), count in sorted(wanted.items())
            if edition in lanes
            for part in range(parts(count))
        ]
        self._jobs.defer(db, jobs)

    def given_back(self, db: sa.Connection, edition: str, count: int) -> None:
        """Have another job see to so many deliveries of an edition, unless one does already.

        Whoever gives them back is mostly a job of it, and goes on by itself.
        """
        if self._jobs and count and not self._jobs.is_live(db, "deliver", edition):
            breaking = _breaking(db, [edition]).get(edition, False)
            self._jobs.defer(db, [delivering(edition, breaking=breaking)] * parts(count))

    def look(self, db: sa.Connection, at: datetime, now: datetime) -> None:
        """Have whatever is due then looked at, at that time."""
        if self._jobs:
            self._jobs.defer(db, [looking(at, now)])

    def pages(self, db: sa.Connection) -> None:
        """Bring up feeds and pages, which show what is sent."""
        if self._jobs:
            self._jobs.defer(db, [making_pages()])


def _parts_of(db: sa.Connection, edition: str, now: datetime) -> list[Job]:
    """A job for each part of what waits, at the times when it is due."""
    s, d = t.sends.c, t.deliveries.c
    same = sa.select(s.lane, s.start).where(s.edition == edition, s.state == "sending")
    send = db.execute(same).one_or_none()
    if send is None:
        return []
    due = sa.type_coerce(d.due, sa.BigInteger)
    waits = (
        sa.select(d.due, sa.func.count())
        .where(d.edition == edition, d.state.in_(_WAITS), due < t.HELD_BACK)
        .group_by(d.due)
    )
    counts: Counter[datetime] = Counter()
    for at, count in db.execute(waits):
        counts[_step(at) if at > max(send.start, now) else max(send.start, now)] += count
    return [
        delivering(edition, breaking=send.lane == 0, delay=max(at - now, timedelta()))
        for at, count in sorted(counts.items())
        for _ in range(parts(count))
    ]


def _ends(db: sa.Connection, edition: str, now: datetime) -> list[Job]:
    """The job that decides a test of subjects by clicks."""
    c = t.subject_tests.c
    open_ = sa.select(c.until).where(c.edition == edition, c.counted, c.winner == "")
    return [looking(until, now) for until in db.execute(open_).scalars()]


def _breaking(db: sa.Connection, editions: Iterable[str]) -> Mapping[str, bool]:
    """Whether editions are breaking news."""
    s = t.sends.c
    query = sa.select(s.edition, s.lane).where(s.edition.in_(sorted(editions)))
    return {row.edition: row.lane == 0 for row in db.execute(query)}


def _step(at: datetime) -> datetime:
    """The next whole step."""
    return datetime.fromtimestamp(-(-int(at.timestamp()) // _STEP) * _STEP, UTC)
