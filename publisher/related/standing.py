"""Which articles may stand under another, and what stood there before. Pure, and without numpy.

A page that is as it was asks for no more: numpy takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from publisher.model import Article, Related, RelatedSettings, fold
from publisher.related.names import Names
from publisher.related.terms import language_of


def picks(
    article: Article, names: Names, at: Sequence[datetime], without: Mapping[str, str]
) -> list[Related]:
    """Return the hand-picked articles that may be shown at every instant of `at`, as listed."""
    found = [names.find(name) for name in article.hint.shown]
    distinct = {other.id: other for other in found if other}
    same = {"update": article.hint.updates, "correction": article.hint.corrects}
    told = {
        other.id: kind
        for kind, listed in same.items()
        for name in listed
        if (other := names.find(name))
    }
    return [
        Related(
            article=other,
            score=1.0,
            picked=True,
            tags=shared_tags(article, other),
            relation=told.get(other.id, ""),
        )
        for other in distinct.values()
        if not other.hidden(*at) and other.id not in without and other.id != article.id
    ]


def again(
    article: Article,
    shown: Iterable[Mapping[str, Any]],
    by_id: Mapping[str, Article],
    at: Sequence[datetime],
    settings: RelatedSettings,
) -> list[Related]:
    """Return what was shown as related before, those that still may be, with their reasons."""
    kept = [one for one in shown if one["id"] in by_id and not one.get("picked")]
    return [
        Related(
            article=by_id[one["id"]],
            score=one["score"],
            text=one["text"],
            age=one["age"],
            terms=tuple(one["terms"]),
            tags=shared_tags(article, by_id[one["id"]]),
            cited=one.get("cited", 0),
            fallback=one.get("fallback", False),
            relation=one.get("relation", ""),
            part=one.get("part", 0),
        )
        for one in kept
        if not _gone(article, one, by_id[one["id"]], at, settings)
    ]


def _gone(
    article: Article,
    shown: Mapping[str, Any],
    other: Article,
    at: Sequence[datetime],
    settings: RelatedSettings,
) -> str:
    """Why what was shown may not be any more; a translation need not be older."""
    if shown.get("relation") == "translation" and settings.languages == "any":
        return withheld(article, other, at)
    return barred(article, other, at, settings)


def barred(
    article: Article, other: Article, at: Sequence[datetime], settings: RelatedSettings
) -> str:
    """Return why an article can never stand under another, "" where it may."""
    if other.id == article.id:
        return "it is the article itself"
    if settings.languages != "any" and not _same_language(article, other):
        return f"it is in another language ({other.language})"
    if other.published >= article.published:
        return "it is not older"
    return withheld(article, other, at)


def withheld(article: Article, other: Article, at: Sequence[datetime]) -> str:
    """Return why nobody may see another article, or see it under this one, "" if they may."""
    if why := other.hidden(*at):
        return f"it is hidden: {why}"
    unwanted = {fold(name) for name in article.hint.unrelated} | set(article.hint.unrelated)
    if unwanted and {other.id, other.slug, other.path, fold(other.title)} & unwanted:
        return "the editor ruled it out (`unrelated`)"
    return ""


def shared_tags(article: Article, other: Article) -> tuple[str, ...]:
    """Return the tags that both have, in the order of the first."""
    return tuple([tag for tag in article.tags if tag in other.tags])


def _same_language(article: Article, other: Article) -> bool:
    return language_of(article.language) == language_of(other.language)
