"""What parsing gave, kept by content in `.publisher/cache.db`; delete it whenever you like.

A file whose size, times and inode are as they were is not even opened; one with the same bytes
is not parsed. All of it is kept under a key of the settings it depends on, so that another
configuration or a newer publisher starts afresh. It is written by sources alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher import disposable, garbage
from publisher.disposable import Damaged, told
from publisher.errors import Problem
from publisher.model import Article
from publisher.sources.identity import Sighting

_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (path TEXT PRIMARY KEY, article BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bodies (path TEXT PRIMARY KEY, body TEXT NOT NULL);
"""
_UNFIT = (msgspec.MsgspecError, RecursionError)  # of records
_TABLES = ("files", "articles", "bodies")
_PROBES = (
    "SELECT path, record FROM files LIMIT 0",
    "SELECT path, article FROM articles LIMIT 0",
    "SELECT path, body FROM bodies LIMIT 0",
)
_WHOLE = "SELECT path, record, article FROM files LEFT JOIN articles USING (path)"
_MANY = 1_000  # files that are asked for one by one


class Record(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """What is known of one file. `article` is None where a problem leaves it out, and where it was
    not asked for: `has_article` tells, of what is kept, whether there is one.

    `known_as` is the id and the first sight that the article was made with, and whether that is
    its date, `beside` the sizes of files it names (−1 where there is none), `inherited` a digest of
    what files above it say of it, `used` digests of the site's files that its template code read,
    `links` each reference to another article, with its line (0 where it is not known).

    `stat` is its size, modification and change time in nanoseconds, and inode; 0 as the
    modification time never matches, for a file changed in the moment it was read.
    """

    stat: tuple[int, int, int, int]
    sighting: Sighting | None = None
    known_as: tuple[str, datetime, bool] | None = None
    article: Article | None = None
    problems: tuple[Problem, ...] = ()
    beside: dict[str, int] = {}
    inherited: str = ""
    used: dict[str, str] = {}
    links: tuple[tuple[str, int], ...] = ()
    has_article: bool = False


_record = msgspec.msgpack.Decoder(Record)
_article = msgspec.msgpack.Decoder(Article)


def _opened(path: Path, readonly: bool) -> sqlite3.Connection:
    if readonly and not path.exists():
        return sqlite3.connect(":memory:")
    disposable.check_database(path)
    if readonly:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, check_same_thread=False)  # a service has threads, one at a time
    # Losing the cache in a power cut costs a slower build, nothing else.
    db.execute("PRAGMA synchronous = OFF")
    return db


class Cache:
    """Records and bodies by path. A read-only one keeps what is new in memory.

    `damage` is why what was kept could not be used, "" where nothing was wrong with it.
    """

    def __init__(self, path: Path, key: str, *, readonly: bool = False) -> None:
        self._new: dict[str, str] = {}
        self._path, self._key, self._readonly = path, key, readonly
        self._condemned = False
        self.damage = ""
        try:
            with told(*_UNFIT):
                self._db = _opened(path, readonly)
                self._usable = self._prepare(key)
        except Damaged as error:
            self.begin_anew(str(error))

    @property
    def on_disk(self) -> tuple[Path, str] | None:
        """Where another process finds all of it, and its key; None where it would not."""
        return None if self._readonly or self.damage else (self._path, self._key)

    def begin_anew(self, why: str) -> None:
        """Forget all that is kept; where even that cannot be, go on in memory."""
        self.damage = self.damage or why
        if hasattr(self, "_db"):
            self._db.close()
        self._new.clear()
        try:
            with told(*_UNFIT):
                if not self._readonly:
                    disposable.make_way(self._path)
                is_passing = self._readonly
                self._db = sqlite3.connect(":memory:") if is_passing else _opened(self._path, False)
                self._usable = self._prepare(self._key)
        except Damaged:
            self._db = sqlite3.connect(":memory:", check_same_thread=False)
            self._usable = self._prepare(self._key)

    def _prepare(self, key: str) -> bool:
        """Whether the stored records can be used."""
        if not self._readonly:
            self._db.executescript(_SCHEMA)
        try:
            same = self._db.execute("SELECT key FROM settings").fetchall() == [(key,)]
        except sqlite3.OperationalError:
            if not self._readonly or self._db.execute("SELECT 1 FROM sqlite_master").fetchone():
                raise
            return False
        if not same and not self._readonly:
            with self._db:
                for table in ("settings", *_TABLES):
                    self._db.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
                self._db.execute("INSERT INTO settings VALUES (?)", (key,))
        for probe in _PROBES:
            self._db.execute(probe)
        return same

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Read what is kept as it is at one time, whoever writes meanwhile."""
        if self._readonly:  # who writes is alone, by a lock
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            if self._readonly:
                self._db.rollback()

    def each(self) -> Iterator[tuple[str, Record]]:
        """Every file's record by path, but for its article; raises Damaged."""
        if not self._usable:
            return
        with told(*_UNFIT):
            for path, record in self._db.execute("SELECT path, record FROM files"):
                yield str(path), _record.decode(record)

    def articles(self, paths: Collection[str]) -> list[Article]:
        """The articles of some files, which have one; raises Damaged where one is missing."""
        if not paths:
            return []
        with told(*_UNFIT), garbage.kept_waiting():
            rows = self._db.execute("SELECT path, article FROM articles")
            found = [_article.decode(article) for path, article in rows if path in paths]
        if len(found) != len(paths):
            raise Damaged("an article is missing")
        return found

    def records(self, only: Collection[str] | None = None) -> dict[str, Record]:
        """Every record by path, or only those of some paths; raises Damaged."""
        if not self._usable:
            return {}
        with told(*_UNFIT), garbage.kept_waiting():
            rows: Iterable[tuple[str, bytes, bytes | None]]
            if only is None or len(only) > _MANY:
                rows = self._db.execute(_WHOLE)
            else:
                one = f"{_WHOLE} WHERE path = ?"
                rows = (row for path in only for row in self._db.execute(one, (path,)))
            wanted = None if only is None else frozenset(only)
            return {
                str(path): _whole(record, article)
                for path, record, article in rows
                if wanted is None or path in wanted
            }

    def put(self, path: str, record: Record, body: str | None = None) -> None:
        """Keep a record and, where it is given, a new body; raises Damaged."""
        article = record.article and msgspec.msgpack.encode(record.article)
        kept = replace(record, article=None, has_article=record.article is not None)
        encoded = msgspec.msgpack.encode(kept)
        if self._readonly:
            self._new[path] = self.body(path) if body is None else body
            return
        with told(*_UNFIT):
            self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?)", (path, encoded))
            if article:
                self._db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (path, article))
            else:
                self._db.execute("DELETE FROM articles WHERE path = ?", (path,))
            if body is not None:
                self._db.execute("INSERT OR REPLACE INTO bodies VALUES (?, ?)", (path, body))

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files that are gone; raises Damaged."""
        if not self._readonly:
            rows = [(path,) for path in paths]
            with told(*_UNFIT):
                for table in _TABLES:
                    query = f"DELETE FROM {table} WHERE path = ?"  # noqa: S608 a name of ours
                    self._db.executemany(query, rows)

    def body(self, path: str) -> str:
        """The body kept for a file; raises Damaged where there is none."""
        if path in self._new:
            return self._new[path]
        with told(*_UNFIT):
            row = self._db.execute("SELECT body FROM bodies WHERE path = ?", (path,)).fetchone()
        if row is None or not isinstance(row[0], str):
            raise Damaged("a text is missing")
        return row[0]

    def condemn(self, why: str) -> None:
        """Go on with what can still be read, and begin anew the next time."""
        self.damage = self.damage or why
        self._condemned = True

    def commit(self) -> None:
        """Make what was put and dropped last; raises Damaged."""
        with told(*_UNFIT):
            self._db.commit()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        if self._condemned and not self._readonly:
            with contextlib.suppress(OSError):
                disposable.make_way(self._path)


def _whole(record: bytes, article: bytes | None) -> Record:
    """A record with its article; raises Damaged where that is missing."""
    found = _record.decode(record)
    if not found.has_article:
        return found
    if article is None:
        raise Damaged("an article is missing")
    return replace(found, article=_article.decode(article))
