"""Which articles hold a word, in one state of the file; what was read lately is kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

_KEPT = 16_000_000  # bytes


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
            "SELECT word, docs FROM postings WHERE word IN (SELECT value FROM json_each(?))",
            (json.dumps(words),),
        )
        parts: dict[int, list[bytes]] = {word: [] for word in words}
        for word, docs in rows:
            parts[word].append(docs)
            self._size += len(docs)
        self._kept |= {word: b"".join(some) for word, some in parts.items()}
