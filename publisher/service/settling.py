"""The slots that have come are settled: those of a newsletter in order, each newsletter's apart.

A build that is slow, fails or dies delays the slots of its own newsletter, and no other's: each
newsletter has a thread while its slots are settled, and a process of its own that renders. What
they share is the articles, read once for all that have come.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime

import msgspec

from publisher.delivery import Clock, Stop
from publisher.model import Schedule
from publisher.pipeline.slots.occasions import Occasion, occasions
from publisher.pipeline.slots.settle import is_quiet, settle, settle_quiet
from publisher.pipeline.workspace import Workspace
from publisher.service.agenda import Agenda
from publisher.service.events import Events

_AT_ONCE = 4  # newsletters: each has a process that renders


class _Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a slot in its newsletter's thread; without one the thread has ended."""

    newsletter: str
    occasion: Occasion | None = None
    error: Exception | None = None


class Settling:
    """Settles what the agenda says is due: the ticking thread's, but for the work itself.

    A newsletter whose slot fails waits some seconds, and keeps no other waiting. `is_clean` is
    whether nothing was put off since `begin`, or is still at work.
    """

    def __init__(
        self,
        agenda: Agenda,
        events: Events,
        now: Callable[[], datetime],
        steady: Clock,
        stop: Stop,
    ) -> None:
        self._agenda, self._events, self._now, self._stop = agenda, events, now, stop
        self._steady = steady
        self._at_work: dict[str, threading.Thread] = {}  # by newsletter
        self._places = threading.BoundedSemaphore(_AT_ONCE)
        self._outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self.is_clean = True

    def begin(self) -> None:
        """Begin a turn, of which nothing has been put off yet."""
        self.is_clean = True

    def settle_due(self, space: Workspace, patience: float | None) -> bool:
        """Settle the slots that have come; return whether some were, now or since the last turn.

        Waits until all are settled, or for some seconds: then the others go on by themselves.
        """
        has_settled = self._collect(0.0)
        with self._agenda.due(space) as schedules:
            free = [one for one in schedules if one.newsletter not in self._at_work]
            if free:
                space.forget_timetable()  # calendars as they are now
                self._start(space, self._come(space, free))
            has_settled = self._collect(patience) or has_settled or bool(free)
            if free and self._stop.event.is_set():
                self.is_clean = False  # some may be left
        self.is_clean = self.is_clean and not self._at_work
        return has_settled

    def close(self) -> None:
        """Wait for what is at work."""
        self._collect(None)

    def _come(self, space: Workspace, schedules: Sequence[Schedule]) -> dict[str, list[Occasion]]:
        """The slots that have come by newsletter; those that send nothing are settled at once."""
        come: dict[str, list[Occasion]] = {}
        for name in sorted({one.newsletter for one in schedules}):
            theirs = [one for one in schedules if one.newsletter == name]
            try:
                found = occasions(space, theirs)
                for record in settle_quiet(space, found):
                    self._events.settled(space, record)
                if found:
                    come[name] = found
                self._events.well(name)
            except Exception as error:  # one newsletter holds up no other
                self._put_off(name, (one.name for one in theirs), error)
        return come

    def _start(self, space: Workspace, come: dict[str, list[Occasion]]) -> None:
        if not come:
            return
        shared = _Shared(space, len(come))
        for name, found in come.items():
            work = (name, found, shared)
            thread = threading.Thread(target=self._settle_all, args=work, name=name, daemon=True)
            self._at_work[name] = thread
            thread.start()

    def _settle_all(self, name: str, found: Sequence[Occasion], shared: _Shared) -> None:
        """Settle the slots of a newsletter, in order: the body of its thread."""
        occasion = found[0]
        try:
            with self._places, shared.lent() as space:
                for occasion in found:
                    if self._stop.event.is_set():
                        break
                    self._settle(space, occasion)
                    self._outcomes.put(_Outcome(newsletter=name, occasion=occasion))
        except Exception as error:  # its later slots come after this one
            self._outcomes.put(_Outcome(newsletter=name, occasion=occasion, error=error))
        finally:
            self._outcomes.put(_Outcome(newsletter=name))

    def _settle(self, space: Workspace, occasion: Occasion) -> None:
        space.now = self._now()  # its undo window begins now, not when the tick began
        if is_quiet(space, occasion):
            return  # settled before the others
        record = settle(space, occasion)
        self._events.lost(space.lost.values())
        self._events.forget(occasion.edition)
        if record:
            self._events.settled(space, record)

    def _collect(self, patience: float | None) -> bool:
        """Take in what became of slots, as long as some are at work; return whether any was."""
        until = None if patience is None else self._steady.seconds() + patience
        found = False
        while self._at_work:
            left = None if until is None else max(until - self._steady.seconds(), 0.0)
            try:
                outcome = (
                    self._outcomes.get(timeout=left) if left != 0 else self._outcomes.get(False)
                )
            except queue.Empty:
                break
            found = found or outcome.occasion is not None
            self._take_in(outcome)
        return found

    def _take_in(self, outcome: _Outcome) -> None:
        occasion = outcome.occasion
        if occasion is None:
            self._at_work.pop(outcome.newsletter).join()
        elif outcome.error is not None:
            self._put_off(occasion.edition, occasion.schedules, outcome.error)
        else:
            self._agenda.advance(occasion)

    def _put_off(self, about: str, schedules: Iterable[str], error: Exception) -> None:
        self.is_clean = False
        self._agenda.put_off(schedules)
        self._events.complain(about, error)


class _Shared:
    """The articles of newsletters whose slots have come, opened by the first that needs them."""

    def __init__(self, space: Workspace, borrowers: int) -> None:
        self._space = space.apart()
        self._borrowers = borrowers
        self._turn = threading.Lock()

    @contextmanager
    def lent(self) -> Iterator[Workspace]:
        """Yield a workspace with these articles for a thread; the last one to end closes all."""
        try:
            with closing(self._space.sharing()) as space:
                yield space
        finally:
            with self._turn:
                self._borrowers -= 1
                is_last = self._borrowers == 0
            if is_last:
                self._space.close()
