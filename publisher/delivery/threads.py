"""A thread for each connection: for ways out that make their thread wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence

from publisher.delivery.batches import Feed, Outcome, Worker, together
from publisher.delivery.clock import Clock, Stop
from publisher.delivery.course import Call, Course, Line, Rest, Tell, course
from publisher.errors import TransportDown


def run(worker: Worker, lines: Sequence[Line], stop: Stop, clock: Clock) -> list[TransportDown]:
    """Send all that is due; return what kept lines from opening. Other errors end all of them."""
    down: list[TransportDown] = []
    gathered = Gathered(worker.record)

    def work(line: Line) -> None:
        feed = Feed(worker, 1)
        try:
            try:
                _drive(course(feed, line, stop, clock), gathered, stop, clock)
            finally:
                feed.close()
        except TransportDown as error:
            down.append(error)
        except BaseException as error:  # of the database, or ours: no thread dies in silence
            stop.because(error)
        finally:
            for _ in line.close():
                pass

    threads = [
        threading.Thread(target=work, args=(line,), name=f"sender {n}")
        for n, line in enumerate(lines)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():  # in steps, so that a signal is seen
            thread.join(0.2)
    return down


def _drive(course: Course, gathered: Gathered, stop: Stop, clock: Clock) -> None:
    """Do what a course asks for, in this thread."""
    answer: bool | None = None
    error: BaseException | None = None
    while True:
        try:
            ask = course.send(answer) if error is None else course.throw(error)
        except StopIteration:
            return
        answer, error = None, None
        try:
            if isinstance(ask, Tell):
                answer = gathered.tell(ask.outcomes)
            elif isinstance(ask, Rest):
                clock.wait(stop.event, ask.seconds)
            elif isinstance(ask, Call):
                ask.work()
            else:
                raise AssertionError("a connection of a thread waits by itself")
        except BaseException as raised:
            error = raised


class Gathered:
    """Group commit: what threads tell while one commit runs goes out with the next one."""

    def __init__(self, commit: Callable[[Sequence[Outcome]], Collection[int]]) -> None:
        """`commit` records, and returns the places of those that may not start.

        It runs in one thread at a time.
        """
        self._commit = commit
        self._pending: list[_Slip] = []
        self._writing, self._adding = threading.Lock(), threading.Lock()

    def tell(self, outcomes: Sequence[Outcome]) -> bool:
        """Record, together with what others tell meanwhile; whether all that starts may start."""
        slip = _Slip(outcomes)
        with self._adding:
            self._pending.append(slip)
        with self._writing:
            if not slip.is_done:  # nobody took it along
                with self._adding:
                    slips, self._pending = self._pending, []
                self._write(slips)
        if slip.error is not None:
            raise slip.error
        return slip.may_start

    def _write(self, slips: Sequence[_Slip]) -> None:
        try:
            told = together([slip.outcomes for slip in slips], self._commit)
            for slip, may_start in zip(slips, told, strict=True):
                slip.may_start = may_start
        except BaseException as error:
            for slip in slips:
                slip.error = error
        for slip in slips:
            slip.is_done = True


class _Slip:
    """What one thread tells, and the answer to it."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes, self.is_done, self.may_start = outcomes, False, True
        self.error: BaseException | None = None
