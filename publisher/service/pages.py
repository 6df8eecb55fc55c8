"""Feeds and pages are kept up to what is visible now."""

from __future__ import annotations

import threading
from collections.abc import Collection, Hashable, Iterable
from datetime import datetime, timedelta

from publisher.errors import Locked
from publisher.model import Article
from publisher.pipeline.built import Built
from publisher.pipeline.editions.build import build_web
from publisher.pipeline.pages.site import next_edition
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events
from publisher.service.hub import Hub

_AGAIN = timedelta(seconds=5)  # until what failed is tried again


class Pages:
    """Knows of what time feeds and pages are: of who keeps them up alone.

    `changed` is set again where they could not be made, for another command holds the lock.
    """

    def __init__(self, events: Events, hub: Hub, changed: threading.Event) -> None:
        self._events, self._hub, self._changed = events, hub, changed
        self._sent: Hashable = None  # of which editions the pages are
        self._visible: datetime | None = None  # when an article appears, or disappears, next

    def are_due(self, space: Workspace) -> bool:
        """Whether an edition has been sent, held or cancelled, by anybody, or a time has come."""
        sends = space.ledger.sends.stamp()
        before, self._sent = self._sent, sends
        return before != sends or self._has_come(space.now)

    def _has_come(self, now: datetime) -> bool:
        return self._visible is not None and self._visible <= now

    def update(self, space: Workspace) -> None:
        """Bring feeds and pages up to what is visible now; raises what a build does."""
        try:
            if self._has_come(space.now):
                space.refresh()
            built = build_web(space)
            self._visible = next_change(space)
        except Locked:
            self._changed.set()
            return
        except Exception:
            self._visible = space.now + _AGAIN
            raise
        report(self._events, built)
        if built.written or built.removed:
            self._hub.tell(space, built.written)


def report(events: Events, built: Built) -> None:
    """Say what became of feeds and pages."""
    pages = built.pages
    errors = [problem for problem in built.problems if problem.severity == "error"]
    events.left_out([*errors, *(pages.problems if pages else ())])
    if built.written or built.removed:
        text = f"{len(built.written)} feed files written, {built.unchanged} unchanged"
        events.say("feeds", text)
    if pages and (pages.written or pages.removed):
        text = f"{pages.written} files written, {pages.unchanged} unchanged"
        events.say("pages", text)


def next_change(space: Workspace) -> datetime | None:
    """When feeds and pages are other than now, with the articles as they are."""
    delays = {one.delay for one in space.publication.feeds.partner}
    changes = (_next_change(space.archive.articles, space.now, delays), next_edition(space))
    return min(filter(None, changes), default=None)


def _next_change(
    articles: Iterable[Article], now: datetime, delays: Collection[timedelta] = ()
) -> datetime | None:
    """When an article becomes visible, in a partner's feed after its delay, or ceases to be."""
    later = {timedelta(), *delays}
    instants = (
        instant
        for article in articles
        if not article.draft
        for instant in (
            *(
                begun + delay
                for begun in (article.published, article.embargo)
                if begun
                for delay in later
            ),
            article.expires,
        )
        if instant is not None and instant > now
    )
    return min(instants, default=None)
