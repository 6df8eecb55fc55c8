"""publisher.toml as it is in force, read anew when it changes; and the workspace that builds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from publisher.config import FILE
from publisher.errors import PublisherError
from publisher.model import Publication
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events

_ABOUT = "configuration, the old one stays"


class Configuration:
    """What is in force. The ticking thread looks; the others read `publication`, `generation`.

    `generation` counts how often publisher.toml was read anew: who works with a workspace of its
    own opens another one when it changes.
    """

    def __init__(self, root: Path, now: Callable[[], datetime], events: Events) -> None:
        self.root, self._now, self._events = root, now, events
        self.space = self.open()
        self.generation = 0
        self._stamp = stamp(root / FILE)
        self._asked = threading.Event()

    @property
    def publication(self) -> Publication:
        """The publication as it was last read."""
        return self.space.publication

    def reload(self) -> None:
        """Read publisher.toml anew at the next look, whether or not it has changed."""
        self._asked.set()

    def look(self) -> bool:
        """Take in what has changed; return whether it is in force now.

        One with a mistake is named, not used.
        """
        current = stamp(self.root / FILE)
        if current == self._stamp and not self._asked.is_set():
            return False
        self._asked.clear()
        self._stamp = current
        try:
            fresh = self.open()
        except PublisherError as error:
            self._events.complain(_ABOUT, error)
            return False
        self.space.close()
        self.space = fresh
        self.generation += 1
        self._events.forget(_ABOUT)
        self._events.say("configuration", f"{FILE} was read")
        return True

    def open(self) -> Workspace:
        """Open another workspace, for a thread of its own; raises what publisher.toml does."""
        return Workspace(
            self.root,
            self._now(),
            writing=True,
            tell=lambda damage: self._events.say("state", damage.headline),
        )


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file does; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
