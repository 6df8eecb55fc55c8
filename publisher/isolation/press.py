"""Many pages rendered side by side, some by each of several processes; they come in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from publisher.isolation.renderer import PageAsked, Renderer
from publisher.workers.side_by_side import SideBySide

_SLICE = 16  # pages that a process is asked for at once


class Press:
    """Renders with several renderers of one publication, each of which has its own process."""

    def __init__(self, renderers: Sequence[Renderer]) -> None:
        """No process is started before a page is asked for."""
        self._renderers = renderers

    def each(self, pages: Iterable[PageAsked | str]) -> Iterator[str]:
        """Yield each page, in their order; one that is a text is rendered already.

        The error of the first that has one is raised where that page would come.
        """
        with (
            closing(SideBySide(self._renderers)) as together,
            closing(together.each(_rendered, pages, _SLICE)) as made,
        ):
            for one in made:
                if isinstance(one, Exception):
                    raise one
                yield one


def _rendered(renderer: Renderer, pages: Sequence[PageAsked | str]) -> list[str | Exception]:
    asked = [one for one in pages if not isinstance(one, str)]
    made = iter(renderer.pages(asked))
    return [one if isinstance(one, str) else next(made) for one in pages]
