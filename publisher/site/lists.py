"""Lists of articles: by section, tag or author, and in parts that a page can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from publisher.model import Article, names, slugify

_PART = 30  # stories of a page that others follow; the first has up to twice as many


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Articles by a name that they bear: what it is called, and its part of an address.

    `merged` is how many articles bear a name that is written alike but for its signs: C, C++, C#.
    """

    title: str
    slug: str
    articles: list[Article]
    merged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Pages that list some articles: from a place on in each language, such as `tags/sea/`.

    The first language is the one that stands where all did when there was one. `feed` is the name
    of the feed that holds the same.
    """

    title: str
    feed: str
    articles: Sequence[Article]
    places: Mapping[str, str]
    parted: Mapping[str, Sequence[Article]]


def groups_of(
    articles: Sequence[Article],
    bears: Callable[[Article], Sequence[str]],
    first_seen: Mapping[str, datetime],
) -> dict[str, Named]:
    """Return by what its writings have in common (`names.same`) what a name is, and who bears it.

    Names have the addresses that they have among the feeds.
    """
    held = [(article, name) for article in articles for name in bears(article) if name]
    shown = {one.id: names.first_shown(one, first_seen) for one in articles}
    slugs = names.names((name, shown[article.id]) for article, name in held)
    titles: dict[str, str] = {}
    members: dict[str, dict[str, Article]] = {}
    alike: dict[str, set[str]] = {}
    for article, name in held:
        key = names.same(name)
        titles.setdefault(key, name)
        members.setdefault(key, {})[article.id] = article
        alike.setdefault(slugify(name) or key, set()).add(article.id)
    return {
        key: Named(
            title=titles[key],
            slug=slugs[key],
            articles=list(found.values()),
            merged=len(alike[slugify(titles[key]) or key]),
        )
        for key, found in members.items()
    }


def parts_of(articles: Sequence[Article]) -> list[Sequence[Article]]:
    """Return articles, newest first, in parts; the first grows, and all others stay as they are.

    >>> [len(part) for part in parts_of([None] * 100)]
    [40, 30, 30]
    """
    older = max(len(articles) // _PART - 1, 0)
    first = len(articles) - older * _PART
    starts = range(first, len(articles), _PART)
    return [articles[:first], *(articles[start : start + _PART] for start in starts)]
