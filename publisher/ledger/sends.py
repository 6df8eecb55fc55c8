"""Editions on their way: frozen, held, released, cancelled, expired; what became of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried
from publisher.ledger.mailing import Mailing
from publisher.ledger.pace import Pace
from publisher.ledger.readers import in_segment
from publisher.ledger.slots import SlotRecord, settled
from publisher.ledger.stopping import START, is_suppressed, sweep, waiting
from publisher.ledger.subject_tests import began, moved, waits_for_hand
from publisher.ledger.tables import HELD_BACK
from publisher.model import FINAL, WAITING, Segment, State, SubjectPlan

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs


@dataclass(frozen=True, kw_only=True, slots=True)
class SendRecord:
    """An edition on its way. `readers` is the frozen audience, `lane` 0 for breaking news.

    All instants are UTC; what is not settled when it `expires` has failed.
    """

    edition: str
    newsletter: str
    state: Literal["sending", "held", "cancelled"]
    seal: str
    lane: int
    readers: int
    frozen: datetime
    start: datetime
    expires: datetime
    reason: str = ""

    def standing(self, counts: Mapping[State, int]) -> str:
        """Where it stands by its counts: queued, sending, sent; or held, or cancelled."""
        if self.state != "sending":
            return self.state
        if not open_of(counts):
            return "sent"
        return "sending" if counts.keys() - {"queued"} else "queued"


EXPIRED = "expired"
"""The reply of no server: it was not sent in time."""


def open_of(counts: Mapping[State, int]) -> int:
    """Return how many of these are not settled."""
    return sum(count for state, count in counts.items() if state not in FINAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One try that was not accepted, with the server's reply or our own reason."""

    reader: int
    at: datetime
    state: State
    about: str
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRecord:
    """What became of one reader's message so far."""

    state: State
    due: datetime
    attempts: int
    settled: datetime | None

    @property
    def waits_for_winner(self) -> bool:
        """Whether a test of subjects must be decided first."""
        return self.state not in FINAL and self.due.timestamp() >= t.HELD_BACK


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncertain:
    """A message that may have been accepted; `address` is empty for an erased reader."""

    edition: str
    reader: int
    address: str


class Sends:
    """The verbs of whoever decides about an edition."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        self._engine, self._look, self._mailing = engine, looking(engine), Mailing(jobs)

    @retried
    def freeze(
        self,
        send: SendRecord,
        segment: Segment | None,
        slot: SlotRecord | None = None,
        *,
        advanced: Mapping[str, datetime] | None = None,
        over: Collection[str] = (),
        turns: Mapping[str, datetime] | None = None,
        without: Sequence[str] = (),
        variants: Collection[int] = (),
        test: SubjectPlan | None = None,
    ) -> SendRecord | None:
        """Make one delivery for each reader of the newsletter who may be mailed; return the send.

        One transaction settles the slot, inserts the deliveries with one INSERT…SELECT, and
        advances schedules (name → until when). An edition that is frozen already stays as it is;
        None where the slot was settled otherwise, and as none of `over`. `turns` says, by zone,
        when (UTC) a delivery is due, and by "" for zones that it does not name. `without` are
        articles that went out as breaking news: a reader who was in such an audience gets the
        variant without them, and nothing where that is none of `variants`. Of a `test` of two
        subjects a share of the readers is due, and the rest once that is decided.
        """
        s, d = t.subscribers.c, t.subscriptions.c
        due = sa.type_coerce(_due(turns or {}), sa.BigInteger)
        audience = (
            sa.select(
                s.id,
                sa.literal(send.edition),
                sa.literal("queued"),
                due + HELD_BACK if test else due,
                sa.literal(0),
                _variant(without),
            )
            .join(t.subscriptions, d.subscriber == s.id)
            .where(d.newsletter == send.newsletter, d.active)
            .where(~is_suppressed(s))
            .order_by(s.id)
        )
        if segment is not None:
            audience = audience.where(in_segment(segment))
        columns = ["subscriber", "edition", "state", "due", "attempts", "variant"]
        with self._engine.begin() as db:
            known = _send(db, send.edition)
            is_ours = slot is None or settled(db, slot, advanced or {}, over)
            if known or not is_ours:
                return known
            db.execute(t.sends.insert().values(**asdict(send)))
            db.execute(t.deliveries.insert().from_select(columns, audience))
            mine = t.deliveries.c.edition == send.edition
            if without:
                _leave_out(db, send, variants)
            if test:
                began(db, send.edition, test, send.start)
            count = sa.select(sa.func.count()).select_from(t.deliveries).where(mine)
            same = t.sends.c.edition == send.edition
            db.execute(sa.update(t.sends).where(same).values(readers=count.scalar_subquery()))
            self._mailing.go(db, send.edition, send.frozen)
            found = _send(db, send.edition)
            assert found
            return found

    def get(self, edition: str) -> SendRecord | None:
        """Return the send of an edition, None where it was never frozen."""
        with self._look.connect() as db:
            return _send(db, edition)

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

    def all(self) -> list[SendRecord]:
        """Return every send, oldest first."""
        query = sa.select(t.sends).order_by(t.sends.c.frozen, t.sends.c.edition)
        with self._look.connect() as db:
            return [SendRecord(**row) for row in db.execute(query).mappings()]

    def stamp(self) -> Hashable:
        """Return what changes with every edition that is sent, held, released or cancelled."""
        c = t.sends.c
        found = (sa.func.count(), sa.func.max(c.frozen), sa.func.max(c.start))
        query = sa.select(c.state, *found).group_by(c.state).order_by(c.state)
        with self._look.connect() as db:
            return tuple(map(tuple, db.execute(query)))

    def breaking(self, articles: Collection[str], since: datetime, until: datetime) -> list[str]:
        """Return those of some articles that went out as breaking news in that time, by id."""
        st = t.stories.c
        query = (
            sa.select(st.article)
            .distinct()
            .join(t.sends, t.sends.c.edition == st.edition)
            .where(t.sends.c.lane == 0, t.sends.c.frozen.between(since, until))
            .where(st.article.in_(articles))
            .where(t.sends.c.state != "cancelled")
            .order_by(st.article)
        )
        with self._look.connect() as db:
            return list(db.execute(query).scalars())

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

    def hold(self, edition: str, reason: str) -> bool:
        """Start nothing more of an edition; return whether it was being sent."""
        return self._halt(edition, "held", reason)

    @retried
    def cancel(self, edition: str, now: datetime, reason: str) -> bool:
        """Start nothing more of an edition for good; return whether anything of it was open."""
        d = t.deliveries.c
        with self._engine.begin() as db:
            open_ = sa.select(d.subscriber).where(d.edition == edition, d.state.not_in(FINAL))
            if db.execute(open_.limit(1)).first() is None:
                return False
            _halt(db, edition, ("sending", "held"), "cancelled", reason)
            sweep(db, [edition], now)
            self._mailing.pages(db)
            return True

    def release(self, edition: str, start: datetime, expires: datetime, now: datetime) -> bool:
        """Go on with a held edition; return whether it was held."""
        return self._restart(edition, t.sends.c.state == "held", start, expires, now)

    def move(self, edition: str, start: datetime, expires: datetime, now: datetime) -> bool:
        """Start an edition at another time; return whether it could be: nothing of it has begun."""
        d = t.deliveries.c
        begun = sa.select(d.subscriber).where(d.edition == edition, d.state != "queued").exists()
        return self._restart(edition, (t.sends.c.state == "sending") & ~begun, start, expires, now)

    @retried
    def _restart(
        self,
        edition: str,
        may: sa.ColumnElement[bool],
        start: datetime,
        expires: datetime,
        now: datetime,
    ) -> bool:
        same = sa.update(t.sends).where(t.sends.c.edition == edition, may)
        values = {"state": "sending", "reason": "", "start": start, "expires": expires}
        with self._engine.begin() as db:
            if db.execute(same.values(**values)).rowcount == 0:
                return False
            moved(db, edition, start)
            self._mailing.go(db, edition, now)
            return True

    @retried
    def retry(
        self,
        edition: str,
        expires: datetime,
        now: datetime,
        state: Literal["failed", "filed"] = "failed",
    ) -> int:
        """Put what failed, or was filed, into the queue again; return how many.

        Who bounced is not asked; a filed message goes only to readers who may be mailed still.
        """
        d, s = t.deliveries.c, t.sends.c
        mine = (d.edition == edition) & (d.state == state)
        alive = (s.edition == edition) & (s.state != "cancelled")
        with self._engine.begin() as db:
            if db.execute(sa.update(t.sends).where(alive).values(expires=expires)).rowcount == 0:
                return 0
            again = {"state": "queued", "due": START, "settled": None, "attempts": 0}
            count = db.execute(sa.update(t.deliveries).where(mine).values(**again)).rowcount
            if count:
                self._mailing.go(db, edition, now)
            return count

    @retried
    def _halt(self, edition: str, state: str, reason: str) -> bool:
        with self._engine.begin() as db:
            if not _halt(db, edition, ("sending",), state, reason):
                return False
            mine = (t.deliveries.c.edition == edition) & (t.deliveries.c.state == "claimed")
            given = db.execute(sa.update(t.deliveries).where(mine).values(**waiting()))
            Pace.give_back(db, given.rowcount)
            self._mailing.pages(db)
            return True

    @retried
    def expire(self, now: datetime) -> int:
        """Fail what was not settled in time; return how many.

        Whoever waits for a person to choose a subject is not late.
        """
        d = t.deliveries.c
        late_ones = d.state.in_(("queued", "deferred")) & ~waits_for_hand()
        waits = (d.edition == t.sends.c.edition) & late_ones
        late = sa.select(t.sends.c.edition).where(
            t.sends.c.expires <= now,
            t.sends.c.state == "sending",
            sa.select(1).where(waits).exists(),
        )
        count = 0
        with self._engine.begin() as db:
            for edition in db.execute(late).scalars().all():
                mine = (d.edition == edition) & late_ones
                why = [sa.literal(one) for one in ("failed", "transient", EXPIRED)]
                db.execute(
                    t.attempts.insert().from_select(
                        ["subscriber", "edition", "at", "state", "about", "reply"],
                        sa.select(d.subscriber, d.edition, sa.literal(now, t.Instant), *why).where(
                            mine
                        ),
                    )
                )
                failed = sa.update(t.deliveries).where(mine).values(state="failed", settled=now)
                count += db.execute(failed).rowcount
        return count

    @retried
    def postpone(self, now: datetime, until: datetime) -> None:
        """Let nothing of what is being sent, and is not late yet, expire before `until`."""
        s, d = t.sends.c, t.deliveries.c
        waits = (d.edition == s.edition) & d.state.in_(("queued", "deferred"))
        late = sa.update(t.sends).where(
            s.state == "sending",
            s.start <= now,
            s.expires > now,
            s.expires < until,
            sa.select(1).where(waits).exists(),
        )
        with self._engine.begin() as db:
            db.execute(late.values(expires=until))

    @retried
    def resolve(
        self, edition: str, readers: Sequence[int], *, sent: bool, now: datetime, expires: datetime
    ) -> int:
        """Settle uncertain deliveries as a person says; return how many.

        What is sent again has until `expires` for it, at least.
        """
        d = t.deliveries.c
        mine = (d.edition == edition) & (d.state == "uncertain")
        if readers:
            mine &= d.subscriber.in_(readers)
        values: dict[str, Any] = (
            {"state": "accepted", "settled": now} if sent else {"state": "queued", "due": START}
        )
        with self._engine.begin() as db:
            count = db.execute(sa.update(t.deliveries).where(mine).values(**values)).rowcount
            if not sent:
                soon = (t.sends.c.edition == edition) & (t.sends.c.expires < expires)
                db.execute(sa.update(t.sends).where(soon).values(expires=expires))
                self._mailing.go(db, edition, now)
            sweep(db, [edition], now)
            return count


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


def _variant(without: Sequence[str]) -> sa.ColumnElement[int]:
    """Bits for the articles that a reader was sent as breaking news, and that were not refused."""
    d, st, s = t.deliveries.alias(), t.stories.c, t.sends.alias()
    bits: sa.ColumnElement[int] = sa.literal(0)
    for place, article in enumerate(without):
        got = (
            sa.select(1)
            .select_from(d)
            .join(s, s.c.edition == d.c.edition)
            .join(t.stories, st.edition == d.c.edition)
            .where(d.c.subscriber == t.subscribers.c.id, s.c.lane == 0, st.article == article)
            .where(d.c.state.not_in(("bounced", "failed", "suppressed", "cancelled")))
            .correlate(t.subscribers)
        )
        bits = bits + sa.case((got.exists(), 1 << place), else_=0)
    return bits


def _leave_out(db: sa.Connection, send: SendRecord, variants: Collection[int]) -> None:
    """Settle those who had every story of an edition already."""
    d = t.deliveries.c
    mine = (d.edition == send.edition) & d.variant.not_in((0, *variants))
    why = [sa.literal(one) for one in ("suppressed", "had it", "all of it was breaking news")]
    db.execute(
        t.attempts.insert().from_select(
            ["subscriber", "edition", "at", "state", "about", "reply"],
            sa.select(d.subscriber, d.edition, sa.literal(send.frozen, t.Instant), *why).where(
                mine
            ),
        )
    )
    gone = sa.update(t.deliveries).where(mine)
    db.execute(gone.values(state="suppressed", settled=send.frozen))


def _due(turns: Mapping[str, datetime]) -> sa.ColumnElement[int]:
    """When the delivery of a reader is due, by the reader's zone; 518 zones are 37 instants."""
    by_instant: dict[int, list[str]] = {}
    for name, when in turns.items():
        by_instant.setdefault(int(when.timestamp()), []).append(name)
    if not by_instant:
        return sa.literal(0)
    zone = t.subscribers.c.zone
    return sa.case(
        *((zone.in_(zones), sa.literal(due)) for due, zones in by_instant.items()),
        else_=sa.literal(int(turns[""].timestamp())),
    )


def _send(db: sa.Connection, edition: str) -> SendRecord | None:
    row = db.execute(sa.select(t.sends).where(t.sends.c.edition == edition)).mappings().first()
    return SendRecord(**row) if row else None


def _halt(db: sa.Connection, edition: str, before: Sequence[str], state: str, reason: str) -> bool:
    same = (t.sends.c.edition == edition) & t.sends.c.state.in_(before)
    changed = db.execute(sa.update(t.sends).where(same).values(state=state, reason=reason))
    return changed.rowcount > 0
