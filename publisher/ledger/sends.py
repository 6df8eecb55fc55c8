"""Editions on their way: frozen, held, released, cancelled, expired."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import retried
from publisher.ledger.freezing import filled
from publisher.ledger.mailing import Mailing
from publisher.ledger.outcomes import EXPIRED, Outcomes
from publisher.ledger.pace import Pace
from publisher.ledger.slots import SlotRecord, settled
from publisher.ledger.stopping import START, sweep, waiting
from publisher.ledger.subject_tests import began, moved, waits_for_hand
from publisher.model import FINAL, Segment, State, SubjectPlan

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs


class SendRecord(msgspec.Struct, frozen=True, kw_only=True):
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


def open_of(counts: Mapping[State, int]) -> int:
    """Return how many of these are not settled."""
    return sum(count for state, count in counts.items() if state not in FINAL)


class Sends(Outcomes):
    """The verbs of whoever decides about an edition, and looks at what became of it."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        super().__init__(engine)
        self._mailing = Mailing(jobs)

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
        with self._engine.begin() as db:
            known = _send(db, send.edition)
            is_ours = slot is None or settled(db, slot, advanced or {}, over)
            if known or not is_ours:
                return known
            db.execute(t.sends.insert().values(**asdict(send)))
            filled(db, send, segment, turns or {}, without, variants, waits=test is not None)
            if test:
                began(db, send.edition, test, send.start)
            mine = t.deliveries.c.edition == send.edition
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


def _send(db: sa.Connection, edition: str) -> SendRecord | None:
    row = db.execute(sa.select(t.sends).where(t.sends.c.edition == edition)).mappings().first()
    return SendRecord(**row) if row else None


def _halt(db: sa.Connection, edition: str, before: Sequence[str], state: str, reason: str) -> bool:
    same = (t.sends.c.edition == edition) & t.sends.c.state.in_(before)
    changed = db.execute(sa.update(t.sends).where(same).values(state=state, reason=reason))
    return changed.rowcount > 0
