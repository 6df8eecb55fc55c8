"""What is known of pictures, kept in `.publisher/pictures.db`; delete it whenever you like.

By file: its stat and the digest of its bytes; by name of what was made: its shape, or why nothing
was. The files that were made lie where they are shown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher import disposable
from publisher.pictures.recipes import Result

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (path TEXT PRIMARY KEY, stat BLOB NOT NULL, digest TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS made (key TEXT PRIMARY KEY, about BLOB NOT NULL) WITHOUT ROWID;
"""

Stat = tuple[int, int, int, int]
"""Size, modification and change time in nanoseconds, inode."""


class Notes:
    """What is remembered of pictures; what cannot be written is remembered by this object alone.

    `damage` is why what was kept could not be used, "" where nothing was wrong with it.
    """

    def __init__(self, path: Path, *, readonly: bool) -> None:
        self._path, self._readonly = path, readonly
        self._sources: dict[str, tuple[Stat, str]] = {}
        self._made: dict[str, Result] = {}
        self._db: sqlite3.Connection | None = None
        self.damage = ""
        with self._caring():
            self._db = self._opened()

    def _opened(self) -> sqlite3.Connection | None:
        if self._readonly and not self._path.exists():
            return None
        disposable.check_database(self._path)
        if self._readonly:
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        db.execute("PRAGMA synchronous = OFF")  # losing it costs time, nothing else
        db.executescript(_SCHEMA)
        return db

    @contextmanager
    def _caring(self) -> Iterator[None]:
        """Begin anew where what is kept is damaged; go on without it where it is in use."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError, TypeError, msgspec.MsgspecError) as error:
            if isinstance(error, sqlite3.Error) and disposable.is_passing(error):
                return
            self.damage = self.damage or getattr(error, "strerror", None) or str(error)
            self.close()
            if not self._readonly:
                with suppress(sqlite3.Error, OSError):
                    disposable.make_way(self._path)
                    self._db = self._opened()

    def digest(self, path: str, stat: Stat) -> str:
        """Return the digest of a file's bytes as they were with that stat, "" where unknown."""
        known = self._sources.get(path)
        if known is None and self._db:
            with self._caring():
                query = "SELECT stat, digest FROM sources WHERE path = ?"
                if row := self._db.execute(query, (path,)).fetchone():
                    known = (msgspec.msgpack.decode(row[0], type=Stat), str(row[1]))
                    self._sources[path] = known
        return known[1] if known and known[0] == stat else ""

    def saw(self, path: str, stat: Stat, digest: str) -> None:
        """Remember what a file is."""
        self._sources[path] = (stat, digest)
        self._write(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?)",
            (path, msgspec.msgpack.encode(stat), digest),
        )

    def result(self, key: str) -> Result | None:
        """Return what came of a picture, without the bytes; None where that is unknown."""
        if key not in self._made and self._db:
            with self._caring():
                query = "SELECT about FROM made WHERE key = ?"
                if row := self._db.execute(query, (key,)).fetchone():
                    self._made[key] = msgspec.msgpack.decode(row[0], type=Result)
        return self._made.get(key)

    def keep(self, key: str, result: Result) -> None:
        """Remember what came of a picture."""
        bare = replace(result, outputs=tuple(replace(one, data=b"") for one in result.outputs))
        self._made[key] = bare
        about = msgspec.msgpack.encode(bare)
        self._write("INSERT OR REPLACE INTO made VALUES (?, ?)", (key, about))

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        if self._db and not self._readonly:
            with self._caring():
                self._db.execute(statement, values)

    def close(self) -> None:
        """Let go of the file."""
        if self._db:
            self._db.close()
        self._db = None
