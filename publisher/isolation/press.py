"""Many pages rendered side by side, some by each of several processes; they come in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue

from publisher.isolation.renderer import PageAsked, Renderer

_SLICE = 16  # pages that a process is asked for at once
_AHEAD = 2  # slices for each process that may wait to be taken


class Press:
    """Renders with several renderers of one publication, each of which has its own process."""

    def __init__(self, renderers: Sequence[Renderer]) -> None:
        """No process is started before a page is asked for."""
        self._count = len(renderers)
        self._idle: SimpleQueue[Renderer] = SimpleQueue()
        for one in renderers:
            self._idle.put(one)

    def each(self, pages: Iterable[PageAsked | str]) -> Iterator[str]:
        """Yield each page, in their order; one that is a text is rendered already.

        The error of the first that has one is raised where that page would come.
        """
        rest, going = iter(pages), deque[Future[list[str | Exception]]]()
        with ThreadPoolExecutor(self._count) as threads:
            try:
                while some := list(islice(rest, _SLICE)):
                    going.append(threads.submit(self._rendered, some))
                    if len(going) > _AHEAD * self._count:
                        yield from _taken(going.popleft())
                while going:
                    yield from _taken(going.popleft())
            finally:  # nobody wants the rest where one that was taken is an error
                for one in going:
                    one.cancel()

    def _rendered(self, pages: Sequence[PageAsked | str]) -> list[str | Exception]:
        renderer = self._idle.get()
        try:
            asked = [one for one in pages if not isinstance(one, str)]
            made = iter(renderer.pages(asked))
            return [one if isinstance(one, str) else next(made) for one in pages]
        finally:
            self._idle.put(renderer)


def _taken(future: Future[list[str | Exception]]) -> Iterator[str]:
    for one in future.result():
        if isinstance(one, Exception):
            raise one
        yield one
