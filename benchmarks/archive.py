"""A generated archive: articles of 6 KB with words, tags, sections and authors as real ones have.

Word frequencies follow Zipf's law over 30,000 words; each article has a topic of its own from
400, so that related stories exist. The same count gives the same bytes.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

START = datetime(2016, 1, 1, tzinfo=UTC)
NOW = "2026-11-24 07:00"
_VOCABULARY = 30_000
_TOPICS = 400
_BYTES = 6_000

_CONFIG = """\
[publication]
title = "Benchmark"
base_url = "https://bench.example"
since = 2026-01-01

[newsletters.daily]
title = "Daily"
every = "day"
at = "07:00"

[[newsletters.daily.sections]]
name = "lead"
max = 1
show = "full"

[[newsletters.daily.sections]]
name = "more"
max = 19
"""


def words() -> list[str]:
    """The vocabulary, most frequent first."""
    rng = random.Random(1)
    syllables = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
    made: dict[str, None] = {}
    while len(made) < _VOCABULARY:
        made["".join(rng.choices(syllables, k=rng.randint(1, 4)))] = None
    return list(made)


class Generator:
    """Writes articles into a publication's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.words = words()
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(_VOCABULARY)))

    def publication(self, count: int) -> None:
        """Write publisher.toml and `count` articles, the newest of them in the last week."""
        (self.root / "articles").mkdir(parents=True)
        (self.root / "publisher.toml").write_text(_CONFIG)
        step = (datetime(2026, 11, 23, tzinfo=UTC) - START) / count
        for number in range(count):
            self.article(number, START + step * number)

    def article(self, number: int, published: datetime) -> None:
        """Write one article of about 6 KB."""
        rng = random.Random(number)
        topic = [self.words[500 + (number % _TOPICS) * 30 + i] for i in range(30)]
        lines = [
            "---",
            f"title: {self.sentence(rng, topic, 7).title()}",
            f"date: {published.isoformat()}",
            f"tags: [tag{number % 40}, tag{number * 7 % 40}]",
            f"authors: [Author {number % 25}]",
            f"section: section{number % 8}",
            "---",
            "",
        ]
        size = 0
        while size < _BYTES:
            paragraph = " ".join(
                self.sentence(rng, topic, rng.randint(8, 20)).capitalize() + "." for _ in range(5)
            )
            if rng.random() < 0.15:
                lines += [f"## {self.sentence(rng, topic, 4).capitalize()}", ""]
            if rng.random() < 0.2:
                paragraph += f" [{topic[0]}](/section1/{topic[1]}/) and *{topic[2]}*."
            lines += [paragraph, ""]
            size += len(paragraph)
        (self.root / "articles" / f"article-{number:06}.md").write_text("\n".join(lines))

    def sentence(self, rng: random.Random, topic: list[str], length: int) -> str:
        """Some words, one in six of them of the topic."""
        common = rng.choices(self.words, cum_weights=self.weights, k=length)
        return " ".join(rng.choice(topic) if rng.random() < 0.16 else word for word in common)


def newest(count: int) -> datetime:
    """When an article that arrives after the others is published."""
    return datetime(2026, 11, 24, 6, tzinfo=UTC) + timedelta(minutes=count % 50)
