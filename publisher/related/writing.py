"""Articles put into the index and taken out of it: their texts, and which articles hold a word."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from publisher.disposable import Damaged
from publisher.model import Article
from publisher.related.about import forget, is_learnt
from publisher.related.arrays import Ints, different
from publisher.related.postings import last_place, place_of
from publisher.related.reading import Batch, address

_ROW = 500  # articles in one row of postings: four rows fill a page
_TAKEN_OUT = 1_000  # articles at once


def add(
    db: sqlite3.Connection,
    batch: Batch,
    stamp: Callable[[Article], str],
    meanings: Sequence[bytes],
) -> None:
    """Add articles of one language; `stamp` tells one version from another."""
    own = [different(one.text)[1:] for one in batch.read]  # without 0, where a part ends
    first_new = db.execute("SELECT coalesce(max(word), 0) + 1 FROM words").fetchone()[0]
    number = _numbered(db, batch, np.bincount(np.concatenate(own), minlength=len(batch.places) + 1))
    first = db.execute("SELECT coalesce(max(doc), 0) + 1 FROM docs").fetchone()[0]
    db.executemany(
        "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                doc,
                one.article.id,
                stamp(one.article),
                batch.language,
                one.article.published.timestamp(),
                len(one.text),
                address(one.article.url),
            )
            for doc, one in enumerate(batch.read, first)
        ),
    )
    db.executemany(
        "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
        (
            (doc, one.article.id, number[one.text].tobytes(), one.links.tobytes(), meaning)
            for doc, (one, meaning) in enumerate(zip(batch.read, meanings, strict=True), first)
        ),
    )
    docs = np.arange(first, first + len(own), dtype=np.uint32)
    docs = np.repeat(docs, [len(one) for one in own])
    db.executemany(
        "INSERT OR REPLACE INTO postings VALUES (?, ?)",
        _appended(db, _by_word(number[np.concatenate(own)], docs), first_new),
    )


def remove(db: sqlite3.Connection, docs: Sequence[int]) -> None:
    """Take articles out, by number."""
    learnt = bool(docs) and is_learnt(db)
    for start in range(0, len(docs), _TAKEN_OUT):
        some = docs[start : start + _TAKEN_OUT]
        own = _held(db, some)
        if learnt:  # else each text would be read once more, for nothing
            for language, vectors in _meanings(db, some).items():
                forget(db, language, vectors)
        held = np.repeat(np.array(some, np.uint32), [len(one) for one in own])
        for word, gone in _by_word(np.concatenate(own), held):
            _shorten(db, word, gone)
        for table in ("docs", "texts"):
            db.executemany(
                f"DELETE FROM {table} WHERE doc = ?",  # noqa: S608 names of ours
                ((doc,) for doc in some),
            )


def _numbered(db: sqlite3.Connection, batch: Batch, held: Ints) -> NDArray[np.uint32]:
    """Count the words of a batch; return the number of each by its place there."""
    db.executemany(
        "INSERT INTO words (language, text, docs) VALUES (?, ?, ?) "
        "ON CONFLICT (text, language) DO UPDATE SET docs = docs + excluded.docs",
        sorted((batch.language, text, int(held[place])) for text, place in batch.places.items()),
    )
    number = np.zeros(len(batch.places) + 1, np.uint32)
    rows = db.execute(
        "SELECT text, word FROM words WHERE language = ? AND text IN "
        "(SELECT value FROM json_each(?))",
        (batch.language, json.dumps(list(batch.places))),
    )
    for text, word in rows:
        number[batch.places[text]] = word
    return number


def _appended(
    db: sqlite3.Connection, postings: Iterable[tuple[int, Ints]], first_new: int
) -> Iterator[tuple[int, bytes]]:
    """The rows of postings that change when articles are added."""
    last = (
        "SELECT place, docs FROM postings WHERE place BETWEEN ? AND ? ORDER BY place DESC LIMIT 1"
    )
    for word, docs in postings:
        every = (place_of(word, 0), last_place(word))
        row = db.execute(last, every).fetchone() if word < first_new else None
        if row and len(row[1]) // 4 + len(docs) <= _ROW:
            yield row[0], row[1] + docs.tobytes()
            continue
        for start in range(0, len(docs), _ROW):
            part = docs[start : start + _ROW]
            yield place_of(word, int(part[0])), part.tobytes()


def _held(db: sqlite3.Connection, docs: Sequence[int]) -> list[Ints]:
    """The different words of articles, by number."""
    rows = db.execute(
        "SELECT doc, words FROM texts WHERE doc IN (SELECT value FROM json_each(?))",
        (json.dumps(list(docs)),),
    )
    words = {doc: different(np.frombuffer(text, np.uint32))[1:] for doc, text in rows}
    if len(words) < len(docs):
        raise Damaged("an article has no text")
    return [words[doc] for doc in docs]


def _meanings(db: sqlite3.Connection, docs: Sequence[int]) -> dict[str, list[bytes]]:
    """What a model made of articles, by language."""
    found: dict[str, list[bytes]] = {}
    rows = db.execute(
        "SELECT language, meaning FROM texts JOIN docs USING (doc) "
        "WHERE meaning <> x'' AND doc IN (SELECT value FROM json_each(?))",
        (json.dumps(list(docs)),),
    )
    for language, meaning in rows:
        found.setdefault(language, []).append(meaning)
    return found


def _shorten(db: sqlite3.Connection, word: int, gone: Ints) -> None:
    start, end = (place_of(word, int(doc)) for doc in (gone[0], gone[-1]))
    rows = db.execute(
        "SELECT place, docs FROM postings WHERE place <= ? AND place >= coalesce("
        "(SELECT max(place) FROM postings WHERE place BETWEEN ? AND ?), ?)",
        (end, place_of(word, 0), start, start),
    ).fetchall()
    for place, held in rows:
        docs = np.frombuffer(held, np.uint32)
        kept = docs[~np.isin(docs, gone)]
        if not len(kept):
            db.execute("DELETE FROM postings WHERE place = ?", (place,))
        elif len(kept) < len(docs):
            db.execute("UPDATE postings SET docs = ? WHERE place = ?", (kept.tobytes(), place))
    db.execute("UPDATE words SET docs = docs - ? WHERE word = ?", (len(gone), word))
    db.execute("DELETE FROM words WHERE word = ? AND docs = 0", (word,))


def _by_word(words: Ints, docs: Ints) -> Iterator[tuple[int, Ints]]:
    """Return each word with the articles that hold it, both ascending."""
    if not len(words):
        return
    both = words.astype(np.uint64) << np.uint64(32) | docs  # sorted in a third of two sorts' time
    both.sort()
    words, docs = (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32)
    starts = np.flatnonzero(np.diff(words, prepend=np.uint32(0))).tolist()
    for start, end in zip(starts, [*starts[1:], len(docs)], strict=True):
        yield int(words[start]), docs[start:end]
