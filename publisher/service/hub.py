"""The WebSub hub is told which feeds have changed, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from publisher.delivery import tell_hub
from publisher.feeds import quiet_folders
from publisher.hosts import ascii_url
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events


class Hub:
    """Tells the hub; nothing waits for its answer but the end of the service."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._telling: threading.Thread | None = None

    def tell(self, space: Workspace, written: Sequence[Path]) -> None:
        """Tell the hub, where there is one, which feed files are other than before."""
        hub = space.publication.feeds.hub
        if hub and (feeds := feeds_of(space, written)):
            self._telling = threading.Thread(target=self._reach, args=(hub, feeds))
            self._telling.start()

    def _reach(self, hub: str, feeds: Sequence[str]) -> None:
        try:
            tell_hub(hub, feeds)
            self._events.well("hub")
        except Exception as error:  # of a hub: feeds are read without it, only later
            self._events.complain("hub", error)

    def close(self) -> None:
        """Wait until it has answered."""
        if self._telling:
            self._telling.join()


def feeds_of(space: Workspace, written: Sequence[Path]) -> list[str]:
    """Return the addresses of the feeds among files that were written: those that a hub knows."""
    own = space.publication
    base = f"{ascii_url(own.base_url)}feeds/"
    names = (path.relative_to(space.feeds_folder).as_posix() for path in written)
    quiet = quiet_folders(own)
    return [
        base + quote(name)
        for name in names
        if not name.endswith((".opml", ".css")) and not name.startswith(quiet)
    ]
