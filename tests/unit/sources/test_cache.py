"""The cache of parsed articles: what its database says comes out in our own words."""

import sqlite3

import pytest

from publisher.disposable import Damaged
from publisher.errors import StateUnavailable
from publisher.sources import Cache
from tests.unit.sources.test_damage import ARTICLE, RECORD


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


def test_who_reads_finds_each_article_whose_record_was_there_whoever_writes_meanwhile(tmp_path):
    path = tmp_path / "cache.db"
    writer = Cache(path, "key")
    writer.put("a.md", RECORD, "<p>text</p>")
    writer.commit()
    reader = Cache(path, "key", readonly=True)
    writer._db.execute("PRAGMA busy_timeout = 0")
    with reader.at_once():
        assert [name for name, _ in reader.each()] == ["a.md"]
        writer.drop(["a.md"])
        with pytest.raises(StateUnavailable):  # it waits, for 5 seconds at most
            writer.commit()
        assert reader.articles({"a.md"}) == [ARTICLE]
    writer.commit()
    assert list(reader.each()) == []
    with pytest.raises(Damaged, match="an article is missing"):
        reader.articles({"a.md"})


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
