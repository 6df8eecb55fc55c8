"""What a feed no longer holds, in documents by month that stay as they are (RFC 5005 §4).

The feed leads to the newest of them, each to the one before and after. A month that is over is
written once, in parts from its oldest article on; nothing that comes later changes it, but that
the newest document learns of its successor. Of the month that is not over there are the parts
that are full, and what the feed itself may not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from msgspec.structs import replace

from publisher.feeds.entry import Archived
from publisher.feeds.formats import FILES
from publisher.feeds.site import FeedPlan, feed_url
from publisher.model import Article

FOLDER = "archive"
"""Where they lie below the feeds folder."""

MOST = 50
"""Articles in one document."""


def with_archives(
    plan: FeedPlan, articles: Sequence[Article], now: datetime, held: int
) -> list[FeedPlan]:
    """Return a feed's plan that leads to its archived documents, and theirs, the oldest first.

    `articles` are all that may be seen, newest first; `held` of them the feed holds for sure.
    """
    parts = list(_parts(articles, now, held))
    names = [name for name, _ in parts]
    at = [{file: feed_url(plan.publication, name, file) for file in FILES} for name in names]
    around = [{}, *at, {}]
    current = {file: feed_url(plan.publication, plan.name, file) for file in FILES}
    archived = [
        replace(
            plan,
            name=name,
            articles=tuple(reversed(members)),
            archive=Archived(current=current, older=older, newer=newer),
        )
        for (name, members), older, newer in zip(parts, around, around[2:], strict=False)
    ]
    newest = at[-1] if at else {}
    return [replace(plan, archive=Archived(current={}, older=newest, newer={})), *archived]


def _parts(
    articles: Sequence[Article], now: datetime, held: int
) -> Iterator[tuple[str, list[Article]]]:
    """(name, articles, the oldest first) of each document, the oldest first."""
    this_month = _month(now)
    unheld = {article.id for article in articles[held:]}
    for month, members in groupby(reversed(articles), lambda one: _month(one.published)):
        listed = list(members)
        for number, start in enumerate(range(0, len(listed), MOST), 1):
            part = listed[start : start + MOST]
            is_full = len(part) == MOST or month < this_month
            if is_full or any(article.id in unheld for article in part):
                yield f"{FOLDER}/{month}{f'-{number}' if number > 1 else ''}", part


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m}"
