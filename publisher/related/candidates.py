"""Which earlier articles hold most of the words that say most about one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from publisher.disposable import Damaged
from publisher.model import Article, RelatedSettings
from publisher.related.arrays import Floats, Ints
from publisher.related.docs import Docs, ids_of
from publisher.related.postings import Postings
from publisher.related.rarity import Words, heaviest
from publisher.related.terms import language_of

_QUERY_WORDS = 128
_POSTINGS = 200_000  # that one query may read
_CANDIDATES = 150
_UNIT = 2.0**20  # weights are whole numbers of this part: their sum is the same in any order
_SLACK = 1e-9  # of a score that was worked out another way
_LEAST = 1e-300  # more than nothing
_ABREAST = 8  # articles of which only the best says how much is enough: quicker to partition


class Candidates:
    """Finds candidates in one state of the file."""

    def __init__(self, db: sqlite3.Connection, docs: Docs) -> None:
        self._db, self._docs = db, docs
        self._postings = Postings(db)

    def of(
        self,
        article: Article,
        own: Words,
        aliases: Iterable[tuple[int, int]],
        settings: RelatedSettings,
    ) -> list[int]:
        """Return the numbers of the earlier articles that hold most of its best words, best first.

        `aliases` are (number, position): the same words in other languages. Ties go to the newer
        article, then by id.
        """
        scores = self._scores(_weights(own, aliases))
        docs, score = _likely(scores, self._docs, article, settings)
        if len(docs) > _CANDIDATES:
            least = np.partition(score, -_CANDIDATES)[-_CANDIDATES]
            docs, score = docs[score >= least], score[score >= least]
        best: list[int] = self._ordered(docs, score)[:_CANDIDATES].tolist()
        return best

    def _scores(self, weights: Mapping[int, float]) -> Floats:
        """What each article's words count for, by number."""
        size = len(self._docs.published)
        found = self._postings.of(list(weights))
        docs = np.frombuffer(b"".join(found), np.uint32)
        if docs.max(initial=0) >= size:
            raise Damaged("a word is in an article that is not there")
        lengths = np.array([len(one) // 4 for one in found], np.int64)
        weight = np.repeat(np.array([*weights.values()], np.float64), lengths)
        return np.bincount(docs, weight, size).astype(np.float64, copy=False)

    def _ordered(self, docs: Ints, score: Floats) -> Ints:
        published = self._docs.published[docs]
        order = np.lexsort((-published, -score))
        docs, score, published = docs[order], score[order], published[order]
        if not ((score[1:] == score[:-1]) & (published[1:] == published[:-1])).any():
            return docs
        ids = ids_of(self._db, docs.tolist())
        ranked = zip((-score).tolist(), (-published).tolist(), docs.tolist(), strict=True)
        ordered = sorted(ranked, key=lambda one: (*one[:2], ids[one[2]]))
        return np.array([doc for *_, doc in ordered])


def recent(
    known: Docs, article: Article, docs: Sequence[int] | Ints, settings: RelatedSettings
) -> Floats:
    """Return what the age of some articles leaves of their scores."""
    age = article.published.timestamp() - known.published[docs]
    half = settings.half_life.total_seconds()
    return 1 - settings.weight_age * (1 - 2.0 ** -(np.maximum(age, 0.0) / half))


def _weights(own: Words, aliases: Iterable[tuple[int, int]]) -> dict[int, float]:
    """What each of its best words counts for, by number."""
    chosen = heaviest(own, _QUERY_WORDS, _POSTINGS)
    value = np.sqrt(own.counts[chosen]) * own.rarities[chosen] ** 2
    at = dict(zip(chosen.tolist(), np.rint(value * _UNIT).tolist(), strict=True))
    weights = dict(zip(own.numbers[chosen].tolist(), at.values(), strict=True))
    return weights | {number: at[place] for number, place in aliases if place in at}


def _likely(
    scores: Floats, known: Docs, article: Article, settings: RelatedSettings
) -> tuple[NDArray[np.intp], Floats]:
    """Those that may be shown, and their scores; not those that age cannot bring to the best."""
    unfit = known.published >= article.published.timestamp()
    if settings.languages != "any" and len(known.languages) > 1:
        unfit |= known.language != known.languages[language_of(article.language)]
    ageless: Floats = scores / known.root_length
    ageless[unfit] = 0.0
    least = 0.0
    best = ageless[: len(ageless) // _ABREAST * _ABREAST].reshape(_ABREAST, -1).max(0, initial=0.0)
    if len(best) > _CANDIDATES:
        enough = float(np.partition(best, -_CANDIDATES)[-_CANDIDATES])
        least = enough * (1 - settings.weight_age) * (1 - _SLACK) - 1  # they are rounded
    docs = np.flatnonzero(ageless >= max(least, _LEAST))
    left = recent(known, article, docs, settings)
    return docs, np.rint(scores[docs] * left / known.root_length[docs])
