"""Candidates → related articles: filters, weights, order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from publisher.model import Article, Related, RelatedSettings, fold
from publisher.related.index import Candidate

_SMALL = 200  # articles: below, two stories that share one or two telling words do so by chance
_SAME = 0.9  # nearly every telling word, in a text as short: a re-publication, not a related story
_SHOWN = 5  # words of a reason


class Names:
    """Finds articles by what editors call them: id, slug, path or title (however typed)."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._named: dict[str, Article] = {}
        # Later entries win: ids over slugs over titles, older articles over newer namesakes, and
        # what is published over drafts.
        ordered = sorted(articles, key=lambda article: not article.draft)
        for name in (
            lambda a: fold(a.title), lambda a: a.path, lambda a: a.slug, lambda a: a.id
        ):  # fmt: skip
            for article in ordered:
                self._named[name(article)] = article

    def find(self, name: str) -> Article | None:
        """Return the article, or None."""
        return self._named.get(name) or self._named.get(fold(name))


def picks(
    article: Article, names: Names, at: Sequence[datetime], without: Collection[str]
) -> list[Related]:
    """Return the hand-picked articles that may be shown at every instant of `at`, as listed."""
    found = [names.find(name) for name in article.hint.related]
    distinct = {other.id: other for other in found if other}
    return [
        Related(article=other, score=1.0, picked=True, tags=_shared_tags(article, other))
        for other in distinct.values()
        if not other.hidden(*at) and other.id not in without and other.id != article.id
    ]


def again(
    article: Article,
    shown: Iterable[Mapping[str, Any]],
    by_id: Mapping[str, Article],
    at: Sequence[datetime],
) -> list[Related]:
    """Return what was shown as related before, those that still may be, with their reasons."""
    return [
        Related(
            article=by_id[one["id"]], score=one["score"], text=one["text"], age=one["age"],
            terms=tuple(one["terms"]), tags=_shared_tags(article, by_id[one["id"]]),
        )
        for one in shown
        if one["id"] in by_id and _may_stand(article, by_id[one["id"]], at)
    ]  # fmt: skip


def ranked(
    article: Article,
    candidates: Iterable[Candidate],
    by_id: Mapping[str, Article],
    settings: RelatedSettings,
    at: Sequence[datetime],
    without: Collection[str],
    shared: Callable[[Article, Sequence[Article]], list[tuple[tuple[str, ...], float]]],
    k: int,
) -> list[Related]:
    """Return the k best candidates that may be shown at all instants `at`.

    A score is the text's likeness, raised by shared tags and section, lowered by age; ties go to
    the newer article, then by id. Never the article itself, a hidden or foreign one, a later one,
    one in `without` (ids), or what the editor ruled out.
    """
    scored = [
        (_score(article, by_id[c.id], c.text, settings), c.text, by_id[c.id])
        for c in candidates
        if c.id in by_id and c.id not in without and _may_stand(article, by_id[c.id], at)
    ]
    good = [entry for entry in scored if entry[0] >= settings.minimum]
    good.sort(key=lambda entry: (-entry[0], -entry[2].published.timestamp(), entry[2].id))
    best = good[: 3 * k]
    least = 3 if len(by_id) < _SMALL else 1
    terms = shared(article, [other for _, _, other in best])
    return [
        Related(
            article=other, score=round(score, 4), text=round(text, 4),
            age=round(_age_factor(article, other, settings), 4),
            terms=words[:_SHOWN], tags=_shared_tags(article, other),
        )
        for (score, text, other), (words, share) in zip(best, terms, strict=True)
        if len(words) >= least and not (share > _SAME and text > _SAME)
    ][:k]  # fmt: skip


def _may_stand(article: Article, other: Article, at: Sequence[datetime]) -> bool:
    unwanted = {fold(name) for name in article.hint.unrelated} | set(article.hint.unrelated)
    names = {other.id, other.slug, other.path, fold(other.title)}
    return (
        other.id != article.id
        and other.language == article.language
        and other.published < article.published
        and not other.hidden(*at)
        and not names & unwanted
    )


def _score(article: Article, other: Article, text: float, settings: RelatedSettings) -> float:
    tags = set(article.tags) | set(other.tags)
    overlap = len(_shared_tags(article, other)) / len(tags) if tags else 0.0
    section = bool(article.section) and article.section == other.section
    likeness = text * (1 + settings.weight_tags * overlap + settings.weight_section * section)
    return min(likeness * _age_factor(article, other, settings), 1.0)


def _age_factor(article: Article, other: Article, settings: RelatedSettings) -> float:
    age = (article.published - other.published) / settings.half_life
    recency: float = 2.0 ** -max(age, 0.0)
    return 1 - settings.weight_age * (1 - recency)


def _shared_tags(article: Article, other: Article) -> tuple[str, ...]:
    return tuple(tag for tag in article.tags if tag in other.tags)
