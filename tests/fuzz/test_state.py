"""State that can be made anew: whatever a file holds, it is used or begun anew, and never raises."""

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.outbox import Memory, Tree
from publisher.pipeline.pages.notes import fits
from publisher.sources import Cache
from tests.fuzz.spoilt import examples, spoilt
from tests.unit.outbox.test_damage import FORMAT, NOTE
from tests.unit.sources.test_damage import used

pytestmark = pytest.mark.slow

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
SIGNS = [b"[", b"]", b"{", b"}", b",", b":", b'"', b"null", b"1e999", b"-1", b"\\ud800", b"\xff"]


def nested(inner):
    return st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=4)


VALUES = SCALARS | nested(SCALARS | nested(SCALARS | nested(SCALARS)))
STAT = [10, 1_700_000_000_000_000_000, 1_700_000_000_000_000_000]
PAGES = json.dumps(
    {
        "format": FORMAT,
        "files": {
            "a.html": ["key", [STAT, STAT, STAT], NOTE, "0" * 32],
            "b.html": ["key", [STAT, [], []], None],
        },
    }
).encode()
FEEDS = json.dumps(
    {
        "format": FORMAT,
        "files": {
            "rss.xml": ["key", [STAT] * 3, None, "0" * 32],
            "x/rss.xml": ["key", [STAT, [], []], None],
        },
    }
).encode()


def written(data: bytes) -> tuple[tempfile.TemporaryDirectory, Path]:
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "state"
    path.write_bytes(data)
    return folder, path


def pages_of(data: bytes) -> None:
    folder, path = written(data)
    with folder:
        tree = Tree(path.parent / "web", path, FORMAT, fits)
        for name in ("a.html", "b.html"):
            tree.note(name)
            if not tree.holds(name, "key"):
                tree.put(name, "key", b"x", NOTE)
        tree.memory.distrust()
        tree.drop(lambda note: note is None or bool(note["shows"]))
        tree.finish()
        assert Tree(path.parent / "web", path, FORMAT, fits).memory.damage == ""


def feeds_of(data: bytes) -> None:
    folder, path = written(data)
    with folder:
        (path.parent / "rss.xml").write_bytes(b"x")
        memory = Memory(path.parent, path, FORMAT)
        for name in ("rss.xml", "x/rss.xml"):
            memory.holds(name, "key")
        memory.changed()
        memory.keep("rss.xml", "key")
        memory.save()
        assert Memory(path.parent, path, FORMAT).holds("rss.xml", "key")


@examples(100)
@given(spoilt([PAGES], SIGNS))
def test_any_memory_of_pages_is_used_or_begun_anew(data):
    pages_of(data)


@examples(100)
@given(VALUES, st.sampled_from(("whole", "files", "entry", "note", "stat")))
def test_any_value_in_a_memory_of_pages_is_used_or_told(value, place):
    whole = json.loads(PAGES)
    entry = whole["files"]["a.html"]
    if place == "files":
        whole["files"] = value
    elif place == "entry":
        whole["files"]["a.html"] = value
    elif place == "note":
        entry[2] = value
    elif place == "stat":
        entry[1] = value
    pages_of(json.dumps(value if place == "whole" else whole).encode())


@examples(100)
@given(spoilt([FEEDS], SIGNS) | VALUES.map(lambda value: json.dumps({"/x": value}).encode()))
def test_any_memory_of_feeds_is_used_or_begun_anew(data):
    feeds_of(data)


def _cache() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cache.db"
        used(path)
        return path.read_bytes()


CACHE = _cache()


@examples(30)
@given(spoilt([CACHE], [b"\0" * 16, b"\xff" * 16, CACHE[:100], b"CREATE TABLE"]))
def test_any_cache_is_used_or_begun_anew(data):
    folder, path = written(data)
    with folder:
        used(path)


@examples(30)
@given(st.sampled_from(("record", "body")), SCALARS.filter(lambda one: not isinstance(one, bool)))
def test_any_value_in_a_cache_is_used_or_begun_anew(column, value):
    folder, path = written(CACHE)
    table = "files" if column == "record" else "bodies"
    with folder:
        with closing(sqlite3.connect(path)) as db, db:
            try:
                db.execute(f"UPDATE {table} SET {column} = ? WHERE path = '7'", (value,))
            except (sqlite3.IntegrityError, OverflowError, UnicodeEncodeError):
                return
        assert isinstance(used(path), Cache)
