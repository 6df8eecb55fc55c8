"""State of ours that can be made anew: what lies in its place, and how to make way for it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from publisher.errors import StateUnavailable
from publisher.files import oddity, read_beginning

_HEADER = 100  # bytes, with which every database begins

_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
}


class Damaged(Exception):
    """What is in the file cannot be read, does not fit together, or is not ours."""


def check_database(path: Path) -> None:
    """Raise OSError where a database, or a file that SQLite keeps beside it, is no file, or cut.

    SQLite takes what is missing at the end for zeros, and says so only where it reads them.
    """
    for one in _with_journals(path):
        if one.exists() and (kind := oddity(one)):
            raise OSError(errno.EINVAL, f"{one.name} is {kind}, no file")
    if not path.exists():
        return
    size, header = path.stat().st_size, read_beginning(path, _HEADER)
    if size and size < max(_HEADER, _least_size(header)):
        raise OSError(errno.EINVAL, "its end is missing")


def _least_size(header: bytes) -> int:
    """How many bytes a database has by its header, if that says so (SQLite's file format §1.3)."""
    if len(header) < _HEADER or not header.startswith(b"SQLite format 3\0"):
        return 0
    page, counter, pages, valid_for = (
        int.from_bytes(header[at : at + size]) for at, size in ((16, 2), (24, 4), (28, 4), (92, 4))
    )
    return pages * (65536 if page == 1 else page) if counter == valid_for else 0


def is_passing(error: sqlite3.Error) -> bool:
    """Whether an error of SQLite says nothing of its file: locked, the disk is full, or ended."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in _PASSING


@contextmanager
def told(*unfit: type[Exception]) -> Iterator[None]:
    """Tell what is damaged from a database that is locked, or a disk that is full.

    `unfit` are raised by contents that cannot be. Raises Damaged and StateUnavailable.
    """
    kinds: tuple[type[Exception], ...] = (TypeError, ValueError, OSError, *unfit)
    try:
        yield
    except sqlite3.Error as error:
        if is_passing(error):
            raise StateUnavailable(str(error)) from error
        raise Damaged(str(error)) from error
    except kinds as error:
        raise Damaged(getattr(error, "strerror", None) or str(error)) from error


def make_way(path: Path) -> None:
    """Take away a file that can be made anew, with what SQLite keeps beside it.

    A folder in its place is moved aside, for nobody knows what is in it: to `NAME.damaged`.
    """
    for one in _with_journals(path):
        if one.is_dir() and not one.is_symlink():
            names = (f"{one.name}.damaged{n or ''}" for n in count())
            one.rename(next(new for name in names if not (new := one.with_name(name)).exists()))
        else:
            one.unlink(missing_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it stands, while others use it; one that cannot be read is left out."""
    if not source.is_file():
        return
    try:
        check_database(source)
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as read,
            closing(sqlite3.connect(target)) as made,
        ):
            read.backup(made)
    except (sqlite3.Error, OSError):  # whoever uses the copy makes it anew
        make_way(target)


def _with_journals(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in ("", "-journal", "-wal", "-shm")]
