"""The thread that notices changes in articles, templates, static files and what tells of them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from publisher.delivery import Stop
from publisher.pipeline import lengths
from publisher.service.configuration import Configuration
from publisher.service.events import Events
from publisher.sources import known_ids

_FILES = (lengths.FILE, known_ids.NAME)  # beside publisher.toml; it is followed elsewhere
_AGAIN = 5.0  # seconds between two looks where nothing tells of changes


class Watcher:
    """Sets `changed` when a file is other than it was."""

    def __init__(
        self, configuration: Configuration, events: Events, changed: threading.Event, stop: Stop
    ) -> None:
        self._configuration, self._events = configuration, events
        self._changed, self._stop = changed, stop
        self.noticed: Callable[[], None] = lambda: None
        """Called when a file was changed, once `changed` is set."""

    def run(self) -> None:
        """Watch until the service stops: a thread's body."""
        while not self._stop.event.is_set():
            folders = self._folders()
            self._changed.set()  # what was written before we looked
            try:
                self._watch(folders)
            except (OSError, RuntimeError) as error:  # no inotify left: look every few seconds
                self._events.complain("watching", error)
                self._changed.set()
                self._stop.event.wait(_AGAIN)

    def _watch(self, folders: dict[Path, tuple[int, int]]) -> None:
        """Watch some folders, as long as they are these."""
        from watchfiles import watch

        for changes in watch(
            *folders,
            stop_event=self._stop.event,
            debounce=300,
            step=50,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
            watch_filter=None,
        ):
            if changes:
                self._changed.set()
                self.noticed()
            if self._folders() != folders:  # another one has that name now
                return

    def _folders(self) -> dict[Path, tuple[int, int]]:
        """What to watch that is there, folders and files, with what tells one from its successor.

        A file that is written aside and renamed is another one then.
        """
        found = {}
        own = self._configuration.publication
        names = (*own.article_folders, Path("templates"), Path(own.web.static), *map(Path, _FILES))
        for path in (self._configuration.root / name for name in names):
            with contextlib.suppress(OSError):
                stat = path.stat()
                found[path] = (stat.st_dev, stat.st_ino)
        return found
