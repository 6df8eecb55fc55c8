"""The archive's words on disk: SQLite in `.publisher/related.db`; rebuilt when deleted.

Only what an article itself holds is stored, and how many articles hold a word: nothing else that
depends on the archive, so that an index fed one article at a time answers as one built at once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np

from publisher import disposable
from publisher.errors import StateUnavailable
from publisher.model import Article, Bodies, RelatedSettings
from publisher.related.likeness import Floats, Ints, Likeness, Words, heaviest, rarity
from publisher.related.meaning import Meaning
from publisher.related.reading import Batch, address, batches
from publisher.related.terms import language_of

Reader = Callable[[Sequence[Article], Bodies, bool], Iterable[Batch]]
"""Reads articles, each with its body, and for a model or not: see `batches`."""

_FORMAT = 5
_SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, language TEXT NOT NULL,
  published REAL NOT NULL, length INTEGER NOT NULL, address INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS texts (
  doc INTEGER PRIMARY KEY, words BLOB NOT NULL, links BLOB NOT NULL, meaning BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS words (
  word INTEGER PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL, docs INTEGER NOT NULL,
  UNIQUE (text, language));
CREATE TABLE IF NOT EXISTS postings (
  word INTEGER NOT NULL, first INTEGER NOT NULL, docs BLOB NOT NULL,
  PRIMARY KEY (word, first)) WITHOUT ROWID;
"""
_CACHE = "PRAGMA cache_size = -32768"  # KB
_TABLES = ("docs", "texts", "words", "postings")
_FORMER = ("fts", "terms")  # of older formats
_ROW = 512  # articles in one row of postings

_QUERY_WORDS = 128
_POSTINGS = 200_000  # that one query may read
_CANDIDATES = 150
_MOST_GAPS = 10_000_000  # of numbers that no article has any more
_UNIT = 2.0**20  # weights are whole numbers of this part: their sum is the same in any order


@dataclass(frozen=True, slots=True)
class Near:
    """The articles whose words are most like one's, best first, and how alike they are.

    `ids` are the candidates', then others that were asked for, from `extra` on; `asked` are the
    places of all that were asked for. `recent` is what an article's age leaves of its score, 0 to
    1; `cites` are (n, m): the n-th candidate's text links to the m-th. `meaning` is how alike a
    model finds them, 0 to 1, where there is one; `linked` are those that the article links to.
    """

    ids: Sequence[str]
    extra: int
    likeness: Likeness
    recent: Floats
    cites: Sequence[tuple[int, int]]
    asked: frozenset[int] = frozenset()
    meaning: Floats | None = None
    linked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Docs:
    """What is known of every article, by its number (`language` -1 where there is none)."""

    ids: Mapping[int, str]
    numbers: Mapping[str, int]
    languages: Mapping[str, int]
    language: Ints
    published: Floats
    length: Ints
    address: Ints


def _opened(path: Path | None) -> sqlite3.Connection:
    if path:
        disposable.check_database(path)
        path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path or "", check_same_thread=False)
    try:
        db.execute("PRAGMA synchronous = OFF")  # it can be made again
        db.execute("PRAGMA page_size = 8192")
        db.execute(_CACHE)
        if db.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
            for table in (*_TABLES, *_FORMER):
                db.execute(f"DROP TABLE IF EXISTS {table}")
            db.execute(f"PRAGMA user_version = {_FORMAT}")
        db.executescript(_SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db


class _Damaged(Exception):
    """What is in the file does not fit together, or is not ours."""


@contextmanager
def _told() -> Iterator[None]:
    """Tell what is damaged from a database that is locked, or a disk that is full."""
    try:
        yield
    except sqlite3.Error as error:
        if disposable.is_passing(error):
            raise StateUnavailable(str(error)) from error
        raise _Damaged(str(error)) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, OSError) as error:
        raise _Damaged(getattr(error, "strerror", None) or str(error)) from error


class Index:
    """Finds earlier articles by their words."""

    def __init__(
        self, path: Path | None, *, readonly: bool = False, model: Meaning | None = None
    ) -> None:
        """Open the index at `path`, or a passing one; `readonly` leaves the file as it is."""
        self._path, self._readonly, self._model, self._seen = path, readonly, model, 0
        self._known: _Docs | None = None
        self._turn = Lock()  # threads of a service ask one after the other
        self._given: tuple[Sequence[Article], Bodies] = ((), lambda _: "")
        self.damage = ""
        try:
            with _told():
                self._db = _looked_at(path) if readonly else _opened(path)
        except _Damaged as error:
            self._begin_anew(str(error))

    def update(
        self,
        articles: Sequence[Article],
        body: Bodies,
        progress: Callable[[str, int, int], None] = lambda *_: None,
        read: Reader = batches,
    ) -> int:
        """Bring the index up to the archive; return how many articles that took.

        One transaction: another process sees all of it or nothing. Raises StateUnavailable.
        `read` does what `batches` does.
        """
        self._given = articles, body
        with self._turn:
            try:
                with _told():
                    return self._updated(articles, body, progress, read)
            except StateUnavailable as error:
                if not self._readonly:
                    raise
                self._begin_anew(error.said)
            except _Damaged as error:
                self._begin_anew(str(error))
            return self._made_anew(progress)

    def _made_anew(self, progress: Callable[[str, int, int], None] = lambda *_: None) -> int:
        """Fill an empty index; in memory, where that cannot be on the disk."""
        try:
            with _told():
                return self._updated(*self._given, progress)
        except _Damaged:
            self._db.close()
            self._db = _opened(None)
            return self._updated(*self._given, progress)

    def _updated(
        self,
        articles: Sequence[Article],
        body: Bodies,
        progress: Callable[[str, int, int], None],
        read: Reader = batches,
    ) -> int:
        version = self._version()
        old, fresh = self._changes(articles)
        if not old and not fresh:
            return 0
        if self._readonly:
            self._own_copy()
        self._known = None
        self._db.execute("BEGIN IMMEDIATE")
        with self._db:
            if self._version() != version:  # another process was faster
                old, fresh = self._changes(articles)
            self._remove(sorted(old.values()))
            done = 0
            for batch in read(fresh, body, self._model is not None):
                self._add(batch)
                done += len(batch.read)
                progress("Indexing for related stories", done, len(fresh))
        return len(old.keys() | {article.id for article in fresh})

    def _version(self) -> int:
        """Return a number that is another one when another connection has written."""
        version: int = self._db.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _changes(self, articles: Sequence[Article]) -> tuple[dict[str, int], list[Article]]:
        """What is to be taken out, by id, and what is to be added."""
        wanted = {article.id: article for article in articles}
        old = {}
        for name, stamp, doc in self._db.execute("SELECT id, stamp, doc FROM docs"):
            if name in wanted and self._stamp(wanted[name]) == stamp:
                del wanted[name]
            else:
                old[name] = doc
        return old, list(wanted.values())

    def near(
        self, article: Article, settings: RelatedSettings, extra: Sequence[str] = ()
    ) -> Near | None:
        """Return the earlier articles that are most like one, None where nothing can be.

        Ties go to the newer article, then by id. `extra` are ids to compare it with in any case.
        Where the file turns out to be damaged, it is made anew of what it was last brought up to.
        """
        with self._turn:
            try:
                with _told(), self._one_state():
                    return self._near(article, settings, extra)
            except _Damaged as error:
                self._begin_anew(str(error))
            self._made_anew()
            with _told(), self._one_state():
                return self._near(article, settings, extra)

    def _near(
        self, article: Article, settings: RelatedSettings, extra: Sequence[str]
    ) -> Near | None:
        doc = self._docs.numbers.get(article.id)
        if doc is None:
            return None
        text, links, meaning = self._texts([doc])[doc]
        own = self._words(text, language_of(article.language))
        aliases: list[tuple[int, int]] = []
        if settings.languages == "any":
            own, aliases = self._everywhere(own)
        docs = self._candidates(article, own, aliases, settings)
        asked = [self._docs.numbers[one] for one in extra if one in self._docs.numbers]
        also = [one for one in asked if one not in docs and one != doc]
        texts = self._texts([*docs, *also])
        likeness = Likeness(
            own, text, [texts[one][0] for one in docs], [texts[one][0] for one in also], aliases
        )
        return Near(
            ids=[self._docs.ids[one] for one in (*docs, *also)],
            extra=len(docs),
            asked=frozenset(n for n, one in enumerate((*docs, *also)) if one in asked),
            likeness=likeness,
            recent=self._recent(article, [*docs, *also], settings),
            cites=_cites(self._docs.address[docs], [texts[one][1] for one in docs]),
            meaning=_alike(meaning, [texts[one][2] for one in (*docs, *also)]),
            linked=frozenset(
                np.flatnonzero(np.isin(self._docs.address[[*docs, *also]], links)).tolist()
            ),
        )

    def holds(self, name: str) -> bool:
        """Whether an article is in it, by its id."""
        with self._turn, _told(), self._one_state():
            return name in self._docs.numbers

    def body(self, article: Article) -> str:
        """Return the body of one of the articles that it was last brought up to."""
        return self._given[1](article)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # Asking

    @property
    def _docs(self) -> _Docs:
        """All articles as they were when a state of the file was first looked at."""
        if self._known is None:
            self._known = self._listed()
        return self._known

    def _listed(self) -> _Docs:
        rows = self._db.execute(
            "SELECT doc, id, language, published, length, address FROM docs"
        ).fetchall()
        size = max((row[0] for row in rows), default=0) + 1
        if size > 10 * len(rows) + _MOST_GAPS or any(row[0] < 0 for row in rows):
            raise _Damaged("the number of an article is out of all bounds")
        known: dict[str, int] = {}
        for row in rows:
            known.setdefault(row[2], len(known))
        found = _Docs(
            {row[0]: row[1] for row in rows},
            {row[1]: row[0] for row in rows},
            known,
            np.full(size, -1),
            np.full(size, np.inf),
            np.ones(size, np.int64),
            np.zeros(size, np.int64),
        )
        if rows:
            places = np.array([row[0] for row in rows])
            found.language[places] = [known[row[2]] for row in rows]
            found.published[places] = [row[3] for row in rows]
            found.length[places] = [max(row[4], 1) for row in rows]
            found.address[places] = [row[5] for row in rows]
        return found

    @contextmanager
    def _one_state(self) -> Iterator[None]:
        """Read one state of the file, whatever another process writes meanwhile."""
        self._db.execute("BEGIN")
        try:
            seen = self._version()
            if seen != self._seen:
                self._known = None
                self._seen = seen
            yield
        finally:
            self._db.rollback()

    def _texts(self, docs: Sequence[int]) -> dict[int, tuple[Ints, Ints, bytes]]:
        """By number: the words of articles in order, addresses that they link to, their meaning."""
        rows = self._db.execute(
            "SELECT doc, words, links, meaning FROM texts "
            "WHERE doc IN (SELECT value FROM json_each(?))",
            (json.dumps(list(docs)),),
        )
        found: dict[int, tuple[Ints, Ints, bytes]] = {
            doc: (np.frombuffer(text, np.uint32), np.frombuffer(links, np.int64), meaning)
            for doc, text, links, meaning in rows
        }
        if len(found) < len(docs):
            raise _Damaged("an article has no text")
        return found

    def _words(self, text: Ints, language: str) -> Words:
        numbers, counts = np.unique(text[text > 0], return_counts=True)
        rows = self._db.execute(
            "SELECT text, docs FROM words WHERE word IN (SELECT value FROM json_each(?)) "
            "ORDER BY word",
            (json.dumps(numbers.tolist()),),
        ).fetchall()
        documents = int((self._docs.language == self._docs.languages.get(language, -2)).sum())
        held = np.array([row[1] for row in rows], np.int64)
        if len(rows) < len(numbers) or not ((held > 0) & (held <= len(self._docs.ids))).all():
            raise _Damaged("a word is not counted")
        return Words(numbers, [row[0] for row in rows], counts, held, documents, language)

    def _everywhere(self, own: Words) -> tuple[Words, list[tuple[int, int]]]:
        """The words as the whole archive holds them; (number, position) of those elsewhere."""
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
        return replace(own, held=held, documents=len(self._docs.ids)), aliases

    def _candidates(
        self,
        article: Article,
        own: Words,
        aliases: Iterable[tuple[int, int]],
        settings: RelatedSettings,
    ) -> list[int]:
        """The numbers of the earlier articles that hold most of its best words, best first."""
        known = self._docs
        chosen = heaviest(own, _QUERY_WORDS, _POSTINGS)
        value = np.sqrt(own.counts[chosen]) * rarity(own.held[chosen], own.documents) ** 2
        at = dict(zip(chosen.tolist(), np.rint(value * _UNIT), strict=True))
        weights = {int(own.numbers[place]): weight for place, weight in at.items()}
        weights |= {number: at[place] for number, place in aliases if place in at}
        found = self._postings(weights)
        if any(docs.max(initial=0) >= len(known.language) for docs, _ in found):
            raise _Damaged("a word is in an article that is not there")
        scores = np.bincount(
            np.concatenate([np.zeros(0, np.int64), *(docs for docs, _ in found)]),
            np.concatenate([np.zeros(0), *(np.full(len(d), w) for d, w in found)]),
            len(known.language),
        )
        docs = np.flatnonzero(scores)
        docs = docs[known.published[docs] < article.published.timestamp()]
        if settings.languages != "any":
            docs = docs[known.language[docs] == known.languages[language_of(article.language)]]
        recent = self._recent(article, docs, settings)
        score = np.rint(scores[docs] * recent / np.sqrt(known.length[docs]))
        if len(docs) > _CANDIDATES:
            least = np.partition(score, -_CANDIDATES)[-_CANDIDATES]
            docs, score = docs[score >= least], score[score >= least]
        ranked = sorted(
            zip(-score, -known.published[docs], docs.tolist(), strict=True),
            key=lambda one: (one[0], one[1], known.ids[one[2]]),
        )
        return [doc for _, _, doc in ranked[:_CANDIDATES]]

    def _recent(
        self, article: Article, docs: Sequence[int] | Ints, settings: RelatedSettings
    ) -> Floats:
        age = article.published.timestamp() - self._docs.published[docs]
        half = settings.half_life.total_seconds()
        return 1 - settings.weight_age * (1 - 2.0 ** -(np.maximum(age, 0.0) / half))

    def _postings(self, weights: Mapping[int, float]) -> list[tuple[Ints, float]]:
        rows = self._db.execute(
            "SELECT word, docs FROM postings WHERE word IN (SELECT value FROM json_each(?))",
            (json.dumps(list(weights)),),
        )
        return [(np.frombuffer(docs, np.uint32), weights[word]) for word, docs in rows]

    # Writing

    def _stamp(self, article: Article) -> str:
        model = self._model.key if self._model else ""
        return (
            f"{article.version} {article.published.timestamp()} {article.language} {article.url} "
            f"{model}"
        )

    def _own_copy(self) -> None:
        """Go on with a copy of the file that nobody else sees, and that goes when we do."""
        copy = sqlite3.connect("", check_same_thread=False)
        self._db.backup(copy)
        self._db.close()
        self._db, self._readonly = copy, False

    def _begin_anew(self, why: str) -> None:
        """Go on with an empty index: the file cannot be read, and all in it can be made again.

        Where even that cannot be, with a passing one.
        """
        self.damage = self.damage or why
        if hasattr(self, "_db"):
            self._db.close()
        self._known = None
        try:
            with _told():
                if self._path and not self._readonly:
                    disposable.make_way(self._path)
                self._db = _opened(None if self._readonly else self._path)
        except _Damaged:
            self._db = _opened(None)
        self._readonly = False

    def _add(self, batch: Batch) -> None:
        """Add articles of one language."""
        language, size = batch.language, len(batch.places) + 1
        texts = [one.text for one in batch.read]
        own = [np.unique(text)[1:] for text in texts]  # without 0, where a part ends
        held = np.bincount(np.concatenate(own), minlength=size)
        first_new = self._db.execute("SELECT coalesce(max(word), 0) + 1 FROM words").fetchone()[0]
        self._db.executemany(
            "INSERT INTO words (language, text, docs) VALUES (?, ?, ?) "
            "ON CONFLICT (text, language) DO UPDATE SET docs = docs + excluded.docs",
            sorted((language, text, int(held[place])) for text, place in batch.places.items()),
        )
        number = np.zeros(size, np.uint32)
        rows = self._db.execute(
            "SELECT text, word FROM words WHERE language = ? AND text IN "
            "(SELECT value FROM json_each(?))",
            (language, json.dumps(list(batch.places))),
        )
        for text, word in rows:
            number[batch.places[text]] = word
        first = self._db.execute("SELECT coalesce(max(doc), 0) + 1 FROM docs").fetchone()[0]
        self._db.executemany(
            "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    doc,
                    one.article.id,
                    self._stamp(one.article),
                    language,
                    one.article.published.timestamp(),
                    len(one.text),
                    address(one.article.url),
                )
                for doc, one in enumerate(batch.read, first)
            ),
        )
        meanings = [b""] * len(batch.read)
        if self._model:
            found = self._model.vectors([one.beginning for one in batch.read])
            meanings = [row.tobytes() for row in found]
        self._db.executemany(
            "INSERT INTO texts VALUES (?, ?, ?, ?)",
            (
                (doc, number[one.text].tobytes(), one.links.tobytes(), meaning)
                for doc, (one, meaning) in enumerate(zip(batch.read, meanings, strict=True), first)
            ),
        )
        words = number[np.concatenate(own)]
        docs = np.arange(first, first + len(own), dtype=np.uint32)
        docs = np.repeat(docs, [len(one) for one in own])
        self._db.executemany(
            "INSERT OR REPLACE INTO postings VALUES (?, ?, ?)",
            self._appended(_by_word(words, docs), first_new),
        )

    def _appended(
        self, postings: Iterable[tuple[int, Ints]], first_new: int
    ) -> Iterator[tuple[int, int, bytes]]:
        """The rows of postings that change when articles are added."""
        last = "SELECT first, docs FROM postings WHERE word = ? ORDER BY first DESC LIMIT 1"
        for word, docs in postings:
            row = self._db.execute(last, (word,)).fetchone() if word < first_new else None
            if row and len(row[1]) // 4 + len(docs) <= _ROW:
                yield word, row[0], row[1] + docs.tobytes()
                continue
            for start in range(0, len(docs), _ROW):
                part = docs[start : start + _ROW]
                yield word, int(part[0]), part.tobytes()

    def _remove(self, docs: Sequence[int]) -> None:
        """Take articles out, by number."""
        for start in range(0, len(docs), 1000):
            some = docs[start : start + 1000]
            texts = self._texts(some)
            own = [np.unique(texts[doc][0])[1:] for doc in some]
            held = np.repeat(np.array(some, np.uint32), [len(one) for one in own])
            for word, gone in _by_word(np.concatenate(own), held):
                self._shorten(word, gone)
            for table in ("docs", "texts"):
                self._db.executemany(
                    f"DELETE FROM {table} WHERE doc = ?",  # noqa: S608 names of ours
                    ((doc,) for doc in some),
                )

    def _shorten(self, word: int, gone: Ints) -> None:
        rows = self._db.execute(
            "SELECT first, docs FROM postings WHERE word = ? AND first <= ? AND first >= coalesce("
            "(SELECT max(first) FROM postings WHERE word = ? AND first <= ?), 0)",
            (word, int(gone[-1]), word, int(gone[0])),
        ).fetchall()
        for first, held in rows:
            docs = np.frombuffer(held, np.uint32)
            kept = docs[~np.isin(docs, gone)]
            if not len(kept):
                self._db.execute("DELETE FROM postings WHERE word = ? AND first = ?", (word, first))
            elif len(kept) < len(docs):
                self._db.execute(
                    "UPDATE postings SET docs = ? WHERE word = ? AND first = ?",
                    (kept.tobytes(), word, first),
                )
        self._db.execute("UPDATE words SET docs = docs - ? WHERE word = ?", (len(gone), word))
        self._db.execute("DELETE FROM words WHERE word = ? AND docs = 0", (word,))


def _by_word(words: Ints, docs: Ints) -> Iterator[tuple[int, Ints]]:
    """Return each word with the articles that hold it, both ascending."""
    if not len(words):
        return
    order = np.argsort(words, kind="stable")
    words, docs = words[order], docs[order]
    starts = np.flatnonzero(np.diff(words, prepend=np.uint32(0)))
    yield from zip(words[starts].tolist(), np.split(docs, starts[1:]), strict=True)


def _cites(addresses: Ints, links: Sequence[Ints]) -> list[tuple[int, int]]:
    """Return (n, m) where one of the n-th's links is the m-th's address."""
    if not links:
        return []
    order = np.argsort(addresses, kind="stable")
    wanted = np.concatenate(links)
    source = np.repeat(np.arange(len(links)), [len(one) for one in links])
    place = np.minimum(np.searchsorted(addresses[order], wanted), len(order) - 1)
    hits = np.flatnonzero(addresses[order][place] == wanted)
    return list(zip(source[hits].tolist(), order[place[hits]].tolist(), strict=True))


def _looked_at(path: Path | None) -> sqlite3.Connection:
    """The index for reading alone; a passing one where there is none that can be read."""
    if path and path.exists():
        disposable.check_database(path)
        db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            is_ours = db.execute("PRAGMA user_version").fetchone() == (_FORMAT,)
            held = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if is_ours and {name for (name,) in held} == set(_TABLES):
                db.execute(_CACHE)
                return db
        except sqlite3.Error:  # damaged, or somebody died while writing: it is not ours to mend
            pass
        db.close()
    return _opened(None)


def _alike(own: bytes, others: Sequence[bytes]) -> Floats | None:
    """Return the cosine of one vector and others, at least 0, in whole millionths."""
    if not own or any(len(other) != len(own) for other in others):
        return None
    rows = np.frombuffer(b"".join(others), np.float16).reshape(len(others), -1)
    product = rows.astype(np.float64) * np.frombuffer(own, np.float16).astype(np.float64)
    alike: Floats = np.maximum(np.round(product.sum(1), 6), 0.0)
    return alike
