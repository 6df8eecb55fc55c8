"""Lists of articles: by section, tag or author, and in parts that a page can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from publisher.model import Article, slugify

_PART = 30  # stories of a page that others follow; the first has up to twice as many


def groups_of(
    articles: Sequence[Article], names: Callable[[Article], Sequence[str]]
) -> dict[str, tuple[str, list[Article]]]:
    """Return by its part of an address what a name is, and the articles that have it, in order.

    Names that are written alike but for case and signs are one.
    """
    found: dict[str, tuple[str, list[Article]]] = {}
    for article in articles:
        for name in names(article):
            if slug := slugify(name):
                members = found.setdefault(slug, (name, []))[1]
                if not members or members[-1] is not article:
                    members.append(article)
    return found


def parts_of(articles: Sequence[Article]) -> list[Sequence[Article]]:
    """Return articles, newest first, in parts; the first grows, and all others stay as they are.

    >>> [len(part) for part in parts_of([None] * 100)]
    [40, 30, 30]
    """
    older = max(len(articles) // _PART - 1, 0)
    first = len(articles) - older * _PART
    starts = range(first, len(articles), _PART)
    return [articles[:first], *(articles[start : start + _PART] for start in starts)]
