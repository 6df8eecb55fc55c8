"""Nothing is visible half-done: written aside, fsynced, renamed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from publisher.outbox.flushing import sync, sync_all

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def put(path: Path, data: bytes, modified: float | None = None) -> bool:
    """Make `path` hold `data`; return False, and touch nothing, where it does already.

    Its time is `modified` (seconds since 1970), if that is given, from the moment it is there.
    """
    if _holds(path, data):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    write(aside, data)
    if modified is not None:
        os.utime(aside, (modified, modified))
    aside.replace(path)
    sync(path.parent)
    return True


def put_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Make `path` hold some bytes, one piece after the other, as `put` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.aside")
    _write(aside, pieces)
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def put_all(files: Mapping[Path, bytes], modified: Mapping[Path, float] = {}) -> set[Path]:
    """Make each of `files` hold its data, as `put` does; return those that were changed.

    `modified` are the times of some (seconds since 1970). All bytes are on the disk before the
    first file appears, and they appear in order.
    """
    stale = {path: data for path, data in files.items() if not _holds(path, data)}
    folders = {path.parent for path in stale}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    asides = {path: path.with_name(f".{path.name}.aside") for path in stale}
    for path, aside in asides.items():
        _write(aside, [stale[path]])
        if path in modified:
            os.utime(aside, (modified[path], modified[path]))
    sync_all(asides.values())
    for path, aside in asides.items():
        os.replace(aside, path)  # noqa: PTH105 Path's takes the new name apart again
    sync_all(folders)
    return set(stale)


def _holds(path: Path, data: bytes) -> bool:
    try:
        found = os.stat(path)  # noqa: PTH116 of every file, and of most there is none
    except (OSError, ValueError):
        return False
    is_alike = stat.S_ISREG(found.st_mode) and found.st_size == len(data)
    return is_alike and path.read_bytes() == data


def later(path: Path, modified: datetime) -> float:
    """Return the time that a feed's files are to have (seconds since 1970).

    It is `modified`, which web servers send as Last-Modified; later than before in any case, or
    whoever asks by date would never see a story taken back.
    """
    before = int(path.stat().st_mtime) if path.is_file() else -1
    return float(max(int(modified.timestamp()), before + 1))  # HTTP knows whole seconds


def put_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` hold exactly `files`, all at once.

    A folder that is there already is moved aside first, for one name cannot replace a folder
    in one step; `restore` brings it back should we die in between.
    """
    parent = folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    aside, before = _aside(folder), _before(folder)
    remove_folder(aside)
    aside.mkdir()
    for name, data in files.items():
        write(aside / name, data)
    sync(aside)
    if folder.exists():
        remove_folder(before)
        folder.rename(before)
    aside.rename(folder)
    sync(parent)
    remove_folder(before)


def restore(parent: Path) -> None:
    """Clean up after a run that died: bring back what was moved aside, drop what was unfinished."""
    for before in parent.glob(".*.before"):
        folder = parent / before.name[1 : -len(".before")]
        if folder.exists():
            remove_folder(before)
        else:
            before.rename(folder)
    for aside in parent.glob(".*.aside"):
        remove_folder(aside)


def write(path: Path, data: bytes) -> None:
    """Write a new file and wait until it is on the disk; what lies there before is taken away."""
    _write(path, [data])
    sync(path)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file, which is on the disk when its caller has waited for that."""
    try:
        handle = os.open(path, _NEW, 0o666)
    except FileExistsError:  # of a run that died; or a link or a pipe, through which nothing goes
        _clear(path)
        handle = os.open(path, _NEW, 0o666)
    try:
        for data in pieces:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def take_away(folder: Path) -> None:
    """Make a folder disappear at once; what is left should we die is dropped by `restore`."""
    if folder.is_dir():
        gone = folder.with_name(f".{folder.name}.aside")
        remove_folder(gone)
        folder.rename(gone)
        sync(folder.parent)
        remove_folder(gone)


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours that nobody sees, with whatever others put into it."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.aside")


def _before(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")
