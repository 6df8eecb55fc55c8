"""Workspaces for jobs: each has one to itself while it is done, and the next one finds it open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from publisher.config import FILE
from publisher.errors import Problem
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import stamp


class Spaces:
    """Lends workspaces of a publication, as publisher.toml is. `now` is the clock, aware UTC."""

    def __init__(
        self, root: Path, now: Callable[[], datetime], tell: Callable[[Problem], None]
    ) -> None:
        self._root, self._now, self._tell = root, now, tell
        self._turn = threading.Lock()
        self._idle: list[Workspace] = []
        self._stamp: object = None

    @contextmanager
    def lent(self) -> Iterator[Workspace]:
        """Yield a workspace for this thread; raises what publisher.toml does.

        What it has read of articles is forgotten afterwards: another host may have changed them.
        One in which something went wrong is not lent again.
        """
        asked = stamp(self._root / FILE)
        space = self._taken(asked)
        try:
            space.now = self._now()
            yield space
            space.refresh()
        except BaseException:
            space.close()
            raise
        with self._turn:
            is_newest = asked == self._stamp
            if is_newest:
                self._idle.append(space)
        if not is_newest:
            space.close()

    def _taken(self, asked: object) -> Workspace:
        with self._turn:
            old, self._idle = (self._idle, []) if asked != self._stamp else ([], self._idle)
            self._stamp = asked
            found = self._idle.pop() if self._idle else None
        for space in old:
            space.close()
        return found or Workspace(self._root, self._now(), writing=True, tell=self._tell)

    def close(self) -> None:
        """Let go of all that are not lent."""
        with self._turn:
            idle, self._idle = self._idle, []
        for space in idle:
            space.close()
