"""Messages that are kept for a person, or because nobody could read them: `returned` in the outbox.

Written aside, fsynced, renamed, for the owner's eyes alone. The folder has a bound: what is forged
gives way, and when there is nothing of that kind the next message is to be brought again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from publisher import files
from publisher.errors import NoRoom
from publisher.outbox import sync, write
from publisher.pipeline.workspace import Workspace
from publisher.returns import MOST

ROOM = 200_000_000
"""Bytes of all of them."""

LEAST = 16_384
"""Bytes that each takes at least of that room: for each that comes, all are looked at."""


def folder(space: Workspace) -> Path:
    """Where they lie."""
    return space.outbox.folder / "returned"


def keep(space: Workspace, digest: str, data: bytes, *, is_forged: bool) -> str:
    """Keep a message; return its file's name, "" for a forged one that there is no room for.

    Raises NoRoom where it cannot be kept, and is not to be lost.
    """
    name, data = f"{digest}.eml", data[:MOST]
    place = folder(space)
    if (place / name).exists():
        return name
    space.outbox.claim()
    place.mkdir(mode=0o700, exist_ok=True)
    if not _has_room(space, len(data), is_forged=is_forged):
        return ""
    # A name of its own: two may bring the same message at once.
    aside = place / f".{os.getpid()}-{secrets.token_hex(4)}.aside"
    try:
        write(aside, data)
        aside.replace(place / name)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise NoRoom(
            f"a message that came back cannot be kept: {error.strerror}",
            todo=f"Look at the disk's space and rights: {place}",
        ) from None
    sync(place)
    return name


def _has_room(space: Workspace, size: int, *, is_forged: bool) -> bool:
    """Whether there is room for a message, after forged ones have made way for any other."""
    if _taken(folder(space)) + max(size, LEAST) <= ROOM:
        return True
    if is_forged:
        return False
    drop(space, space.ledger.returns.forged())
    if _taken(folder(space)) + max(size, LEAST) <= ROOM:
        return True
    raise NoRoom(
        f"{folder(space)} is full: a message that came back cannot be kept",
        why=f"There is room for {ROOM:,} bytes of what waits for a person.",
        todo="Look at it, and dismiss what you have seen: publisher bounces list --waiting",
    )


def _taken(place: Path) -> int:
    """Room that is taken by all that lies there; what a process left that died is taken away."""
    total = 0
    for path in place.iterdir():
        with suppress(OSError):  # gone meanwhile
            if path.suffix == ".aside" and not _lives(path.name[1:].partition("-")[0]):
                path.unlink()
            else:
                total += max(path.lstat().st_size, LEAST)
    return total


def _lives(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def content(space: Workspace, name: str) -> bytes:
    """Return a message that was kept; b"" for one that is gone."""
    try:
        return files.read(folder(space) / name, MOST) if name else b""
    except OSError:
        return b""


def drop(space: Workspace, names: Iterable[str]) -> None:
    """Take messages away, by the names of their files."""
    gone = [name for name in names if name]
    for name in gone:
        (folder(space) / name).unlink(missing_ok=True)
    if gone:
        space.ledger.returns.uncopied(gone)


def erase(space: Workspace, key: str) -> None:
    """Take away every message that holds an erased reader's address, whatever it is about."""
    wanted = key.encode("utf-8", "replace")
    place = folder(space)
    found = []
    for path in sorted(place.glob("*.eml")) if place.is_dir() else ():
        with suppress(OSError):
            if wanted in files.read(path, MOST).lower():
                found.append(path.name)
    drop(space, found)
