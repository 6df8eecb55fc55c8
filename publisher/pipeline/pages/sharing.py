"""Feeds and pages that are so many that workers share them: what is to be made, and who made it.

Who builds finds out how many there are, and stops before any is made: what is hidden has left by
then. Each worker makes a part of them (`parts`), and what comes last is the same build once more,
which finds made what the parts made.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from publisher import files
from publisher.feeds import FeedPlan
from publisher.pipeline.pages.made import Made
from publisher.pipeline.pages.notes import article_note
from publisher.site import Site

if TYPE_CHECKING:
    from publisher.pipeline.pages.stale import StalePages

_FEED = 20  # pages that cost as much as a feed in every format, and packed
_SAMPLE = 64  # pages by which it is known whether it is worth looking at all of them
_MOST = 100_000_000  # bytes of a feed


class Many(Exception):
    """Feeds or pages are so many that workers are to share them."""


class WantedPage(msgspec.Struct, array_like=True):
    """A page that is to be made: its place and `Page.key`; what is noted of it and holds still."""

    path: str
    key: str
    note: Any = None


class WantedFeed(msgspec.Struct, array_like=True):
    """A feed that is to be made: its name and key."""

    name: str
    key: str


class Plan(msgspec.Struct):
    """What is to be made, by a digest of all settings and the theme, as of an instant (UTC).

    `editions` is what is noted of pages of editions, by place, whether they are to be made or not.
    """

    settings: str
    now: datetime
    pages: list[WantedPage]
    editions: dict[str, Any]
    feeds: list[WantedFeed]

    @property
    def weight(self) -> int:
        """How many pages would cost as much."""
        return len(self.pages) + _FEED * len(self.feeds)

    def packed(self) -> tuple[str, bytes]:
        """Return it as hosts keep it for each other, and its name: a digest of it."""
        data = msgspec.msgpack.encode(self)
        return hashlib.sha256(data).hexdigest()[:16], data


def is_of(name: str, part: int, parts: int) -> bool:
    """Whether a page or feed is of a part, whichever others there are."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) % parts == part


class Sharing:
    """How a build is shared: what was `made`, and from how many pages on others are to make them.

    Without a word about it all are made here.
    """

    def __init__(self, made: Made | None = None, least: float = math.inf) -> None:
        self.made, self._least = made or Made(), least
        self.pages: list[WantedPage] = []
        self.feeds: list[WantedFeed] = []
        self.editions: Mapping[str, Any] = {}
        self.settings = ""

    @property
    def asks(self) -> bool:
        """Whether anything is to be made by others."""
        return bool(self.pages or self.feeds)

    def plan(self, now: datetime) -> Plan:
        """Return what others are to make."""
        return Plan(
            settings=self.settings,
            now=now,
            pages=self.pages,
            editions=dict(self.editions),
            feeds=self.feeds,
        )

    def of_feeds(
        self, stale: Sequence[FeedPlan], folder: Path, visible: Collection[str]
    ) -> Sequence[FeedPlan]:
        """Return the feeds that are to be made here, of those that are not as they should be.

        Where others are to make them, these are those that show what is hidden now. `visible` are
        ids of articles.
        """
        ours = [one for one in stale if self.made.has_feed(one.name, one.key)]
        others = [one for one in stale if not self.made.has_feed(one.name, one.key)]
        if 2 * _FEED * len(others) < self._least:  # pages may come to them
            return stale
        urgent = [one for one in others if _shows_hidden(one, folder, visible)]
        left = {one.name for one in others} - {one.name for one in urgent}
        self.feeds = [WantedFeed(one.name, one.key) for one in others if one.name in left]
        return [*ours, *urgent]

    def weigh(
        self, stale: StalePages, site: Site, settings: str, editions: Mapping[str, Any]
    ) -> bool:
        """Return whether others are to make the pages that are not as they should be.

        `settings` is a digest of what all of them depend on, `editions` is as in `Plan`.
        """
        if site.count < self._least:
            return False
        sample = site.part({*site.places[:: max(1, site.count // _SAMPLE)]})
        share = sum(1 for _ in self._wanted(stale, sample)) / sample.count
        if share * site.count < self._least / 2:
            return False
        wanted = list(self._wanted(stale, site))
        if len(wanted) < self._least:
            return False
        self.pages, self.editions, self.settings = wanted, editions, settings
        return True

    def _wanted(self, stale: StalePages, site: Site) -> Iterator[WantedPage]:
        """The pages that are to be made."""
        for page in site.others:
            if not self._is_there(stale, page.path, stale.shown(page)[1]):
                yield WantedPage(page.path, page.key)
        for planned in site.lists:
            if not self._is_there(stale, planned.path, stale.listed(planned)):
                yield WantedPage(planned.path, planned.key)
        for article, path in site.placed:
            note = article_note(stale.tree, article, path)
            if note is None or not self._is_there(
                stale, path, stale.shown_article(site, article, path)[2]
            ):
                yield WantedPage(path, site.of_articles.told(article), note)

    def _is_there(self, stale: StalePages, path: str, key: str) -> bool:
        return stale.tree.lies(path, key) or self.made.has_page(path, key)


def _shows_hidden(plan: FeedPlan, folder: Path, visible: Collection[str]) -> bool:
    """Whether a feed, as it lies there, shows what is hidden now; one that nobody can read may."""
    (path,) = [folder / one for one in plan.paths if one.endswith(".json")]
    try:
        items = json.loads(files.read(path, _MOST))["items"]
        return not {one["id"] for one in items} <= set(visible)
    except FileNotFoundError:
        return False
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return True
