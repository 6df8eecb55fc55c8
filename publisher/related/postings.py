"""Which articles hold a word, in one state of the file; what was read lately is kept.

A row of postings holds the numbers of some articles that hold a word. Its `place` is the word's
number, then that of the first of them: a word's rows lie side by side, and are found by one number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

_KEPT = 16_000_000  # bytes
_BITS = 32  # of an article's number


def place_of(word: int, doc: int) -> int:
    """Return the place of the row of a word that begins with an article, by their numbers."""
    return word << _BITS | doc


def last_place(word: int) -> int:
    """Return the last place that a row of a word can have."""
    return (word + 1 << _BITS) - 1


class Postings:
    """Reads the articles of words, when they are asked for."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._kept: dict[int, bytes] = {}
        self._size = 0

    def of(self, words: Sequence[int]) -> list[bytes]:
        """Return the numbers (uint32) of the articles that hold each of some words."""
        if missing := [word for word in words if word not in self._kept]:
            if self._size > _KEPT:
                self._kept, self._size, missing = {}, 0, list(words)
            self._read(missing)
        return [self._kept[word] for word in words]

    def _read(self, words: Sequence[int]) -> None:
        rows = self._db.execute(
            f"SELECT value, docs FROM json_each(?) CROSS JOIN postings "  # noqa: S608 numbers of ours
            f"ON place >= value << {_BITS} AND place < value + 1 << {_BITS}",
            (json.dumps(words),),
        )
        parts: dict[int, list[bytes]] = {word: [] for word in words}
        for word, docs in rows:
            parts[word].append(docs)
            self._size += len(docs)
        self._kept |= {word: b"".join(some) for word, some in parts.items()}
