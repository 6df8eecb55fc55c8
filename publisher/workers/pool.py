"""The workers as their parent sees them: started when there is much to do, anew where one dies."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from enum import Enum
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

import msgspec

from publisher.workers.channel import Closed
from publisher.workers.starters import Started, Starter, starter

_AHEAD = 2  # slices for each worker that may be on their way or wait to be taken

Item = TypeVar("Item")
Value = TypeVar("Value")
_Item = TypeVar("_Item", contravariant=True)
_Value = TypeVar("_Value", covariant=True)


class Work(Protocol[_Item, _Value]):
    """What is to be done with each item. It can be pickled; so can the items.

    `kind` is the type of what it returns, which msgspec can encode; never None.
    """

    @property
    def kind(self) -> Any:
        """What msgspec decodes an answer as."""
        ...

    def opened(self) -> Callable[[_Item], _Value]:
        """Return what does it, in the process of a worker."""
        ...


class Trouble(Enum):
    """Why there is no answer: the work raised something, or the worker died of it, twice."""

    FAILED = "failed"
    DIED = "died"


class _Job(msgspec.Struct, frozen=True):
    """Work as workers are told of it."""

    number: int
    work: bytes
    answers: Any  # their type


class Workers:
    """At most `count` processes. Only one thread asks at a time."""

    def __init__(self, count: int, modules: Sequence[str] = ()) -> None:
        """Nothing is started yet; with a count of one nothing ever is.

        `modules` are those that most work needs.
        """
        self.count = count
        self._starter = starter(modules)
        self._jobs = 0
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    def pays(self, items: int, least: int) -> bool:
        """Whether so many items are worth starting processes for, from `least` on."""
        return self.count > 1 and items >= least

    def each(
        self, work: Work[Item, Value], items: Iterable[Item], size: int
    ) -> Iterator[Value | Trouble]:
        """Yield what comes of each item, in their order; `size` of them go to a worker at once.

        Items are taken no further ahead than keeps all workers busy.
        """
        self._jobs += 1
        kind: Any = work.kind | None
        job = _Job(self._jobs, pickle.dumps(work, pickle.HIGHEST_PROTOCOL), list[kind])
        rest, threads = iter(items), self._pool()
        going: deque[Future[list[Any]]] = deque()
        try:
            while some := list(islice(rest, size)):
                going.append(threads.submit(self._done, job, some))
                if len(going) > _AHEAD * self.count:
                    yield from going.popleft().result()
            while going:
                yield from going.popleft().result()
        finally:  # nobody wants the rest where one that was taken raised something
            for one in going:
                one.cancel()

    def close(self) -> None:
        """End all processes; what is at work ends with its slice."""
        if self._threads is not None:
            self._threads.shutdown()
            self._threads = None
            while not self._idle.empty():
                self._idle.get().end()
            self._starter.end()

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.count)
            for _ in range(self.count):
                self._idle.put(_Worker(self._starter))
        return self._threads

    def _done(self, job: _Job, items: Sequence[Any]) -> list[Any]:
        worker = self._idle.get()
        try:
            return self._tried(worker, job, items)
        finally:
            self._idle.put(worker)

    def _tried(self, worker: _Worker, job: _Job, items: Sequence[Any]) -> list[Any]:
        """Have a slice done; where the worker dies of it, one by one, to know of which."""
        with suppress(Closed):
            return worker.ask(job, items)
        if len(items) > 1:
            return list(chain.from_iterable(self._tried(worker, job, [one]) for one in items))
        try:
            return worker.ask(job, items)  # it may have been killed for another's sake
        except Closed:
            return [Trouble.DIED]


class _Worker:
    """One process, started when it is first asked."""

    def __init__(self, starter: Starter) -> None:
        self._starter = starter
        self._process: Started | None = None
        self._job = 0

    def ask(self, job: _Job, items: Sequence[Any]) -> list[Any]:
        """Return what comes of each item; raise Closed where the process dies of it."""
        try:
            if self._process is None:
                self._process = self._starter.worker()
            channel = self._process.channel
            work = job.work if self._job != job.number else None
            channel.send(pickle.dumps((work, items), pickle.HIGHEST_PROTOCOL))
            self._job = job.number
            found = msgspec.msgpack.decode(channel.receive(), type=job.answers)
        except (Closed, OSError, msgspec.MsgspecError):
            self.end()
            raise Closed from None
        if len(found) != len(items):
            self.end()
            raise Closed
        return [Trouble.FAILED if one is None else one for one in found]

    def end(self) -> None:
        """Have no process any more."""
        if self._process is not None:
            self._process.end()
        self._process, self._job = None, 0
