"""Related stories against the links that authors made, beside other ways, and what they cost.

Reads the sets in `../shared/data/related` where they are (`NAME.articles.jsonl.gz`,
`NAME.qrels.jsonl`; another folder: the variable `RELATED_DATA`); without them it says so. Links
are stripped from the bodies; "with links" gives the index those that earlier articles made.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks import finding
from benchmarks.measuring import table
from publisher.model import Article, RelatedSettings
from publisher.related import Index, Meaning, RelatedStories
from publisher.related.rank import chosen, judged
from publisher.related.terms import words
from publisher.sources.dates import as_instant

DATA = Path(__file__).resolve().parents[2] / "shared/data/related"
LATER = [datetime(2100, 1, 1, tzinfo=UTC)]
K = 5

Found = dict[str, list[str]]
"""By seed: the ids that a way of finding related articles names, best first."""


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


def run(articles: int) -> None:
    """Print a table of each: how good, how good where weights are chosen elsewhere, how costly."""
    folder = Path(os.environ.get("RELATED_DATA", DATA))
    names = sorted(path.name.split(".")[0] for path in folder.glob("*.qrels.jsonl"))
    if not names:
        print(f"\nRelated stories: no data in {folder}.")
    sets = [_read(folder, name) for name in names]
    rows = [row for one in sets for row in _compared(one)]
    if rows:
        table("Related stories", ("set", "way", "nDCG@5", "recall@5", "MRR"), rows)
    if len(sets) > 1:
        heads = ("set", "chosen on the others", "nDCG@5", "with the defaults", "links left out")
        table("Weights chosen on the other sets", heads, _left_out(sets))
    finding.run(articles)


def _compared(data: Data) -> list[tuple[object, ...]]:
    ways: dict[str, Callable[[Data], Found | None]] = {
        "publisher, with links": lambda one: _ours(one, links=True),
        "publisher": lambda one: _ours(one, links=False),
        "publisher, nothing too weak": lambda one: _ours(one, links=True, minimum=0.0),
        "publisher, with a model": _with_model,
        "BM25 of the whole article": _bm25,
        "tags by idf": _tags,
        "Hugo": _hugo,
    }
    found = {way: answer for way, ask in ways.items() if (answer := ask(data)) is not None}
    return [
        (
            f"{data.name} ({len(data.articles):,}, {len(data.seeds)} seeds)",
            way,
            *(f"{value:.3f}" for value in scores(data, answer)),
        )
        for way, answer in found.items()
    ]


def scores(data: Data, found: Found) -> tuple[float, float, float]:
    """nDCG@5, recall@5 and MRR, each the mean over all seeds."""
    when = {article.id: article.published for article in data.articles}
    sums = [0.0, 0.0, 0.0]
    for seed in data.seeds:
        wanted = set(data.targets[seed.id])
        names = list(dict.fromkeys(found.get(seed.id, ())))[:K]
        hits = [one in wanted and when[one] < seed.published for one in names]
        best = sum(1 / math.log2(n + 2) for n in range(min(K, len(wanted))))
        sums[0] += sum(hit / math.log2(n + 2) for n, hit in enumerate(hits)) / best
        sums[1] += sum(hits) / len(wanted)
        sums[2] += next((1 / (n + 1) for n, hit in enumerate(hits) if hit), 0.0)
    ndcg, recall, mrr = (total / len(data.seeds) for total in sums)
    return ndcg, recall, mrr


# Ours


def _indexed(data: Data, links: bool, model: Meaning | None = None) -> Index:
    def body(article: Article) -> str:
        made = data.targets.get(article.id, ()) if links else ()
        anchors = "".join(f'<a href="{_url(target)}"></a>' for target in made)
        return data.bodies[article.id].replace("<", "&lt;") + anchors

    index = Index(None, model=model)
    index.update(data.articles, body)
    return index


def _with_model(data: Data) -> Found | None:
    """With the embeddings model in the folder that the variable RELATED_MODEL names."""
    folder = os.environ.get("RELATED_MODEL")
    return _ours(data, links=True, model=Meaning(Path(folder))) if folder else None


def _ours(data: Data, *, links: bool, model: Meaning | None = None, **settings: float) -> Found:
    index = _indexed(data, links, model)
    stories = RelatedStories(data.articles, index, RelatedSettings(**settings))
    found = {
        seed.id: [one.article.id for one in stories.of(seed, K, at=LATER)] for seed in data.seeds
    }
    stories.close()
    return found


def _left_out(sets: Sequence[Data]) -> list[tuple[object, ...]]:
    """For each set: the weights that are best on the mean of the others, and their nDCG@5 here."""
    grid = [
        RelatedSettings(
            weight_age=age,
            half_life=timedelta(days=half),
            weight_links=links,
            diversity=diversity,
            weight_tags=tags,
        )
        for age, half in ((0.2, 90), (0.3, 90), (0.4, 90), (0.3, 365))
        for links, diversity, tags in product((0.2, 0.4, 0.6), (0.0, 0.1, 0.2), (0.0, 0.2))
    ]
    ndcg = {data.name: _grid(data, grid) for data in sets}
    rows = []
    for data in sets:
        others = [one.name for one in sets if one is not data]
        best = max(range(len(grid)), key=lambda n: sum(ndcg[one][n] for one in others))
        one = grid[best]
        about = (
            f"age {one.weight_age:g} of {one.half_life.days} days, links {one.weight_links:g}, "
            f"diversity {one.diversity:g}, tags {one.weight_tags:g}"
        )
        plain = scores(data, _ours(data, links=False, weight_links=0.0))[0]
        usual = ndcg[data.name][grid.index(RelatedSettings())]
        values = (ndcg[data.name][best], usual, plain)
        rows.append((data.name, about, *(f"{value:.3f}" for value in values)))
    return rows


def _grid(data: Data, grid: Sequence[RelatedSettings]) -> list[float]:
    """nDCG@5 of a set with each of the settings; the texts are compared once for each age."""
    index, by_id = _indexed(data, links=True), {one.id: one for one in data.articles}
    found: list[Found] = [{} for _ in grid]
    for seed in data.seeds:
        near = {}
        for n, one in enumerate(grid):
            age = (one.weight_age, one.half_life)
            if age not in near:
                near[age] = index.near(seed, one)
            if alike := near[age]:
                rows = judged(seed, alike, by_id, one, LATER, {}, K)
                found[n][seed.id] = [r.article.id for r in chosen(rows, alike, one, K)]
    index.close()
    return [scores(data, one)[0] for one in found]


# Others


def _bm25(data: Data) -> Found:
    """SQLite's BM25 with each word of the article as the query; title × 3, summary × 2."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE fts USING fts5 (title, summary, body)")
    texts = [[words(t) for t in (a.title, a.summary, data.bodies[a.id])] for a in data.articles]
    db.executemany(
        "INSERT INTO fts (rowid, title, summary, body) VALUES (?, ?, ?, ?)",
        ((n, *map(" ".join, parts)) for n, parts in enumerate(texts)),
    )
    place = {article.id: n for n, article in enumerate(data.articles)}
    ask = "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY bm25(fts, 3.0, 2.0, 1.0)"
    found = {}
    for seed in data.seeds:
        every = sorted({word for part in texts[place[seed.id]] for word in part})
        rows = db.execute(ask, (" OR ".join(f'"{word}"' for word in every),))
        earlier = (data.articles[n] for (n,) in rows)
        found[seed.id] = _first(one for one in earlier if one.published < seed.published)
    return found


def _tags(data: Data) -> Found | None:
    """The sum of the shared tags' idf; the newer first of equals."""
    held = Counter(tag for article in data.articles for tag in set(article.tags))
    if not held:
        return None
    weight = {tag: math.log(len(data.articles) / count) for tag, count in held.items()}
    found = {}
    for seed in data.seeds:
        value = {
            one.id: sum(weight[tag] for tag in set(one.tags) & set(seed.tags))
            for one in data.articles
            if one.published < seed.published
        }
        fit = [one for one in data.articles if value.get(one.id)]
        fit.sort(key=lambda one: (-value[one.id], -one.published.timestamp()))
        found[seed.id] = _first(fit)
    return found


_HUGO = {
    "baseURL": "https://x.example/",
    "disableKinds": ["taxonomy", "term", "RSS", "sitemap"],
    "related": {
        "includeNewer": False,
        "threshold": 0,
        "toLower": True,
        "indices": [
            {"name": "tags", "weight": 100},
            {"name": "date", "weight": 10, "pattern": "2006"},
        ],
    },
    "outputs": {"page": ["html"], "home": ["html"], "section": ["html"]},
}
_PAGE = "{{ .Params.number }}:{{ range first 5 (.Site.RegularPages.Related .) }}{{ .Params.number }},{{ end }}\n"  # noqa: E501


def _hugo(data: Data) -> Found | None:
    """Hugo's related content by tags and year; None where it is not installed, or has no tags."""
    hugo = shutil.which("hugo")
    if hugo is None or not any(article.tags for article in data.articles):
        return None
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("content/posts", "layouts/_default"):
            (root / name).mkdir(parents=True)
        (root / "hugo.json").write_text(json.dumps(_HUGO))
        (root / "layouts/_default/single.html").write_text(_PAGE)
        (root / "layouts/_default/list.html").write_text("")
        for n, article in enumerate(data.articles):
            head = {
                "title": article.title,
                "date": article.published.isoformat(),
                "number": n,
                "tags": article.tags,
            }
            text = data.bodies[article.id].replace("{{", "{ {")
            (root / f"content/posts/{n}.md").write_text(f"{json.dumps(head)}\n\n{text}")
        subprocess.run((hugo, "--quiet"), cwd=root, check=True)
        told = [path.read_text().strip() for path in (root / "public/posts").glob("*/index.html")]
    found = {}
    for line in told:
        number, _, others = line.partition(":")
        found[data.articles[int(number)].id] = [
            data.articles[int(one)].id for one in others.split(",") if one
        ]
    return found


def _first(articles) -> list[str]:
    return [article.id for article, _ in zip(articles, range(K), strict=False)]


# The data


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
        url=_url(given["id"]),
        title=given["title"] or "",
        summary=given["description"] or "",
        language=given["lang"] or "en",
        published=moment,
        updated=moment,
        version="1",
        tags=tuple(map(str, given["tags"] or ())),
        section=given.get("section") or "",
    )


def _url(name: str) -> str:
    return f"https://x.example/{name}/"
