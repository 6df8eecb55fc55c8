"""The workers as their parent sees them: started when there is much to do, anew where one dies."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from enum import Enum
from functools import partial
from itertools import chain
from typing import Any, Protocol, TypeVar

import msgspec

from publisher.workers.channel import Closed
from publisher.workers.side_by_side import SideBySide
from publisher.workers.starters import Started, Starter, starter

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
        self._living: Sequence[_Worker] = ()
        self._together: SideBySide[_Worker] | None = None

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
        return self._all().each(partial(_tried, job), items, size)

    def close(self) -> None:
        """End all processes; what is at work ends with its slice."""
        if self._together is not None:
            self._together.close()
            for one in self._living:
                one.end()
            self._together, self._living = None, ()
            self._starter.end()

    def _all(self) -> SideBySide[_Worker]:
        if self._together is None:
            self._living = [_Worker(self._starter) for _ in range(self.count)]
            self._together = SideBySide(self._living)
        return self._together


def _tried(job: _Job, worker: _Worker, items: Sequence[Any]) -> list[Any]:
    """Have a slice done; where the worker dies of it, one by one, to know of which."""
    with suppress(Closed):
        return worker.ask(job, items)
    if len(items) > 1:
        return list(chain.from_iterable(_tried(job, worker, [one]) for one in items))
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
