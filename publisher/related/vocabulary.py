"""The words of the index by their numbers: read once in one state of the file, and kept."""

from __future__ import annotations

import json
import sqlite3

import numpy as np

from publisher.disposable import Damaged
from publisher.related.arrays import Ints
from publisher.related.rarity import Words, part_of
from publisher.related.terms import JOINING, is_number, is_part

_KEPT = 100_000  # words, of some 200 bytes
_MOST = 1 << 28  # no archive has so many
_PART, _JOINING, _NUMBER = 1, 2, 4


class Vocabulary:
    """What each word is, and how many articles hold it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Know none yet; raise Damaged where there can be no such number of words."""
        self._db = db
        size = db.execute("SELECT coalesce(max(word), 0) + 1 FROM words").fetchone()[0]
        if not 0 < size < _MOST:
            raise Damaged("the number of a word is out of all bounds")
        self._size = size
        self._forget()

    def _forget(self) -> None:
        self._texts: dict[int, str] = {}
        self._held = np.zeros(self._size, np.int64)
        self._kinds = np.zeros(self._size, np.uint8)

    def of(self, text: Ints, language: str, documents: int, every: int) -> Words:
        """Return the words of a text of a language that has so many `documents` of `every` one."""
        numbers, counts = np.unique(text[text > 0], return_counts=True)
        unknown = numbers[self._held[numbers] == 0]
        if len(unknown):
            if len(self._texts) > _KEPT:
                self._forget()
                unknown = numbers
            self._read(unknown, language)
        held = self._held[numbers]
        if not (held.min(initial=1) > 0 and held.max(initial=1) <= every):
            raise Damaged("a word is not counted")
        kinds = self._kinds[numbers]
        return Words(
            numbers=numbers,
            texts=[*map(self._texts.__getitem__, numbers.tolist())],
            counts=counts,
            held=held,
            documents=documents,
            parts=kinds & _PART > 0,
            joining=kinds & _JOINING > 0,
            figures=kinds & _NUMBER > 0,
            part=part_of(language),
        )

    def _read(self, numbers: Ints, language: str) -> None:
        rows = self._db.execute(
            "SELECT word, text, docs FROM words "
            "WHERE word IN (SELECT value FROM json_each(?)) ORDER BY word",
            (json.dumps(numbers.tolist()),),
        ).fetchall()
        if len(rows) < len(numbers):
            raise Damaged("a word is not counted")
        joining = JOINING.get(language, frozenset())
        self._texts |= {word: text for word, text, _ in rows}
        self._held[numbers] = [docs for _, _, docs in rows]
        self._kinds[numbers] = [_kind(text, joining) for _, text, _ in rows]


def _kind(text: str, joining: frozenset[str]) -> int:
    if text in joining:
        return _JOINING
    if text.isascii() and text.isalpha():  # nearly all
        return 0
    if len(text) < 3 and is_part(text):
        return _PART
    return _NUMBER if is_number(text) else 0
