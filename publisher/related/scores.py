"""The scores of candidates, best first: each is worked out when it comes into question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from publisher.model import Article, RelatedSettings
from publisher.related.standing import shared_tags

if TYPE_CHECKING:
    from publisher.related.arrays import Floats
    from publisher.related.index import Near

_ENOUGH = 3  # related stories that link to one: more say no more
_ROUNDED = 1e-9  # to what a score is rounded


class Scored(NamedTuple):
    """A candidate's score, and what it comes from: see `Judged`."""

    score: float
    article: Article
    number: int
    tagged: float
    placed: float
    cited: float
    citing: int


class Scores:
    """The scores of the candidates of an article.

    A score is the likeness of the texts, raised by shared tags and section, lowered by age, raised
    by the related stories that link to it.
    """

    def __init__(
        self,
        article: Article,
        near: Near,
        by_id: Mapping[str, Article],
        settings: RelatedSettings,
    ) -> None:
        self._article, self._near, self._by_id = article, near, by_id
        self._settings = settings
        plain = _whole(near, settings) * near.recent
        self._plain: list[float] = plain.tolist()
        self._order: list[int] = np.argsort(-plain).tolist()
        # What tags and the section can raise one by at most: an article may have a tag twice.
        tags = len(article.tags) / max(len({*article.tags}), 1)
        section = settings.weight_section if article.section else 0.0
        self._most = (1 + settings.weight_tags * tags) * (1 + section)
        self._known: dict[int, Scored | None] = {}

    def best_first(self, at: Sequence[datetime]) -> Iterator[Scored]:
        """Yield the candidates in order; ties go to the newer article, then by id.

        One is looked at when those that are still to come could be before it: of most nothing is
        asked but how alike the texts are.
        """
        best = self._best()
        cited = self._cited(best, at)
        heap: list[tuple[float, float, str, Scored]] = []
        early = {*cited, *self._near.asked}
        for number in (*early, *(one for one in self._order if one not in early)):
            bound = 1.0 if number in early else self._plain[number] * self._most + _ROUNDED
            while heap and -heap[0][0] > bound:
                yield heappop(heap)[-1]
            if one := self._alike(number):
                one = self._raised(one, best, *cited.get(number, (0.0, 0)))
                heappush(
                    heap, (-one.score, -one.article.published.timestamp(), one.article.id, one)
                )
        while heap:
            yield heappop(heap)[-1]

    def _best(self) -> float:
        """The highest score of a candidate, without links."""
        best = 0.0
        for number in self._order:
            if self._plain[number] * self._most + _ROUNDED < best:
                break
            if number < self._near.extra and (one := self._alike(number)):
                best = max(best, one.score)
        return best

    def _cited(self, best: float, at: Sequence[datetime]) -> dict[int, tuple[float, int]]:
        """The weight and number of the links to each that has some.

        Links from related stories are the archive's own word on what belongs together; those of
        hidden ones are nobody's to count.
        """
        cited: dict[int, tuple[float, int]] = {}
        for number, other in self._near.cites if best else ():
            one = self._alike(number)
            if one and not one.article.hidden(*at):
                weight, citing = cited.get(other, (0.0, 0))
                # Whole millionths: their sum is the same in any order.
                cited[other] = (weight + round(one.score / best * 1e6), citing + 1)
        return cited

    def _alike(self, number: int) -> Scored | None:
        """A candidate's score without links; None where nobody knows the article."""
        if number not in self._known:
            other = self._by_id.get(self._near.ids[number])
            self._known[number] = self._scored(number, other) if other else None
        return self._known[number]

    def _scored(self, number: int, other: Article) -> Scored:
        tagged, placed = _kinship(self._article, other, self._settings)
        score = min(self._plain[number] * tagged * placed, 1.0)
        return Scored(score, other, number, tagged, placed, 0.0, 0)

    def _raised(self, one: Scored, best: float, weight: float, citing: int) -> Scored:
        cited = min(weight / 1e6, _ENOUGH) / _ENOUGH
        score = round(min(one.score + self._settings.weight_links * cited * best, 1.0), 9)
        return one._replace(score=score, cited=cited, citing=citing)


def _whole(near: Near, settings: RelatedSettings) -> Floats:
    """How alike the texts are, with as much of a model's word as it is worth."""
    whole = near.likeness.whole
    if near.meaning is None or not len(whole):
        return whole
    most = near.meaning.max() or 1.0  # as much of each as of the best of each
    share = settings.weight_model
    mixed: Floats = (1 - share) * whole + share * whole.max() * near.meaning / most
    return mixed


def _kinship(article: Article, other: Article, settings: RelatedSettings) -> tuple[float, float]:
    """Return what shared tags, and a shared section, raise a score by."""
    tagged = placed = 1.0
    if shared := shared_tags(article, other):
        tagged += settings.weight_tags * len(shared) / len({*article.tags, *other.tags})
    if article.section and article.section == other.section:
        placed += settings.weight_section
    return tagged, placed
