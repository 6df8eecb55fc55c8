"""What the preview follows: files as they are saved, what commands write in the ledger, slots.

Folders are watched by the system; of single files, the outbox and the ledger's file the stamp is
looked at a few times a second, and the ledger is asked only where its file has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from pathlib import Path

from watchfiles import awatch

_LOOKED_AT = 250  # milliseconds between two looks at stamps
_DEBOUNCE = 100  # milliseconds: an editor saves in several steps

Asked = Callable[[], Awaitable[Hashable]]


class Changes:
    """Counts the changes of a publication."""

    def __init__(
        self,
        *,
        folders: Callable[[], Sequence[Path]],
        files: Callable[[], Sequence[Path]],
        ledger: Sequence[Path],
        said: Asked,
        has_passed: Callable[[], bool],
        ends: Callable[[], bool],
    ) -> None:
        """`folders` are watched with all that lies below them, `files` one by one.

        `said` is what commands have said in the ledger, asked when one of the files `ledger` has
        changed; each time where there is none to look at, and when a slot `has_passed`.
        """
        self.count = 0
        self._folders, self._files, self._ends = folders, files, ends
        self._ledger, self._ask, self._has_passed = ledger, said, has_passed
        self._written: Hashable = None
        self._said: Hashable = None

    async def begin(self) -> None:
        """Ask what is said now: what is said from now on is a change."""
        self._written = _stamps(self._ledger)
        self._said = await self._ask()

    async def follow(self) -> None:
        """Count until the preview ends."""
        while not self._ends():
            folders, stamps = list(self._folders()), _stamps(self._files())
            try:
                async for found in awatch(
                    *folders,
                    debounce=_DEBOUNCE,
                    step=50,
                    rust_timeout=_LOOKED_AT,
                    yield_on_timeout=True,
                    watch_filter=None,
                ):
                    await self._listen()
                    is_other = stamps != _stamps(self._files()) or folders != list(self._folders())
                    self.count += bool(found) or is_other
                    if self._ends() or is_other:
                        break
            except (OSError, RuntimeError):  # no inotify left, or a folder went: look now and then
                self.count += 1
                await asyncio.sleep(5)

    async def _listen(self) -> None:
        """Count what was said in the ledger."""
        written = _stamps(self._ledger)
        if self._ledger and written == self._written and not self._has_passed():
            return
        before, self._written, self._said = self._said, written, await self._ask()
        self.count += self._said != before


def _stamps(paths: Sequence[Path]) -> Hashable:
    return tuple((path, _stamp(path)) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
