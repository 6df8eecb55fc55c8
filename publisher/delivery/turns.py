"""One thread for all connections of SMTP: whichever can go on has its turn.

Threads would fight for the interpreter. What all connections tell in one round goes out in one
commit.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from publisher.delivery.batches import Feed, Outcome, Worker, together
from publisher.delivery.clock import Clock, Stop
from publisher.delivery.course import Call, Course, Line, Rest, Tell, course
from publisher.delivery.wire import Need
from publisher.errors import TransportDown

LOOK = 0.2  # seconds between looks at the clock, and at a stop, while the network is waited for


def run(worker: Worker, lines: Sequence[Line], stop: Stop, clock: Clock) -> list[TransportDown]:
    """Send all that is due; return what kept lines from opening. Other errors end all of them."""
    feed = Feed(worker, len(lines))
    turns = _Turns(worker.record, stop, clock)
    with ThreadPoolExecutor(len(lines), "sender") as pool, turns.selector:
        turns.pool = pool
        turns.drive([_whole(feed, line, stop, clock) for line in lines])
    try:
        feed.close()
    except BaseException as error:
        stop.because(error)
    return turns.down


def drive(courses: Sequence[Course], clock: Clock) -> None:
    """Give courses that tell nothing their turns, until all have ended."""
    if courses:
        turns = _Turns(lambda _: (), Stop(), clock)
        with turns.selector:
            turns.drive(courses)


def _whole(feed: Feed, line: Line, stop: Stop, clock: Clock) -> Course:
    """A course; its connection stays open where it ended because nothing is due now."""
    is_kept = False
    try:
        yield from course(feed, line, stop, clock)
        is_kept = not stop.event.is_set()
    finally:
        yield from line.rest(clock.seconds(), 0.0) if is_kept else line.close()


class _Task(msgspec.Struct, eq=False):
    """A course, and what it waits for: the network, or an instant of the clock."""

    course: Course
    need: Need | None = None
    until: float = 0.0


class _Turns:
    def __init__(
        self, record: Callable[[Sequence[Outcome]], Collection[int]], stop: Stop, clock: Clock
    ) -> None:
        self.down: list[TransportDown] = []
        self._record, self._stop, self._clock = record, stop, clock
        self._tasks: list[_Task] = []
        self._ready: deque[tuple[_Task, Any, BaseException | None]] = deque()
        self._telling: list[tuple[_Task, list[Outcome]]] = []
        self._called: deque[tuple[_Task, BaseException | None]] = deque()
        self._resting: set[_Task] = set()
        self._looked = 0.0
        self.selector = selectors.DefaultSelector()
        self._known: dict[_Task, tuple[socket.socket, int]] = {}  # with what is waited for
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self.selector.register(self._bell, selectors.EVENT_READ, None)
        self.pool: ThreadPoolExecutor

    def drive(self, courses: Sequence[Course]) -> None:
        """Give each its turns until all have ended."""
        with self._bell, self._ring:
            self._tasks = [_Task(one) for one in courses]
            self._ready.extend((task, None, None) for task in self._tasks)
            while self._tasks:
                self._advance()
                self._remind()
                if self._telling:
                    self._look(0.0)  # who can go on as well shares the commit
                    self._advance()
                    self._tell()
                elif self._tasks:
                    self._wait()

    def _advance(self) -> None:
        while self._ready:
            self._step(*self._ready.popleft())

    def _step(self, task: _Task, answer: Any, error: BaseException | None) -> None:
        """Let a course go on until it asks for something that takes time."""
        task.need = None
        try:
            ask = task.course.send(answer) if error is None else task.course.throw(error)
        except BaseException as raised:
            self._end(task, raised)
            return
        if isinstance(ask, Need):
            task.need = ask
            self._watch(task, ask)
        elif isinstance(ask, Tell):
            self._telling.append((task, ask.outcomes))
        elif isinstance(ask, Rest):
            task.until = self._clock.seconds() + ask.seconds
            self._resting.add(task)
        else:
            self._call(task, ask)
        if (known := self._known.get(task)) is not None and known[0].fileno() < 0:
            self._forget(task)  # closed: another connection may get its number

    def _end(self, task: _Task, raised: BaseException) -> None:
        self._tasks.remove(task)
        self._forget(task)
        if isinstance(raised, TransportDown):
            self.down.append(raised)
        elif not isinstance(raised, StopIteration):
            self._stop.because(raised)

    def _tell(self) -> None:
        """Commit what all of them tell, at once."""
        telling, self._telling = self._telling, []
        try:
            answers = together([outcomes for _, outcomes in telling], self._record)
        except BaseException as error:
            self._ready.extend((task, None, error) for task, _ in telling)
        else:
            found = zip(telling, answers, strict=True)
            self._ready.extend((task, answer, None) for (task, _), answer in found)

    def _call(self, task: _Task, ask: Call) -> None:
        """Let a thread do what takes long."""

        def done(future: Future[None]) -> None:
            self._called.append((task, future.exception()))
            self._ring.send(b"!")

        self._forget(task)
        self.pool.submit(ask.work).add_done_callback(done)

    def _wait(self) -> None:
        """Wait until somebody may go on: for the network, a thread, the clock, or a stop."""
        if self._ready:
            return
        rest = LOOK
        if self._resting:
            first = min(task.until for task in self._resting)
            rest = max(0.0, first - self._clock.seconds())
        if len(self._resting) == len(self._tasks):
            self._clock.wait(self._stop.event, rest)
        else:
            self._look(min(rest, LOOK))

    def _remind(self) -> None:
        """Let those go on whose rest, or whose time for the network, is over."""
        if self._resting:
            now, is_over = self._clock.seconds(), self._stop.event.is_set()
            over = [task for task in self._resting if is_over or task.until <= now]
            self._resting.difference_update(over)
            self._ready.extend((task, None, None) for task in over)
        if (now := time.monotonic()) >= self._looked + LOOK:
            self._looked = now
            late = [task for task in self._tasks if task.need and task.need.ends <= now]
            for task in late:
                task.need = None
            self._ready.extend((task, None, None) for task in late)

    def _look(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            self._woken(key.data)

    def _woken(self, task: _Task | None) -> None:
        if task is None:
            self._bell.recv(4096)
            while self._called:
                caller, error = self._called.popleft()
                self._ready.append((caller, None, error))
        elif task.need is None:  # its server speaks, or goes, while it waits for something else
            self._forget(task)
        else:
            self._ready.append((task, None, None))
            task.need = None

    def _watch(self, task: _Task, need: Need) -> None:
        """Wait for a connection; one that is waited for again and again stays known."""
        wanted = need.connection, need.events
        known = self._known.get(task)
        if known == wanted:
            return
        if known is not None and known[0] is need.connection:
            self.selector.modify(need.connection, need.events, task)
        else:
            self._forget(task)
            self.selector.register(need.connection, need.events, task)
        self._known[task] = wanted

    def _forget(self, task: _Task) -> None:
        if (known := self._known.pop(task, None)) is not None:
            self.selector.unregister(known[0])
