"""The archive's words on disk: SQLite FTS5 in `.publisher/related.db`; rebuilt when deleted.

Only counts are stored, nothing that depends on the archive's size, so that an index fed one
article at a time answers as one built at once.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.model import Article, Bodies, text_of
from publisher.related.terms import STOP, telling, words

_FORMAT = 3
_SCHEMA = """
CREATE TABLE IF NOT EXISTS docs (
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version TEXT NOT NULL,
  language TEXT NOT NULL, published REAL NOT NULL,
  title TEXT NOT NULL, summary TEXT NOT NULL, body TEXT NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS fts USING fts5 (
  title, summary, body, content = 'docs', content_rowid = 'doc',
  tokenize = "unicode61 remove_diacritics 0");
CREATE TABLE IF NOT EXISTS terms (term TEXT PRIMARY KEY, docs INTEGER NOT NULL) WITHOUT ROWID;
"""
_WEIGHTS = "3.0, 2.0, 1.0"  # title, summary, body
_QUERY_WORDS = 32
_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article whose words are like another's; `text` is 1 for the same words, 0 for none."""

    id: str
    text: float


def _opened(path: Path | None, readonly: bool) -> sqlite3.Connection:
    if path and not readonly:
        path.parent.mkdir(parents=True, exist_ok=True)
    place = path if path and not readonly else ":memory:"
    db = sqlite3.connect(place, check_same_thread=False)  # threads of a service take turns
    if path and readonly and path.exists():
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        source.backup(db)
        source.close()
    db.execute("PRAGMA synchronous = OFF")  # it can be made again
    if db.execute("PRAGMA user_version").fetchone() != (_FORMAT,):
        for table in ("fts", "vocabulary", "docs", "terms", "meta"):
            db.execute(f"DROP TABLE IF EXISTS {table}")
        db.execute(f"PRAGMA user_version = {_FORMAT}")
    db.executescript(_SCHEMA)
    return db


class Index:
    """Finds earlier articles of the same language by their words."""

    def __init__(self, path: Path | None, *, readonly: bool = False) -> None:
        """Open the index at `path`, or one in memory; `readonly` works on a copy in memory."""
        try:
            self._db = _opened(path, readonly)
        except sqlite3.OperationalError:  # locked, or not to be opened: nothing is damaged
            raise
        except sqlite3.DatabaseError:  # damaged: it can be made again
            if path and not readonly:
                path.unlink()
            self._db = _opened(None if readonly else path, readonly)
        self._told: dict[str, list[str]] = {}

    def update(
        self,
        articles: Sequence[Article],
        body: Bodies,
        progress: Callable[[str, int, int], None] = lambda *_: None,
    ) -> int:
        """Bring the index up to the archive; return how many articles that took."""
        rows = self._db.execute("SELECT id, version, doc FROM docs")
        stored = {name: (version, doc) for name, version, doc in rows}
        fresh = [a for a in articles if stored.get(a.id, ("",))[0] != _stamp(a)]
        gone = stored.keys() - {article.id for article in articles}
        changed = [article.id for article in fresh if article.id in stored]
        self._told.clear()
        terms: Counter[str] = Counter()
        with self._db:
            for name in (*gone, *changed):
                terms.subtract(self._remove(stored[name][1]))
            for done, article in enumerate(fresh):
                if done % 50 == 0:
                    progress("Indexing for related stories", done, len(fresh))
                terms.update(self._add(article, body(article)))
            self._db.executemany(
                "INSERT INTO terms VALUES (?, ?) "
                "ON CONFLICT (term) DO UPDATE SET docs = docs + excluded.docs",
                [(term, count) for term, count in terms.items() if count],
            )
        progress("Indexing for related stories", len(fresh), len(fresh))
        return len(fresh) + len(gone)

    def _add(self, article: Article, body: str) -> set[str]:
        """Add an article; return its different words."""
        texts = (article.title, article.summary, text_of(body))
        columns = [_stored(text, article.language) for text in texts]
        cursor = self._db.execute(
            "INSERT INTO docs (id, version, language, published, title, summary, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.id, _stamp(article), article.language, article.published.timestamp(),
             *columns),
        )  # fmt: skip
        self._db.execute(
            "INSERT INTO fts (rowid, title, summary, body) VALUES (?, ?, ?, ?)",
            (cursor.lastrowid, *columns),
        )
        return {word for column in columns for word in column.split()}

    def _remove(self, doc: int) -> set[str]:
        """Take an article out; return its different words."""
        select = "SELECT title, summary, body FROM docs WHERE doc = ?"
        columns: tuple[str, str, str] = self._db.execute(select, (doc,)).fetchone()
        self._db.execute(
            "INSERT INTO fts (fts, rowid, title, summary, body) VALUES ('delete', ?, ?, ?, ?)",
            (doc, *columns),
        )
        self._db.execute("DELETE FROM docs WHERE doc = ?", (doc,))
        return {word for column in columns for word in column.split()}

    def candidates(self, article: Article) -> list[Candidate]:
        """Return earlier articles that share its telling words, best first (ties by id)."""
        query = self.telling(article)
        if not query:
            return []
        # A word in quotes is a string to FTS5, whatever it holds; words hold no quotes.
        match = " OR ".join(f'"{word}"' for word in query)
        # CROSS JOIN keeps SQLite from walking `docs` and asking FTS5 about each of them.
        score = f"bm25(fts, {_WEIGHTS})"
        own = self._db.execute(
            f"SELECT {score} FROM fts WHERE fts MATCH ? AND rowid = "  # noqa: S608 no input
            "(SELECT doc FROM docs WHERE id = ?)",
            (match, article.id),
        ).fetchone()
        rows = self._db.execute(
            f"SELECT docs.id, {score} AS score FROM fts CROSS JOIN docs ON docs.doc = fts.rowid "  # noqa: S608
            "WHERE fts MATCH ? AND docs.language = ? AND docs.published < ? "
            "ORDER BY score, docs.id LIMIT ?",
            (match, article.language, article.published.timestamp(), _CANDIDATES),
        )  # fmt: skip
        # FTS5's bm25() is negative, better is lower; measured against the article itself.
        return [
            Candidate(name, min(max(value / own[0], 0.0), 1.0))
            for name, value in rows
            if own and own[0] < 0
        ]

    def shared(
        self, article: Article, others: Sequence[Article]
    ) -> list[tuple[tuple[str, ...], float]]:
        """For each of `others`: the telling words of `article` it holds too, and their share."""
        query = self.telling(article) if others else []
        held = [self._counts(other) for other in others]
        both = [tuple(_shown(word) for word in query if word in one) for one in held]
        return [(words, len(words) / len(query)) for words in both]

    def telling(self, article: Article) -> list[str]:
        """Return the words, as stored, that tell most about an article."""
        if article.id not in self._told:
            self._told[article.id] = self._telling(article)
        return self._told[article.id]

    def _telling(self, article: Article) -> list[str]:
        counts = self._counts(article)
        documents = self._db.execute(
            "SELECT count(*) FROM docs WHERE language = ?", (article.language,)
        ).fetchone()[0]
        lookup = "SELECT docs FROM terms WHERE term = ?"
        frequencies = {
            word: row[0] for word in counts if (row := self._db.execute(lookup, (word,)).fetchone())
        }
        return telling(counts, frequencies, documents, _QUERY_WORDS)

    def _counts(self, article: Article) -> Counter[str]:
        row = self._db.execute(
            "SELECT title, summary, body FROM docs WHERE id = ?", (article.id,)
        ).fetchone()
        counts: Counter[str] = Counter()
        for weight, column in zip((3, 2, 1), row or (), strict=False):
            for word in column.split():
                counts[word] += weight
        return counts

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _stamp(article: Article) -> str:
    return f"{_FORMAT}:{article.version}:{article.published.timestamp()}"


def _stored(text: str, language: str) -> str:
    """A text as FTS5 gets it: our words, in a form that its tokeniser leaves whole.

    Each carries its language, so that "die" is rare in English however common it is in German.
    """
    base = language.partition("-")[0].lower()
    stop = STOP.get(base, frozenset())
    return " ".join(f"{base}{_coded(word)}" for word in words(text) if word not in stop)


def _coded(word: str) -> str:
    return f"0{word}" if word.isascii() else f"1{word.encode().hex()}"


def _shown(stored: str) -> str:
    mark = min(i for i in (stored.find("0"), stored.find("1")) if i >= 0)
    word = stored[mark + 1 :]
    return bytes.fromhex(word).decode() if stored[mark] == "1" else word
