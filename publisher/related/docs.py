"""What is known of every article of the index, by its number there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from publisher.disposable import Damaged
from publisher.related.arrays import Floats, Ints

_MOST_GAPS = 10_000_000  # of numbers that no article has any more
_ROW = np.dtype(
    [("doc", "i8"), ("language", "i4"), ("published", "f8"), ("length", "i8"), ("address", "i8")]
)


class Docs(msgspec.Struct, frozen=True):
    """Arrays by an article's number: `language` is -1, `published` infinite where there is none.

    `languages` numbers the languages, `documents` says how many articles each has; `root_length` is
    the root of how many words a text has.
    """

    languages: Mapping[str, int]
    documents: Sequence[int]
    language: NDArray[np.int32]
    published: Floats
    root_length: Floats
    address: Ints

    def count(self, language: str | None = None) -> int:
        """Return how many articles there are, of one language or altogether."""
        if language is None:
            return sum(self.documents)
        return self.documents[self.languages[language]] if language in self.languages else 0


class _Languages(dict[str, int]):
    """Numbers languages from 0 in the order in which they are met."""

    def __missing__(self, language: str) -> int:
        self[language] = number = len(self)
        return number


def listed(db: sqlite3.Connection) -> Docs:
    """Return what is known of all articles; raise Damaged where that cannot be."""
    known = _Languages()
    number = known.__getitem__
    rows = db.execute("SELECT doc, language, published, length, address FROM docs")
    found = np.fromiter(
        ((doc, number(tag), when, length, at) for doc, tag, when, length, at in rows), _ROW
    )
    doc = found["doc"]
    size = int(doc.max(initial=0)) + 1
    if size > 10 * len(doc) + _MOST_GAPS or doc.min(initial=0) < 0:
        raise Damaged("the number of an article is out of all bounds")
    docs = Docs(
        known,
        np.bincount(found["language"], minlength=len(known)).tolist(),
        np.full(size, -1, np.int32),
        np.full(size, np.inf),
        np.ones(size),
        np.zeros(size, np.int64),
    )
    docs.language[doc] = found["language"]
    docs.published[doc] = found["published"]
    docs.root_length[doc] = np.sqrt(np.maximum(found["length"], 1))
    docs.address[doc] = found["address"]
    return docs


def number_of(db: sqlite3.Connection, name: str) -> int | None:
    """Return the number of the article with an id, None where it is not there."""
    row = db.execute("SELECT doc FROM docs WHERE id = ?", (name,)).fetchone()
    return int(row[0]) if row else None


def ids_of(db: sqlite3.Connection, docs: Sequence[int]) -> dict[int, str]:
    """Return the ids of some articles, by number."""
    rows = db.execute(
        "SELECT doc, id FROM docs WHERE doc IN (SELECT value FROM json_each(?))",
        (json.dumps(list(docs)),),
    )
    return dict(rows.fetchall())
