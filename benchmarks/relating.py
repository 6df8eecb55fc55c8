"""Related stories against the links that authors made, beside other ways (costs: `finding`).

Reads the sets of `linked`; without them it says so. "With links" gives the index the links that
earlier articles made; "no anchors" takes the words out that carried them.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path

from msgspec.structs import replace

from benchmarks import linked, strangers
from benchmarks.linked import Data, Found, K
from benchmarks.measuring import table
from publisher.model import Article, RelatedSettings
from publisher.related import Index, Meaning, RelatedStories
from publisher.related.evidence import terms
from publisher.related.index import Near
from publisher.related.rank import chosen, judged
from publisher.related.terms import words

LATER = [datetime(2100, 1, 1, tzinfo=UTC)]


def run(_: int) -> None:
    """Print a table of each: how good, how good where weights are chosen elsewhere."""
    sets = linked.read()
    rows = [row for one in sets for row in _compared(one)]
    heads = ("set", "way", "nDCG@5", "95 of 100", "recall@5", "MRR", "empty")
    if rows:
        table("Related stories", heads, rows)
    if len(sets) > 1:
        heads = ("set", "chosen on the others", "nDCG@5", "with the defaults", "links left out")
        table("Weights chosen on the other sets", heads, _left_out(sets))
        strangers.run(sets)


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
    plain = ("publisher, with links", "publisher", "BM25 of the whole article")
    tried = [(way, data, ask) for way, ask in ways.items()]
    tried += [(f"{way}, no anchors", data.without_anchors, ways[way]) for way in plain]
    name = f"{data.name} ({len(data.articles):,}, {len(data.seeds)} seeds)"
    return [
        (name, way, *_told(one, answer))
        for way, one, ask in tried
        if (answer := ask(one)) is not None
    ]


def _told(data: Data, found: Found) -> tuple[str, ...]:
    """nDCG@5 with its interval, recall@5, MRR, and how many seeds got nothing."""
    each = linked.each(data, found)
    ndcg, recall, mrr = each.mean(0)
    low, high = linked.interval(each[:, 0])
    empty = sum(not found.get(seed.id) for seed in data.seeds) / len(data.seeds)
    within = f"{low:.3f} to {high:.3f}"
    return f"{ndcg:.3f}", within, f"{recall:.3f}", f"{mrr:.3f}", f"{empty:.1%}"


def _ndcg(data: Data, found: Found) -> float:
    return float(linked.each(data, found)[:, 0].mean())


# Ours


class _Honest(Index):
    """Sees what earlier articles link to, and never what the one that is asked for does."""

    def near(
        self, article: Article, settings: RelatedSettings, extra: Sequence[str] = ()
    ) -> Near | None:
        found = super().near(article, settings, extra)
        return found and replace(found, linked=frozenset())


def _indexed(data: Data, links: bool, model: Meaning | None = None) -> Index:
    def body(article: Article) -> str:
        made = data.targets.get(article.id, ()) if links else ()
        anchors = "".join(f'<a href="{linked.url_of(target)}"></a>' for target in made)
        return data.bodies[article.id].replace("<", "&lt;") + anchors

    index = _Honest(None, model=model)
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
        for age, half in ((0.3, 90), (0.5, 90), (0.7, 90), (0.5, 365))
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
        plain = _ndcg(data, _ours(data, links=False, weight_links=0.0))
        usual = ndcg[data.name][grid.index(RelatedSettings())]
        values = (ndcg[data.name][best], usual, plain)
        rows.append((data.name, about, *(f"{value:.3f}" for value in values)))
    return rows


def _grid(data: Data, grid: Sequence[RelatedSettings]) -> list[float]:
    """nDCG@5 of a set with each of the settings; the texts are compared once for each age."""
    index, by_id = _indexed(data, links=True), {one.id: one for one in data.articles}
    found: list[dict[str, list[str]]] = [{} for _ in grid]
    for seed in data.seeds:
        near = {}
        for n, one in enumerate(grid):
            age = (one.weight_age, one.half_life)
            if age not in near:
                near[age] = index.near(seed, one)
            if alike := near[age]:
                rows = judged(seed, alike, by_id, one, LATER, {}, K)
                named = partial(terms, alike.likeness, most=K)
                found[n][seed.id] = [r.article.id for r in chosen(rows, alike, one, K, named)]
    index.close()
    return [_ndcg(data, one) for one in found]


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


def _first(articles: Iterable[Article]) -> list[str]:
    return [article.id for article, _ in zip(articles, range(K), strict=False)]
