"""Old addresses of articles, which lead on to where they stand now.

Front matter has them as `aliases` (Hugo, Zola, our imports) and `redirect_from` (Jekyll). A page at
the old address leads on without a web server's help; `_redirects` tells the same to those that
read it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import msgspec

from publisher.errors import Problem
from publisher.hosts import ascii_url
from publisher.model import Article, Publication
from publisher.model.languages import direction
from publisher.site.places import Claims, place_of

REDIRECTS = "_redirects"
"""The file for web servers, a line each: `/old/ /new/ 301`."""

_KEYS = ("aliases", "alias", "redirectfrom")
_MOST = 100  # old addresses of one article
_PLAIN = "/-._~"  # of a path; a `*` or `:name` would stand for others in `_redirects`


class Redirect(msgspec.Struct, frozen=True):
    """An old address: its file below the pages' folder, its path, and the article that moved."""

    place: str
    path: str
    article: Article

    @property
    def html(self) -> bytes:
        """The page that leads on, for browsers and for search engines."""
        new, one = escape(ascii_url(self.article.url)), self.article
        return (
            f'<!doctype html>\n<html lang="{escape(one.language)}" dir="{direction(one.language)}">'
            f'\n<meta charset="utf-8">\n<title>{escape(one.title)}</title>\n'
            f'<link rel="canonical" href="{new}">\n<meta name="robots" content="noindex">\n'
            f'<meta http-equiv="refresh" content="0; url={new}">\n'
            f'<p><a href="{new}">{escape(one.title)}</a></p>\n</html>\n'
        ).encode("utf-8", "replace")

    @property
    def line(self) -> str:
        """The line of `_redirects`."""
        return f"{self.path} {urlsplit(ascii_url(self.article.url)).path} 301\n"


class Redirects(msgspec.Struct, frozen=True):
    """What leads on, in order of place, and what cannot, each named.

    It `is_listed` in `_redirects`, unless the publisher has a file of that name.
    """

    found: tuple[Redirect, ...]
    problems: tuple[Problem, ...] = ()
    is_listed: bool = True

    @property
    def lines(self) -> bytes:
        """The file `_redirects`, empty where there is to be none."""
        return "".join(one.line for one in self.found if self.is_listed).encode()

    @property
    def places(self) -> set[str]:
        """Where files lead on, and the list of them."""
        return {one.place for one in self.found} | ({REDIRECTS} if self.lines else set())


def redirects_of(
    articles: Iterable[Article], publication: Publication, claims: Claims
) -> Redirects:
    """Return the old addresses of articles that have pages, and take their places.

    `claims` are the places of all pages and files: an old address is never one of them.
    """
    found: dict[str, Redirect] = {}
    problems: list[Problem] = []
    elsewhere: list[Article] = []
    for article in articles:
        written = list(_written(article)) if article.extra else []
        own = place_of(article.url, publication) if written else None
        for text in written[:_MOST]:
            address = _address(text, article, publication)
            if _is_elsewhere(address, publication):
                elsewhere.append(article)
                continue
            place = place_of(address, publication) if address else None
            if place == own or (place in found and found[place].article.id == article.id):
                continue  # written twice, or it is where it was
            why = _fault(place, claims, found)
            if place is None or why:
                problems.append(_refused(text, why, article, publication))
            else:
                path = quote(unquote(urlsplit(address).path), safe=_PLAIN)
                found[place] = Redirect(place, path, article)
        if len(written) > _MOST:
            problems.append(_too_many(article, len(written), publication))
    if elsewhere:
        problems.append(_others(elsewhere))
    return Redirects(tuple(found[place] for place in sorted(found)), tuple(problems))


def _written(article: Article) -> Iterator[str]:
    """What front matter says, texts alone."""
    for key, value in article.extra.items():
        if key.lower().replace("_", "").replace("-", "") in _KEYS:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list | tuple) else [value]:
        if isinstance(one, str) and one.strip():
            yield one.strip()


def _address(text: str, article: Article, publication: Publication) -> str:
    """The whole old address, "" where it is none; Hugo's begin beside the article without `/`.

    One of this site with `http` is that with `https`, where the site has moved to it.
    """
    base = publication.base_url
    try:
        if urlsplit(text).scheme or text.startswith("//"):
            own, whole = urlsplit(base), urlsplit(urljoin(base, text))
            is_web = whole.scheme in ("http", "https")
            is_ours = is_web and whole.netloc.lower() == own.netloc.lower()
            return (own._replace(path=whole.path, query=whole.query) if is_ours else whole).geturl()
        if publication.sources.generator == "hugo" and not text.startswith("/"):
            return urljoin(article.url.rstrip("/"), quote(text, safe="/%?=&#"))
        below = urlsplit(base).path
        rest = text.removeprefix(below) if text.startswith(below) else text.lstrip("/")
        return base + quote(rest, safe="/%?=&#")
    except ValueError:
        return ""


def _is_elsewhere(address: str, publication: Publication) -> bool:
    """Whether a web address is another site's: nothing of ours can lead on from there."""
    parts, own = urlsplit(address), urlsplit(publication.base_url)
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    return is_web and parts.netloc.lower() != own.netloc.lower()


def _fault(place: str | None, claims: Claims, found: Collection[str]) -> str:
    if place is None:
        return "No page can have that address."
    if place in found:
        return "It is another article's old address already."
    if claims.holds(place) or not claims.take(place):
        return "A page or a file stands there, or one must be a folder there."
    return ""


def _refused(text: str, why: str, article: Article, publication: Publication) -> Problem:
    return Problem(
        what=f"its old address {text[:100]!r} leads nowhere",
        why=why,
        todo="Write it as a path, such as /2019/old-name/; or take it out of the front matter.",
        path=f"{publication.articles}/{article.path}",
        severity="warning",
    )


def _too_many(article: Article, count: int, publication: Publication) -> Problem:
    return Problem(
        what=f"it has {count} old addresses: the first {_MOST} are taken",
        path=f"{publication.articles}/{article.path}",
        severity="warning",
    )


def _others(articles: list[Article]) -> Problem:
    """One line for all of them: an import may bring thousands."""
    some = len(articles) == 1
    return Problem(
        what=f"{len(articles):,} old address{' is' if some else 'es are'} another site's, such as "
        f"those of {articles[0].path}",
        why="Nothing that lies here can lead on from there.",
        todo="Let that site's web server lead on; `aliases` in the articles says from where.",
        severity="note",
    )
