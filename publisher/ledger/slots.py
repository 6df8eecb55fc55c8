"""What became of slots.

A slot is settled once: whoever inserts its row decides. Nothing else is needed for two services,
a restart or a clock that jumps; nobody is elected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.ledger.schedules import advance, stamped
from publisher.model import Cause, Reasoned, SlotState


class SlotRecord(Reasoned, msgspec.Struct, frozen=True, kw_only=True):
    """What became of a slot, and why. `slot` is local wall-clock time as ISO 8601 text.

    A "sent" or "caught up" one has a send, which says what became of it since; a "held" one
    waits for a person. `instant` and `recorded` are UTC; `schedule` is "" for one by hand.
    """

    edition: str
    newsletter: str
    slot: str
    instant: datetime
    state: SlotState
    recorded: datetime
    cause: Cause = Cause.UNKNOWN
    reason: str = ""
    schedule: str = ""


_SKEW = timedelta(minutes=5)  # by which two machines' clocks may differ
_AHEAD = timedelta(days=2)  # so far a schedule may have come: the day begins early elsewhere


class Slots:
    """The verbs of whoever settles slots."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def get(self, edition: str) -> SlotRecord | None:
        """Return what became of the slot of an edition, None where nothing has yet."""
        with self._look.connect() as db:
            same = sa.select(t.slots).where(t.slots.c.edition == edition)
            row = db.execute(same).mappings().first()
        return SlotRecord(**row) if row else None

    def all(
        self, since: datetime | None = None, *, newsletter: str = "", state: str = ""
    ) -> list[SlotRecord]:
        """Return what became of slots, oldest first."""
        c = t.slots.c
        query = sa.select(t.slots).order_by(c.instant, c.edition)
        if since is not None:
            query = query.where(c.instant >= since)
        if newsletter:
            query = query.where(c.newsletter == newsletter)
        if state:
            query = query.where(c.state == state)
        with self._look.connect() as db:
            return [SlotRecord(**row) for row in db.execute(query).mappings()]

    @retried
    def settle(
        self, slots: Sequence[SlotRecord], advanced: Mapping[str, datetime] | None = None
    ) -> list[SlotRecord]:
        """Say what became of slots, and advance schedules (name → until when); one transaction.

        Returns those that nobody had settled before.
        """
        with self._engine.begin() as db:
            found = [one for one in slots if settled(db, one, {})]
            advance(db, advanced or {})
            return found

    @retried
    def resettle(self, slot: SlotRecord) -> bool:
        """Change what is said of a held slot, and when; return whether it was held."""
        c = t.slots.c
        same = sa.update(t.slots).where(c.edition == slot.edition, c.state == "held")
        said = {name: getattr(slot, name) for name in ("state", "cause", "reason", "recorded")}
        with self._engine.begin() as db:
            return db.execute(same.values(**said)).rowcount > 0

    @retried
    def say(self, slot: SlotRecord, over: Collection[str] = ()) -> bool:
        """Settle a slot as a person says, also one settled as one of `over`; whether that held."""
        with self._engine.begin() as db:
            return settled(db, slot, {}, over)

    @retried
    def unsettle(self, slot: SlotRecord, names: Collection[str], now: datetime) -> bool:
        """Forget that a slot is held, so that it comes; return whether it was.

        Schedules of these names that have passed it already come back to it.
        """
        c, s = t.slots.c, t.schedules.c
        before = slot.instant - timedelta(microseconds=1)
        with self._engine.begin() as db:
            held = sa.delete(t.slots).where(c.edition == slot.edition, c.state == "held")
            if db.execute(held).rowcount == 0:
                return False
            passed = sa.update(t.schedules).where(s.name.in_(names), s.through >= slot.instant)
            db.execute(passed.values(through=before, changed=stamped(db, now)))
            return True

    @retried
    def rewind(self, now: datetime) -> list[SlotRecord]:
        """Forget what a clock ahead of `now` said of slots that had come by it; return that.

        Schedules come back to the first of them. What was sent stays sent, and what a person said
        before a slot stays said.
        """
        c, s = t.slots.c, t.schedules.c
        is_sent = sa.select(t.sends.c.edition).where(t.sends.c.edition == c.edition).exists()
        wrong = (c.recorded > now + _SKEW) & (c.recorded >= c.instant) & ~is_sent
        with self._engine.begin() as db:
            rows = db.execute(sa.select(t.slots).where(wrong).order_by(c.instant)).mappings().all()
            db.execute(sa.delete(t.slots).where(wrong))
            first: dict[str, datetime] = {}
            for row in rows:
                first.setdefault(row["newsletter"], row["instant"] - timedelta(microseconds=1))
            for one in db.execute(sa.select(t.schedules)).all():
                through = min(one.through, first.get(one.newsletter, one.through), now + _AHEAD)
                if through != one.through:
                    back = sa.update(t.schedules).where(s.name == one.name)
                    db.execute(back.values(through=through, changed=stamped(db, now)))
        return [SlotRecord(**row) for row in rows]


def settled(
    db: sa.Connection,
    slot: SlotRecord,
    advanced: Mapping[str, datetime],
    over: Collection[str] = (),
) -> bool:
    """Settle a slot and advance schedules in the caller's transaction; whether it is ours.

    A slot that was settled as one of `over` is settled anew.
    """
    values = asdict(slot)
    new = upserting(db, t.slots).values(**values).on_conflict_do_nothing()
    is_ours = db.execute(new.returning(t.slots.c.edition)).first() is not None
    if not is_ours and over:
        c = t.slots.c
        same = sa.update(t.slots).where(c.edition == slot.edition, c.state.in_(over))
        is_ours = db.execute(same.values(**values)).rowcount > 0
    advance(db, advanced)
    return is_ours
