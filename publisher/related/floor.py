"""Whether a candidate is related at all: what must speak for it. Pure.

Where the numbers come from stands in docs/explanation/related.md.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from publisher.model import Article, RelatedSettings
from publisher.related.evidence import SHOWN, Term
from publisher.related.ordinary import is_ordinary
from publisher.related.rarity import rarity
from publisher.related.retitled import is_near_issue, numbered, title_words
from publisher.related.standing import shared_tags
from publisher.related.terms import words

if TYPE_CHECKING:
    from publisher.related.index import Near
    from publisher.related.rank import Judged
    from publisher.related.scores import Scored

_MINIMUM = RelatedSettings().minimum
_SURE = 0.007
"""A score, by the root of what is heaviest, times what ties two stories: just enough."""
_FEW, _MANY = 0.3, 40
"""Of few candidates hardly one is near by chance: of one a third of that is enough, of so many
all."""
_BELOW = 0.3
"""So much more must speak for each place further down: one of many that is weak stands out."""
_OLDEST = 0.5
"""This is left of a score, however old a story is, and however much age weighs in the order."""
_THEME = 1
"""What it counts that both return to a word."""
_THEIRS, _OURS, _BOTH = 2, 8, 16
"""And that ours returns to a word of the other's title, theirs to one of ours, or each to one that
both have: times the square of how rare it is."""
_TAG = 32
"""And that both have a tag whose articles are no more like this one than any are; see
`telling_tags`."""
_ALONE = 0.75
"""The power of that where no title says anything: a tag alone can be a section's, or one that two
stories have for different reasons."""
_CITED = 4
"""And that three related stories link to the other, which is the archive's own word; less, where
fewer do."""
_AROUND, _ROOT = 50, 0.2
"""What titles say is meant in the same sense where the same words stand around it in both texts: so
many times what they tell, and one, by the fifth root."""
_ISSUE = 8
"""Issues of a series, and neighbouring versions, have no titles that tell what they are about."""
_TRIFLE = 0.2
"""What titles and tags say has to be more than that, to be a theme of both."""
_ORDINARY = 6
"""So many times as much must speak where no title says what both are about, no related story links
to the other, and all that can be named are words that anybody writes: a small archive has them
seldom by chance, and a tag can be a section's."""
_FIRST = 2
"""So many times as much must speak for what is to stand there, where all that can be named are
words that anybody writes."""
_SAME, _APART = 0.2, 3
"""How much a model finds two stories about the same where that says nothing; what is further from
it speaks so many times e more, or less."""
_SHARE = 0.5
"""Of `minimum`, what each must share."""
_LEAST = 1e-6
"""Below this, nothing is shared at all."""
_WHOLE = 1e9
"""A likeness is a whole number of this part."""


class Speaking(NamedTuple):
    """What speaks for a candidate: `sure` is 1 where it is just enough. `titled` tells that titles
    or tags do, `vouched` that titles do, or related stories that link to it. `about` is how much a
    model finds both about the same, where one does.
    """

    sure: float
    titled: bool
    vouched: bool
    about: float | None = None


class Floor:
    """Asks what speaks for the candidates of an article.

    How alike the texts are, but for the one word that matters most, times what they are both
    about. A story that says much that nobody else says shares something with anyone: the heavier
    its heaviest words, the more is wanted.
    """

    def __init__(self, article: Article, near: Near, by_id: Mapping[str, Article]) -> None:
        self._article, self._near = article, near
        self._tags = telling_tags(article, near, by_id)
        self._words = title_words(article.title)
        self._numbered = numbered(article.title)
        enough = _SURE * (_FEW + (1 - _FEW) * min(near.extra / _MANY, 1.0))
        self._usual = math.sqrt(near.likeness.most) * enough
        self._about = [] if near.about is None else near.about.tolist()
        self._written: dict[str, list[str]] = {}  # names of who writes, in words

    def of(self, found: Sequence[Scored]) -> list[Speaking]:
        """Return what speaks for some candidates, each as it is scored."""
        likeness, numbers = self._near.likeness, [one.number for one in found]
        titles = [title_words(one.article.title) for one in found]
        told = [
            likeness.told(number, self._words, theirs)
            for number, theirs in zip(numbers, titles, strict=True)
        ]
        around, alone = likeness.around(numbers, told), likeness.alone(numbers).tolist()
        return [
            self._speaking(one, self._says(one, theirs, says), agrees, single)
            for one, theirs, says, agrees, single in zip(
                found, titles, told, around, alone, strict=True
            )
        ]

    def _speaking(self, one: Scored, titles: float, around: float, alone: float) -> Speaking:
        """`titles` is what they say, `around` what stands around that in both, `alone` which part
        of what is shared one word is.
        """
        near = self._near
        whole, recent = near.likeness.whole.item(one.number), near.recent.item(one.number)
        ageless = one.score + max(_OLDEST - recent, 0.0) * whole
        shared = shared_tags(self._article, one.article)
        tag = max((self._tags[tag] for tag in shared), default=0.0)
        told = titles + (tag if titles > _TRIFLE else min(tag, tag**_ALONE))
        titled = told > _TRIFLE
        theme = titled or one.number in near.linked or self._has_theme(one)
        likely = ageless / self._usual * (1 - alone)
        agrees = (1 + _AROUND * around) ** _ROOT
        about = self._about_same(one.number)
        apart = 1.0 if about is None else math.exp(_APART * (about - _SAME))
        sure = round(likely * (told + _CITED * one.cited + _THEME * theme) * agrees * apart, 6)
        return Speaking(sure, titled, titles > _TRIFLE or one.citing > 0, about)

    def _about_same(self, number: int) -> float | None:
        """How much a model finds a candidate about the same; None where it says nothing."""
        about = self._about[number] if self._about else math.nan
        return None if math.isnan(about) else about

    def _says(self, one: Scored, theirs: Collection[str], told: Mapping[str, float]) -> float:
        """What the title of each says that the other returns to.

        A word of a title to which its own text never returns is a turn of phrase ("Praise for
        ..."), or the name of a series.
        """
        ours = self._words
        issue = bool(self._numbered.dated) and is_near_issue(
            self._numbered, numbered(one.article.title)
        )
        return _ISSUE * issue + sum(
            tells
            * (_BOTH if word in ours and word in theirs else _OURS if word in ours else _THEIRS)
            for word, tells in told.items()
        )

    def _has_theme(self, one: Scored) -> bool:
        """Whether both return to a word, but for the names of who wrote them."""
        themes = self._near.likeness.themes(one.number)
        writers = {*self._article.authors, *one.article.authors}
        if not (themes and writers):
            return bool(themes)
        for name in writers:
            if name not in self._written:
                self._written[name] = words(name)
        silent = {word for name in writers for word in self._written[name]}
        return any(word not in silent or word in self._words for word in themes)


def telling_tags(article: Article, near: Near, by_id: Mapping[str, Article]) -> dict[str, float]:
    """Return what each of an article's tags says of a candidate that has it as well.

    The rarer it is among the candidates, the more; and the more, the more alike they are to the
    article than any: those of a section are not.
    """
    if not article.tags:
        return {}
    others = [by_id.get(name) for name in near.ids[: near.extra]]
    alike = np.rint(near.likeness.whole[: near.extra] * _WHOLE)
    usual, found = float(alike.sum()) / max(near.extra, 1) or 1.0, {}
    for tag in {*article.tags}:
        has = np.array([one is not None and tag in one.tags for one in others], bool)
        held = int(has.sum())
        rare = float(rarity(np.array(held + 1), near.extra + 1))
        found[tag] = _TAG * rare**2 * (float(alike[has].sum()) / held / usual if held else 1.0)
    return found


def wanted(above: int, settings: RelatedSettings) -> float:
    """Return what must speak for a candidate to stand below so many others."""
    return (1 + _BELOW * above) * settings.minimum / _MINIMUM


def claim(row: Judged) -> float:
    """Return how good a first one a candidate is: what stands there readers take the block for.

    Its score, raised by the third root of what speaks for it.
    """
    return round(row.score * math.cbrt(row.sure), 9)


def weakness(row: Judged, settings: RelatedSettings, *, first: bool = False) -> str:
    """Return why too little speaks for a candidate to show it, or to show it `first`; "" where
    enough does.
    """
    if row.share < (least := max(settings.minimum * _SHARE, _LEAST)):
        return f"it shares too little: {row.share:.3f} of what weighs most, and {least:g} is wanted"
    if not (usual := wanted(0, settings)):
        return ""
    if not row.sure:
        return "all that it shares is mentioned in passing"
    if row.sure < usual:
        else_ = "; it is about something else" if row.about is not None and row.about < 0 else ""
        return f"too little speaks for it: {row.sure:.2f}, and {usual:.2f} is wanted{else_}"
    if first and row.about is not None and row.about < 0:
        return "it is about something else, and would stand first"
    if row.terms is None:
        return ""
    if not row.terms and not row.titled:
        return "nothing that can be named is in both: numbers, code, names of authors at most"
    return _ordinariness(row, row.terms, usual, first=first)


def _ordinariness(row: Judged, terms: Sequence[Term], usual: float, *, first: bool) -> str:
    """Why reasons that anybody writes are too little, "" where they are enough, or none such."""
    more = usual * (_ORDINARY if not row.vouched else _FIRST if first else 1)
    if row.sure >= more or not _anybodys(terms[:SHOWN], row.article.language):
        return ""
    silent = "" if row.vouched else "no title says what both are about, and "
    return (
        f"{silent}what they share are words that anybody writes: {row.sure:.2f} speaks for it, and "
        f"{more:.2f} is wanted of such{' at the first place' if row.vouched else ''}"
    )


def _anybodys(terms: Sequence[Term], language: str) -> bool:
    """Whether reasons are ordinary words, each alone: two side by side name a thing."""
    return bool(terms) and all(
        len(term.words) == 1 and is_ordinary(term.words[0], language) for term in terms
    )
