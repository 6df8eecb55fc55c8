"""Where some texts have the words, and the neighbouring words, of the first of them. Pure; numpy.

A text is an array of word numbers in order, 0 where a part of it ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from publisher.related.arrays import Flags, Ints


class Together(msgspec.Struct, frozen=True):
    """Texts one after the other, and how many words each has, with the 0 where a part ends."""

    words: Ints
    lengths: Ints

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Together:
        """Take texts as the index keeps them: numbers of 32 bits."""
        lengths = np.array([len(one) for one in texts]) // 4
        return cls(np.frombuffer(b"".join(texts), np.uint32), lengths)

    @property
    def each(self) -> list[Ints]:
        """One text after the other."""
        ends = np.cumsum(self.lengths).tolist()
        return [self.words[start:end] for start, end in zip([0, *ends], ends, strict=False)]


class Met(msgspec.Struct, frozen=True):
    """Where some texts have the first one's words: `places` in all of them, ascending.

    `columns` says which word stands there, from 1; `held` how many of them each text has.
    """

    places: Ints
    columns: NDArray[np.int16]
    held: Ints


class Pairs(msgspec.Struct, frozen=True):
    """The pairs of the first text: their codes, ascending, and how often it has them.

    `shared` are those that another has too; `counts` says how often each text has these.
    """

    codes: Ints
    often: Ints
    shared: Flags
    counts: Ints


def met(numbers: Ints, aliases: Sequence[tuple[int, int]], texts: Together) -> Met:
    """Find some words, by number; `aliases` are (number, position): the same in other languages."""
    size = int(max(texts.words.max(initial=0), numbers.max(initial=0))) + 1
    column = np.zeros(size, np.int16)
    column[numbers] = np.arange(1, len(numbers) + 1)
    for number, position in aliases:
        if number < size:
            column[number] = position + 1
    columns = column.take(texts.words)
    places = np.flatnonzero(columns != 0)  # half of all at most: nothing else is looked at again
    held = np.diff(np.searchsorted(places, np.cumsum(texts.lengths)), prepend=0)
    return Met(places, columns.take(places), held)


def neighbours(found: Met, width: int) -> Pairs:
    """Find the neighbours that the first text has; a code is the left word times `width`, the right
    one added.
    """
    rows = len(found.held)
    codes = found.columns[:-1] * np.int32(width) + found.columns[1:]
    others = int(found.held[0])  # the first one that begins in the second text
    # No neighbours are of two texts: each ends with a 0.
    own = codes[:others][_touching(found.places[: others + 1])]
    every, often = np.unique(own, return_counts=True)
    at, pair = _known(found.places[others:], codes[others:], every, width)
    shared = np.bincount(pair, minlength=len(every)) > 0
    column = (np.cumsum(shared) - 1)[pair]
    size = int(shared.sum())
    row = np.searchsorted(np.cumsum(found.held), at + others, side="right")
    counts = np.bincount(row * size + column, minlength=rows * size).reshape(rows, size)
    counts[0] = often[shared]
    return Pairs(every, often, shared, counts)


def beside(found: Met, rows: Sequence[int], wanted: Ints, width: int, reach: int) -> Flags:
    """Tell of some words (columns, from 0) which stand within `reach` of each in some texts.

    For each of `rows` one row for each of `wanted`, one column for each of the `width` words; none
    is beside itself.
    """
    ends = np.cumsum(found.held)
    starts, stops = (ends - found.held)[rows], ends[rows]
    which = np.full(width + 1, -1)
    which[wanted + 1] = np.arange(len(wanted))
    text, places = _ranges(starts, stops)
    word = which.take(found.columns[places])
    hits = np.flatnonzero(word >= 0)
    text, at, word = text[hits], found.places[places[hits]], word[hits]
    first = np.maximum(np.searchsorted(found.places, at - reach), starts[text])
    last = np.minimum(np.searchsorted(found.places, at + reach, side="right"), stops[text])
    hit, others = _ranges(first, last)
    near = np.zeros((len(rows), len(wanted), width), bool)
    near[text[hit], word[hit], found.columns[others] - 1] = True
    near[:, np.arange(len(wanted)), wanted] = False
    return near


def _ranges(starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """All numbers of some ranges, one after the other, and of which range each is."""
    lengths = stops - starts
    which = np.repeat(np.arange(len(starts)), lengths)
    return which, np.arange(len(which)) + (starts - np.cumsum(lengths) + lengths)[which]


def _touching(places: Ints) -> Flags:
    """Which places are followed by the very next."""
    touching: Flags = places[1:] - places[:-1] == 1
    return touching


def _known(places: Ints, codes: Ints, every: Ints, width: int) -> tuple[Ints, Ints]:
    """Where those of some codes stand that are among `every` one, and which each is."""
    number = np.zeros(width * width, np.uint16)
    number[every] = np.arange(1, len(every) + 1)
    pair = number.take(codes)
    at = np.flatnonzero(pair != 0)
    at = at[places.take(at + 1) - places.take(at) == 1]
    return at, pair.take(at).astype(np.int64) - 1


def table(found: Met, width: int) -> Ints:
    """Return how often each text has each of the words."""
    rows, columns = len(found.held), width - 1
    first = np.repeat(np.arange(rows) * columns - 1, found.held)
    return np.bincount(first + found.columns, minlength=rows * columns).reshape(rows, columns)
