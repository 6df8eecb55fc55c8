"""How often a story that nothing is related to gets nothing, and one with a relative something.

An archive of so many articles is drawn from a set: half of it stories and what they link to, half
any others. The stories are asked for; so are foreign ones, of a set about something else, each put
into the archive alone.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.linked import Data, K
from benchmarks.measuring import table
from publisher.model import Article, RelatedSettings
from publisher.related import Index, RelatedStories

SIZES = (8, 30, 100, 400)
FOREIGN = (
    ("18f", "optech-en"), ("digitalgov", "optech-en"), ("optech-en", "18f"),
    ("optech-en", "digitalgov"),
)  # fmt: skip
_ASKED = 40  # of each kind in each row, or a few more
_EACH = 10  # foreign stories to one archive
LATER = [datetime(2100, 1, 1, tzinfo=UTC)]


def run(sets: Sequence[Data]) -> None:
    """Print the share of empty blocks by the size of the archive, for those that are there."""
    named = {one.name: one for one in sets}
    pairs = [(named[a], named[b]) for a, b in FOREIGN if a in named and b in named]
    rows = [
        row(archive, foreign, size)
        for archive, foreign in pairs
        for size in SIZES
        if size < len(archive.articles)
    ]
    heads = ("archive of", "foreign", "articles", "foreign: empty", "weak ones shown",
             "a relative: empty", "relative shown")  # fmt: skip
    table("Nothing related, and something", heads, rows)


def row(archive: Data, foreign: Data, size: int) -> tuple[object, ...]:
    """The shares for archives of one size."""
    rng = random.Random(f"{archive.name} {foreign.name} {size}")
    strangers: list[int] = []
    relatives: list[tuple[int, bool]] = []
    while len(strangers) < _ASKED or len(relatives) < _ASKED:
        drawn, seeds = _drawn(archive, size, rng)
        others = rng.sample(foreign.articles, _EACH)
        last = max(article.published for article in drawn)
        others = [one.but(id=f"foreign {one.id}", published=last) for one in others]
        bodies = archive.bodies | {f"foreign {name}": told for name, told in foreign.bodies.items()}
        index = Index(None)
        strangers += [
            len(_asked(index, [*drawn, one], bodies, one))
            for one in others[: max(0, _ASKED - len(strangers))]
        ]
        for one in seeds[: max(0, _ASKED - len(relatives))]:
            found = _asked(index, drawn, bodies, one)
            relatives.append((len(found), bool({*found} & {*archive.targets[one.id]})))
        index.close()
    return (
        archive.name, foreign.name, size,
        f"{sum(not count for count in strangers) / len(strangers):.0%}",
        f"{sum(strangers) / len(strangers):.2f}",
        f"{sum(not count for count, _ in relatives) / len(relatives):.0%}",
        f"{sum(hit for _, hit in relatives) / len(relatives):.0%}",
    )  # fmt: skip


def _asked(
    index: Index, articles: Sequence[Article], bodies: dict[str, str], seed: Article
) -> list[str]:
    index.update(articles, lambda one: bodies[one.id].replace("<", "&lt;"))
    stories = RelatedStories(articles, index, RelatedSettings())
    return [one.article.id for one in stories.of(seed, K, at=LATER)]


def _drawn(data: Data, size: int, rng: random.Random) -> tuple[list[Article], list[Article]]:
    """Some articles, and those of them that have an earlier relative among them."""
    by_id = {article.id: article for article in data.articles}
    kept: dict[str, Article] = {}
    seeds = []
    for seed in rng.sample(data.seeds, len(data.seeds)):
        earlier = [
            by_id[one]
            for one in data.targets[seed.id]
            if one in by_id and by_id[one].published < seed.published
        ]
        if earlier and len(kept) + 2 <= size / 2:
            seeds.append(seed)
            kept |= {one.id: one for one in (seed, rng.choice(earlier))}
    rest = [article for article in data.articles if article.id not in kept]
    kept |= {one.id: one for one in rng.sample(rest, size - len(kept))}
    return sorted(kept.values(), key=lambda one: (one.published, one.id)), seeds
