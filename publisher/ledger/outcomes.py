"""What became of the deliveries of editions: counted, listed, with what servers said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking
from publisher.model import FINAL, WAITING, State

EXPIRED = "expired"
"""The reply of no server: it was not sent in time."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try that was not accepted, with the server's reply or our own reason."""

    reader: int
    at: datetime
    state: State
    about: str
    reply: str


class DeliveryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one reader's message so far."""

    state: State
    due: datetime
    attempts: int
    settled: datetime | None

    @property
    def waits_for_winner(self) -> bool:
        """Whether a test of subjects must be decided first."""
        return self.state not in FINAL and self.due.timestamp() >= t.HELD_BACK


class Uncertain(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may have been accepted; `address` is empty for an erased reader."""

    edition: str
    reader: int
    address: str


class Outcomes:
    """The verbs of whoever looks at what became of editions."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def variants(self, edition: str) -> dict[int, int]:
        """Return the variant of each reader who gets another than the edition itself."""
        d = t.deliveries.c
        query = sa.select(d.subscriber, d.variant).where(d.edition == edition, d.variant != 0)
        with self._look.connect() as db:
            return {row.subscriber: row.variant for row in db.execute(query)}

    def counts(self, edition: str) -> dict[State, int]:
        """Return how many deliveries are in each state; they sum up to the frozen audience."""
        d = t.deliveries.c
        query = sa.select(d.state, sa.func.count()).where(d.edition == edition).group_by(d.state)
        with self._look.connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def delivery(self, edition: str, reader: int) -> DeliveryRecord | None:
        """Return what became of one reader's message; None for one not in the audience."""
        d = t.deliveries.c
        query = sa.select(d.state, d.due, d.attempts, d.settled).where(
            d.edition == edition, d.subscriber == reader
        )
        with self._look.connect() as db:
            row = db.execute(query).mappings().first()
        return DeliveryRecord(**row) if row else None

    def editions_of(self, reader: int) -> list[tuple[str, State]]:
        """Return the editions that a reader was in the audience of, with what became of each."""
        d = t.deliveries.c
        query = sa.select(d.edition, d.state).where(d.subscriber == reader).order_by(d.edition)
        with self._look.connect() as db:
            return [(row.edition, row.state) for row in db.execute(query)]

    def expired(self, edition: str) -> int:
        """Return how many readers got nothing because it was not sent to them in time."""
        a, d = t.attempts.c, t.deliveries.c
        late = (a.edition == d.edition) & (a.subscriber == d.subscriber) & (a.reply == EXPIRED)
        query = sa.select(sa.func.count()).where(
            d.edition == edition, d.state == "failed", sa.select(1).where(late).exists()
        )
        with self._look.connect() as db:
            return db.execute(query).scalar_one()

    def overdue(self, edition: str, now: datetime) -> int:
        """Return how many should have been looked at by now: due, or claimed past the lease."""
        d, c = t.deliveries.c, t.claims.c
        lost = sa.select(c.id).where(c.edition == edition, c.until < now)
        query = sa.select(sa.func.count()).where(
            d.edition == edition,
            sa.or_(d.state.in_(("queued", "deferred")) & (d.due <= now), d.claim.in_(lost)),
        )
        with self._look.connect() as db:
            return db.execute(query).scalar_one()

    def by(self, what: Literal["domain", "zone"], edition: str) -> dict[str, dict[State, int]]:
        """Return counts of states by the readers' domain or zone; erased readers are under ""."""
        d, s = t.deliveries.c, t.subscribers.c
        name = sa.func.coalesce(s[what], "")
        query = (
            sa.select(name, d.state, sa.func.count())
            .select_from(t.deliveries.outerjoin(t.subscribers, s.id == d.subscriber))
            .where(d.edition == edition)
            .group_by(name, d.state)
        )
        found: dict[str, dict[State, int]] = {}
        with self._look.connect() as db:
            for value, state, count in db.execute(query):
                found.setdefault(value, {})[state] = count
        return found

    def settled(self, edition: str) -> tuple[datetime | None, datetime | None]:
        """Return when the first and the last delivery was accepted, or filed."""
        d = t.deliveries.c
        query = sa.select(sa.func.min(d.settled), sa.func.max(d.settled)).where(
            d.edition == edition, d.state.in_(("accepted", "filed"))
        )
        with self._look.connect() as db:
            row = db.execute(query).one()
        return row[0], row[1]

    def uncertain(self, edition: str | None = None) -> list[Uncertain]:
        """Return deliveries that a person must decide about, with their readers' addresses."""
        d, s = t.deliveries.c, t.subscribers.c
        name = sa.func.coalesce(s.address, "")
        query = (
            sa.select(d.edition, d.subscriber.label("reader"), name.label("address"))
            .select_from(t.deliveries.outerjoin(t.subscribers, s.id == d.subscriber))
            .where(d.state == "uncertain")
            .order_by(d.edition, name)
        )
        if edition is not None:
            query = query.where(d.edition == edition)
        with self._look.connect() as db:
            return [Uncertain(**row) for row in db.execute(query).mappings()]

    def waiting(
        self, *, begun: datetime | None = None, lane: int | None = None, domain: str = ""
    ) -> int:
        """Return how many deliveries of editions that are being sent are still open.

        Of those alone that have `begun` by then, go no later than a `lane`, and go to a `domain`.
        """
        d, e, s = t.deliveries.c, t.sends.c, t.subscribers.c
        sending = sa.select(e.edition).where(e.state == "sending")
        if begun is not None:
            sending = sending.where(e.start <= begun, e.expires > begun)
        if lane is not None:
            sending = sending.where(e.lane <= lane)
        query = sa.select(sa.func.count()).where(
            d.edition.in_(sending), d.state.in_((*WAITING, "sending"))
        )
        if domain:
            query = query.where(d.subscriber.in_(sa.select(s.id).where(s.domain == domain)))
        with self._look.connect() as db:
            return db.execute(query).scalar_one()

    def attempts(self, edition: str, reader: int | None = None) -> list[Attempt]:
        """Return the attempts that were not accepted, oldest first; of one reader or of all."""
        a = t.attempts.c
        query = sa.select(t.attempts).where(a.edition == edition).order_by(a.id)
        if reader is not None:
            query = query.where(a.subscriber == reader)
        with self._look.connect() as db:
            return [
                Attempt(reader=r.subscriber, at=r.at, state=r.state, about=r.about, reply=r.reply)
                for r in db.execute(query)
            ]

    def refused(self, edition: str) -> dict[str, int]:
        """Return how many wait because a server refused us, by what it said last; commonest first.

        The digits of replies count for nothing: many hold an address or a number of their own.
        """
        a, d = t.attempts.c, t.deliveries.c
        last = (
            sa.select(sa.func.max(a.id)).where(a.edition == edition).group_by(a.subscriber)
        ).scalar_subquery()
        query = (
            sa.select(a.reply)
            .join(t.deliveries, (d.subscriber == a.subscriber) & (d.edition == a.edition))
            .where(a.id.in_(last), a.about == "us", d.state.in_(WAITING))
            .order_by(a.id)
        )
        with self._look.connect() as db:
            return _commonest(db.execute(query).scalars())

    def is_open(self, edition: str) -> bool:
        """Return whether anything of an edition is not settled: without counting it."""
        d = t.deliveries.c
        states = (*WAITING, "sending", "uncertain")
        queries = (
            sa.select(d.subscriber).where(d.edition == edition, d.state == state).limit(1)
            for state in states
        )
        with self._look.connect() as db:
            return any(db.execute(query).first() is not None for query in queries)


def _commonest(replies: Iterable[str], most: int = 5) -> dict[str, int]:
    """Count replies that are the same but for addresses and numbers; keep one of each kind."""
    kinds: dict[str, list[str]] = {}
    for reply in replies:
        kinds.setdefault(re.sub(r"\S+@\S+|\d+", "", reply[4:]), []).append(reply)
    largest = sorted(kinds.values(), key=len, reverse=True)
    found = {kind[0]: len(kind) for kind in largest[:most]}
    if rest := sum(map(len, largest[most:])):
        found["(other answers)"] = rest
    return found
