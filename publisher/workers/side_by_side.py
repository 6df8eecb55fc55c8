"""Much of the same work, done by several at once that each do a slice at a time; in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from typing import Generic, TypeVar, cast

_AHEAD = 2  # slices for each of them that may be on their way or wait to be taken

Doer = TypeVar("Doer")
Item = TypeVar("Item")
Value = TypeVar("Value")


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yield items; while one is in use, a thread takes the next.

    What that raises is raised where the item would come.
    """
    end = object()
    with ThreadPoolExecutor(1) as thread:
        going = thread.submit(next, items, end)
        try:
            while (item := going.result()) is not end:
                going = thread.submit(next, items, end)
                yield cast(Item, item)
        finally:  # nobody wants the rest where the one in use raised something
            going.cancel()


class SideBySide(Generic[Doer]):
    """Some that do work, mostly processes; each is asked by one thread at a time."""

    def __init__(self, doers: Sequence[Doer]) -> None:
        """No thread is started before anything is asked."""
        self._count = len(doers)
        self._idle: SimpleQueue[Doer] = SimpleQueue()
        for one in doers:
            self._idle.put(one)
        self._threads = ThreadPoolExecutor(self._count)

    def each(
        self,
        do: Callable[[Doer, Sequence[Item]], Iterable[Value]],
        items: Iterable[Item],
        size: int,
    ) -> Generator[Value, None, None]:
        """Yield what comes of each item, in their order; `size` of them are done at once.

        Items are taken no further ahead than keeps all at work. What a slice raises is raised
        where its first value would come.
        """
        rest, going = iter(items), deque[Future[list[Value]]]()
        try:
            while some := list(islice(rest, size)):
                going.append(self._threads.submit(self._done, do, some))
                if len(going) > _AHEAD * self._count:
                    yield from going.popleft().result()
            while going:
                yield from going.popleft().result()
        finally:  # nobody wants the rest where one that was taken raised something
            for one in going:
                one.cancel()

    def close(self) -> None:
        """End the threads; what is at work ends with its slice."""
        self._threads.shutdown()

    def _done(
        self, do: Callable[[Doer, Sequence[Item]], Iterable[Value]], some: Sequence[Item]
    ) -> list[Value]:
        one = self._idle.get()
        try:
            return list(do(one, some))
        finally:
            self._idle.put(one)
