"""What may become of a file of state: each damage is a name, and what it makes of a file's path."""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

Damage = Callable[[Path], None]

FOLDER = ".publisher"
DATABASES = ("cache.db", "related.db")
MEMORIES = ("feeds.json", "pages.json")


def holding(data: bytes) -> Damage:
    """Other bytes altogether."""
    return lambda path: _replaced(path, lambda _: data)


def made_of(change: Callable[[bytes], bytes]) -> Damage:
    """Other bytes, made of those before."""
    return lambda path: _replaced(path, change)


def _replaced(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def instead(make: Callable[[Path], object]) -> Damage:
    """What is no file."""

    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


def beside(ending: str, make: Callable[[Path], object]) -> Damage:
    """Something at the place of what SQLite keeps beside a database."""
    return lambda path: make(path.with_name(path.name + ending)) and None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        before = Path.cwd()
        os.chdir(path.parent)  # the whole path may be too long for a socket
        try:
            one.bind(path.name)
        finally:
            os.chdir(before)


def _database(*statements: str) -> Damage:
    """A whole database of somebody else."""

    def damage(path: Path) -> None:
        path.unlink()
        with closing(sqlite3.connect(path)) as db, db:
            for one in statements:
                db.execute(one)

    return damage


def _told(*statements: str) -> Damage:
    """The same database after somebody has worked on it."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db, db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
            for table in tables & _OURS:
                for one in statements:
                    db.execute(one.format(table))

    return damage


_OURS = {"files", "bodies", "settings", "docs", "texts", "words", "postings"}


def _full_of_links(path: Path) -> None:
    path.mkdir()
    for n in range(50):
        (path / str(n)).symlink_to("..")


def _memory(change: Callable[[dict[str, Any]], object]) -> Damage:
    """A memory in JSON, changed."""

    def damage(path: Path) -> None:
        known = json.loads(path.read_bytes())
        path.write_text(json.dumps(change(known)))

    return damage


def _each(change: Callable[[list[object]], object]) -> Damage:
    """What a memory says of each file, changed."""

    def of_all(known: dict[str, Any]) -> dict[str, object]:
        return {
            **known,
            "files": {name: change(made) for name, made in known["files"].items()},
        }

    return _memory(of_all)


_NOISE = random.Random(14).randbytes

ANY: Mapping[str, Damage] = {
    "it was cut at a byte": made_of(lambda data: data[:1]),
    "it was cut in its middle": made_of(lambda data: data[: len(data) // 2]),
    "its end is missing": made_of(lambda data: data[:-20]),
    "zeros": made_of(lambda data: bytes(len(data))),
    "noise": made_of(lambda data: _NOISE(len(data))),
    "noise from its middle on": made_of(
        lambda data: data[: len(data) // 2] + _NOISE(len(data) // 2)
    ),
    "its beginning is missing": made_of(lambda data: data[100:]),
    "it is packed": made_of(gzip.compress),
    "in UTF-16": made_of(lambda data: _text(data).encode("utf-16")),
    "a page of HTML": holding(b"<!DOCTYPE html><title>404</title><p>Not found"),
    "a conflict of git": made_of(
        lambda data: b"<<<<<<< HEAD\n" + data + b"\n=======\n" + data + b"\n>>>>>>> other\n"
    ),
    "a pointer of Git LFS": holding(
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    ),
    "a picture": holding(b"\x89PNG\r\n\x1a\n" + _NOISE(3000)),
    "an archive": holding(b"PK\x03\x04" + _NOISE(3000)),
    "a program": holding(b"\x7fELF" + _NOISE(3000)),
    "a text": holding("Grüße aus Bayside\n".encode() * 300),
    "one very long line": holding(b"a" * 3_000_000),
    "a folder": instead(Path.mkdir),
    "a folder of links": instead(_full_of_links),
    "a named pipe": instead(os.mkfifo),
    "a socket": instead(_socket),
    "a link to itself": instead(lambda path: path.symlink_to(path.name)),
    "a link to an endless file": instead(lambda path: path.symlink_to("/dev/zero")),
    "a link to a full disk": instead(lambda path: path.symlink_to("/dev/full")),
    "a link to a folder": instead(lambda path: path.symlink_to("..")),
}

OF_DATABASES: Mapping[str, Damage] = {
    "another program's database": _database(
        "CREATE TABLE moz_places (id INTEGER)", "INSERT INTO moz_places VALUES (1)"
    ),
    "a database with other columns": _database(
        *(f"CREATE TABLE {table} (a INTEGER)" for table in sorted(_OURS))
    ),
    "views in place of tables": _database(
        *(f"CREATE VIEW {table} AS SELECT 1 AS path" for table in sorted(_OURS))
    ),
    "a database of tomorrow": _told("PRAGMA user_version = 9999"),
    "its tables are dropped": _told("DROP TABLE {0}"),
    "its rows are gone": _told("DELETE FROM {0}"),
    "a page of it is noise": made_of(lambda data: data[:8192] + _NOISE(4096) + data[12288:]),
    "its header is noise": made_of(lambda data: data[:16] + _NOISE(84) + data[100:]),
    "its schema is noise": made_of(lambda data: data[:100] + _NOISE(3000) + data[3100:]),
    "the wrong size of page": made_of(lambda data: data[:16] + b"\x02\x00" + data[18:]),
    "a journal that is noise": beside("-journal", lambda path: path.write_bytes(_NOISE(5000))),
    "a journal that is a folder": beside("-journal", Path.mkdir),
    "a log that is noise": beside("-wal", lambda path: path.write_bytes(_NOISE(5000))),
    "a log that is a pipe": beside("-wal", os.mkfifo),
    "a shared memory that is noise": beside("-shm", lambda path: path.write_bytes(_NOISE(32768))),
    "a shared memory that is a link to itself": beside(
        "-shm", lambda path: path.symlink_to(path.name)
    ),
}

OF_MEMORIES: Mapping[str, Damage] = {
    "nothing": holding(b""),
    "null": holding(b"null"),
    "a number": holding(b"1e999"),
    "a number without end": holding(b"9" * 100_000),
    "a text of JSON": holding(b'"pages"'),
    "a list": holding(b"[]"),
    "lists within lists": holding(b"[" * 200_000),
    "tables within tables": holding(b'{"files":' * 100_000),
    "closed lists within lists": holding(b"[" * 100_000 + b"]" * 100_000),
    "a byte order mark": made_of(lambda data: b"\xef\xbb\xbf" + data),
    "half of a letter": made_of(lambda data: data.replace(b'"', b'"\xc3', 1)),
    "two of it": made_of(lambda data: data + data),
    "comments": made_of(lambda data: b"// ours\n" + data),
    "other tables": holding(b'{"format": 3, "files": []}'),
    "every entry is null": _each(lambda _: None),
    "every entry is a number": _each(lambda _: 7),
    "every entry is a text": _each(lambda _: "key"),
    "every entry is a table": _each(lambda made: dict.fromkeys(map(str, made))),
    "every entry is short": _each(lambda made: made[:2]),
    "every entry is long": _each(lambda made: [*made, *made]),
    "every entry is of lists": _each(lambda made: [[one] for one in made]),
    "keys that are numbers": _each(lambda made: [1, *made[1:]]),
    "ends that are lists": _each(lambda made: [*made[:-1], [made[-1]]]),
    "names that no file can have": _memory(
        lambda known: {
            **known,
            "files": {**known["files"], "\ud800\0": ["key", [[]] * 3, None]},
        }
    ),
    "endless numbers": _each(lambda made: [made[0], [[1e300] * 3] * 3, *made[2:]]),
}

OF_NOTES: Mapping[str, Damage] = {
    f"notes that hold {name}": _each(lambda made, note=note: [*made[:2], note, *made[3:]])
    for name, note in {
        "nothing": {},
        "a number": 5,
        "a list": [1],
        "other keys": {"title": "x"},
        "a number for a list": {"shows": 5},
        "numbers in a list": {"shows": [1, 2]},
        "part of an article": {"shows": [], "version": "x"},
        "an article's wrong reasons": {
            "shows": [], "version": "x", "addresses": [], "related": [{"id": 5}]
        },
        "part of an edition": {"shows": [], "seal": "x"},
        "half of a letter": {"shows": ["\ud800"]},
        "an edition of no day": {
            "shows": [], "seal": "x", "local": "never", "instant": "never", "subject": "x",
            "preheader": "x", "stories": [],
        },
    }.items()
}  # fmt: skip

QUIET: set[tuple[str, str]] = {
    *((name, "in UTF-16") for name in MEMORIES),
    *((name, "a byte order mark") for name in MEMORIES),
    *((name, "names that no file can have") for name in MEMORIES),
    *(
        (name, what)
        for name in DATABASES
        for what in (
            "its rows are gone",
            "its tables are dropped",
            "a database of tomorrow",
            "another program's database",
            "a journal that is noise",
            "a log that is noise",
            "a shared memory that is noise",
            "a shared memory that is a link to itself",
        )
    ),
    ("related.db", "a database with other columns"),
}
"""Of these nobody can tell that they are damage, or none is done: nothing need be said of them."""

CORPUS: list[tuple[str, str, Damage]] = [
    *((name, what, one) for name in (*DATABASES, *MEMORIES) for what, one in ANY.items()),
    *((name, what, one) for name in DATABASES for what, one in OF_DATABASES.items()),
    *((name, what, one) for name in MEMORIES for what, one in OF_MEMORIES.items()),
    *(("pages.json", what, one) for what, one in OF_NOTES.items()),
]
"""Each damaged file: its name, what was done to it, and what does that."""
