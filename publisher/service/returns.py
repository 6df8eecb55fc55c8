"""The threads that read what comes back: one for each way in, and one that looks after them.

They take no lock that a build holds, and no slot waits for them. Wherever they are ended, what they
had not recorded lies where it lay.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from publisher.delivery import Stop
from publisher.errors import PublisherError, WayRefused
from publisher.model import Publication
from publisher.pipeline.returns.ways import Record, of_this_host, taking, ways_of
from publisher.pipeline.workspace import Workspace
from publisher.returns.ways import Arrived, Kind, Way
from publisher.service.configuration import Configuration
from publisher.service.events import Events

_TURN = 1.0  # seconds between two looks at publisher.toml
_STAY = 9 * 60.0  # seconds that a way may wait for what comes, before all is looked at
_AGAIN = 5.0  # seconds until what failed is tried again; twice as long each time
_MOST = 15 * 60.0  # and so long at most
_REFUSED = 5 * 60.0  # at least, where a person must do something: servers lock out who insists
_GOODBYE = 5.0  # seconds
_ABOUT = "what comes back"


class Returns:
    """Reads what comes back, by the newest publisher.toml; `record` is where it goes."""

    def __init__(
        self,
        configuration: Configuration,
        events: Events,
        now: Callable[[], datetime],
        stop: Stop,
        record: Record,
    ) -> None:
        self._configuration, self._events, self._now = configuration, events, now
        self._stop, self._record = stop, record
        self._readers: list[_Reader] = []

    def run(self) -> None:
        """Look after the ways until the service stops: a thread's body."""
        settings: object = None
        while not self._stop.event.is_set():
            newest = _settings(self._configuration.publication)
            if newest != settings:
                self._end()
                settings = newest if self._begin() else None
            for reader in self._readers:
                reader.say()
            self._stop.event.wait(_TURN)
        self._end()

    def _begin(self) -> bool:
        """Begin to read by each way that is named; return False where that is to be tried again."""
        if not self._configuration.publication.returns.names_a_way:
            return True
        try:
            with closing(self._configuration.open()) as space:
                workers = space.publication.engine.has_workers
                ways = of_this_host(space) if workers else ways_of(space)  # they read mailboxes
            self._events.well(_ABOUT)
        except Exception as error:  # publisher.toml is being written, or is wrong by now
            self._events.complain(_ABOUT, error)
            return False
        self._readers = [
            _Reader(way, self._configuration, self._events, self._now, self._record) for way in ways
        ]
        for reader in self._readers:
            reader.start()
        return True

    def _end(self) -> None:
        for reader in self._readers:
            reader.end()
        for reader in self._readers:
            reader.join(_GOODBYE)
            reader.say()
        self._readers = []


def _settings(publication: Publication) -> object:
    """What the ways are made of: when it changes they are made anew."""
    delivery = publication.delivery
    addresses = (publication.sender, delivery.return_path, delivery.unsubscribe, delivery.reply_to)
    return publication.returns, addresses


class _Reader:
    """One way, read in a thread of its own."""

    def __init__(
        self,
        way: Way,
        configuration: Configuration,
        events: Events,
        now: Callable[[], datetime],
        record: Record,
    ) -> None:
        self._way, self._configuration, self._events = way, configuration, events
        self._now, self._record = now, record
        self._about = f"{_ABOUT} by {way.name}"
        self._over = threading.Event()
        self._turn = threading.Lock()
        self._kinds: Counter[Kind] = Counter()  # since it was said
        self._thread = threading.Thread(target=self._run, name=way.name, daemon=True)
        self.start, self.join = self._thread.start, self._thread.join

    def end(self) -> None:
        """Take no more, and let go of whatever is waited for."""
        self._over.set()
        self._way.end()

    def say(self) -> None:
        """Say what has come since this was asked last."""
        with self._turn:
            kinds, self._kinds = self._kinds, Counter()
        if total := sum(kinds.values()):
            parts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            self._events.say("returned", f"{total} by {self._way.name}: {parts}")

    def _run(self) -> None:
        """Read until it is over; what goes wrong is said once, and tried again later and later."""
        failures = 0
        while not self._over.is_set():
            wait = self._configuration.publication.returns.every.total_seconds()
            try:
                with closing(self._configuration.open()) as space:
                    self._round(space)
                failures = 0
            except Exception as error:  # of a server, a disk, or ours: what is there stays there
                if self._over.is_set():
                    break
                failures += 1
                wait = pause(failures, error)
                self._events.complain(self._about, error)
            self._over.wait(wait)
        self._way.close()

    def _round(self, space: Workspace) -> None:
        """Read as long as there is more, or the way waits by itself, by the same publisher.toml."""
        generation = self._configuration.generation
        while not self._over.is_set() and self._configuration.generation == generation:
            if not self._turns(space):
                return

    def _turns(self, space: Workspace) -> bool:
        """Take what is there, or wait for it; return whether it is time to look again."""
        take = taking(space, self._way.name, self._now, self._record)

        def counted(one: Arrived) -> Kind:
            kind = take(one)
            with self._turn:
                self._kinds[kind] += 1
            return kind

        found = self._way.collect(counted)
        if found.problem:
            self._events.complain(self._about, _Fault(found.problem))
        else:
            self._events.well(self._about)
        return bool(found.count) or self._way.stay(counted, _STAY)


class _Fault(PublisherError):
    """What a way could not take, in its words."""


def pause(failures: int, error: BaseException) -> float:
    """Seconds until a way that has failed so often is tried again."""
    wait = min(_MOST, _AGAIN * 2.0 ** min(failures - 1, 20))
    return max(wait, _REFUSED) if isinstance(error, WayRefused) else wait
