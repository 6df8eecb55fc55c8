"""Where some texts have the words, and the neighbouring words, of the first of them. Pure; numpy.

A text is an array of word numbers in order, 0 where a part of it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from publisher.related.arrays import Flags, Ints

_MARKS = (1 << 16) - 1
"""The last place of a table in which codes are looked up by their last bits."""


@dataclass(frozen=True, slots=True)
class Together:
    """Texts one after the other, and how many words each has, with the 0 where a part ends."""

    words: Ints
    lengths: Ints

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Together:
        """Take texts as the index keeps them: numbers of 32 bits."""
        lengths = np.array([len(one) for one in texts]) // 4
        return cls(np.frombuffer(b"".join(texts), np.uint32), lengths)


@dataclass(frozen=True, slots=True)
class Met:
    """Where some texts have the first one's words: `places` in all of them, ascending.

    `columns` says which word stands there, from 1, and `rows` in which of the texts.
    """

    places: Ints
    columns: NDArray[np.int16]
    rows: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
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
    places = np.flatnonzero(columns != 0)  # a fifth of all: nothing else is looked at again
    held = np.diff(np.searchsorted(places, np.cumsum(texts.lengths)), prepend=0)
    return Met(places, columns[places], np.repeat(np.arange(len(held)), held))


def neighbours(found: Met, rows: int, width: int) -> Pairs:
    """Find the neighbours that the first text has; a code is the left word times `width`, the right
    one added.
    """
    # No neighbours are of two texts: each ends with a 0.
    first = np.flatnonzero(found.places[1:] - found.places[:-1] == 1)  # of two neighbours
    codes = found.columns[first] * np.int32(width) + found.columns[first + 1]
    rows_of = found.rows[first]
    others = int(np.searchsorted(rows_of, 1))  # those of the second text on
    every, often = np.unique(codes[:others], return_counts=True)
    pair, at = _known(codes[others:], every)
    shared = np.bincount(pair, minlength=len(every)) > 0
    column = (np.cumsum(shared) - 1)[pair]
    size = int(shared.sum())
    codes = rows_of[others:][at] * size + column
    counts = np.bincount(codes, minlength=rows * size).reshape(rows, size)
    counts[0] = often[shared]
    return Pairs(every, often, shared, counts)


def _known(codes: Ints, every: Ints) -> tuple[Ints, Ints]:
    """Which of `every` code, ascending, each of some codes is, and where those stand that are."""
    marked = np.zeros(_MARKS + 1, np.bool_)  # most are told apart by those
    marked[every & _MARKS] = True
    at = np.flatnonzero(marked[codes & _MARKS])
    codes = codes[at]
    place = np.searchsorted(every, codes)
    is_one = every.take(place, mode="clip") == codes if len(every) else place > 0
    return place[is_one], at[is_one]


def table(found: Met, rows: int, width: int) -> Ints:
    """Return how often each text has each of the words."""
    counted = np.bincount(found.rows * width + found.columns, minlength=rows * width)
    return counted.reshape(rows, width)[:, 1:]
