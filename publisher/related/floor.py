"""Whether a candidate is related at all: what must speak for it. Pure.

Where the numbers come from stands in docs/explanation/related.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from publisher.model import Article, RelatedSettings
from publisher.related.terms import telling_in_both, words

if TYPE_CHECKING:
    from publisher.related.index import Near
    from publisher.related.rank import Judged

_MINIMUM = RelatedSettings().minimum
_SURE = 0.0013
"""A score, by the root of what is heaviest: enough for one to be related at all."""
_OF_BEST = 0.6
"""Of what the nearest has, what is enough for another, if that is less."""
_VAGUE = 1.5
"""Of that, what one needs that shares a single name."""
_ALONE = 3.6
"""And one that returns to only one word that ours returns to as well."""
_FEW = 3
"""So many words that can be named are too few for such a one, whatever speaks for it."""
_BESIDE = 2.0
"""What each needs that nothing but words ties to ours."""
_FIRST = 1.3
"""And the nearest at least: of few, hardly one is near by chance."""
_MANY = 150
"""Of so many, it needs as much as others: that many are looked at in a large archive."""
_SHARE = 0.5
"""Of `minimum`, what each must share."""
_OLDEST = 0.7
"""This is left of a score, however old a story is, and however much age weighs in the order."""
_NAME = 2
"""Words of a name; so many of a title that two stories share are no mention in passing."""
_LEAST = 1e-6
"""Below this, nothing is shared at all."""


def sureness(score: float, whole: float, recent: float, heaviest: float) -> float:
    """Return what speaks for a candidate, where 1 is just enough.

    A story that says much that nobody else says shares something with anyone: the heavier its
    heaviest words, the more is wanted.
    """
    ageless = score + max(_OLDEST - recent, 0.0) * whole
    return round(ageless / math.sqrt(heaviest) / _SURE, 6)


def titles_tie(article: Article, other: Article) -> bool:
    """Tell whether two titles share more than a word that says something."""
    return telling_in_both(article.title, other.title, article.language) >= _NAME


def nearest(found: Sequence[Judged], near: Near) -> float:
    """Return what speaks for the nearest of all that could be shown, here or elsewhere."""
    rows = [row for row in found if (row.taken or not row.left_out) and row.number < near.extra]
    return max((row.sure for row in rows), default=0.0)


def weakness(
    article: Article, row: Judged, near: Near, best: float, settings: RelatedSettings
) -> str:
    """Return why too little speaks for a candidate to show it, "" where enough does.

    `best` is what speaks for the nearest. What the article itself links to is near enough.
    """
    usual = settings.minimum / _MINIMUM
    if row.number in near.linked and row.whole:
        return ""
    if best < usual:
        return (
            f"nothing is near enough: {best:.2f} speaks for the nearest, and {usual:.2f} is wanted"
        )
    if row.share < (least := max(settings.minimum * _SHARE, _LEAST)):
        return f"it shares too little: {row.share:.3f} of what weighs most, and {least:g} is wanted"
    if row.sure < (least := min(usual, _OF_BEST * best)):
        return f"too little speaks for it: {row.sure:.2f}, and {least:.2f} is wanted"
    if not usual or row.tagged > 1 or row.titled:
        return ""
    themes = _themes(article, row, near)
    if not themes:
        return "all that it shares is mentioned in passing"
    return _vagueness(row, themes, max(min(best, _BESIDE * usual), _by_chance(near) * usual), usual)


def _by_chance(near: Near) -> float:
    """What the nearest needs that nothing but words ties to ours: the more there are, the more."""
    return _FIRST + (_BESIDE - _FIRST) * min(near.extra / _MANY, 1.0)


def _vagueness(row: Judged, themes: int, least: float, usual: float) -> str:
    """Return why words alone, with nothing else that ties two stories, are too few here."""
    said = sum(len(term.words) for term in row.terms or ())
    if row.terms is not None and not said:
        return "nothing that can be named is in both: numbers, code, names of authors at most"
    if row.sure < least:
        return f"only words tie them: {row.sure:.2f} speaks for it, and {least:.2f} is wanted"
    if row.terms is not None and said <= _NAME and row.sure < _VAGUE * usual:
        return "all that it shares is a name or two words"
    if themes > 1:
        return ""
    if row.sure < (least := _ALONE * usual):
        return f"both return to one word: {row.sure:.2f} speaks for it, and {least:.2f} is wanted"
    few = row.terms is not None and said <= _FEW
    return "both return to one word, and share hardly another" if few else ""


def _themes(article: Article, row: Judged, near: Near) -> int:
    """Count the words that both return to, but for the names of who wrote them."""
    writers = {*article.authors, *row.article.authors}
    if not writers:
        return len(near.likeness.themes(row.number))
    silent = {word for name in writers for word in words(name)}.difference(words(article.title))
    return sum(word not in silent for word in near.likeness.themes(row.number))
