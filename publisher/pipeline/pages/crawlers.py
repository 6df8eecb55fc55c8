"""What crawlers are told of the site: its sitemaps, and where these are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from publisher.hosts import ascii_url
from publisher.model import Article, Publication
from publisher.site import NEWS, news_sitemap, sitemaps


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
    ascii_of = _Ascii(own.base_url, base)
    listed = ((ascii_of(url), updated) for url, updated in sorted(pages, key=_by_age))
    found, maps = dict(sitemaps(base, listed)), ["sitemap.xml"]
    if own.web.news_sitemap:
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


def _by_age(page: tuple[str, datetime | None]) -> tuple[float, str]:
    url, updated = page
    return (updated.timestamp() if updated else 0.0, url)
