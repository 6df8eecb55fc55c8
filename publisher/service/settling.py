"""The slots that have come are settled, those of a newsletter in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from publisher.delivery import Stop
from publisher.model import Schedule
from publisher.pipeline.slots.occasions import Occasion, occasions
from publisher.pipeline.slots.settle import is_quiet, settle, settle_quiet
from publisher.pipeline.workspace import Workspace
from publisher.service.agenda import Agenda
from publisher.service.events import Events


class Settling:
    """Settles what the agenda says is due: the ticking thread's alone.

    A newsletter whose slot fails waits some seconds, and keeps no other waiting. `is_clean` is
    whether nothing was put off since `begin`.
    """

    def __init__(
        self, agenda: Agenda, events: Events, now: Callable[[], datetime], stop: Stop
    ) -> None:
        self._agenda, self._events, self._now, self._stop = agenda, events, now, stop
        self.is_clean = True

    def begin(self) -> None:
        """Begin a turn, of which nothing has been put off yet."""
        self.is_clean = True

    def settle_due(self, space: Workspace) -> bool:
        """Settle the slots that have come; return whether there were any."""
        with self._agenda.due(space) as schedules:
            if schedules:
                space.refresh()  # what was written a moment ago counts
                self._settle_all(space, schedules)
        return bool(schedules)

    def _settle_all(self, space: Workspace, schedules: Sequence[Schedule]) -> None:
        failed: set[str] = set()
        for occasion in self._come(space, schedules):
            name = occasion.newsletter.name
            if name in failed or self._stop.event.is_set():
                self.is_clean = False  # its earlier slot comes first
                continue
            if is_quiet(space, occasion):
                self._agenda.advance(occasion)
            elif not self._settle(space, occasion):
                failed.add(name)

    def _come(self, space: Workspace, schedules: Sequence[Schedule]) -> list[Occasion]:
        """The slots that have come, oldest first; those that send nothing are settled at once."""
        come: list[Occasion] = []
        for name in sorted({one.newsletter for one in schedules}):
            theirs = [one for one in schedules if one.newsletter == name]
            try:
                found = occasions(space, theirs)
                for record in settle_quiet(space, found):
                    self._events.settled(space, record)
                come += found
                self._events.well(name)
            except Exception as error:
                self._put_off(name, (one.name for one in theirs), error)
        return sorted(come, key=lambda one: (one.due.slot.instant, one.edition))

    def _settle(self, space: Workspace, occasion: Occasion) -> bool:
        """Settle one slot; return whether it is."""
        space.now = self._now()  # its undo window begins now, not when the tick began
        try:
            record = settle(space, occasion)
        except Exception as error:
            self._put_off(occasion.edition, occasion.schedules, error)
            return False
        self._events.forget(occasion.edition)
        self._agenda.advance(occasion)
        if record:
            self._events.settled(space, record)
        return True

    def _put_off(self, about: str, schedules: Iterable[str], error: Exception) -> None:
        self.is_clean = False
        self._agenda.put_off(schedules)
        self._events.complain(about, error)
