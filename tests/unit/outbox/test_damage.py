"""Memories of what was made: whatever lies in their place, nothing is raised, and it is told."""

import json
import os

import pytest

from publisher.outbox import Memory, Tree
from publisher.pipeline.pages.notes import fits
from tests.hostile.damage import ANY, OF_MEMORIES, OF_NOTES, QUIET

FORMAT = 3
NOTE = {
    "shows": ["a"],
    "version": "1",
    "addresses": [],
    "related": [
        {"id": "b", "picked": False, "score": 1.0, "text": 0.5, "age": 1.0, "terms": ["x"],
         "cited": 0, "fallback": False}
    ],
}  # fmt: skip


def filled(folder, memory) -> Tree:
    tree = Tree(folder, memory, FORMAT, fits)
    for name in ("a.html", "b/c.html"):
        if not tree.holds(name, "key"):
            tree.put(name, "key", b"words of a page " * 50, NOTE)
    tree.finish()
    return tree


@pytest.mark.parametrize(("what", "damage"), {**ANY, **OF_MEMORIES, **OF_NOTES}.items())
def test_whatever_becomes_of_a_trees_memory_its_files_stay_and_it_is_told(tmp_path, what, damage):
    folder, memory = tmp_path / "web", tmp_path / "pages.json"
    filled(folder, memory)
    before = memory.read_bytes()
    damage(memory)
    tree = filled(folder, memory)
    assert (tree.written, tree.removed, tree.unchanged) == ([], [], 2)
    assert bool(tree.memory.damage) == (("pages.json", what) not in QUIET)
    assert memory.read_bytes() == before
    assert filled(folder, memory).memory.damage == ""


@pytest.mark.parametrize(("what", "damage"), {**ANY, **OF_MEMORIES}.items())
def test_whatever_becomes_of_what_is_known_of_feeds_it_is_told(tmp_path, what, damage):
    feed, memory = tmp_path / "rss.xml", tmp_path / "feeds.json"
    feed.write_text("<rss/>")
    known = Memory(tmp_path, memory, FORMAT)
    known.keep("rss.xml", "key")
    known.save()
    before = memory.read_bytes()
    damage(memory)
    known = Memory(tmp_path, memory, FORMAT)
    assert bool(known.damage) == (("feeds.json", what) not in QUIET)
    assert known.holds("rss.xml", "key") == (("feeds.json", what) in QUIET)
    known.keep("rss.xml", "key")
    known.save()
    assert memory.read_bytes() == before


def touched(path, data: bytes) -> None:
    """Other bytes under the same size and time."""
    stat = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_what_was_changed_under_the_same_size_and_time_is_not_held(tmp_path):
    folder, memory = tmp_path / "web", tmp_path / "pages.json"
    filled(folder, memory)
    data = (folder / "a.html").read_bytes()
    touched(folder / "a.html", data.replace(b"words", b"WORDS"))
    assert Memory(folder, memory, FORMAT).changed() == ["a.html"]
    assert filled(folder, memory).written == [folder / "a.html"]
    assert (folder / "a.html").read_bytes() == data


def test_what_was_touched_and_is_the_same_is_held(tmp_path):
    folder, memory = tmp_path / "web", tmp_path / "pages.json"
    filled(folder, memory)
    touched(folder / "a.html", (folder / "a.html").read_bytes())
    tree = Tree(folder, memory, FORMAT)
    assert tree.holds("a.html", "key")
    assert Memory(folder, memory, FORMAT).changed() == []


def test_a_tree_that_distrusts_finds_what_no_time_betrays(tmp_path):
    folder, memory = tmp_path / "web", tmp_path / "pages.json"
    filled(folder, memory)
    path = folder / "a.html.gz"
    path.write_bytes(bytes(len(path.read_bytes())))
    known = json.loads(memory.read_text())
    stat = path.stat()
    known["files"]["a.html"][1][1] = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    memory.write_text(json.dumps(known))
    assert Tree(folder, memory, FORMAT).holds("a.html", "key")
    tree = Tree(folder, memory, FORMAT)
    tree.memory.distrust()
    assert not tree.holds("a.html", "key") and tree.holds("b/c.html", "key")
    assert tree.note("a.html") == NOTE


def test_a_memory_of_before_digests_were_kept_counts_by_size_and_time(tmp_path):
    folder, memory = tmp_path / "web", tmp_path / "pages.json"
    filled(folder, memory)
    known = json.loads(memory.read_text())
    for made in known["files"].values():
        made[1:] = [[one[:2] for one in made[1]], made[2]]
    memory.write_text(json.dumps(known))
    assert filled(folder, memory).memory.damage == ""
    assert len(json.loads(memory.read_text())["files"]["a.html"]) == 4
