"""Who may do what alone, and who is alive: among all that share a ledger.

A ledger in a file is of one machine, where the kernel keeps locks of files. One on PostgreSQL is of
any number of hosts: `server_locks` keeps them there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from publisher.ledger.lock import dead, locked, present

_SENDERS = "senders"


class Hold(Protocol):
    """A lock while it is held. `is_ours` is False once it was lost, and somebody else had it."""

    @property
    def is_ours(self) -> bool: ...


class Locks(Protocol):
    """Locks by name. A holder is a thread or a process; its end, however it ends, frees them."""

    def held(self, name: str, patience: float = 0.0) -> AbstractContextManager[Hold]:
        """Hold a lock; raise Locked where somebody else goes on holding it for so many seconds."""
        ...

    def present(self, name: str) -> AbstractContextManager[None]:
        """Be known as alive under a name that nobody else ever has; after an error, as dead."""
        ...

    def dead(self) -> AbstractContextManager[list[str]]:
        """Names of those who were present and ended without a word; afterwards they are forgotten.

        No other process is told the same ones meanwhile.
        """
        ...


class _OfKernel(msgspec.Struct, frozen=True):
    """The lock of a file: nobody takes it from who holds it."""

    is_ours: bool = True


class FileLocks:
    """Locks of files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def held(self, name: str, patience: float = 0.0) -> Iterator[Hold]:
        """Hold the file of that name."""
        with locked(self._folder / name, patience):
            yield _OfKernel()

    def present(self, name: str) -> AbstractContextManager[None]:
        """Hold a file of that name among the senders."""
        return present(self._folder / _SENDERS, name)

    def dead(self) -> AbstractContextManager[list[str]]:
        """Those of this machine whose files nobody holds."""
        return dead(self._folder / _SENDERS)
