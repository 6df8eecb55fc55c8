"""Whether a candidate is related at all: what must speak for it. Pure.

Where the numbers come from stands in docs/explanation/related.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from publisher.model import Article, RelatedSettings
from publisher.related.rarity import rarity
from publisher.related.retitled import is_near_issue
from publisher.related.scores import shared_tags
from publisher.related.terms import words

if TYPE_CHECKING:
    from publisher.related.index import Near
    from publisher.related.rank import Judged
    from publisher.related.scores import Scored

_MINIMUM = RelatedSettings().minimum
_SURE = 0.005
"""A score, by the root of what is heaviest, times what ties two stories: just enough."""
_FEW, _MANY = 0.5, 60
"""Of few candidates hardly one is near by chance: of one half of that is enough, of so many all."""
_BELOW = 0.25
"""So much more must speak for each place further down: one of many that is weak stands out."""
_OLDEST = 0.7
"""This is left of a score, however old a story is, and however much age weighs in the order."""
_THEME = 1
"""What it counts that both return to a word."""
_THEIRS, _OURS, _BOTH = 4, 8, 16
"""And that ours returns to a word of the other's title, theirs to one of ours, or each to one that
both have: times the square of how rare it is."""
_TAG = 48
"""And that both have a tag, which somebody chose: its rarity is counted among the candidates."""
_ISSUE = 8
"""Issues of a series, and neighbouring versions, have no titles that tell what they are about."""
_TRIFLE = 0.2
"""What titles and tags say has to be more than that, to be a theme of both."""
_SHARE = 0.5
"""Of `minimum`, what each must share."""
_LEAST = 1e-6
"""Below this, nothing is shared at all."""


def sureness(
    article: Article, one: Scored, near: Near, carried: Mapping[str, int], alone: float
) -> tuple[float, bool]:
    """Return what speaks for a candidate, where 1 is just enough; and whether titles or tags do.

    How alike the texts are, but for the one word that matters most (`alone` is its part), times
    what they are both about. A story that says much that nobody else says shares something with
    anyone: the heavier its heaviest words, the more is wanted. `carried` says how many candidates
    have a tag.
    """
    whole, recent = float(near.likeness.whole[one.number]), float(near.recent[one.number])
    ageless = one.score + max(_OLDEST - recent, 0.0) * whole
    told = _titles(article, one, near) + _tags(article, one, near, carried)
    titled = told > _TRIFLE
    theme = titled or one.number in near.linked or _themes(article, one, near)
    enough = _SURE * (_FEW + (1 - _FEW) * min(near.extra / _MANY, 1.0))
    likely = ageless / math.sqrt(near.likeness.most) / enough * (1 - alone)
    return round(likely * (told + _THEME * theme), 6), titled


def carried_tags(article: Article, near: Near, by_id: Mapping[str, Article]) -> Mapping[str, int]:
    """Count the candidates that have each of an article's tags."""
    if not article.tags:
        return {}
    others = (by_id[name] for name in near.ids[: near.extra] if name in by_id)
    return Counter(tag for other in others for tag in {*article.tags} & {*other.tags})


def wanted(above: int, settings: RelatedSettings) -> float:
    """Return what must speak for a candidate to stand below so many others."""
    return (1 + _BELOW * above) * settings.minimum / _MINIMUM


def weakness(row: Judged, settings: RelatedSettings) -> str:
    """Return why too little speaks for a candidate to show it, "" where enough does."""
    if row.share < (least := max(settings.minimum * _SHARE, _LEAST)):
        return f"it shares too little: {row.share:.3f} of what weighs most, and {least:g} is wanted"
    if not (usual := wanted(0, settings)):
        return ""
    if not row.sure:
        return "all that it shares is mentioned in passing"
    if row.sure < usual:
        return f"too little speaks for it: {row.sure:.2f}, and {usual:.2f} is wanted"
    if row.terms is not None and not row.terms and not row.titled:
        return "nothing that can be named is in both: numbers, code, names of authors at most"
    return ""


def _tags(article: Article, one: Scored, near: Near, carried: Mapping[str, int]) -> float:
    """What the rarest of the tags that both have says."""
    held = [carried[tag] + 1 for tag in shared_tags(article, one.article)]
    rare = rarity(np.array(held), near.extra + 1).max(initial=0.0)
    return _TAG * float(rare) ** 2


def _titles(article: Article, one: Scored, near: Near) -> float:
    """What the title of each says that the other returns to.

    A word of a title to which its own text never returns is a turn of phrase ("Praise for ..."),
    or the name of a series.
    """
    ours, theirs = Counter(words(article.title)), Counter(words(one.article.title))
    told = near.likeness.told(one.number, ours, theirs)
    return _ISSUE * is_near_issue(article.title, one.article.title) + sum(
        tells * (_BOTH if word in ours and word in theirs else _OURS if word in ours else _THEIRS)
        for word, tells in told.items()
    )


def _themes(article: Article, one: Scored, near: Near) -> bool:
    """Whether both return to a word, but for the names of who wrote them."""
    writers = {*article.authors, *one.article.authors}
    if not writers:
        return bool(near.likeness.themes(one.number))
    silent = {word for name in writers for word in words(name)}.difference(words(article.title))
    return any(word not in silent for word in near.likeness.themes(one.number))
