"""One run at a time may write a publication's outbox and ledger."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from publisher.errors import Locked, NoLock


@contextmanager
def present(folder: Path, name: str) -> Iterator[None]:
    """Be known as alive under a name, while this process lives."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    while True:
        with _opened(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # somebody took it for one of the dead before it was locked
            yield
            path.unlink(missing_ok=True)
            return


@contextmanager
def dead(folder: Path) -> Iterator[list[str]]:
    """Names under which processes of this machine were present, and are no more.

    Their files are locked until they are removed at the end: none of them can come to life.
    """
    with ExitStack() as stack:
        found = []
        for path in folder.glob("*"):
            try:
                file = stack.enter_context(_opened(path, is_new=False))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.append(path.name)
            except (BlockingIOError, FileNotFoundError, NoLock):
                continue
        yield found
        for name in found:
            (folder / name).unlink(missing_ok=True)


@contextmanager
def locked(path: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock file at `path`; raise Locked where another process goes on holding it.

    The kernel lets go of it when its holder ends, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _opened(path) as file:
        until = time.monotonic() + patience
        while not _is_ours(file):
            if time.monotonic() < until:
                time.sleep(0.05)
                continue
            file.seek(0)
            holder = file.read(20).strip()
            raise Locked(
                "another run is at work on this publication"
                f"{f' (process {holder})' if holder.isdigit() else ''}",
                todo="Wait for it to end, and run the command again.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


_ODD = (errno.ELOOP, errno.EISDIR, errno.ENXIO)  # a link, a folder, a socket


def _opened(path: Path, *, is_new: bool = True) -> IO[str]:
    """Open the file of a lock, which `is_new` makes; raise NoLock for what is no file.

    A link is not followed: whoever can lay one there could have any file of ours emptied.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags | (os.O_CREAT if is_new else 0), 0o666)
    except OSError as error:
        if error.errno not in _ODD:
            raise
        raise NoLock(path) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NoLock(path)
    return os.fdopen(handle, "a+", encoding="ascii", errors="replace")


def _is_ours(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
