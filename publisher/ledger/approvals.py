"""Approvals of bundles."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody approved a bundle: the one with this seal, and no other."""

    edition: str
    seal: str
    by: str
    at: datetime


class Approvals:
    """Who approved which bundle."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    @retried
    def put(self, approval: Approval) -> None:
        """Keep an approval; it replaces the one before."""
        values = asdict(approval)
        with self._engine.begin() as db:
            new = upserting(db, t.approvals).values(**values)
            db.execute(new.on_conflict_do_update(index_elements=["edition"], set_=values))

    def get(self, edition: str) -> Approval | None:
        """Return the newest approval of an edition, of whatever bundle."""
        with self._look.connect() as db:
            same = sa.select(t.approvals).where(t.approvals.c.edition == edition)
            row = db.execute(same).mappings().first()
        return Approval(**row) if row else None
