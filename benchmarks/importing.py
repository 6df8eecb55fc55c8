"""`import wordpress`: an export of generated posts, a first time and again."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import PUBLISHER, cost, table

_WORDS = "river harbour council bridge night bus market school museum letter ferry tram".split()
_CONFIG = '[publication]\ntitle = "Site"\nbase_url = "https://site.example"\nsince = 2020-01-01\n'
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Site</title><link>https://site.example</link><wp:wxr_version>1.2</wp:wxr_version>
"""
_ITEM = """<item><title>Story {n} of the {word}</title>
<link>https://site.example/{year}/01/story-{n}/</link><dc:creator>ann</dc:creator>
<guid isPermaLink="false">https://site.example/?p={n}</guid>
<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{n}</wp:post_id>
<wp:post_date_gmt>{year}-01-05 08:00:00</wp:post_date_gmt><wp:post_name>story-{n}</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="category" nicename="city">City</category>
<category domain="post_tag" nicename="{word}">{word}</category></item>
"""


def run(articles: int) -> None:
    """Print what an import costs: half of the posts are classic ones, half have blocks."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root = Path(folder)
        (root / "articles").mkdir()
        (root / "publisher.toml").write_text(_CONFIG)
        export = root / "export.xml"
        with export.open("w", encoding="utf-8") as file:
            file.writelines(_export(articles))
        command = (*PUBLISHER, "-C", folder, "import", "wordpress", str(export))
        rows = [
            (name, f"{c.seconds:.1f}", f"{c.cpu:.1f}", f"{c.megabytes:.0f}")
            for name, c in (("first", cost(*command)), ("again", cost(*command)))
        ]
        size = export.stat().st_size / 1e6
        table(
            f"Import of {articles:,} posts of WordPress ({size:.0f} MB)",
            ("", "seconds", "CPU seconds", "peak MB"),
            rows,
        )


def _export(articles: int) -> Iterator[str]:
    chance = random.Random(1)
    yield _HEAD
    for number in range(articles):
        parts = [" ".join(chance.choices(_WORDS, k=80)) + "." for _ in range(12)]
        if number % 2:
            parts = [
                f"<!-- wp:paragraph -->\n<p>{one}</p>\n<!-- /wp:paragraph -->" for one in parts
            ]
        yield _ITEM.format(
            n=number,
            word=_WORDS[number % len(_WORDS)],
            year=2010 + number % 15,
            body="\n\n".join(parts),
        )
    yield "</channel></rss>\n"
