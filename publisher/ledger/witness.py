"""Whether anybody else has written to the ledger meanwhile, and how its file stands then."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from publisher.ledger.engine import looking
from publisher.stamps import Standing, standing


class Witness:
    """Looks at a ledger in a file from one instant on. Of one on a server it can tell nothing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = looking(engine)
        self._begun = self._version()

    def settled(self, path: Path) -> Standing | None:
        """Return how the file stands, None where somebody else has written since it was begun.

        All that we wrote is in it then: who opens and closes the ledger leaves it as it is.
        """
        connection = self._connection()
        if connection is None or self._begun is None or self._version() != self._begun:
            return None
        busy, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        found = standing(path)
        is_whole = not busy and pages == moved and self._version() == self._begun
        return found if is_whole else None

    def _version(self) -> tuple[int, int] | None:
        """A number that is another one once another connection has written."""
        connection = self._connection()
        if connection is None:
            return None
        return id(connection), connection.execute("PRAGMA data_version").fetchone()[0]

    def _connection(self) -> sqlite3.Connection | None:
        with self._engine.connect() as db:
            found = db.connection.driver_connection
        return found if isinstance(found, sqlite3.Connection) else None
