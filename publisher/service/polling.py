"""The thread that asks for the feeds whose stories are articles here.

It takes no lock that a build holds, and writes each file aside first: no slot ever waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from publisher.delivery import Stop
from publisher.errors import PublisherError
from publisher.pipeline.polling import Polled, poll
from publisher.service.configuration import Configuration
from publisher.service.events import Events

_TURN = 15.0  # seconds between two looks at what is due


class Polling:
    """Asks by the newest publisher.toml, and sets `changed` when there is something new."""

    def __init__(
        self,
        configuration: Configuration,
        events: Events,
        now: Callable[[], datetime],
        changed: threading.Event,
        stop: Stop,
    ) -> None:
        self._configuration, self._events, self._now = configuration, events, now
        self._changed, self._stop = changed, stop

    def run(self) -> None:
        """Ask for what is due until the service stops: a thread's body."""
        while not self._stop.event.is_set():
            self.turn()
            self._stop.event.wait(_TURN)

    def turn(self) -> None:
        """Ask once for all that is due."""
        own = self._configuration.publication
        if not own.sources.feeds:
            return
        try:
            found = poll(
                self._configuration.root, own, self._now(), is_over=self._stop.event.is_set
            )
            self._events.well("polling")
        except Exception as error:  # of a disk, or ours: it is asked again at its time
            self._events.complain("polling", error)
            return
        for one in found:
            self._say(one)
        if any(one.added or one.changed for one in found):
            self._changed.set()

    def _say(self, one: Polled) -> None:
        about = f"feed {one.feed}"
        faults = [problem for problem in one.problems if problem.severity != "note"]
        if faults:
            self._events.complain(about, _Fault("; ".join(problem.what for problem in faults)))
        elif one.state in ("new", "unchanged"):
            self._events.well(about)
        if one.added or one.changed:
            text = f"{len(one.added)} new, {len(one.changed)} changed: {one.feed}"
            self._events.say("polled", text)


class _Fault(PublisherError):
    """What is wrong with a feed, in the words of its problems."""
