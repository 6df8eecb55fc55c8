"""The file of the index, `.publisher/related.db`: SQLite; made anew when deleted or damaged.

Only what an article itself holds is stored, and how many articles hold a word: nothing else that
depends on the archive, so that an index fed one article at a time answers as one built at once.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from publisher import disposable

_FORMAT = 6
_SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, language TEXT NOT NULL,
  published REAL NOT NULL, length INTEGER NOT NULL, address INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS texts (
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL, words BLOB NOT NULL, links BLOB NOT NULL,
  meaning BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS words (
  word INTEGER PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL, docs INTEGER NOT NULL,
  UNIQUE (text, language));
CREATE TABLE IF NOT EXISTS postings (place INTEGER PRIMARY KEY, docs BLOB NOT NULL);
"""
_FOR_WRITING, _FOR_READING = 32_768, 4_096  # KB of pages: texts and postings are kept by us
_TABLES = ("docs", "texts", "words", "postings")
_MEANS = "means"  # of what a model makes of texts; only where there is one
_FORMER = ("fts", "terms", _MEANS)  # of older formats


def opened(path: Path | None) -> sqlite3.Connection:
    """The index for writing, empty where it was of another format; None opens a passing one."""
    if path:
        disposable.check_database(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path or "", check_same_thread=False)
    try:
        db.execute("PRAGMA synchronous = OFF")  # it can be made again
        db.execute("PRAGMA page_size = 8192")
        if db.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
            for table in (*_TABLES, *_FORMER):
                db.execute(f"DROP TABLE IF EXISTS {table}")
            db.execute(f"PRAGMA user_version = {_FORMAT}")
        db.executescript(_SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db


def looked_at(path: Path | None) -> sqlite3.Connection:
    """The index for reading alone; a passing one where there is none that can be read."""
    if path and path.exists():
        disposable.check_database(path)
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            is_ours = db.execute("PRAGMA user_version").fetchone() == (_FORMAT,)
            held = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if is_ours and {name for (name,) in held} - {_MEANS} == set(_TABLES):
                return db
        except sqlite3.Error:  # damaged, or somebody died while writing: it is not ours to mend
            pass
        db.close()
    return opened(None)


def own_copy(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy that nobody else sees, and that goes when it is closed; close `db`."""
    copy = sqlite3.connect("", check_same_thread=False)
    db.backup(copy)
    db.close()
    return copy


def keep_for_writing(db: sqlite3.Connection) -> None:
    """Keep as many pages as many articles want that are put in one after the other."""
    db.execute(f"PRAGMA cache_size = -{_FOR_WRITING}")


def keep_for_reading(db: sqlite3.Connection) -> None:
    """Keep the pages that lead to others; what more are kept only drives out what is near."""
    db.execute(f"PRAGMA cache_size = -{_FOR_READING}")


def version(db: sqlite3.Connection) -> int:
    """Return a number that is another one when another connection has written."""
    number: int = db.execute("PRAGMA data_version").fetchone()[0]
    return number
