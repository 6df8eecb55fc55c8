"""Related stories against the links that authors made: nDCG@5, and milliseconds a query.

Reads the sets in `../shared/data/related` where they are (`NAME.articles.jsonl.gz`,
`NAME.qrels.jsonl`); without them it says so.
"""

from __future__ import annotations

import gzip
import json
import math
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.measuring import table
from publisher.model import Article, RelatedSettings
from publisher.related import Index, RelatedStories
from publisher.sources.dates import as_instant

DATA = Path(__file__).resolve().parents[2] / "shared/data/related"


def run(_articles: int) -> None:
    """Print a row for each set."""
    names = sorted(path.name.split(".")[0] for path in DATA.glob("*.qrels.jsonl"))
    if not names:
        print(f"\nRelated stories: no data in {DATA}.")
        return
    heads = ("set", "articles", "seeds", "nDCG@5", "ms a query")
    table("Related stories", heads, [_row(name) for name in names])


def _row(name: str) -> tuple[object, ...]:
    bodies: dict[str, str] = {}
    articles = []
    with gzip.open(DATA / f"{name}.articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            given = json.loads(line)
            articles.append(_article(given))
            bodies[given["id"]] = given["body"].replace("<", "&lt;")
    index = Index(None)
    index.update(articles, lambda article: bodies[article.id])
    stories = RelatedStories(articles, index, RelatedSettings())
    by_id = {article.id: article for article in articles}
    qrels = [json.loads(line) for line in (DATA / f"{name}.qrels.jsonl").open(encoding="utf-8")]
    seeds = [(by_id[q["id"]], set(q["related"])) for q in qrels if 1 <= len(q["related"]) <= 10]
    now, started = datetime(2100, 1, 1, tzinfo=UTC), time.perf_counter()
    gained = [_ndcg(stories.of(seed, 5, at=[now]), wanted) for seed, wanted in seeds]
    elapsed = (time.perf_counter() - started) / len(seeds) * 1000
    score = sum(gained) / len(gained)
    return name, len(articles), len(seeds), f"{score:.3f}", f"{elapsed:.1f}"


def _article(given: dict) -> Article:
    moment = as_instant(given["date"], ZoneInfo("UTC"))
    return Article(
        id=given["id"], path=given["id"], slug=given["id"], url="", title=given["title"] or "",
        summary=given["description"] or "", language=given["lang"] or "en", published=moment,
        updated=moment, version="1", tags=tuple(map(str, given["tags"] or ())),
        section=given.get("section") or "",
    )  # fmt: skip


def _ndcg(found, wanted: set[str]) -> float:
    gain = sum(1 / math.log2(n + 2) for n, one in enumerate(found) if one.article.id in wanted)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(5, len(wanted))))
