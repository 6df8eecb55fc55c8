"""How alike two texts are, by the words and neighbouring words they share. Pure; numpy.

A text is an array of word numbers in order, 0 where a part of it ends. Nothing here depends on
which number a word has: sums are of whole numbers, so that their order cannot matter either.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from publisher.related.terms import JOINING, is_number, is_part

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]

_SHARP = 4
"""The power of a word's rarity in its weight: what few articles hold tells far more."""
_PAIR = 0.25
"""What two neighbouring words weigh beside one; rare pairs are many."""
_PART = 0.25
"""What a piece of a script without spaces weighs beside a word."""
_HEAVIEST = 20
"""So many words and pairs say what an article is about."""
_TWICE = 2
"""What a text says so often is no mention in passing; a word of the title counts for three."""
_OFTENER = 1.5
"""Times the root of how much longer one text is, what it has to say so often: from 4 times on."""
_SMALL = 30
"""An archive is taken to be of so many articles at least."""
_WIDEST = 2_000
"""So many different words of a text are looked at, the heaviest: a bound on memory."""
_WHOLE = 2.0**30
"""Weights are whole numbers of this part."""


@dataclass(frozen=True)
class Words:
    """The different words of one text, ascending by number.

    `counts` says how often each stands in the text, `held` how many of the archive's `documents`
    (texts of the language, this one among them) have it.
    """

    numbers: Ints
    texts: Sequence[str]
    counts: Ints
    held: Ints
    documents: int
    language: str = ""

    @cached_property
    def weights(self) -> Floats:
        """What each word tells, 0 to 1; nothing, if it only joins others."""
        parts = np.where(self.parts, _PART, 1.0)
        weights: Floats = rarity(self.held, self.documents) ** _SHARP * parts * ~self.joining
        return weights

    @cached_property
    def parts(self) -> NDArray[np.bool_]:
        """Which are pieces of a script without spaces."""
        return np.array([len(text) < 3 and is_part(text) for text in self.texts], bool)

    @cached_property
    def telling(self) -> NDArray[np.bool_]:
        """Which can be a reason, but for numbers: none that a tenth of the archive has (in a small
        one, half).
        """
        telling: NDArray[np.bool_] = (self.held <= _common(self.documents)) & ~self.joining
        return telling

    @cached_property
    def joining(self) -> NDArray[np.bool_]:
        """Which words only join others, where the language is one that we know them of."""
        known = JOINING.get(self.language, frozenset())
        return np.array([text in known for text in self.texts], bool)

    def only(self, chosen: Ints) -> Words:
        """Return some of the words, by ascending position."""
        return Words(
            self.numbers[chosen],
            [self.texts[n] for n in chosen],
            self.counts[chosen],
            self.held[chosen],
            self.documents,
            self.language,
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """Words, and pairs of neighbouring ones, that two texts share, by their place in `texts`.

    Their weights are parts of all that the first text weighs; a pair's holds that of its words.
    """

    texts: Sequence[str]
    words: Sequence[tuple[int, float]]
    pairs: Sequence[tuple[int, int, float]]


def rarity(held: Ints, documents: int) -> Floats:
    """Return 1 for a word that no other article has, 0 for one that all have (idf, scaled).

    In an archive of ten, a word that three hold is no commonplace: it is taken to be of thirty.
    """
    of = max(documents, _SMALL) + 1
    missing = 1 - (held - 1) / max(documents, 1)
    found: Floats = np.log(of / held) / np.log(of) * np.sqrt(np.maximum(missing, 0.0))
    return found


def heaviest(words: Words, most: int, postings: int) -> Ints:
    """Return the positions of the words to look for others by, heaviest first (ties by text).

    At most `most` words, held by `postings` articles altogether; none that a tenth of the archive
    has (in a small archive, half), and none that it alone has.
    """
    value = np.sqrt(words.counts) * rarity(words.held, words.documents)
    telling = (words.held <= _common(words.documents)) & ~words.joining
    fit = np.flatnonzero((words.held > 1) & telling)
    value = np.round(value, 9)
    if len(fit) > most:
        fit = fit[value[fit] >= np.partition(value[fit], -most)[-most]]
    order = sorted(fit.tolist(), key=lambda n: (-value[n], words.texts[n]))[:most]
    return np.array(order, np.int64)[np.cumsum(words.held[order]) <= postings]


def _common(documents: int) -> float:
    """Return how many articles may hold a word before it says nothing about any of them."""
    return max(documents / 10, min(documents / 2, 10), 2)


class Likeness:
    """One text beside others: how alike each is, and by which words.

    `whole` is 1 for the same text and 0 for nothing in common, with the length of both taken into
    account: what ranks. `shares` are how much of what weighs most in the first the other holds
    too, 0 to 1, whatever else it holds: what can be said with confidence.
    """

    def __init__(
        self,
        words: Words,
        text: Ints,
        others: Sequence[Ints],
        extra: Sequence[Ints] = (),
        aliases: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Compare `text` with `others`, and with `extra` ones that have no say in what is rare.

        `aliases` are (number, position): the same words in other languages.
        """
        if len(words.numbers) > _WIDEST:
            value = np.round(words.weights * np.sqrt(words.counts), 9)
            order = sorted(range(len(value)), key=lambda n: (-value[n], words.texts[n]))[:_WIDEST]
            kept = {place: n for n, place in enumerate(sorted(order))}
            words = words.only(np.array(list(kept)))
            aliases = [(number, kept[place]) for number, place in aliases if place in kept]
        self._words = words
        texts = [text, *others, *extra]
        rows, width = len(texts), len(words.numbers) + 1
        flat = np.concatenate(texts)
        self._lengths = lengths = np.array([len(one) for one in texts])
        ends = np.cumsum(lengths)
        place = np.zeros(int(max(flat.max(initial=0), words.numbers.max(initial=0))) + 1, np.int32)
        place[words.numbers] = np.arange(1, width)
        for number, position in aliases:
            if number < len(place):
                place[number] = position + 1
        at = place[flat]  # the word of the first text, from 1, or 0
        known = np.flatnonzero(at > 0)
        row = np.searchsorted(ends, known, side="right")
        column = at[known].astype(np.intp)
        counts = self._counts = _table(row, column, rows, width)
        nearby = np.flatnonzero(np.diff(known) == 1)  # a text ends with 0: no pair spans two
        codes, row = column[nearby] * width + column[nearby + 1], row[nearby]
        first = np.searchsorted(row, 1)  # those before it are the first text's own
        every, often = np.unique(codes[:first], return_counts=True)
        nth = np.zeros(width * width, np.intp)
        nth[every] = np.arange(1, len(every) + 1)
        shared = np.bincount(nth[codes[first:]], minlength=len(every) + 1)[1:] > 0
        self._pairs = every[shared]
        nth[every] = np.where(shared, np.cumsum(shared), 0)
        pairs = _table(row, nth[codes], rows, len(self._pairs) + 1)
        # How rare a pair is, only those that are near can say: no archive counts all its pairs.
        near = len(others) + 1
        seen = rarity((pairs[:near] > 0).sum(0), near) if near > 1 else np.ones(pairs.shape[1])
        left, right = every // width - 1, every % width - 1
        parts, joining = words.parts, words.joining
        weight = np.where(parts[left] | parts[right], _PART, 1.0) * _PAIR
        weight[joining[left] & joining[right]] = 0.0
        alone = np.rint((weight * often)[~shared] * _WHOLE)  # no other has them: as rare as can be
        held = np.empty((rows, counts.shape[1] + pairs.shape[1]))  # words, then pairs
        np.sqrt(counts, out=held[:, : width - 1])
        np.sqrt(pairs, out=held[:, width - 1 :])
        held *= held[0] * np.concatenate([words.weights, seen**_SHARP * weight[shared]]) * _WHOLE
        self._held = np.rint(held, out=held)
        own = np.concatenate([self._held[0], alone])
        self._total = max(float(own.sum()), 1.0)
        self._most = max(float(_top(own[None, :])[0]), 1.0)
        whole = self._held.sum(1) / self._total / np.sqrt(lengths / lengths[0])
        self.whole: Floats = np.minimum(np.round(whole[1:], 9), 1.0)

    @property
    def most(self) -> float:
        """What the heaviest words and pairs of the first text weigh together."""
        return self._most / _WHOLE

    def shares(self, chosen: Sequence[int]) -> Floats:
        """Return how much of what weighs most some of the others hold, 0 to 1."""
        held = _top(self._held[[n + 1 for n in chosen]])
        shares: Floats = np.minimum(np.round(held / self._most, 6), 1.0)
        return shares

    def themes(self, n: int) -> list[str]:
        """Return the words that the n-th other and the first both return to, but for numbers.

        Said twice, that is; where one text is much longer, it has to say them oftener: a digest
        names everything twice.
        """
        ours, theirs = self._lengths[0], self._lengths[n + 1]
        ratio = max(ours, theirs) / min(ours, theirs)
        longer = max(_TWICE, int(_OFTENER * math.sqrt(ratio)))
        least = (_TWICE, longer) if theirs > ours else (longer, _TWICE)
        both = (self._counts[0] >= least[0]) & (self._counts[n + 1] >= least[1])
        found = [self._words.texts[n] for n in np.flatnonzero(both & self._words.telling).tolist()]
        return [text for text in found if not is_number(text)]

    def between(self, one: int, chosen: Sequence[int]) -> Floats:
        """Return how alike one of the others and some are in what they share with the first."""
        held, own = self._held[[n + 1 for n in chosen]], self._held[one + 1]
        sizes = np.sqrt((held * held).sum(1) * (own * own).sum())
        alike: Floats = np.round((held * own).sum(1) / np.maximum(sizes, 1.0), 6)
        return alike

    def shared(self, n: int, most: int) -> Shared:
        """Return what weighs most of what the n-th other shares and can be named."""
        width, texts = len(self._words.numbers), self._words.texts
        held, telling = self._held[n + 1], self._words.telling
        words = [
            (place, float(held[place]) / self._total)
            for place in _best(np.where(telling, held[:width], 0.0), most)
            if not is_number(texts[place])
        ]
        pairs = []
        for place in _best(held[width:], most):
            left, right = (one - 1 for one in divmod(int(self._pairs[place]), width + 1))
            if not (telling[left] and telling[right] and left != right):
                continue
            if not is_number(texts[left]) and not is_number(texts[right]):
                both = float(held[width + place] + held[left] + held[right])
                pairs.append((left, right, both / self._total))
        return Shared(texts, words, pairs)


def _table(rows: Ints, columns: Ints, height: int, width: int) -> Ints:
    """Return how often each (row, column) occurs, but for column 0."""
    counted = np.bincount(rows * width + columns, minlength=height * width)
    return counted.reshape(height, width)[:, 1:]


def _top(held: Floats) -> Floats:
    """Return the sum of the heaviest in each row."""
    most = min(_HEAVIEST, held.shape[1])
    top: Floats = np.partition(held, -most)[:, -most:].sum(1) if most else held.sum(1)
    return top


def _best(held: Floats, most: int) -> list[int]:
    """Return where the heaviest stand, and their equals."""
    least = np.partition(held, -most)[-most] if len(held) > most else 0.0
    return np.flatnonzero((held > 0) & (held >= least)).tolist()
