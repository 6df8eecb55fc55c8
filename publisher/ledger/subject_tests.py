"""Tests of two subjects: frozen with their audience, held back, decided once.

Whoever waits for the decision is due in some thousand years (`HELD_BACK` later than it is their
turn), so that no sender sees them; the decision takes that away again, in its own transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried
from publisher.ledger.mailing import Mailing
from publisher.ledger.tables import HELD_BACK
from publisher.model import (
    FINAL,
    Group,
    How,
    Outcome,
    State,
    SubjectPlan,
    SubjectTest,
    Tally,
    split_readers,
)

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

_GROUPS: tuple[Group, Group] = ("A", "B")
_CHUNK = 1000  # readers of one statement


class SubjectTests:
    """The verbs of whoever tests a subject."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        self._engine, self._look, self._mailing = engine, looking(engine), Mailing(jobs)

    def get(self, edition: str) -> SubjectTest | None:
        """Return the test of an edition, None where it has none."""
        query = sa.select(t.subject_tests).where(t.subject_tests.c.edition == edition)
        with self._look.connect() as db:
            row = db.execute(query).mappings().first()
        return _read(row) if row else None

    def all(self, since: datetime | None = None) -> list[SubjectTest]:
        """Return every test, oldest first; of editions that start from then on."""
        start = t.sends.c.start
        query = (
            sa.select(t.subject_tests)
            .join(t.sends, t.sends.c.edition == t.subject_tests.c.edition)
            .order_by(start, t.sends.c.edition)
        )
        if since is not None:
            query = query.where(start >= since)
        with self._look.connect() as db:
            return [_read(row) for row in db.execute(query).mappings()]

    def open(self) -> list[SubjectTest]:
        """Return the tests for whose decision somebody waits, oldest first."""
        with self._look.connect() as db:
            return [_read(row) for row in db.execute(_open()).mappings()]

    def waiting(self, edition: str) -> int:
        """Return how many readers wait for the decision."""
        query = sa.select(sa.func.count()).where(_held_back(edition))
        with self._look.connect() as db:
            return db.execute(query).scalar_one()

    def counts(self, edition: str) -> dict[str, dict[State, int]]:
        """Return how many deliveries of each group are in each state; "" are those in none."""
        d = t.deliveries.c
        query = (
            sa.select(d.test_group, d.state, sa.func.count())
            .where(d.edition == edition)
            .group_by(d.test_group, d.state)
            .order_by(d.test_group, d.state)
        )
        found: dict[str, dict[State, int]] = {"A": {}, "B": {}, "": {}}
        with self._look.connect() as db:
            for group, state, count in db.execute(query):
                found[group][state] = count
        return found

    def group(self, edition: str, reader: int) -> str:
        """Return the group of a reader: A or B, "" for who is in none."""
        d = t.deliveries.c
        query = sa.select(d.test_group).where(d.edition == edition, d.subscriber == reader)
        with self._look.connect() as db:
            return db.execute(query).scalar_one_or_none() or ""

    def groups(self, edition: str) -> dict[int, Group]:
        """Return the group of each reader that is in one."""
        d = t.deliveries.c
        query = sa.select(d.subscriber, d.test_group).where(
            d.edition == edition, d.test_group != ""
        )
        with self._look.connect() as db:
            return {row.subscriber: row.test_group for row in db.execute(query)}

    @retried
    def postpone(
        self, edition: str, until: datetime, now: datetime, lasts: timedelta = timedelta()
    ) -> bool:
        """Let a test that nobody has decided end later; return whether it does.

        The edition has `lasts` after that end, at least.
        """
        c, s = t.subject_tests.c, t.sends.c
        later = sa.update(t.subject_tests).where(c.edition == edition, c.winner == "")
        soon = sa.update(t.sends).where(s.edition == edition, s.expires < until + lasts)
        with self._engine.begin() as db:
            if lasts:
                db.execute(soon.values(expires=until + lasts))
            is_open = db.execute(later.values(until=until)).rowcount > 0
            if is_open:
                self._mailing.look(db, until, now)
            return is_open

    @retried
    def decide(
        self,
        edition: str,
        winner: Group,
        how: How,
        outcome: Outcome,
        now: datetime,
        lasts: timedelta,
        states: Sequence[str] = ("sending",),
    ) -> int | None:
        """Let the rest of an edition go with a subject; return to how many readers.

        They have `lasts` for it, at least. None where it was decided already, or where the edition
        is in none of `states`: whoever comes second changes nothing.
        """
        c, s = t.subject_tests.c, t.sends.c
        tallies = {
            group: [tally.mailed, tally.followed] for group, tally in outcome.tallies.items()
        }
        values = {"winner": winner, "how": how, "decided": now, "tallies": tallies}
        with self._engine.begin() as db:
            # The send first, as a cancel does: the two wait for each other in one order.
            found = sa.select(s.expires).where(s.edition == edition, s.state.in_(states))
            expires = db.execute(found.with_for_update()).scalar_one_or_none()
            same = sa.update(t.subject_tests).where(c.edition == edition, c.winner == "")
            if expires is None or db.execute(same.values(**values)).rowcount == 0:
                return None
            longer = sa.update(t.sends).where(s.edition == edition)
            db.execute(longer.values(expires=max(expires, now + lasts)))
            due = sa.type_coerce(t.deliveries.c.due, sa.BigInteger) - HELD_BACK
            freed = sa.update(t.deliveries).where(_held_back(edition))
            count = db.execute(freed.values(due=due)).rowcount
            self._mailing.go(db, edition, now)
            return count


def held_back() -> sa.ColumnElement[bool]:
    """Whether a delivery waits for a decision."""
    return sa.type_coerce(t.deliveries.c.due, sa.BigInteger) >= HELD_BACK


def waits_for_hand() -> sa.ColumnElement[bool]:
    """Whether a delivery waits for a person's decision: clicks come by themselves."""
    c = t.subject_tests.c
    test = sa.select(1).where(c.edition == t.deliveries.c.edition, ~c.counted, c.winner == "")
    return held_back() & test.exists()


def began(db: sa.Connection, edition: str, plan: SubjectPlan, start: datetime) -> None:
    """Record a test with its audience, whose deliveries all wait, and let both groups go."""
    db.execute(
        t.subject_tests.insert().values(
            edition=edition,
            subject_a=plan.subjects["A"],
            subject_b=plan.subjects["B"],
            share=plan.share,
            wait=int(plan.wait.total_seconds()),
            until=start + plan.wait,
            counted=plan.counted,
            winner="",
            how="",
        )
    )
    d, s = t.deliveries.c, t.subscribers.c
    mine = (d.edition == edition) & (d.state == "queued")
    query = sa.select(s.key, s.id).join(t.deliveries, d.subscriber == s.id).where(mine)
    ids = {row.key: row.id for row in db.execute(query)}
    due = sa.type_coerce(d.due, sa.BigInteger) - HELD_BACK
    groups = split_readers(edition, ids, plan.share)
    for group in _GROUPS:
        members = [ids[name] for name, one in groups.items() if one == group]
        for first in range(0, len(members), _CHUNK):
            # By the primary key: with their state SQLite would walk the whole queue for each chunk.
            theirs = (d.edition == edition) & d.subscriber.in_(members[first : first + _CHUNK])
            db.execute(sa.update(t.deliveries).where(theirs).values(test_group=group, due=due))


def moved(db: sa.Connection, edition: str, start: datetime) -> None:
    """Let the wait begin anew with a send that starts again, if some of the test did not go yet."""
    c, d = t.subject_tests.c, t.deliveries.c
    same = (c.edition == edition) & (c.winner == "")
    wait = db.execute(sa.select(c.wait).where(same)).scalar_one_or_none()
    unsent = sa.select(d.subscriber).where(
        d.edition == edition, d.test_group != "", d.state == "queued"
    )
    if wait is not None and db.execute(unsent.limit(1)).first() is not None:
        until = start + timedelta(seconds=wait)
        db.execute(sa.update(t.subject_tests).where(same).values(until=until))


def next_end(db: sa.Connection) -> datetime | None:
    """Return when the next test ends that is decided by clicks, None where there is none."""
    c = t.subject_tests.c
    ends = _open().with_only_columns(c.until).where(c.counted, t.sends.c.state == "sending")
    return min(db.execute(ends).scalars(), default=None)


def _open() -> sa.Select[Any]:
    """The tests for whose decision somebody waits."""
    c, d = t.subject_tests.c, t.deliveries.c
    waits = (d.edition == c.edition) & (d.state == "queued") & held_back()
    return (
        sa.select(t.subject_tests)
        .join(t.sends, t.sends.c.edition == c.edition)
        .where(c.winner == "", t.sends.c.state.in_(("sending", "held")))
        .where(sa.select(1).where(waits).exists())
        .order_by(t.sends.c.start, c.edition)
    )


def _held_back(edition: str) -> sa.ColumnElement[bool]:
    d = t.deliveries.c
    return (d.edition == edition) & d.state.not_in(FINAL) & held_back()


def _read(row: sa.RowMapping) -> SubjectTest:
    plan = SubjectPlan(
        subjects={"A": row["subject_a"], "B": row["subject_b"]},
        share=row["share"],
        wait=timedelta(seconds=row["wait"]),
        counted=row["counted"],
    )
    tallies = {
        cast(Group, group): Tally(mailed=mailed, followed=followed)
        for group, (mailed, followed) in (row["tallies"] or {}).items()
    }
    return SubjectTest(
        edition=row["edition"],
        plan=plan,
        until=row["until"],
        winner=row["winner"],
        how=row["how"],
        decided=row["decided"],
        outcome=Outcome(tallies=tallies) if tallies else None,
    )
