"""Drafts, feeds and pages are kept up to what is there, beside the slots that come meanwhile."""

from __future__ import annotations

import threading

from publisher.pipeline.workspace import Workspace
from publisher.service.drafts import Drafts
from publisher.service.events import Events
from publisher.service.pages import Pages

_ABOUT = "feeds and pages"


class Upkeep:
    """Does it in a thread that ends with the work; the ticking thread begins it, one at a time.

    `is_clean` is whether the last of it was done.
    """

    def __init__(
        self, drafts: Drafts, pages: Pages, events: Events, changed: threading.Event
    ) -> None:
        self._drafts, self._pages = drafts, pages
        self._events, self._changed = events, changed
        self._of: Workspace | None = None  # from which the one that works was made
        self._space: Workspace | None = None
        self._work: threading.Thread | None = None
        self._is_other = self._wants_drafts = False  # since the last work began
        self.is_clean = True

    def update(
        self, space: Workspace, *, changed: bool, settled: bool, patience: float | None
    ) -> None:
        """Begin what is to be done, and wait for it some seconds, or until it ends.

        `changed` tells of articles and templates, `settled` of slots and schedules. What is told
        while it is at work is done after it.
        """
        self._is_other = self._is_other or changed
        self._wants_drafts = self._wants_drafts or changed or settled
        if self.is_at_work(None if patience is None else 0.0):
            return
        drafts = self._wants_drafts or self._drafts.are_due(space.now)
        pages = self._pages.are_due(space) or self._is_other
        if drafts or pages:
            work = (self._opened(space), self._is_other, drafts, pages)
            self._is_other = self._wants_drafts = False
            self._work = threading.Thread(target=self._do, args=work, name="upkeep", daemon=True)
            self._work.start()
        self.is_at_work(patience)

    def is_at_work(self, patience: float | None) -> bool:
        """Whether it still is, after some seconds at most."""
        if self._work is not None:
            self._work.join(patience)
            if not self._work.is_alive():
                self._work = None
        return self._work is not None

    def close(self) -> None:
        """Wait for what is at work, and let go of everything."""
        self.is_at_work(None)
        if self._space is not None:
            self._space.close()

    def _opened(self, space: Workspace) -> Workspace:
        """A workspace of its own; another one where publisher.toml is."""
        if self._space is None or self._of is not space:
            if self._space is not None:
                self._space.close()
            self._of, self._space = space, space.apart()
        self._space.now = space.now
        return self._space

    def _do(self, space: Workspace, is_other: bool, drafts: bool, pages: bool) -> None:
        try:
            if is_other or drafts:
                space.refresh()
            if drafts:
                self._drafts.build(space)
            if pages:
                self._pages.update(space)
            self.is_clean = True
            self._events.well(_ABOUT)
        except Exception as error:  # of a disk, a database, or ours: the service goes on
            self.is_clean = False
            if is_other:
                self._changed.set()
            self._events.complain(_ABOUT, error)
