"""How alike two texts are, by the words and neighbouring words they share. Pure; numpy.

A text is an array of word numbers in order, 0 where a part of it ends. Nothing here depends on
which number a word has: sums are of whole numbers, so that their order cannot matter either.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import chain

import msgspec
import numpy as np

from publisher.related.arrays import Flags, Floats, Ints
from publisher.related.matching import Together, beside, met, neighbours, table
from publisher.related.rarity import SHARP, Words, rarity, returned

_PAIR = 0.25
"""What two neighbouring words weigh beside one; rare pairs are many."""
_HEAVIEST = 20
"""So many words and pairs say what an article is about."""
_TWICE = 2
"""What a text says so often is no mention in passing."""
_TITLE = 3
"""So often a word of the title counts."""
_OFTENER = 1.5
"""Times the root of how much longer one text is, what it has to say so often: from 4 times on."""
_RETURNED = 2
"""Times the share of those that return to a word, what it weighs: all of it from a half on."""
_PASSING = 1 / 3
"""Where fewer of the others with a word return to it, it is no theme of two stories."""
_AROUND = 8
"""So many words before and behind a word tell in what sense it is meant."""
_ROUNDED = 1e-9
_WIDEST = 2_000
"""So many different words of a text are looked at, the heaviest: a bound on memory."""
_LONGEST = 7
"""Pieces of a run of a script without spaces that is named: eight characters."""
_LEAST = 1e-300  # more than nothing
_WHOLE = 2.0**30
"""Weights are whole numbers of this part."""


class Shared(msgspec.Struct, frozen=True):
    """Words, and pairs of neighbouring ones, that two texts share, by their place in `texts`.

    Their weights are parts of all that the first text weighs; a pair's holds that of its words.
    """

    texts: Sequence[str]
    words: Sequence[tuple[int, float]]
    pairs: Sequence[tuple[int, int, float]]


class Likeness:
    """One text beside others: how alike each is, and by which words.

    `whole` is 1 for the same text and 0 for nothing in common, with the length of both taken into
    account: what ranks. `shares` are how much of what weighs most in the first the other holds
    too, 0 to 1, whatever else it holds: what can be said with confidence.
    """

    def __init__(
        self,
        words: Words,
        texts: Together,
        extra: int = 0,
        aliases: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Compare the first of some texts with the others; the last `extra` have no say in what
        is rare.

        `aliases` are (number, position): the same words in other languages.
        """
        words, aliases = _bounded(words, aliases)
        self._words = words
        self._lengths = texts.lengths
        rows, width = len(texts.lengths), len(words.numbers) + 1
        found = self._met = met(words.numbers, aliases, texts)
        self._counts = table(found, width)
        self._near = rows - extra
        self._said: dict[int, list[str]] = {}
        self._told: dict[tuple[bool, int], float] = {}
        self._beside: dict[int, Mapping[tuple[int, bool], int]] = {}
        pairs = neighbours(found, width)
        self._pairs = pairs.codes[pairs.shared]
        weight = _pair_weights(words, pairs.codes)
        alone = np.rint((weight * pairs.often)[~pairs.shared] * _WHOLE)  # as rare as can be
        # How rare a pair is, only those that are near can say: no archive counts all its pairs.
        seen = _seen(pairs.counts[: self._near])
        near = self._counts[1 : self._near]
        self._having, self._returning = _rows_with(near > 0), _rows_with(near >= _TWICE)
        often = np.minimum(_RETURNED * returned(self._returning, self._having), 1.0)
        weights = np.concatenate([words.weights * often, seen**SHARP * weight[pairs.shared]])
        self._held = _held(weights, self._counts, pairs.counts)
        own = np.concatenate([self._held[0], alone])
        self._total = max(float(own.sum()), 1.0)
        self._most = max(float(_top(own[None, :])[0]), 1.0)
        whole = self._held.sum(1) / self._total / np.sqrt(texts.lengths / texts.lengths[0])
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
        names everything twice. None that the rest of what is near says in passing.
        """
        if n not in self._said:
            places, themes = self._themes
            self._said[n] = [self._words.texts[place] for place in places[themes[n]].tolist()]
        return self._said[n]

    def told(self, n: int, ours: Mapping[str, int], theirs: Mapping[str, int]) -> dict[str, float]:
        """Return the words of two titles that the n-th other and the first both return to.

        Each with what it tells, 0 to 1; `ours` and `theirs` say how often the titles have it. To a
        word of its own title a text returns where it has it again.
        """
        found = {}
        for word in dict.fromkeys((*ours, *theirs)):
            place = self._namable.get(word)
            if place is None:
                continue
            said = self._counts.item(0, place), self._counts.item(n + 1, place)
            least = self._least[0].item(n), self._least[1].item(n)
            if _returns(said[0], ours.get(word, 0), least[0]) and _returns(
                said[1], theirs.get(word, 0), least[1]
            ):
                found[word] = self._tells(n + 1 < self._near, place)
        return found

    def around(self, chosen: Sequence[int], told: Sequence[Mapping[str, float]]) -> list[float]:
        """Return how much both the first and some of the others have around some words of each.

        The squares of how rare the words are that stand near one in both; of several, the mean, by
        what each tells.
        """
        tells = [{word: weight for word, weight in one.items() if weight} for one in told]
        asked = [at for at, one in enumerate(tells) if one]
        words = {word: at for at, word in enumerate(dict.fromkeys(chain(*tells)))}
        if not words:
            return [0.0] * len(told)
        places, width = np.array([self._namable[word] for word in words]), len(self._words.numbers)
        rows = [0, *(chosen[at] + 1 for at in asked)]
        near = beside(self._met, rows, places, width, _AROUND)
        both = ((near[0] & near[1:]) @ self._rare / _WHOLE).tolist()
        found = [0.0] * len(told)
        for at, each in zip(asked, both, strict=True):
            weights = [tells[at].get(word, 0.0) for word in words]
            said = math.fsum(one * weight for one, weight in zip(each, weights, strict=True))
            found[at] = round(said / math.fsum(weights), 6)
        return found

    def alone(self, chosen: Sequence[int]) -> Floats:
        """Return how much of what some of the others share one word alone weighs, 0 to 1."""
        held = self._held[[n + 1 for n in chosen]]
        named = self._words.named
        most = (held[:, : len(named)] * named).max(1, initial=0.0)
        alone: Floats = np.round(most / np.maximum(held.sum(1), 1.0), 6)
        return alone

    @cached_property
    def _namable(self) -> dict[str, int]:
        """Where the words stand that can say what a text is about."""
        texts = self._words.texts
        places = dict(zip(texts, range(len(texts)), strict=True))
        for place in np.flatnonzero(self._words.joining | self._words.figures).tolist():
            del places[texts[place]]
        return places

    def _tells(self, is_near: bool, place: int) -> float:
        """What it tells that two texts return to a word, 0 to 1."""
        asked = is_near, place
        if asked not in self._told:
            rest = min(_RETURNED * float(self._rest(is_near, place)), 1.0)
            part = self._words.part if self._words.parts[place] else 1.0
            self._told[asked] = round(float(self._words.rarities[place]) ** 2 * rest * part, 9)
        return self._told[asked]

    @cached_property
    def _rare(self) -> Floats:
        """The square of how rare each word is, none if it only joins others; whole numbers."""
        rare: Floats = np.rint(self._words.rarities**2 * ~self._words.joining * _WHOLE)
        return rare

    @cached_property
    def _themes(self) -> tuple[Ints, Flags]:
        """The words that the first text returns to, and which of them each of the others does."""
        own, (ours, theirs) = self._counts[0], self._least
        places = np.flatnonzero((own >= _TWICE) & self._words.named)
        both = own[places] >= ours[:, None]
        both &= self._counts[1:, places] >= theirs[:, None]
        near = self._near - 1
        for is_near, rows in ((True, slice(near)), (False, slice(near, None))):
            both[rows] &= self._rest(is_near, places) >= _PASSING - _ROUNDED
        return places, both

    @cached_property
    def _least(self) -> tuple[Ints, Ints]:
        """How often the first and each of the others have to say a word to return to it."""
        ours, theirs = int(self._lengths[0]), self._lengths[1:]
        ratio = np.maximum(theirs, ours) / np.maximum(np.minimum(theirs, ours), 1)
        longer = np.maximum(_TWICE, (_OFTENER * np.sqrt(ratio)).astype(np.int64))
        is_longer = theirs > ours
        return np.where(is_longer, _TWICE, longer), np.where(is_longer, longer, _TWICE)

    def _rest(self, is_near: bool, places: Ints | int) -> Floats:
        """Which share of the candidates that have some words, but for one, return to them.

        One that `is_near` returns to all of them, and has no say in that.
        """
        return returned(self._returning[places] - is_near, self._having[places] - is_near)

    def between(self, chosen: Sequence[int]) -> Callable[[int], Floats]:
        """Return what tells how alike one of some others, by its place among them, and each of them
        are in what they share with the first.
        """
        held = self._held[[n + 1 for n in chosen]]
        squares = np.einsum("ij,ij->i", held, held)

        def alike(one: int) -> Floats:
            sizes = np.sqrt(squares * squares[one])
            both = np.einsum("ij,j->i", held, held[one])
            found: Floats = np.round(both / np.maximum(sizes, 1.0), 6)
            return found

        return alike

    def shared(self, n: int, most: int) -> Shared:
        """Return what weighs most of what the n-th other shares and can be named."""
        width, held = len(self._words.numbers), self._held[n + 1]
        weigh, named = held.item, self._words.named.item
        words = [
            (place, weigh(place) / self._total)
            for place in _best(held[:width] * self._words.telling, most)
            if named(place)
        ]
        pairs = []
        for place in _best(held[width:], most):
            left, right = (one - 1 for one in divmod(self._pairs.item(place), width + 1))
            if named(left) and named(right) and left != right:
                both = weigh(width + place) + weigh(left) + weigh(right)
                pairs.append((left, right, both / self._total))
        return Shared(self._words.texts, words, pairs)

    def run(self, n: int, places: Sequence[int]) -> list[int]:
        """Return pieces of a script without spaces with those around them, as in the n-th other.

        Words by their place; what is no such piece comes back alone.
        """
        chain, around = [*places], self._around(n)
        while len(chain) < _LONGEST and (after := around.get((chain[-1], True), -1)) not in chain:
            if after < 0:
                break
            chain.append(after)
        while len(chain) < _LONGEST and (before := around.get((chain[0], False), -1)) not in chain:
            if before < 0:
                break
            chain.insert(0, before)
        return chain

    def _around(self, n: int) -> Mapping[tuple[int, bool], int]:
        """The piece after and before each in the n-th other as well: the heaviest pair's."""
        if n in self._beside:
            return self._beside[n]
        width = len(self._words.numbers)
        held, parts = self._held[n + 1, width:], self._words.parts
        shared = np.flatnonzero(held)
        left, right = np.divmod(self._pairs[shared], width + 1)
        left, right = left - 1, right - 1
        fit = parts[left] & parts[right]
        order = np.argsort(held[shared][fit], kind="stable")
        found: dict[tuple[int, bool], int] = {}
        texts = self._words.texts
        for one, other in zip(left[fit][order].tolist(), right[fit][order].tolist(), strict=True):
            if texts[one][-1] == texts[other][0]:
                found[one, True], found[other, False] = other, one
        self._beside[n] = found
        return found


def _returns(said: int, in_title: int, least: int) -> bool:
    """Whether a text that says a word so often, in its title and in all, returns to it."""
    return said > _TITLE * in_title if in_title else said >= least


def _bounded(
    words: Words, aliases: Sequence[tuple[int, int]]
) -> tuple[Words, Sequence[tuple[int, int]]]:
    """Those that weigh most, where there are too many to look at."""
    if len(words.numbers) <= _WIDEST:
        return words, aliases
    value = np.round(words.weights * np.sqrt(words.counts), 9)
    order = sorted(range(len(value)), key=lambda n: (-value[n], words.texts[n]))[:_WIDEST]
    kept = {place: n for n, place in enumerate(sorted(order))}
    few = words.only(np.array(list(kept)))
    return few, [(number, kept[place]) for number, place in aliases if place in kept]


def _pair_weights(words: Words, codes: Ints) -> Floats:
    """What two neighbours weigh, however rare; nothing, if both only join others."""
    left, right = np.divmod(codes, len(words.numbers) + 1)
    left, right = left - 1, right - 1
    weight = np.where(words.parts[left] | words.parts[right], words.part, 1.0) * _PAIR
    weight[words.joining[left] & words.joining[right]] = 0.0
    return weight


def _seen(counts: Ints) -> Floats:
    """How rare pairs are among some texts; as rare as can be where there is one alone."""
    if len(counts) == 1:
        return np.ones(counts.shape[1])
    return rarity((counts > 0).sum(0), len(counts))


def _rows_with(flags: Flags) -> Ints:
    """Return how many rows have each: of less than 65,536, in a quarter of `sum`'s time."""
    counted: Ints = flags.view(np.uint8).sum(0, dtype=np.uint16).astype(np.int64)
    return counted


def _held(weights: Floats, words: Ints, pairs: Ints) -> Floats:
    """What the words, then the pairs, that each text holds weigh: whole numbers."""
    wide = words.shape[1]
    held = np.empty((len(words), len(weights)))
    most = max(int(words.max(initial=0)), int(pairs.max(initial=0)))
    roots = np.sqrt(np.arange(most + 1))  # looked up in half of the time that takes each root
    held[:, :wide] = roots.take(words)
    held[:, wide:] = roots.take(pairs)
    held *= held[0] * weights * _WHOLE
    return np.rint(held, out=held)


def _top(held: Floats) -> Floats:
    """Return the sum of the heaviest in each row."""
    most = min(_HEAVIEST, held.shape[1])
    top: Floats = np.sort(held, 1)[:, -most:].sum(1) if most else held.sum(1)  # quicker than a part
    return top


def _best(held: Floats, most: int) -> list[int]:
    """Return where the heaviest stand, and their equals."""
    least = float(np.partition(held, -most)[-most]) if len(held) > most else 0.0
    return np.flatnonzero(held >= max(least, _LEAST)).tolist()
