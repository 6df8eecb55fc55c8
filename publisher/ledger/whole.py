"""Whether PostgreSQL has lost any cheap commit: a restart in order loses none, a crash may.

An unlogged table is emptied when PostgreSQL comes up after a crash, on a standby that takes over,
and in no other case. So the name in its one row lasts as long as every commit does. With the
table's own number it is another in a ledger that was restored.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import upserting

_NAME = "SELECT CAST('whole'::regclass::oid AS text) || ' ' || name FROM whole"


def wholeness(db: sa.Connection) -> str | None:
    """Return what stands until a cheap commit may have been lost; None where nothing tells it."""
    if db.dialect.name == "sqlite":
        return None
    found: str | None = db.exec_driver_sql(_NAME).scalar()
    if found is None:
        new = upserting(db, t.whole).values(one=1, name=secrets.token_hex(8))
        db.execute(new.on_conflict_do_nothing())
        found = db.exec_driver_sql(_NAME).scalar_one()
    return found
