"""The cache of parsed articles: what its database says comes out in our own words."""

import sqlite3

import pytest

from publisher.errors import StateUnavailable
from publisher.sources import Cache
from publisher.sources.cache import Record

RECORD = Record(stat=(1, 2, 3, 4))


def full(cache: Cache) -> None:
    """A disk with no room left."""
    pages = cache._db.execute("PRAGMA page_count").fetchone()[0]
    cache._db.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_told_in_our_own_words_and_nothing_is_taken_for_damaged(tmp_path):
    cache = Cache(tmp_path / "cache.db", "key")
    full(cache)
    with pytest.raises(StateUnavailable, match="disk is full"):
        for number in range(50):
            cache.put(str(number), RECORD, "word " * 2000)
    assert cache.damage == ""


def test_a_cache_that_is_a_folder_is_moved_aside_and_made_anew(tmp_path):
    path = tmp_path / "cache.db"
    path.mkdir()
    (path / "theirs").write_text("kept")
    cache = Cache(path, "key")
    assert cache.damage == "cache.db is a folder, no file"
    cache.put("a", RECORD, "<p>text</p>")
    cache.commit()
    cache.close()
    again = Cache(path, "key")
    assert (again.body("a"), again.damage) == ("<p>text</p>", "")
    assert (tmp_path / "cache.db.damaged/theirs").read_text() == "kept"


def test_a_cache_that_others_may_only_read_goes_on_in_memory(tmp_path):
    path = tmp_path / "cache.db"
    path.mkdir()
    cache = Cache(path, "key", readonly=True)
    cache.put("a", RECORD, "<p>text</p>")
    assert (cache.body("a"), path.is_dir()) == ("<p>text</p>", True)


def test_a_body_that_is_lost_condemns_the_cache(tmp_path):
    path = tmp_path / "cache.db"
    cache = Cache(path, "key")
    cache.put("a", RECORD, "<p>text</p>")
    cache.commit()
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM bodies")
    db.close()
    cache.condemn("a text is missing")
    cache.close()
    assert not path.exists()
