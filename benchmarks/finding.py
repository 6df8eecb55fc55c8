"""What related stories cost: to index, to ask, to keep up, beside a plain BM25 query.

Generated articles of 6 KB, whose words are as frequent as in real ones: Zipf's law, steeper from
the 3,000th word on; each has a topic that some twenty-five share. Of more than 100,000 articles
each has 1 KB: a million of 6 KB would take an hour. Times are the processor's.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.measuring import table
from publisher.model import Article, RelatedSettings
from publisher.related import Index, RelatedStories
from publisher.related.terms import words

_VOCABULARY = 300_000
_WORDS = 900
_FEWER_WORDS = 150
_MOST_WHOLE = 100_000  # articles of that many words; no other query is asked of more
_ASKED = 200
LATER = [datetime(2100, 1, 1, tzinfo=UTC)]


def run(articles: int) -> None:
    """Print a row for so many articles."""
    heads = (
        "articles", "words", "indexed, ms each", "disk MB", "peak MB, indexing",
        "a query, p50 ms", "p99 ms", "BM25, p50 ms", "of BM25", "peak MB, asking",
        "MB without index", "one edited, ms",
    )  # fmt: skip
    table("What related stories cost", heads, [_row(articles)])


def _row(count: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        built = _child("build", count, folder)
        asked = _child("ask", count, folder)
        plain = _child("bm25", count, folder) if count <= _MOST_WHOLE else None
        empty = _child("nothing", count, folder)
    return (
        f"{count:,}",
        _words_each(count),
        f"{built[0]:.2f}",
        f"{built[1]:.0f}",
        f"{built[2]:.0f}",
        f"{asked[0]:.1f}",
        f"{asked[1]:.1f}",
        f"{plain[0]:.1f}" if plain else "",
        f"{asked[0] / plain[0]:.2f}" if plain else "",
        f"{asked[3]:.0f}",
        f"{empty[0]:.0f}",
        f"{asked[2]:.1f}",
    )


def _child(what: str, count: int, folder: str) -> list[float]:
    command = (sys.executable, "-m", "benchmarks.finding", what, str(count), folder)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(value) for value in done.stdout.split()]


def _words_each(count: int) -> int:
    return _WORDS if count <= _MOST_WHOLE else _FEWER_WORDS


class _Archive:
    def __init__(self, count: int) -> None:
        self.length = _words_each(count)
        rng = random.Random(1)
        syllables = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
        made: dict[str, None] = {}
        while len(made) < _VOCABULARY:
            made["".join(rng.choices(syllables, k=rng.randint(2, 4)))] = None
        self.words = np.array(list(made), object)
        rank = np.arange(_VOCABULARY)
        weights = 1 / (rank + 3) * np.minimum(1, (3000 / (rank + 1)) ** 0.8)
        self.cumulated = np.cumsum(weights / weights.sum())
        self.topics = max(count // 25, 1)
        self.articles = [self._article(n) for n in range(count)]

    def _article(self, n: int) -> Article:
        moment = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=50 * n)
        return Article(
            id=f"tag:x.example,2016:{n}",
            path=f"{n}.md",
            slug=str(n),
            language="en",
            version="1",
            url=f"https://x.example/{n}/",
            title=f"Number {n}",
            summary="",
            published=moment,
            updated=moment,
        )

    def body(self, article: Article) -> str:
        """HTML; one word in eight is of the topic."""
        n = int(article.slug)
        rng = np.random.default_rng(n)
        ids = np.minimum(np.searchsorted(self.cumulated, rng.random(self.length)), _VOCABULARY - 1)
        topic = 2000 + n % self.topics * 40 % (_VOCABULARY - 2100)
        is_topic = rng.random(self.length) < 0.12
        ids[is_topic] = topic + rng.integers(0, 40, is_topic.sum())
        paragraphs = (" ".join(part) for part in np.array_split(self.words[ids], 9))
        return "".join(f"<p>{text}</p>\n" for text in paragraphs)


class _Bodies:
    """Makes bodies, and says how long that took: it is no part of what is measured."""

    def __init__(self, archive: _Archive) -> None:
        self._archive, self.took = archive, 0.0

    def __call__(self, article: Article) -> str:
        started = time.process_time()
        text = self._archive.body(article)
        self.took += time.process_time() - started
        return text


def _build(archive: _Archive, folder: Path) -> tuple[float, ...]:
    index, bodies = Index(folder / "related.db"), _Bodies(archive)
    started = time.process_time()
    index.update(archive.articles, bodies)
    elapsed = time.process_time() - started - bodies.took
    index.close()
    size = (folder / "related.db").stat().st_size / 1e6
    return elapsed / len(archive.articles) * 1e3, size, _peak()


def _ask(archive: _Archive, folder: Path) -> tuple[float, ...]:
    index = Index(folder / "related.db")
    index.update(archive.articles, archive.body)
    bodies = _Bodies(archive)
    stories = RelatedStories(archive.articles, index, RelatedSettings(), body=bodies)
    took = _timed(archive, lambda article: stories.of(article, 5, at=LATER), bodies)
    peak = _peak()
    edited = []
    for n in range(9):
        newer = archive.articles[-1].but(version=str(n + 2))
        started = time.process_time()
        index.update(archive.articles, archive.body)  # looks at each, finds all as it was
        looked = time.process_time() - started
        archive.articles[-1], started = newer, time.process_time()
        index.update(archive.articles, archive.body)
        edited.append(time.process_time() - started - looked)
    index.close()
    return median(took) * 1e3, np.quantile(took, 0.99) * 1e3, median(edited) * 1e3, peak


def _bm25(archive: _Archive, _folder: Path) -> tuple[float, ...]:
    """SQLite's FTS5 with the article's 64 best words: the plain query that ours is measured by."""
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder, "fts.db"))
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE VIRTUAL TABLE fts USING fts5 (body, content = '')")
        db.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (fts, row)")
        with db:
            db.executemany(
                "INSERT INTO fts (rowid, body) VALUES (?, ?)",
                ((n, archive.body(one)) for n, one in enumerate(archive.articles)),
            )
        asked: dict[str, str] = {}
        for article in _seeds(archive):
            held = {
                word: db.execute("SELECT doc FROM vocabulary WHERE term = ?", (word,)).fetchone()
                for word in sorted(set(words(archive.body(article))) - {"p"})
            }
            limit = len(archive.articles) / 10
            fit = sorted(
                (row[0], word) for word, row in held.items() if row and 1 < row[0] <= limit
            )
            asked[article.id] = " OR ".join(f'"{word}"' for _, word in fit[:64])
        query = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY bm25(fts) LIMIT 5"
        took = _timed(archive, lambda article: db.execute(query, (asked[article.id],)).fetchall())
        return median(took) * 1e3, _peak()


def _seeds(archive: _Archive) -> list[Article]:
    return archive.articles[: -7 * _ASKED : -7]


def _timed(archive: _Archive, ask, bodies: _Bodies | None = None) -> list[float]:
    bodies = bodies or _Bodies(archive)
    ask(_seeds(archive)[0])
    took = []
    for article in _seeds(archive):
        started = time.process_time() - bodies.took
        ask(article)
        took.append(time.process_time() - bodies.took - started)
    return took


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _, what, count, folder = sys.argv
    made = _Archive(int(count))
    ways = {"build": _build, "ask": _ask, "bm25": _bm25, "nothing": lambda *_: (_peak(),)}
    print(*ways[what](made, Path(folder)))
