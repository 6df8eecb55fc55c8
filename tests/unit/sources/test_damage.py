"""The cache: whatever lies in its place, nothing is raised, and it is told."""

from datetime import UTC, datetime

import pytest

from publisher.disposable import Damaged
from publisher.model import Article
from publisher.sources import Cache
from publisher.sources.cache import Record
from tests.hostile.damage import ANY, OF_DATABASES, QUIET

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ARTICLE = Article(
    id="tag:a",
    path="a.md",
    slug="a",
    url="https://x.example/a/",
    title="A",
    summary="",
    language="en",
    published=NOON,
    updated=NOON,
    version="1",
)
RECORD = Record(stat=(1, 2, 3, 4), article=ARTICLE)
DAMAGES = {**ANY, **OF_DATABASES}


def used(path, *, readonly: bool = False) -> Cache:
    """A cache that was read and filled, begun anew once if need be, as `scan` does it."""
    cache = Cache(path, "key", readonly=readonly)
    for _ in range(2):
        try:
            with cache.at_once():
                cache.articles({path for path, _ in cache.each()})
            cache.records()
            for number in range(20):
                cache.put(str(number), RECORD, "<p>words</p>" * 100)
            cache.drop(["none"])
            cache.commit()
            assert cache.body("7").startswith("<p>words")
            break
        except Damaged as error:
            cache.begin_anew(str(error))
    assert cache.body("7").startswith("<p>words")
    cache.close()
    return cache


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize(("what", "damage"), DAMAGES.items(), ids=list(DAMAGES))
def test_whatever_becomes_of_a_cache_it_is_used_and_told(tmp_path, what, damage, readonly):
    path = tmp_path / "cache.db"
    used(path)
    damage(path)
    found = used(path, readonly=readonly)
    if not readonly:  # who only looks may look past it
        assert bool(found.damage) == (("cache.db", what) not in QUIET)
        again = Cache(path, "key")
        assert (len(again.records()), again.damage) == (20, "")
        again.close()
