"""The sets that related stories are measured on: articles, and the earlier ones that they link to.

They lie in `../shared/data/related` (`NAME.articles.jsonl.gz`, `NAME.qrels.jsonl`; another folder:
the variable `RELATED_DATA`). Links are stripped from the bodies; the words that carried them are
there still, and some repeat the title that they led to: `without_anchors` takes those out.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from publisher.model import Article
from publisher.sources.dates import as_instant

DATA = Path(__file__).resolve().parents[2] / "shared/data/related"
K = 5

Found = Mapping[str, Sequence[str]]
"""By seed: the ids that a way of finding related articles names, best first."""

_RESAMPLED = 1_000
_RUN = 3  # words of a linked title in a row are a link's words
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LETTERS = 4  # of a title without spaces between its words: fewer can stand there by chance
_NUMBER = re.compile(r"#(\d+)\W*$")  # of an issue: "Newsletter #202" is linked to as "#202"


@dataclass(frozen=True)
class Data:
    """A set: its articles, their bodies, and the earlier articles that some link to, by id."""

    name: str
    articles: list[Article]
    bodies: dict[str, str]
    targets: dict[str, list[str]]

    @property
    def seeds(self) -> list[Article]:
        """The articles to find related ones for: those with one to ten targets."""
        return [a for a in self.articles if 1 <= len(self.targets.get(a.id, ())) <= 10]

    @property
    def without_anchors(self) -> Data:
        """The same, without the words of links where they repeat the title linked to."""
        title = {article.id: article.title for article in self.articles}
        bodies = {
            name: _without(body, [title[one] for one in self.targets.get(name, ()) if one in title])
            for name, body in self.bodies.items()
        }
        return replace(self, bodies=bodies)


def read() -> list[Data]:
    """Return every set that there is."""
    folder = Path(os.environ.get("RELATED_DATA", DATA))
    names = sorted(path.name.split(".")[0] for path in folder.glob("*.qrels.jsonl"))
    if not names:
        print(f"\nRelated stories: no data in {folder}.")
    return [_read(folder, name) for name in names]


def each(data: Data, found: Found) -> np.ndarray:
    """nDCG@5, recall@5 and MRR of every seed: a row each."""
    when = {article.id: article.published for article in data.articles}
    rows = []
    for seed in data.seeds:
        wanted = set(data.targets[seed.id])
        names = list(dict.fromkeys(found.get(seed.id, ())))[:K]
        hits = [one in wanted and when[one] < seed.published for one in names]
        best = sum(1 / math.log2(n + 2) for n in range(min(K, len(wanted))))
        rows.append(
            (
                sum(hit / math.log2(n + 2) for n, hit in enumerate(hits)) / best,
                sum(hits) / len(wanted),
                next((1 / (n + 1) for n, hit in enumerate(hits) if hit), 0.0),
            )
        )
    return np.array(rows)


def interval(values: np.ndarray) -> tuple[float, float]:
    """Return where the mean lies in 95 of 100 drawings of as many seeds (bootstrap)."""
    rng = np.random.default_rng(1)
    means = values[rng.integers(0, len(values), (_RESAMPLED, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _without(body: str, titles: Sequence[str]) -> str:
    """Return a body without whole titles, runs of three words of them, and numbers of issues.

    A title in Japanese or Chinese is one word to `re`, and stands between others without spaces.
    """
    for title in titles:
        told = re.findall(r"\w+", title)
        runs = [told, *(told[n : n + _RUN] for n in range(len(told) - _RUN + 1))]
        ways = [r"\W+".join(map(re.escape, run)) for run in runs if len(run) >= _RUN]
        if number := _NUMBER.search(title):
            ways.append(f"#?{number[1]}")
        if ways:
            body = re.sub(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", " ", body, flags=re.IGNORECASE)
        if len(title) >= _LETTERS and len(_UNSPACED.findall(title)) > 1:
            body = body.replace(title, " ")
    return body


def _read(folder: Path, name: str) -> Data:
    bodies: dict[str, str] = {}
    articles = []
    with gzip.open(folder / f"{name}.articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            given = json.loads(line)
            articles.append(_article(given))
            bodies[given["id"]] = given["body"]
    qrels = map(json.loads, (folder / f"{name}.qrels.jsonl").open(encoding="utf-8"))
    return Data(name, articles, bodies, {one["id"]: one["related"] for one in qrels})


def _article(given: dict) -> Article:
    moment = as_instant(given["date"], ZoneInfo("UTC"))
    return Article(
        id=given["id"],
        path=given["id"],
        slug=given["id"],
        url=url_of(given["id"]),
        title=given["title"] or "",
        summary=given["description"] or "",
        language=given["lang"] or "en",
        published=moment,
        updated=moment,
        version="1",
        tags=tuple(map(str, given["tags"] or ())),
        section=given.get("section") or "",
    )


def url_of(name: str) -> str:
    return f"https://x.example/{name}/"
