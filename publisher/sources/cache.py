"""What parsing gave, kept by content in `.publisher/cache.db`; delete it whenever you like.

A file whose size, times and inode are as they were is not even opened; one with the same bytes
is not parsed. All of it is kept under a key of the settings it depends on, so that another
configuration or a newer publisher starts afresh. It is written by sources alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from publisher.errors import Problem, StateUnavailable
from publisher.model import Article
from publisher.sources.identity import Sighting

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (path TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is known of one file. `article` is None where a problem leaves it out.

    `known_as` is the id and the first sight that the article was made with, `beside` the sizes of
    files it names (−1 where there is none), `inherited` a digest of what files above it say of it.

    `stat` is its size, modification and change time in nanoseconds, and inode; 0 as the
    modification time never matches, for a file changed in the moment it was read.
    """

    stat: tuple[int, int, int, int]
    sighting: Sighting | None = None
    known_as: tuple[str, datetime] | None = None
    article: Article | None = None
    problems: tuple[Problem, ...] = ()
    beside: dict[str, int] = field(default_factory=dict)
    inherited: str = ""


def _opened(path: Path, readonly: bool) -> sqlite3.Connection:
    if readonly and not path.exists():
        return sqlite3.connect(":memory:")
    if readonly:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, check_same_thread=False)  # a service has threads, one at a time
    # Losing the cache in a power cut costs a slower build, nothing else.
    db.execute("PRAGMA synchronous = OFF")
    return db


@contextmanager
def _door() -> Iterator[None]:
    """Say in our own words that the database does not answer: nobody else knows its library."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StateUnavailable(str(error)) from error


class Cache:
    """Records and bodies by path. A read-only one keeps what is new in memory."""

    @_door()
    def __init__(self, path: Path, key: str, *, readonly: bool = False) -> None:
        self._new: dict[str, tuple[bytes, str]] = {}
        self._readonly = readonly
        try:
            self._db = _opened(path, readonly)
            self._usable = self._prepare(key)
        except sqlite3.OperationalError:  # locked, or not to be opened: nothing is damaged
            raise
        except sqlite3.DatabaseError:  # damaged: it is only a cache
            if not readonly:
                path.unlink(missing_ok=True)
            self._db = sqlite3.connect(":memory:") if readonly else _opened(path, False)
            self._usable = self._prepare(key)

    def _prepare(self, key: str) -> bool:
        """Whether the stored records can be used."""
        if not self._readonly:
            self._db.executescript(_SCHEMA)
        try:
            same = self._db.execute("SELECT key FROM settings").fetchall() == [(key,)]
        except sqlite3.OperationalError:
            return False
        if not same and not self._readonly:
            with self._db:
                for table in ("settings", "files", "bodies"):
                    self._db.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
                self._db.execute("INSERT INTO settings VALUES (?)", (key,))
        return same

    @_door()
    def records(self, only: Collection[str] | None = None) -> dict[str, Record]:
        """Every record by path, or only those of some paths."""
        if not self._usable:
            return {}
        decode = msgspec.msgpack.Decoder(Record).decode
        query = "SELECT path, record FROM files"
        rows: Iterable[tuple[str, bytes]] = self._db.execute(query)
        if only is not None:
            one = f"{query} WHERE path = ?"
            rows = (row for path in only for row in self._db.execute(one, (path,)))
        return {path: decode(record) for path, record in rows}

    @_door()
    def put(self, path: str, record: Record, body: str | None = None) -> None:
        """Keep a record and, where it is given, a new body."""
        encoded = msgspec.msgpack.encode(record)
        if self._readonly:
            self._new[path] = (encoded, self.body(path) if body is None else body)
            return
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (path, encoded))
        if body is not None:
            self._db.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?)", (path, body))

    @_door()
    def drop(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        if not self._readonly:
            rows = [(path,) for path in paths]
            self._db.executemany("DELETE FROM files WHERE path = ?", rows)
            self._db.executemany("DELETE FROM bodies WHERE path = ?", rows)

    @_door()
    def body(self, path: str) -> str:
        """The body kept for a file, "" where there is none."""
        if path in self._new:
            return self._new[path][1]
        row = self._db.execute("SELECT body FROM bodies WHERE path = ?", (path,)).fetchone()
        return str(row[0]) if row else ""

    @_door()
    def commit(self) -> None:
        """Make what was put and dropped last."""
        self._db.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
