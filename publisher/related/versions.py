"""Whether an earlier article is the same story: what this one updates or corrects, or its part.

Pure. Neither is likeness a reason (a series is alike as well), nor are words of titles alone: what
is said to readers must be true. Where the numbers come from stands in docs/explanation/related.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from publisher.model import Article, fold
from publisher.related.arrays import Ints
from publisher.related.retitled import Told, is_numbered, title_words, told
from publisher.related.saying import Relation
from publisher.related.terms import JOINING, is_number, language_of

_SOON = timedelta(days=3)
"""A story is told again within days; what is alike after weeks is another case of its kind."""
LATER = timedelta(days=60)
"""So long a title that says "update" or "reminder" means the story of that title."""
_SERIES = timedelta(days=365)
_KEPT = 0.4
"""Of the earlier text, what the later one has word for word where it tells it again."""
_OWN = 0.2
"""Of the later text, what is the earlier one: a digest that quotes it whole is none of its kind."""
_SAID = 0.2
"""Of the earlier text, what is enough where the later title says that it is an update."""
_NAMED = 0.8
"""Of the earlier title's words, those that the later text has."""
_RUN = 4  # words
_FEW = 20  # runs: a sentence or two may stand in any two texts
_TITLE = 2  # telling words that two titles share


class Overlap(NamedTuple):
    """How much two texts have word for word, 0 to 1.

    `kept` is the part of the earlier text that the later one has, `own` the part of the later one
    that this is; `named` is how many of the earlier title's words the later text has: a series
    fills in others.
    """

    kept: float
    own: float
    named: float


class Overlaps:
    """Of some texts (word numbers as the index has them), which have how much in common.

    What another time's text has as well does not count: that is how such stories are written.
    """

    def __init__(self, texts: Sequence[Ints], published: Sequence[datetime]) -> None:
        """Compare `texts`, by their places; `published` says when each was."""
        self._texts, self._published = texts, published
        self._runs: dict[int, NDArray[np.uint64]] = {}

    def of(self, later: int, earlier: int) -> Overlap:
        """Return how much of an earlier text a later one has."""
        ours, theirs = self._of(later), self._of(earlier)
        both = np.intersect1d(ours, theirs, assume_unique=True)
        if len(both) >= max(_FEW, _SAID * len(theirs), _OWN * len(ours)):
            for n, moment in enumerate(self._published):
                if abs(moment - self._published[later]) > _SOON and n != earlier:
                    both = _without(both, self._of(n))
                    if len(both) < _FEW:
                        break
        if len(both) < _FEW:
            both = both[:0]
        kept, own = len(both) / max(len(theirs), 1), len(both) / max(len(ours), 1)
        text, other = self._texts[later], self._texts[earlier]
        title = np.unique(other[: np.argmin(other)]) if len(other) else other
        return Overlap(kept, own, float(np.isin(title, text).mean()) if len(title) else 0.0)

    def _of(self, place: int) -> NDArray[np.uint64]:
        if place not in self._runs:
            self._runs[place] = _runs(self._texts[place])
        return self._runs[place]


def _without(some: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Those of some numbers that are none of others, ascending both."""
    if not len(others):
        return some
    place = np.minimum(np.searchsorted(others, some), len(others) - 1)
    rest: NDArray[np.uint64] = some[others[place] != some]
    return rest


def reach(title: Told) -> timedelta:
    """Return how much earlier an article may be at most that tells the story of such a title."""
    return _SERIES if title.part else LATER


def is_possible(title: Told, age: timedelta, other: str) -> bool:
    """Tell whether an article, so much older within `reach`, can tell the story of a title.

    What `relation` would find out as well, but quicker: of most candidates nothing else is asked.
    """
    if age <= _SOON or title.mark or title.part or not other.isascii() or "'" in other:
        return True
    # What `other` is folded to has no other words.
    return all(map(other.lower().__contains__, title.stem.split()))


def relation(
    article: Article,
    other: Article,
    overlap: Callable[[], Overlap],
    *,
    links: bool = False,
) -> Relation | None:
    """Return how an earlier article belongs to the same story, None where it does not.

    `overlap` tells what of it the later one has, and is asked only where that matters; `links`
    tells that the later one links to it.
    """
    age = article.published - other.published
    if not timedelta() < age <= _SERIES:
        return None
    ours = told(article.title)
    if age > LATER and not ours.part:
        return None
    is_late = age > _SOON and not (ours.mark or ours.part)
    if is_late and ours.stem not in fold(other.title):  # quicker than to take a title apart
        return None
    if language_of(article.language) != language_of(other.language):
        return None
    theirs = told(other.title)
    if ours.part or theirs.part:
        return _part(ours, theirs, links)
    is_titled = ours.stem == theirs.stem
    if age > LATER or (not is_titled and age > _SOON and not ours.mark):
        return None
    if is_numbered(ours.stem, theirs.stem):
        return None
    if not is_titled and _telling_in_both(article.title, other.title, article.language) < _TITLE:
        return None
    kept, own, named = overlap()
    is_told = kept >= (_SAID if ours.mark else _KEPT) and own >= _OWN
    if is_told and (is_titled or named >= _NAMED):
        return Relation(ours.mark or "update")
    return None


def _telling_in_both(first: str, second: str, tag: str) -> int:
    """Count the words that two titles share and that say something; `tag` is BCP 47."""
    both = title_words(first).keys() & title_words(second).keys()
    return sum(not is_number(word) for word in both - JOINING.get(language_of(tag), frozenset()))


def _part(ours: Told, theirs: Told, links: bool) -> Relation | None:
    """The part of a series that comes before another; one without a number is the first."""
    number = theirs.part or 1
    if not ours.part or number >= ours.part:
        return None
    if not theirs.part and ours.part != 2:
        return None
    same = ours.stem == theirs.stem and len(ours.stem.split()) >= _TITLE
    if links and theirs.part:
        same = same or _begins(ours.stem, theirs.stem) or _begins(theirs.stem, ours.stem)
    return Relation("part", number) if same else None


def _begins(short: str, long: str) -> bool:
    return len(short.split()) >= _TITLE and f"{long} ".startswith(f"{short} ")


def _runs(text: Ints) -> NDArray[np.uint64]:
    """The different runs of words of a text's body, each as a number."""
    body = text[:-1]
    starts = np.flatnonzero(body == 0)
    body = body[starts[-1] + 1 :] if len(starts) else body
    if len(body) < _RUN:
        return np.zeros(0, np.uint64)
    runs = np.zeros(len(body) - _RUN + 1, np.uint64)
    with np.errstate(over="ignore"):
        for n in range(_RUN):
            runs = runs * np.uint64(0x9E3779B97F4A7C15) + body[n : len(body) - _RUN + 1 + n].astype(
                np.uint64
            )
    runs.sort()  # np.unique hashes, which takes a hundred times as long for so few
    different: NDArray[np.uint64] = runs[np.append(True, runs[1:] != runs[:-1])]
    return different
