"""What crawlers are told of the site: its sitemaps, and where these are."""

from __future__ import annotations

import re
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
    base = ascii_url(own.base_url)
    ascii_of = _Ascii(own.base_url, base)
    listed = ((ascii_of(one.url), one.updated) for one in sorted(indexed, key=_by_age))
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


class _Ascii:
    """Addresses of a site in ASCII: most are, below an address that is looked at once."""

    def __init__(self, above: str, shown: str) -> None:
        self._above, self._shown = above, shown
        self._rest = re.compile("[A-Za-z0-9_./-]*")
        self._is_path = above.endswith("/") and "?" not in above and "#" not in above

    def __call__(self, url: str) -> str:
        start = len(self._above)
        if self._is_path and url.startswith(self._above) and self._rest.fullmatch(url, start):
            return self._shown + url[start:]
        return ascii_url(url)


def _by_age(one: Page) -> tuple[float, str]:
    return (one.updated.timestamp() if one.updated else 0.0, one.url)
