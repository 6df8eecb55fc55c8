"""What crawlers are told of the site: its sitemaps, and where these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from publisher.hosts import ascii_url
from publisher.model import Article, Publication
from publisher.site import NEWS, news_sitemap, sitemaps

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when what has no time changed
_PLAIN = re.compile("[A-Za-z0-9_./-]*")


def for_crawlers(
    own: Publication,
    pages: Iterable[tuple[str, datetime | None]],
    articles: Sequence[Article],
    now: datetime,
    *,
    robots: bool,
) -> dict[str, bytes]:
    """Return the files by name, given what search engines are to find.

    That is the addresses of `pages`, with when they last changed, those of `articles` among them.
    With `robots` the publication has a robots.txt of ours.
    """
    base = ascii_url(own.base_url)
    oldest_first = sorted([(updated or _NEVER, url) for url, updated in pages])
    whens = [None if when is _NEVER else when for when, _ in oldest_first]
    urls = _in_ascii([url for _, url in oldest_first], own.base_url, base)
    found = dict(sitemaps(base, zip(urls, whens, strict=True)))
    maps = ["sitemap.xml"]
    if own.web.news_sitemap:
        newest = sorted(articles, key=lambda one: (one.published, one.id), reverse=True)
        found[NEWS] = news_sitemap(own, newest, now)
        maps.append(NEWS)
    if robots:
        named = "".join(f"Sitemap: {base}{name}\n" for name in maps)
        found["robots.txt"] = f"User-agent: *\nAllow: /\n\n{named}".encode()
    return found


def _in_ascii(urls: Sequence[str], above: str, shown: str) -> list[str]:
    """Addresses of a site in ASCII: most are, below an address that is so as it is `shown`."""
    start, is_path = len(above), above.endswith("/") and "?" not in above and "#" not in above
    return [
        shown + url[start:]
        if is_path and url.startswith(above) and _PLAIN.fullmatch(url, start)
        else ascii_url(url)
        for url in urls
    ]
