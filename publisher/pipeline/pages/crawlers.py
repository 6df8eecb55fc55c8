"""What crawlers are told of the site: its sitemaps, and where these are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from publisher.hosts import ascii_url
from publisher.model import Publication
from publisher.site import NEWS, Page, news_sitemap, sitemaps


def for_crawlers(
    own: Publication, indexed: Sequence[Page], now: datetime, *, robots: bool
) -> dict[str, bytes]:
    """Return the files by name, given the pages that search engines are to find.

    With `robots` the publication has a robots.txt of ours.
    """
    listed = ((ascii_url(one.url), one.updated) for one in sorted(indexed, key=_by_age))
    base = ascii_url(own.base_url)
    found, maps = dict(sitemaps(base, listed)), ["sitemap.xml"]
    if own.web.news_sitemap:
        articles = [one.article for one in indexed if one.article]
        newest = sorted(articles, key=lambda one: (one.published, one.id), reverse=True)
        found[NEWS] = news_sitemap(own, newest, now)
        maps.append(NEWS)
    if robots:
        named = "".join(f"Sitemap: {base}{name}\n" for name in maps)
        found["robots.txt"] = f"User-agent: *\nAllow: /\n\n{named}".encode()
    return found


def _by_age(one: Page) -> tuple[float, str]:
    return (one.updated.timestamp() if one.updated else 0.0, one.url)
