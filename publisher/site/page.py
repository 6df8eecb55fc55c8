"""What a page is before it is rendered, and the site that all of them make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from publisher.model import Article
from publisher.site.editions import Sent
from publisher.site.languages import Languages
from publisher.site.places import Claims


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A page that another one names; `count` of what it lists, where that is worth saying."""

    title: str
    url: str
    description: str = ""
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Translation:
    """Where a page stands in a language."""

    language: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
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
    values: Mapping[str, Any] = field(default_factory=dict)
    article: Article | None = None
    sent: Sent | None = None
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The pages, and the articles that have none because their address is taken or is no file's.

    `lost` are articles that say of what they are translations, with what they say, where that is
    none of all articles.
    """

    pages: tuple[Page, ...]
    without: tuple[Article, ...]
    claims: Claims
    languages: Languages
    lost: tuple[tuple[Article, str], ...] = ()


def translations_of(urls: Mapping[str, str]) -> tuple[Translation, ...]:
    """Return a page in its languages, by their tags; none where it stands in one alone."""
    if len(urls) < 2:
        return ()
    return tuple(Translation(language=tag, url=url) for tag, url in urls.items())
