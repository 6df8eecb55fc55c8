"""One state of the index's file: what was read of it is kept as long as it is the last."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property

import numpy as np
from msgspec.structs import replace

from publisher.related.candidates import Candidates
from publisher.related.database import keep_for_reading
from publisher.related.docs import Docs, listed
from publisher.related.rarity import Words
from publisher.related.texts import Texts
from publisher.related.vocabulary import Vocabulary


class Snapshot:
    """The articles, words and texts of one state; what cannot be raises Damaged."""

    def __init__(self, db: sqlite3.Connection) -> None:
        keep_for_reading(db)
        self._db = db
        self.docs: Docs = listed(db)
        self.texts = Texts(db)
        self.candidates = Candidates(db, self.docs)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._db)

    def words(
        self, text: bytes, language: str, *, everywhere: bool
    ) -> tuple[Words, list[tuple[int, int]]]:
        """The words of a text of a language, or as the whole archive holds them: `everywhere`.

        Then (number, position) of those of other languages as well.
        """
        own = self._vocabulary.of(
            np.frombuffer(text, np.uint32), language, self.docs.count(language), self.docs.count()
        )
        return self._everywhere(own) if everywhere else (own, [])

    def _everywhere(self, own: Words) -> tuple[Words, list[tuple[int, int]]]:
        rows = self._db.execute(
            "SELECT text, word, docs FROM words WHERE text IN (SELECT value FROM json_each(?))",
            (json.dumps(list(own.texts)),),
        ).fetchall()
        position = {text: place for place, text in enumerate(own.texts)}
        held = np.zeros(len(own.texts), np.int64)
        for text, _, docs in rows:
            held[position[text]] += docs
        numbers = set(own.numbers.tolist())
        aliases = [(word, position[text]) for text, word, _ in rows if word not in numbers]
        return replace(own, held=held, documents=self.docs.count()), aliases
