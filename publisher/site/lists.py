"""Lists of articles: by section, tag or author, and in parts that a page can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from publisher.model import Article

_PART = 30  # stories of a page that others follow; the first has up to twice as many


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Pages that list some articles: from a place on in each language, such as `tags/sea/`.

    The first language is the one that stands where all did when there was one. `feed` is the name
    of the feed that holds the same. The articles are told by their places among those that may be
    seen: all of them (`at`), and by language.
    """

    title: str
    feed: str
    at: Sequence[int]
    places: Mapping[str, str]
    parted: Mapping[str, Sequence[int]]


def parts_of(articles: Sequence[int]) -> list[Sequence[int]]:
    """Return articles, newest first, in parts; the first grows, and all others stay as they are.

    >>> [len(part) for part in parts_of(range(100))]
    [40, 30, 30]
    """
    older = max(len(articles) // _PART - 1, 0)
    first = len(articles) - older * _PART
    starts = range(first, len(articles), _PART)
    return [articles[:first], *(articles[start : start + _PART] for start in starts)]


def headed(section: str) -> str:
    """Return a section's name as a heading: one that is written small begins with a capital."""
    return section[:1].upper() + section[1:] if section.islower() else section


def versions_of(articles: Sequence[Article]) -> list[str]:
    """Return what tells articles from what they were, for the key of a page that lists them."""
    return [f"{article.id} {article.version}" for article in articles]
