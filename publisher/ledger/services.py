"""Who keeps the schedules."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting

_KEPT = timedelta(days=30)  # services that ended


class ServiceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A `run`, and when it last looked at what is due (UTC)."""

    name: str
    started: datetime
    looked: datetime
    ended: bool


class Services:
    """The services that keep, or kept, the schedules."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    @retried
    def look(self, name: str, started: datetime, looked: datetime, *, ended: bool = False) -> None:
        """Say that a service has settled all that was due by then."""
        values = {"name": name, "started": started, "looked": looked, "ended": ended}
        c = t.services.c
        with self._engine.begin() as db:
            new = upserting(db, t.services).values(**values)
            db.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))
            db.execute(sa.delete(t.services).where(c.looked < looked - _KEPT))

    def all(self) -> list[ServiceRecord]:
        """Return who keeps, or kept, the schedules: the one that looked last comes first."""
        query = sa.select(t.services).order_by(t.services.c.looked.desc())
        with self._look.connect() as db:
            return [ServiceRecord(**row) for row in db.execute(query).mappings()]
