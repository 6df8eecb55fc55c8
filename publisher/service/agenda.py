"""Which schedules there are, and when the next slot of each comes."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from publisher.delivery import Clock
from publisher.errors import Held
from publisher.model import Schedule
from publisher.pipeline import sent_marks
from publisher.pipeline.reports.held_up import clock_ahead
from publisher.pipeline.slots.adopt import adopt
from publisher.pipeline.slots.occasions import Occasion
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import stamp
from publisher.service.events import Events

_STALE = timedelta(minutes=1)  # readers' zones, and calendars that could not be read
_RECENT = timedelta(days=30)
_AGAIN = 5.0  # seconds until what failed is tried again


class Agenda:
    """The schedules and their next slots: the ticking thread's alone.

    A schedule whose calendar cannot be read, or whose slot failed, holds up no other.
    """

    def __init__(self, events: Events, steady: Clock) -> None:
        self._events, self._steady = events, steady
        self._schedules: dict[str, Schedule] = {}
        self._slots: list[tuple[datetime, str]] = []  # a heap: when the next one of whom comes
        self._known: Hashable = None  # of which state of schedules it is
        self._made = datetime.min.replace(tzinfo=UTC)
        self._unread: set[str] = set()  # schedules whose calendar could not be read
        self._retry: dict[str, float] = {}  # by schedule: when one that failed is tried again

    def forget(self) -> None:
        """Everything may be other than it was: publisher.toml has been read."""
        self._known = None

    def update(self, space: Workspace) -> bool:
        """Make it anew where a schedule, a calendar or a reader's zone has changed.

        Return whether it was. Raises Locked, and what the ledger does.
        """
        is_stale = not timedelta() <= space.now - self._made < _STALE
        state = _state(space)
        if state == self._known and not is_stale:
            return False
        if unread := sorted(self._unread & self._schedules.keys()):
            space.forget_timetable()
            for name in unread:
                self._enter(space, self._schedules[name])
        is_other = state != self._known or any(one.rule.per_reader for one in space.timetable.all())
        if is_other:
            space.forget_timetable()
            self._adopt(space)
            self._schedules = {one.name: one for one in space.timetable.all()}
            self._look_ahead(space)
            self._slots = []
            for one in self._schedules.values():
                self._enter(space, one)
            state = _state(space)
        self._known, self._made = state, space.now
        return is_other

    def _adopt(self, space: Workspace) -> None:
        """Let the ledger know each schedule, and what the outbox knows of editions on their way."""
        with alone(space) as turn:
            adopt(turn, space)
            if self._known is None:
                sent_marks.complete(space, space.now - _RECENT)
                for record in sent_marks.remember(turn, space):
                    self._events.settled(space, record)

    def _look_ahead(self, space: Workspace) -> None:
        """Say so where schedules are settled far ahead: a clock was wrong, and all is silent."""
        problem = next(clock_ahead(space), None)
        if problem is None:
            self._events.forget("clock")
        else:
            self._events.complain("clock", Held(problem.what, why=problem.why, todo=problem.todo))

    def _enter(self, space: Workspace, one: Schedule) -> None:
        """Enter a schedule's next slot."""
        try:
            slot = next(space.timetable.slots(one, one.through), None)
        except Exception as error:  # a calendar that cannot be read holds up this one alone
            self._unread.add(one.name)
            self._events.complain(f"calendar of {one.name}", error)
            return
        self._unread.discard(one.name)
        self._events.well(f"calendar of {one.name}")
        if slot:
            heapq.heappush(self._slots, (slot.instant, one.name))

    @contextmanager
    def due(self, space: Workspace) -> Iterator[list[Schedule]]:
        """Yield the schedules whose slot has come; afterwards each is entered with its next one.

        One that failed a moment ago is left out until it may be tried again.
        """
        names: list[str] = []
        while self._slots and self._slots[0][0] <= space.now:
            names.append(heapq.heappop(self._slots)[1])
        due = {name: self._schedules[name] for name in names}
        seconds = self._steady.seconds()
        try:
            yield [one for name, one in due.items() if self._retry.get(name, 0) <= seconds]
        finally:
            for name in due:
                self._enter(space, self._schedules[name])

    def put_off(self, names: Iterable[str]) -> None:
        """Try schedules again in some seconds."""
        for name in names:
            self._retry[name] = self._steady.seconds() + _AGAIN

    def catch_up(self, space: Workspace, schedules: Sequence[Schedule]) -> list[Schedule]:
        """Learn what others have settled; return those of these schedules whose slot waits."""
        if not schedules:
            return []
        known = {one.name: one.through for one in space.ledger.schedules.all()}
        waiting = []
        for one in schedules:
            through = known.get(one.name, one.through)
            if through > one.through:
                self._schedules[one.name] = replace(one, through=through)
            else:
                waiting.append(one)
        return waiting

    def advance(self, occasion: Occasion) -> None:
        """Know that schedules are past a slot."""
        for name, through in occasion.advanced.items():
            one = self._schedules[name]
            self._schedules[name] = replace(one, through=max(one.through, through))


def _state(space: Workspace) -> Hashable:
    return (space.ledger.schedules.stamp(), *map(stamp, space.timetable.files()))
