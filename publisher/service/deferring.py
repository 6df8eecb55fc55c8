"""The service of a publication with workers: it asks them for what is due, and does none of it.

It has the shape of `Settling` and `Upkeep`. Any number of hosts run it, and nobody is elected: of a
newsletter whose slot has come one job waits, and whoever inserts the slot's row decides.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, timedelta

from publisher.errors import PublisherError, StateUnavailable
from publisher.ledger import CommitRecord
from publisher.model import Schedule
from publisher.model.job import Job, drafting, making_pages, settling
from publisher.pipeline import commits
from publisher.pipeline.slots.occasions import occasions
from publisher.pipeline.slots.settle import is_quiet
from publisher.pipeline.workspace import Workspace
from publisher.service.agenda import Agenda
from publisher.service.events import Events

_LOOK = timedelta(seconds=5)


class DeferredSlots:
    """Asks for the slots that have come to be settled: the ticking thread's.

    `is_clean` is whether all that is due was asked for since `begin`.
    """

    def __init__(self, agenda: Agenda, events: Events) -> None:
        self._agenda, self._events = agenda, events
        self.is_clean = True

    def begin(self) -> None:
        """Begin a turn."""
        self.is_clean = True

    def settle_due(self, space: Workspace, patience: float | None) -> bool:
        """Ask for what has come, unless a worker has settled it; return whether some had come."""
        with self._agenda.due(space) as schedules:
            waiting = self._agenda.catch_up(space, schedules)
            if waiting:
                space.forget_timetable()  # calendars as they are now
                space.ledger.commits.ask(self._named(space, waiting), _settlings(space, waiting))
                self._agenda.put_off(one.name for one in waiting)
        return bool(waiting)

    def _named(self, space: Workspace, waiting: list[Schedule]) -> list[CommitRecord]:
        """Of which commit the slots that have come are built; it is said where none can be named.

        Workers build from their own folders then.
        """
        try:
            found = [one.edition for one in occasions(space, waiting) if not is_quiet(space, one)]
            named = commits.named(space, found) if found else []
        except StateUnavailable:
            raise
        except PublisherError as error:  # of git, or of a calendar, which the worker says as well
            self._events.complain("articles", error)
            return []
        self._events.well("articles")
        return named

    def close(self) -> None:
        """There is nothing at work here."""


class DeferredUpkeep:
    """Asks for drafts, feeds and pages to be brought up, where something has changed."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._sent: Hashable = None
        self._own = ""  # this folder's commit
        self._looked = datetime.min.replace(tzinfo=UTC)
        self.is_clean = True

    def update(
        self, space: Workspace, *, changed: bool, settled: bool, patience: float | None
    ) -> None:
        """Ask for what is to be done; what comes of a time alone has its job already."""
        sends = space.ledger.sends.stamp()
        is_other = self._is_at_another_commit(space) or changed
        jobs: list[Job] = []
        if is_other or sends != self._sent:
            jobs.append(making_pages())
        wants_drafts = any(one.mode == "draft" for one in space.publication.newsletters)
        if wants_drafts and (is_other or settled):
            jobs.append(drafting())
        if jobs:
            self._ask(space, jobs)
        self._sent = sends

    def _is_at_another_commit(self, space: Workspace) -> bool:
        """Whether this folder has come to one: git says so last, once all files are written."""
        if timedelta() <= space.now - self._looked < _LOOK:
            return False
        self._looked, before = space.now, self._own
        self._own = commits.own_commit(space)
        return self._own != before

    def _ask(self, space: Workspace, jobs: Sequence[Job]) -> None:
        """Ask for jobs, and name of which commit they are, where this folder's is to be named."""
        problem = commits.stand(space, jobs).problem
        if problem:
            self._events.complain("commit", problem)
        else:
            self._events.well("commit")

    def close(self) -> None:
        """There is nothing at work here."""


def _settlings(space: Workspace, schedules: list[Schedule]) -> list[Job]:
    """A job for each newsletter, breaking news apart."""
    breaking = {one.name: one.template == "breaking" for one in space.publication.newsletters}
    names = sorted({one.newsletter for one in schedules})
    return [settling(name, breaking=breaking.get(name, False)) for name in names]
