"""The service of one publication: its parts, put together, and what a tick does in which order.

Nothing that matters is in its memory: whatever it knows, it has from the ledger, publisher.toml
and the articles, and reads anew when one of them changes.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from publisher.delivery import Clock, Stop
from publisher.errors import Held
from publisher.pipeline.returns.ways import Record, recorded
from publisher.pipeline.workspace import Workspace
from publisher.service.agenda import Agenda
from publisher.service.configuration import Configuration
from publisher.service.deferring import DeferredSlots, DeferredUpkeep
from publisher.service.delivery import Delivery
from publisher.service.drafts import Drafts
from publisher.service.events import Event, Events
from publisher.service.hub import Hub
from publisher.service.pages import Pages
from publisher.service.polling import Polling
from publisher.service.returns import Returns
from publisher.service.settling import Settling
from publisher.service.upkeep import Upkeep
from publisher.service.watcher import Watcher
from publisher.service.web import Web

_HEARTBEAT = timedelta(seconds=5)
_WELL = timedelta(seconds=30)


class Service:
    """Keeps the schedules of one publication, delivers, and keeps its feeds up to date.

    `now` is the clock, aware UTC; `say` is told what happens; `record` is where messages go that
    come back. Every method may raise what the configuration raises when it is made; `tick` and the
    bodies of `threads` raise nothing.
    """

    def __init__(
        self,
        root: Path,
        now: Callable[[], datetime],
        say: Callable[[Event], None],
        stop: Stop,
        record: Record = recorded,
    ) -> None:
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._now = now
        self._changed = threading.Event()  # articles, templates or publisher.toml
        self._changed.set()  # feeds and drafts are looked at once, whatever has changed
        steady = Clock()  # for waiting: the wall clock may jump
        self._events = events = Events(now, say)
        self._configuration = configuration = Configuration(root, now, events)
        self._agenda = Agenda(events, steady)
        self._hub = Hub(events)
        self._engine = configuration.publication.engine.kind
        self._settling: Settling | DeferredSlots
        self._upkeep: Upkeep | DeferredUpkeep
        if configuration.publication.engine.has_workers:
            self._settling, self._upkeep = (
                DeferredSlots(self._agenda, events),
                DeferredUpkeep(events),
            )
        else:
            self._settling = Settling(self._agenda, events, now, steady, stop)
            pages = Pages(events, self._hub, self._changed)
            self._upkeep = Upkeep(Drafts(events), pages, events, self._changed)
        self._delivery = Delivery(configuration, events, now, steady, stop)
        self._watcher = Watcher(configuration, events, self._changed, stop)
        self._polling = Polling(configuration, events, now, self._changed, stop)
        self._returns = Returns(configuration, events, now, stop, record)
        self._web = Web(configuration, events, now, stop, lambda: self.is_well)
        self._started = self._last = configuration.space.now
        self._looked = datetime.min.replace(tzinfo=UTC)

    @property
    def threads(self) -> Mapping[str, Callable[[], None]]:
        """What runs beside the ticks, each in a thread of its own, until the service stops."""
        deliver = {} if self.has_workers else {"deliver": self._delivery.run}
        return {
            **deliver,
            "watch": self._watcher.run,
            "poll": self._polling.run,
            "return": self._returns.run,
            "answer": self._web.run,
        }

    @property
    def has_workers(self) -> bool:
        """Whether workers do what this service asks for."""
        return self._engine == "procrastinate"

    @property
    def grace(self) -> timedelta:
        """How long the messages on the wire may take when the service ends."""
        return self._configuration.publication.service.grace

    @property
    def is_well(self) -> bool:
        """Whether all that was due is settled, as far as half a minute ago."""
        return self._now() - self._looked < _WELL

    @property
    def _is_clean(self) -> bool:
        return self._settling.is_clean and self._upkeep.is_clean

    def offer(self, turn: Callable[[], None]) -> None:
        """Take what has a tick come at once: a file that was saved waits for none."""
        self._watcher.noticed = turn

    def reload(self) -> None:
        """Read publisher.toml and everything else anew, at the next tick."""
        self._configuration.reload()

    def tick(self, patience: float | None = None) -> None:
        """Do all that is due; what goes wrong is said, and tried again at the next tick.

        What takes longer than `patience` goes on by itself, and keeps no later tick waiting.
        """
        self._settling.begin()
        try:
            self._tick(patience)
            self._events.well("service")
        except Exception as error:  # of a disk, a database, or ours: the service goes on
            self._settling.is_clean = False
            self._events.complain("service", error)

    def _tick(self, patience: float | None) -> None:
        space = self._open()
        if space.now < self._last:  # set back: what was visible then may not be now
            self._changed.set()
        self._last = begun = space.now
        changed = self._changed.is_set()
        self._changed.clear()  # what is written from here on is seen at the next tick
        try:
            settled = self._work(space, changed, patience)
        except Exception:
            if changed:
                self._changed.set()
            raise
        self._look(space, begun, settled)

    def _open(self) -> Workspace:
        """The workspace that builds, at this moment, by the newest publisher.toml."""
        if self._configuration.look():
            self._check_engine()
            self._agenda.forget()
            self._delivery.restart()
            self._changed.set()
        space = self._configuration.space
        space.now = self._now()
        return space

    def _check_engine(self) -> None:
        """Say so where publisher.toml names another engine than the one that runs."""
        named = self._configuration.publication.engine.kind
        if named == self._engine:
            self._events.forget("engine")
            return
        what = f"the engine is {self._engine} still, and publisher.toml names {named}"
        self._events.complain("engine", Held(what, todo="Start `publisher run` again."))

    def _work(self, space: Workspace, changed: bool, patience: float | None) -> bool:
        """Do what is due, slots before all else; return whether slots had come."""
        is_other = self._agenda.update(space)
        settled = self._settling.settle_due(space, patience)
        self._upkeep.update(space, changed=changed, settled=settled or is_other, patience=patience)
        return settled

    def _look(self, space: Workspace, now: datetime, settled: bool) -> None:
        """Leave word in the ledger, every few seconds, that all that was due is settled."""
        is_time = settled or now - self._looked >= _HEARTBEAT or now < self._looked
        if is_time and self._is_clean:
            space.ledger.services.look(self.name, self._started, now)
            self._looked = now

    def deliver_once(self) -> int:
        """Send what is due now; return 4 if some of it still waits, or else how all stands.

        Where there are workers they send.

        Raises what `deliver` does where the publication cannot send.
        """
        if self.has_workers:
            return self.standing()
        space = self._configuration.space
        space.now = self._now()  # editions that were settled a moment ago begin after the tick did
        return 4 if self._delivery.once(space) else self.standing()

    def standing(self) -> int:
        """Return 75 if the last tick has to be done again, 1 if something is wrong, 0 if not."""
        if not self._is_clean:
            return 75
        return 1 if self._events.is_anything_wrong else 0

    def close(self) -> None:
        """Say goodbye to the ledger, once all that is at work has ended, and the hub answered."""
        self._settling.close()
        self._upkeep.close()
        self._hub.close()
        space = self._configuration.space
        if self._looked >= self._started:
            space.ledger.services.look(self.name, self._started, self._looked, ended=True)
        space.close()
