"""How a folder of very many folders stands, looked at by two processes.

To ask for each file is what a build waits for that finds nothing to do: a core can look at half of
them while the other one looks at the rest.
"""

from __future__ import annotations

import os
import pickle
import sys
from array import array
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from publisher.stamps import Stand, Stat, look
from publisher.workers.starting import environment

if TYPE_CHECKING:
    import subprocess

MANY = 4_000
"""Folders that are worth another process: what one costs to start, some hundreds take."""

See = Callable[[str, Stat], object]


def stand_of_many(
    folder: Path, since: int, see: See | None = None, *, jobs: int, many: int = MANY
) -> Stand:
    """Look at every file below a folder as `stamps.stand` does, with at most `jobs` processes.

    Where so `many` folders wait to be looked at, another process takes every second one of them.
    """
    found, waiting = Stand(), deque([os.fspath(folder)])
    while waiting and (jobs < 2 or len(waiting) < many):
        waiting += look(waiting.popleft(), found, since, see=see)
    if waiting:
        ours, theirs = list(waiting)[::2], list(waiting)[1::2]
        with _Other(theirs, since, is_seen=see is not None) as other:
            _below(ours, found, since, see)
            if not other.told(found, see):
                _below(theirs, found, since, see)
    return found


def _below(folders: Sequence[str], found: Stand, since: int, see: See | None) -> None:
    stack = list(folders)
    while stack:
        stack += look(stack.pop(), found, since, see=see)


class _Other:
    """Another process that looks at some folders, and all that is below them."""

    def __init__(self, folders: Collection[str], since: int, *, is_seen: bool) -> None:
        import subprocess  # most folders are small

        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):  # then there is none, and we look ourselves
            self._process = subprocess.Popen(
                # -P: nothing in the folder that we stand in is a module.
                [sys.executable, "-P", "-m", "publisher.workers.looking"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
            assert self._process.stdin
            with self._process.stdin as asked:
                pickle.dump((folders, since, is_seen), asked, pickle.HIGHEST_PROTOCOL)

    def told(self, found: Stand, see: See | None) -> bool:
        """Wait for what it has found, and add that; False where nothing came of it."""
        if self._process is None:
            return False
        assert self._process.stdout
        try:
            theirs, paths, numbers = pickle.load(self._process.stdout)  # noqa: S301 ourselves
        except (EOFError, OSError, pickle.UnpicklingError):
            return False
        found.add(theirs)
        if see:
            for path, *stat in zip(paths, numbers[::3], numbers[1::3], numbers[2::3], strict=True):
                see(path, (stat[0], stat[1], stat[2]))
        return True

    def __enter__(self) -> _Other:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            assert self._process.stdout
            self._process.kill()
            self._process.stdout.close()
            self._process.wait()


def main() -> None:
    """Look at the folders that are told on standard input, and tell how they stand."""
    folders, since, is_seen = pickle.load(sys.stdin.buffer)  # noqa: S301 of our own parent
    found, paths, numbers = Stand(), list[str](), array("q")

    def seen(path: str, stat: Stat) -> None:
        paths.append(path)
        numbers.extend(stat)

    _below(folders, found, since, seen if is_seen else None)
    pickle.dump((found, paths, numbers), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
