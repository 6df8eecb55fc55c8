"""One run at a time may write a publication's outbox and ledger."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from publisher.errors import Locked


@contextmanager
def present(folder: Path, name: str) -> Iterator[None]:
    """Be known as alive under a name, while this process lives."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    while True:
        with path.open("a", encoding="ascii") as file:
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
                file = stack.enter_context(path.open("r+", encoding="ascii"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.append(path.name)
            except (BlockingIOError, FileNotFoundError):
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
    with path.open("a+", encoding="ascii") as file:
        until = time.monotonic() + patience
        while not _is_ours(file):
            if time.monotonic() < until:
                time.sleep(0.05)
                continue
            file.seek(0)
            holder = file.read().strip()
            raise Locked(
                "another run is at work on this publication"
                f"{f' (process {holder})' if holder else ''}",
                todo="Wait for it to end, and run the command again.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _is_ours(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
