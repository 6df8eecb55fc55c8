"""Schedules: their rules, and until when their slots are settled."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.model import Rule, Schedule


class Schedules:
    """The verbs of whoever keeps schedules."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def all(self) -> list[Schedule]:
        """Return every schedule, by name."""
        with self._look.connect() as db:
            rows = db.execute(sa.select(t.schedules).order_by(t.schedules.c.name)).all()
        return [
            Schedule(
                name=row.name,
                newsletter=row.newsletter,
                rule=_rule(row.rule),
                through=row.through,
                paused=row.paused,
                declared=row.declared,
            )
            for row in rows
        ]

    def stamp(self) -> Hashable:
        """Return what changes when a schedule is added, edited, paused or removed."""
        c = t.schedules.c
        with self._look.connect() as db:
            found = db.execute(sa.select(sa.func.count(), sa.func.max(c.changed))).one()
        return tuple(found)

    @retried
    def put(self, schedules: Sequence[Schedule], now: datetime) -> None:
        """Keep schedules, new or changed."""
        with self._engine.begin() as db:
            changed = stamped(db, now)
            for one in schedules:
                values = {**asdict(one), "rule": _plain(one.rule), "changed": changed}
                new = upserting(db, t.schedules).values(**values)
                db.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))

    @retried
    def remove(self, names: Collection[str]) -> None:
        """Forget schedules; what became of their slots stays."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.schedules).where(t.schedules.c.name.in_(names)))

    @retried
    def advance(self, advanced: Mapping[str, datetime]) -> None:
        """Say until when all slots of schedules (by name) are settled."""
        with self._engine.begin() as db:
            advance(db, advanced)


def advance(db: sa.Connection, advanced: Mapping[str, datetime]) -> None:
    """Say, in the caller's transaction, until when all slots of schedules are settled."""
    c = t.schedules.c
    for name, through in advanced.items():
        behind = sa.update(t.schedules).where(c.name == name, c.through < through)
        db.execute(behind.values(through=through))


def stamped(db: sa.Connection, now: datetime) -> datetime:
    """An instant later than that of every change before, whatever the clock says."""
    newest: datetime | None = db.execute(sa.select(sa.func.max(t.schedules.c.changed))).scalar_one()
    return now if newest is None or newest < now else newest + timedelta(microseconds=1)


def _plain(rule: Rule) -> dict[str, Any]:
    """A rule as JSON."""
    values = asdict(rule)
    return {**values, "starts": rule.starts and rule.starts.isoformat()}


def _rule(values: dict[str, Any]) -> Rule:
    starts = values["starts"] and date.fromisoformat(values["starts"])
    return Rule(**{**values, "starts": starts, "excluded": tuple(values["excluded"])})
