"""Deliveries: frozen, claimed in chunks, marked, settled, recovered.

A claim is durable; the marks of a delivery are cheap (`engine.cheap`). So after a crash "claimed"
is provably unsent, and "sending" is uncertain: at most one for each open connection. The claim's id
is the fence: a mark counts only while the delivery is still under that claim. Its epoch tells a
power cut, which may have lost marks: then all that was claimed is uncertain. A PostgreSQL that was
restarted in order has lost none (`whole`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.claims import ClaimedBatch, ClaimedDelivery, claimed, may_be_mailed, update
from publisher.ledger.domains import EVERY_DOMAIN, Domains, held_at
from publisher.ledger.engine import cheap, epoch, retried
from publisher.ledger.marks import Mark, accept, begin, give_back, settle
from publisher.ledger.pace import Limits, Pace
from publisher.ledger.spoken import spoken
from publisher.ledger.stopping import START, note, sweep, waiting, whole
from publisher.ledger.subject_tests import held_back, next_end
from publisher.ledger.whole import wholeness

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs


_ROUNDS = 100
"""Of one claim over deliveries that all must wait, before it says when to come back."""


class Queue(Domains):
    """The verbs of whoever sends, and of whoever holds a domain."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        super().__init__(engine, jobs)
        self._cheap = cheap(engine)
        self._leases: dict[int, datetime] = {}  # of claims made here: when each ends

    @retried
    def claim(
        self,
        worker: str,
        now: datetime,
        size: int,
        lease: timedelta,
        limits: Limits,
        edition: str = "",
    ) -> ClaimedBatch | datetime | None:
        """Claim up to `size` deliveries of one edition, or of `edition`, that are due, or None.

        An instant is when the pace, or the next day, lets more go. Breaking news goes before
        editions, and these before what is tried again. Readers who may no longer be mailed are
        suppressed here; those of a held domain, or too early for their domain's pace, wait.
        """
        for _ in range(_ROUNDS):
            with self._engine.begin() as db:
                if until := held_at(db, now).get(EVERY_DOMAIN):
                    return until
                candidates = self._candidates(db, now, size, edition)
                if candidates is None:
                    return None
                pace = Pace(db, limits, candidates[0], now)
                if until := pace.closed():
                    return until
                found, expires, rows = candidates
                ready = self._sifted(db, found, rows[: pace.left_today(size)], now, pace)
                pace.save(len(ready))
                if ready:
                    chunk = claimed(db, found, ready, worker, now + lease, expires)
                    self._leases[chunk.claim] = chunk.until
                    return chunk
            # All of them wait or are suppressed now: look at the next ones.
        return now + timedelta(seconds=1)

    def _candidates(
        self, db: sa.Connection, now: datetime, size: int, only: str
    ) -> tuple[str, datetime, Sequence[Any]] | None:
        s = t.sends.c
        sends = (
            sa.select(s.edition, s.expires)
            .where(s.state == "sending", s.start <= now, s.expires > now)
            .order_by(s.lane, s.start)
            .with_for_update(read=True)  # a hold waits for this claim, and takes it back
        )
        if only:
            sends = sends.where(s.edition == only)
        order = db.execute(sends).all()
        d = t.deliveries.c
        for state in ("queued", "deferred"):  # retries come last
            for edition, expires in order:
                query = (
                    sa.select(d.subscriber, d.attempts, d.variant, d.test_group)
                    .where(d.edition == edition, d.state == state, d.due <= now)
                    .order_by(d.due, d.subscriber)
                    .limit(size)
                    .with_for_update(skip_locked=True)
                )
                if rows := db.execute(query).all():
                    return edition, expires, rows
        return None

    def _sifted(
        self, db: sa.Connection, edition: str, rows: Sequence[Any], now: datetime, pace: Pace
    ) -> list[ClaimedDelivery]:
        """The rows that may start, with their readers; the rest is suppressed or waits."""
        tries = {reader: rest for reader, *rest in rows}
        readers = db.execute(may_be_mailed(db, edition, list(tries))).all()
        gone = tries.keys() - {row.id for row in readers}
        if gone:
            update(db, edition, sorted(gone), state="suppressed", settled=now)
        held = held_at(db, now)
        pace.enter(row.domain for row in readers)
        ready: list[ClaimedDelivery] = []
        later: dict[datetime, list[int]] = {}
        for reader, address, domain, utf8, name, language, attributes in readers:
            if until := held.get(domain) or pace.too_early(domain):
                later.setdefault(whole(until), []).append(reader)
                continue
            attempts, variant, group = tries[reader]
            known = {} if attributes == "{}" else json.loads(attributes)
            at = pace.place(domain)
            ready.append(
                ClaimedDelivery(
                    reader,
                    address,
                    domain,
                    utf8,
                    name,
                    language,
                    known,
                    attempts,
                    at,
                    variant,
                    group,
                )
            )
        for due, theirs in later.items():
            update(db, edition, theirs, due=due)
        self._mailing.put_off(db, [(edition, due) for due in later], now)
        return sorted(ready, key=lambda one: one.at)  # who must wait holds up nobody else

    @retried
    def mark(self, marks: Sequence[Mark], lease: timedelta) -> set[tuple[int, int]]:
        """Record what became of deliveries, and which start.

        Returns the (claim, reader) pairs of those that may not start.

        A delivery may start only while it is under its claim: not after an unsubscribe, a hold,
        or another worker's recovery. An acceptance counts whoever holds the delivery by now: it
        is the truth.
        """
        now = marks[-1].at if marks else START
        starts = [one for one in marks if one.state == "sending"]
        taken = [one for one in marks if one.state in ("accepted", "filed")]
        if len(starts) + len(taken) < len(marks):
            self._mark_others(marks, now)  # before what starts: a connection is in doubt of one
        for claim in {one.claim for one in starts}:
            self._renew(claim, now, lease)
        if not starts and not taken:
            return set()
        with spoken(self._engine) as words:
            accept(words, taken)
            return begin(words, starts)

    def _mark_others(self, marks: Sequence[Mark], now: datetime) -> None:
        """Write what is neither a start nor an acceptance; what is said again changes nothing."""
        dues: list[tuple[str, datetime]] = []
        back: Counter[str] = Counter()
        with self._cheap.begin() as db:
            for mark in marks:
                if mark.state == "unsent":
                    back[mark.edition] += give_back(db, mark)
                elif mark.state not in ("accepted", "filed", "sending"):
                    is_ours = settle(db, mark)
                    if is_ours and mark.state == "deferred":
                        dues.append((mark.edition, mark.due or now))
            self._mailing.put_off(db, dues, now)
            for edition, count in back.items():
                self._mailing.given_back(db, edition, count)
            sweep(db, {m.edition for m in marks if m.state in ("unsent", "deferred")}, now)

    def _renew(self, claim: int, now: datetime, lease: timedelta) -> None:
        """Lengthen a lease of ours that is half over."""
        if self._leases.get(claim, now) < now + lease / 2:
            same = sa.update(t.claims).where(t.claims.c.id == claim)
            with self._cheap.begin() as db:
                db.execute(same.values(until=now + lease))
            self._leases[claim] = now + lease

    @retried
    def finish(self, claim: int, now: datetime) -> None:
        """End a claim: what it holds and never started goes back into the queue.

        Should something have started and never been settled, the claim stays, to be recovered.
        """
        self._leases.pop(claim, None)
        with self._cheap.begin() as db:
            found = db.execute(sa.select(t.claims).where(t.claims.c.id == claim)).one_or_none()
            if found is None:
                return  # recovered by another worker
            d = t.deliveries.c
            mine = (d.claim == claim) & (d.edition == found.edition)
            left = sa.update(t.deliveries).where(mine, d.state == "claimed")
            count = db.execute(left.values(**waiting())).rowcount
            Pace.give_back(db, count)
            self._mailing.given_back(db, found.edition, count)
            sweep(db, [found.edition], now)
            started = sa.select(d.subscriber).where(mine, d.state == "sending")
            db.execute(sa.delete(t.claims).where(t.claims.c.id == claim, ~started.exists()))

    @retried
    def recover(self, now: datetime, dead: Sequence[str], *, resend: bool) -> list[tuple[str, int]]:
        """Take over the claims of dead workers and of leases that have ended.

        Returns the (edition, reader) pairs that became uncertain: a server may have accepted
        them. With `resend` they are in the queue again, with the same Message-ID; without, they
        stay for a person.
        """
        c, d = t.claims.c, t.deliveries.c
        current = epoch(self._engine)
        uncertain: list[tuple[str, int]] = []
        with self._engine.begin() as db:
            whole_now = wholeness(db)
            lost = sa.select(t.claims).where(
                sa.or_(c.until <= now, c.worker.in_(dead), c.epoch != current)
            )
            for claim in db.execute(lost.with_for_update(skip_locked=True)).all():
                mine = (d.claim == claim.id) & (d.edition == claim.edition)
                is_whole = claim.epoch == current or claim.whole == whole_now is not None
                doubtful = ["sending"] if is_whole else ["sending", "claimed"]
                rows = db.execute(
                    sa.select(d.subscriber)
                    .where(mine, d.state.in_(doubtful))
                    .order_by(d.subscriber)
                )
                readers = list(rows.scalars())
                why = "its sender died" if is_whole else "the machine went down"
                for reader in readers:
                    note(db, claim.edition, reader, now, "uncertain", "uncertain", why)
                if readers:
                    state = "queued" if resend else "uncertain"
                    update(db, claim.edition, readers, state=state, claim=None, due=START)
                left = sa.update(t.deliveries).where(mine, d.state == "claimed")
                count = db.execute(left.values(**waiting())).rowcount
                db.execute(sa.delete(t.claims).where(c.id == claim.id))
                count += len(readers) if resend else 0
                self._mailing.given_back(db, claim.edition, count)
                sweep(db, [claim.edition], now)
                uncertain += [(claim.edition, reader) for reader in readers]
        return uncertain

    def next_due(self, now: datetime) -> datetime | None:
        """Return when something is to be looked at next; None where all is settled.

        What another sender has claimed is looked at when its lease ends, and a test of subjects
        that clicks decide when its wait does; nothing is, before a hold of all has ended.
        """
        d, s = t.deliveries.c, t.sends.c
        sends = sa.select(t.sends).where(s.state == "sending", s.expires > now)
        found: list[datetime] = []
        with self._look.connect() as db:
            for send in db.execute(sends).all():
                for state in ("queued", "deferred"):
                    first = db.execute(
                        sa.select(d.due)
                        .where(d.edition == send.edition, d.state == state, ~held_back())
                        .order_by(d.due, d.subscriber)
                        .limit(1)
                    ).scalar_one_or_none()
                    if first is not None:
                        found.append(max(first, send.start))
            found += db.execute(sa.select(t.claims.c.until)).scalars()
            found += filter(None, [next_end(db)])
            until = held_at(db, now).get(EVERY_DOMAIN, START)
        return max(min(found), until) if found else None

    def started_on(self, day: date) -> int:
        """Return how many messages count for a day (UTC) of which a limit is set."""
        query = sa.select(t.places.c.used).where(t.places.c.scope == f"day {day:%Y-%m-%d}")
        with self._look.connect() as db:
            return db.execute(query).scalar_one_or_none() or 0

    def started_by_day(self) -> dict[date, int]:
        """Return the same by day: of each on which there was a limit."""
        with self._look.connect() as db:
            return Pace.used(db)
