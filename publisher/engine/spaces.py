"""Workspaces for jobs: each has one to itself while it is done, and the next one finds it open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from publisher.config import FILE
from publisher.errors import PublisherError
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import stamp
from publisher.service.events import Events

_ABOUT = "configuration, the old one stays"


class Spaces:
    """Lends workspaces of a publication, as publisher.toml is. `now` is the clock, aware UTC.

    A publisher.toml with a mistake is named, not used. Raises what the first one raises.
    """

    def __init__(self, root: Path, now: Callable[[], datetime], events: Events) -> None:
        self._root, self._now, self._events = root, now, events
        self._turn = threading.Lock()
        self._idle: list[Workspace] = []
        self._stamp = stamp(root / FILE)
        self._newest = self._opened()  # lent to nobody: others are opened as it was read

    @contextmanager
    def lent(self) -> Iterator[Workspace]:
        """Yield a workspace for this thread.

        What it has read of articles is forgotten afterwards: another host may have changed them.
        One in which something went wrong is not lent again.
        """
        space = self._taken()
        try:
            space.now = self._now()
            yield space
            space.refresh()
        except BaseException:
            space.close()
            raise
        with self._turn:
            is_newest = space.publication is self._newest.publication
            if is_newest:
                self._idle.append(space)
        if not is_newest:
            space.close()

    def is_current(self, space: Workspace) -> bool:
        """Whether publisher.toml is still as it was when a workspace was opened."""
        with self._turn:
            is_newest = space.publication is self._newest.publication
            return is_newest and stamp(self._root / FILE) == self._stamp

    def close(self) -> None:
        """Let go of all that are not lent."""
        with self._turn:
            idle, self._idle = self._idle, []
        for space in (*idle, self._newest):
            space.close()

    def _taken(self) -> Workspace:
        with self._turn:
            old = self._idle if self._look() else []
            if old:
                self._idle = []
            found = self._idle.pop() if self._idle else self._newest.apart()
        for space in old:
            space.close()
        return found

    def _look(self) -> bool:
        """Read publisher.toml if it has changed; return whether another one is in force now."""
        current = stamp(self._root / FILE)
        if current == self._stamp:
            return False
        self._stamp = current
        try:
            fresh = self._opened()
        except PublisherError as error:
            self._events.complain(_ABOUT, error)
            return False
        self._newest.close()
        self._newest = fresh
        self._events.forget(_ABOUT)
        return True

    def _opened(self) -> Workspace:
        return Workspace(
            self._root,
            self._now(),
            writing=True,
            tell=lambda damage: self._events.say("state", damage.headline),
        )
