"""The texts of articles in the index, by number; those that were read lately are kept."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from publisher.disposable import Damaged

_KEPT = 32_000_000  # bytes
_BESIDES = 250  # bytes of an entry without its text


class Text(NamedTuple):
    """An article's id, its words in order (uint32, 0 where a part ends), what it links to (int64).

    `meaning` is what a model makes of it (float16), empty without one.
    """

    id: str
    words: bytes
    links: bytes
    meaning: bytes


class Texts:
    """Reads texts, in one state of the file."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        # The one that was asked for last is the last. Of a plain dict the first is found by a look
        # at all that stood before it.
        self._kept: OrderedDict[int, Text] = OrderedDict()
        self._size = 0

    def of(self, docs: Sequence[int]) -> list[Text]:
        """Return the texts of articles; raise Damaged where one has none."""
        kept = self._kept
        found = {doc: kept[doc] for doc in docs if doc in kept}
        for doc in found:
            kept.move_to_end(doc)
        if missing := [doc for doc in docs if doc not in found]:
            found |= self._read(missing)
        return [found[doc] for doc in docs]

    def _read(self, docs: Sequence[int]) -> dict[int, Text]:
        rows = self._db.execute(
            "SELECT doc, id, words, links, meaning FROM texts "
            "WHERE doc IN (SELECT value FROM json_each(?))",
            (json.dumps(list(docs)),),
        )
        found = {doc: Text(*row) for doc, *row in rows}
        if len(found) < len(docs):
            raise Damaged("an article has no text")
        if any(len(one.words) % 4 or len(one.links) % 8 for one in found.values()):
            raise Damaged("a text is cut")
        self._keep(found)
        return found

    def _keep(self, found: dict[int, Text]) -> None:
        self._kept.update(found)
        self._size += sum(map(_bytes, found.values()))
        while self._size > _KEPT:
            self._size -= _bytes(self._kept.popitem(last=False)[1])


def _bytes(text: Text) -> int:
    return len(text.words) + len(text.links) + len(text.meaning) + _BESIDES
