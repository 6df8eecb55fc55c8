"""Maintenance of jobs, in a thread and on a connection of its own: no fan-out keeps it waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from publisher.delivery import Clock, Stop
from publisher.engine.reconciler import MOST, decide
from publisher.ledger.jobs import Jobs, WorkerRecord
from publisher.service.configuration import Configuration
from publisher.service.events import Events

_TURN = 1.0  # seconds between two looks at what is due
_HOUR = 3600.0
_WELL = 30.0  # seconds
_ABOUT = "jobs"


class Keeper:
    """Gives signs of life, takes over what dead workers had, and defers again what has no job."""

    def __init__(
        self,
        configuration: Configuration,
        jobs: Jobs,
        events: Events,
        now: Callable[[], datetime],
        steady: Clock,
        stop: Stop,
        worker: WorkerRecord,
    ) -> None:
        self._configuration, self._jobs = configuration, jobs
        self._events, self._now = events, now
        self._steady, self._stop, self._worker = steady, stop, worker
        # As it was when this worker began to give signs of life by it.
        self._takeover = configuration.publication.engine.takeover
        self._beat = self._cleaned = self._kept = -_HOUR

    @property
    def is_well(self) -> bool:
        """Whether it has kept the jobs a short while ago."""
        return self._steady.seconds() - self._kept < _WELL

    def run(self) -> None:
        """Keep the jobs until the worker stops: a thread's body."""
        while not self._stop.event.is_set():
            self._say(self.turn)
            self._stop.event.wait(_TURN)
        self._say(lambda: self._jobs.look(replace(self._worker, ended=True)))

    def turn(self) -> None:
        """Do what is to be done now; raises what the ledger does."""
        self._configuration.look()
        publication, seconds = self._configuration.publication, self._steady.seconds()
        if seconds - self._beat >= self._takeover.total_seconds() / 4:
            self._beat = seconds
            self._jobs.look(self._worker)
            for task, about in self._jobs.take_over(self._takeover):
                self._events.say("taken over", f"{task} {about}".strip())
        self._jobs.reconcile(
            self._now(), MOST, decide, has_mailbox=bool(publication.returns.imap.host)
        )
        if seconds - self._cleaned >= _HOUR:
            self._cleaned = seconds
            self._jobs.clean()
        self._kept = seconds

    def _say(self, verb: Callable[[], object]) -> None:
        try:
            verb()
            self._events.well(_ABOUT)
        except Exception as error:  # of a database, or ours: the worker goes on
            self._events.complain(_ABOUT, error)
