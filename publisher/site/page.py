"""What a page is before it is rendered, and the site that all of them make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from publisher.model import Article
from publisher.site.editions import Sent
from publisher.site.languages import Languages
from publisher.site.places import Claims


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A page that another one names; `count` of what it lists, where that is worth saying."""

    title: str
    url: str
    description: str = ""
    count: int = 0


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page stands in a language."""

    language: str
    url: str


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page before it is rendered: its file below the pages' folder, its template and values.

    `feed` names the feed that follows it besides the publication's own. `key` is a digest of all
    it depends on, besides the settings and the theme. Search engines are asked to leave out what
    is not `indexed`. `shows` are the ids of articles that it names. `translations` are the page
    itself and the same in other languages, first the one for readers of none of them; empty where
    there is no other.
    """

    path: str
    url: str
    template: str
    title: str
    language: str
    key: str
    description: str = ""
    feed: str = ""
    indexed: bool = True
    shows: tuple[str, ...] = ()
    updated: datetime | None = None
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    article: Article | None = None
    sent: Sent | None = None
    translations: tuple[Translation, ...] = ()

    @property
    def named(self) -> list[Article]:
        """The articles that it names, those of its groups as well; one may stand in several."""
        told, lead = self.values, self.values.get("lead")
        groups = [article for group in told.get("groups", ()) for article in group.articles]
        return [*told.get("articles", ()), *([lead] if lead else ()), *told.get("top", ()), *groups]

    def naming(self, changed: Callable[[Article], Article]) -> Page:
        """Return the page with each article that it names changed."""
        told = dict(self.values)
        for name in _LISTS & told.keys():
            told[name] = tuple(map(changed, told[name]))
        if told.get("lead"):
            told["lead"] = changed(told["lead"])
        if "groups" in told:
            told["groups"] = [
                replace(group, articles=list(map(changed, group.articles)))
                for group in told["groups"]
            ]
        return replace(self, values=told)


_LISTS = {"articles", "top"}
"""Values that are articles in a row."""


class PlannedList(Protocol):
    """A page that lists articles, as far as it is known before it is made: most never are.

    What it has is what its `Page` has.
    """

    @property
    def path(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def feed(self) -> str: ...
    @property
    def updated(self) -> datetime: ...
    @property
    def translations(self) -> tuple[Translation, ...]: ...

    @property
    def articles(self) -> Sequence[Article]:
        """What it lists, newest first."""

    def page(self) -> Page:
        """Return the page that is made."""


class PagesOfArticles(Protocol):
    """What is known of articles' pages before any of them is made: most never are."""

    @property
    def lost(self) -> Sequence[tuple[Article, str]]:
        """See `Site.lost`."""

    def page(self, article: Article, path: str) -> Page:
        """Return the page of an article at its place."""

    def told(self, article: Article) -> str:
        """Return all that its page depends on, besides the settings and what it is shown with."""

    def feed(self, article: Article) -> str:
        """Return the name of the feed that follows its page, "" where none does."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The pages, and the articles that have none because their address is taken or is no file's.

    `lists` are pages that list articles by what they have in common; `placed` are articles with the
    places of theirs, which `of_articles` makes. Of both, one that is as it was is not even planned;
    `others` are the rest, which are few.
    """

    others: tuple[Page, ...]
    lists: Sequence[PlannedList]
    placed: Sequence[tuple[Article, str]]
    of_articles: PagesOfArticles
    without: tuple[Article, ...]
    claims: Claims
    languages: Languages

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self.others) + len(self.lists) + len(self.placed)

    @property
    def lost(self) -> tuple[tuple[Article, str], ...]:
        """Articles that say of what they are translations, with what they say, where that is none
        of all articles.
        """
        return tuple(self.of_articles.lost)

    @property
    def places(self) -> list[str]:
        """Where every page is, those of articles last."""
        return [
            *[page.path for page in self.others],
            *[page.path for page in self.lists],
            *[path for _, path in self.placed],
        ]

    def keyed(self) -> Iterator[tuple[str, str]]:
        """Yield the place of every page with its `Page.key`, those of articles last."""
        yield from ((page.path, page.key) for page in self.others)
        yield from ((page.path, page.key) for page in self.lists)
        for article, path in self.placed:
            yield path, self.of_articles.told(article)

    def part(self, places: Container[str]) -> Site:
        """Return the site with the pages at some places alone."""
        return replace(
            self,
            others=tuple([page for page in self.others if page.path in places]),
            lists=[page for page in self.lists if page.path in places],
            placed=[one for one in self.placed if one[1] in places],
        )

    @property
    def pages(self) -> Iterator[Page]:
        """Every page, those of articles last."""
        yield from self.others
        yield from (page.page() for page in self.lists)
        for article, path in self.placed:
            yield self.of_articles.page(article, path)


def key_of(told: str) -> str:
    """Return the key of a page of which all is told."""
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def is_listed(article: Article) -> bool:
    """Return whether an article lets search engines list its page."""
    return not article.extra.get("noindex")


def translations_of(urls: Mapping[str, str]) -> tuple[Translation, ...]:
    """Return a page in its languages, by their tags; none where it stands in one alone."""
    if len(urls) < 2:
        return ()
    return tuple(Translation(language=tag, url=url) for tag, url in urls.items())
