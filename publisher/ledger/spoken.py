"""What is written of every message, in the words of the database's own driver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from publisher.errors import LedgerUnavailable, StateUnavailable
from publisher.ledger.engine import UNSYNCED, begin_writing, unavailable


class Spoken:
    """A transaction in the words of the database's own driver, with `?` for each value.

    For what is written of every message: SQLAlchemy costs ten times there what SQLite does.
    """

    def __init__(self, engine: sa.Engine, cursor: Any) -> None:
        self._cursor, self._is_sqlite = cursor, engine.dialect.name == "sqlite"
        self._driver: Any = engine.dialect.loaded_dbapi
        self._url = engine.url

    def say(self, words: str) -> None:
        """Execute a statement without values."""
        try:
            self._cursor.execute(words)
        except self._driver.OperationalError as error:
            raise self.translated(error) from error

    def all(self, words: str, rows: Sequence[tuple[Any, ...]]) -> int:
        """Execute a statement once for each row of values; return how many rows changed in all."""
        try:
            self._cursor.executemany(self._with_places(words), rows)
        except self._driver.OperationalError as error:
            raise self.translated(error) from error
        changed: int = self._cursor.rowcount
        return changed

    def each(self, words: str, rows: Sequence[tuple[Any, ...]]) -> list[int]:
        """Execute a statement once for each row of values; return how many rows each changed."""
        try:
            if self._is_sqlite:
                return [self._cursor.execute(words, row).rowcount for row in rows]
            # psycopg sends them all before it waits for an answer.
            self._cursor.executemany(self._with_places(words), rows, returning=True)
            counts = [self._cursor.rowcount]
            while self._cursor.nextset():
                counts.append(self._cursor.rowcount)
            return counts
        except self._driver.OperationalError as error:
            raise self.translated(error) from error

    def commit(self, connection: Any) -> None:
        """Commit what was said."""
        try:
            connection.commit()
        except self._driver.OperationalError as error:
            raise self.translated(error) from error

    def _with_places(self, words: str) -> str:
        return words if self._is_sqlite else words.replace("?", "%s")

    def translated(self, error: Exception) -> StateUnavailable:
        """Say in our own words that the database does not answer."""
        return unavailable(self._url, str(error))


@contextmanager
def spoken(engine: sa.Engine) -> Iterator[Spoken]:
    """A `cheap` transaction in the driver's words, committed at its end, undone by an error."""
    connection = engine.raw_connection()
    try:
        words = Spoken(engine, connection.cursor())
        if engine.dialect.name == "sqlite":
            begin_writing(words.say, connection.info, "NORMAL")
        else:
            words.say(UNSYNCED)
        yield words
        words.commit(connection)
    except LedgerUnavailable:
        connection.invalidate()  # its session is over, or in no order
        raise
    finally:
        connection.close()  # back to the others; what was not committed is undone
