"""One run at a time may write a publication's outbox and ledger."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.errors import Locked


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; raise Locked at once where another process holds it.

    The kernel lets go of it when its holder ends, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise Locked(
                f"another run is at work on this publication (process {file.read().strip()})",
                todo="Wait for it to end, and run the command again.",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
