"""How rare words are among articles, and what each tells of one text by that. Pure; numpy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec
import numpy as np
from msgspec.structs import replace

from publisher.related.arrays import Flags, Floats, Ints

SHARP = 4
"""The power of a word's rarity in its weight: what few articles hold tells far more."""
_PART = 0.25
"""What a piece of a script without spaces weighs beside a word."""
_PARTS = {"ja": 0.5}
"""The same in Japanese: kana end most runs of Han after two characters, so that a pair is a word
there. In Chinese, where they go on, every second pair is the end of one and the beginning of the
next."""
_SMALL = 30
"""An archive is taken to be of so many articles at least."""


class Words(msgspec.Struct, frozen=True, dict=True):
    """The different words of one text, ascending by number.

    `counts` says how often each stands in the text, `held` how many of the archive's `documents`
    (texts of the language, this one among them) have it. `parts` are pieces of a script without
    spaces, which weigh `part` of a word; `joining` only join others, `figures` are numbers.
    """

    numbers: Ints
    texts: Sequence[str]
    counts: Ints
    held: Ints
    documents: int
    parts: Flags
    joining: Flags
    figures: Flags
    part: float

    @cached_property
    def rarities(self) -> Floats:
        """How rare each is, 0 to 1."""
        return rarity(self.held, self.documents)

    @cached_property
    def weights(self) -> Floats:
        """What each word tells, 0 to 1; nothing, if it only joins others."""
        parts = np.where(self.parts, self.part, 1.0)
        weights: Floats = self.rarities**SHARP * parts * ~self.joining
        return weights

    @cached_property
    def telling(self) -> Flags:
        """Which can be a reason, but for numbers: none that a tenth of the archive has (in a small
        one, half).
        """
        telling: Flags = (self.held <= _common(self.documents)) & ~self.joining
        return telling

    @cached_property
    def named(self) -> Flags:
        """Which can be a reason."""
        return self.telling & ~self.figures

    def only(self, chosen: Ints) -> Words:
        """Return some of the words, by ascending position."""
        return replace(
            self,
            numbers=self.numbers[chosen],
            texts=[self.texts[n] for n in chosen],
            counts=self.counts[chosen],
            held=self.held[chosen],
            parts=self.parts[chosen],
            joining=self.joining[chosen],
            figures=self.figures[chosen],
        )


def part_of(language: str) -> float:
    """Return what a piece of a script without spaces weighs beside a word of a language."""
    return _PARTS.get(language, _PART)


def rarity(held: Ints, documents: int) -> Floats:
    """Return 1 for a word that no other article has, 0 for one that all have (idf, scaled).

    In an archive of ten, a word that three hold is no commonplace: it is taken to be of thirty.
    """
    of = max(documents, _SMALL) + 1
    missing = 1 - (held - 1) / max(documents, 1)
    found: Floats = np.log(of / held) / np.log(of) * np.sqrt(np.maximum(missing, 0.0))
    return found


def returned(returning: Ints, having: Ints) -> Floats:
    """Return the share of those that have a word who return to it, a half where none has it.

    A word that all say once is said in passing, however rare: a lecture's address, a greeting.
    """
    found: Floats = (returning + 1) / (having + 2)
    return found


def heaviest(words: Words, most: int, postings: int) -> Ints:
    """Return the positions of the words to look for others by, heaviest first (ties by text).

    At most `most` words, held by `postings` articles altogether; none that a tenth of the archive
    has (in a small archive, half), and none that it alone has.
    """
    every = np.round(np.sqrt(words.counts) * words.rarities, 9)
    fit = np.flatnonzero((words.held > 1) & words.telling)
    value = every[fit]
    if len(fit) > most:
        is_best = value >= np.partition(value, -most)[-most]
        fit, value = fit[is_best], value[is_best]
    places = fit.tolist()
    texts = [words.texts[n] for n in places]
    ranked = sorted(zip((-value).tolist(), texts, places, strict=True))
    order = np.array([n for *_, n in ranked[:most]], np.int64)
    return order[np.cumsum(words.held[order]) <= postings]


def _common(documents: int) -> float:
    """Return how many articles may hold a word before it says nothing about any of them."""
    return max(documents / 10, min(documents / 2, 10), 2)
