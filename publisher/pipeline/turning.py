"""When what a build makes becomes another by itself: the next slot, embargo, expiry, midnight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from publisher.model import Article

if TYPE_CHECKING:
    from publisher.pipeline.workspace import Workspace

_DAY = timedelta(days=1)
_NEWS = timedelta(hours=48)  # so long an article stands in the news sitemap


def next_turn(space: Workspace) -> datetime | None:
    """Return the next instant at which a build may make something else; None where that is now.

    At the latest midnight: whatever is said of a day is of this one.
    """
    own, now = space.publication, space.now
    zones = {own.zone, "UTC", *(one.zone for one in own.newsletters)}
    found = [midnight(now, zone) for zone in zones]
    table, after = space.timetable, now + timedelta(microseconds=1)
    for name in {one.newsletter for one in table.all() if table.knows(one.newsletter)}:
        if table.latest(name, now) is None:  # it is built for this minute
            return None
        found += [slot.instant for slot in table.upcoming(name, after, 1)]
    for send in space.ledger.sends.all():
        found += [send.start, send.frozen]
    if space.archive.changes:
        found.append(space.archive.changes)
    delays = {timedelta(), *(one.delay for one in own.feeds.partner)}
    delays |= {_NEWS} if own.web.news_sitemap else set()
    found += turns(space.archive.articles, now, delays)
    return min(instant for instant in found if instant > now)


def midnight(now: datetime, zone: str) -> datetime:
    """Return when the next day begins in a zone."""
    local = now.astimezone(ZoneInfo(zone)) + _DAY
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def turns(
    articles: Iterable[Article], now: datetime, delays: Iterable[timedelta]
) -> Iterator[datetime]:
    """Yield the instants to come, and some before, at which an article is seen, or seen no more."""
    known = sorted(delays)
    since = now - known[-1]
    for article in articles:
        for instant in (article.published, article.embargo, article.expires):
            if instant is not None and instant > since:
                yield from (instant + delay for delay in known)
