"""A folder of which every file is ours."""

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.outbox import Tree
from publisher.stamps import stand
from tests.site import tree

TEXT = b"A page of some words. " * 20


def opened(tmp_path, format_=1):
    return Tree(tmp_path / "web", tmp_path / "memory.json", format_)


def laid(tmp_path, *files):
    """Lay (path, key, data) as one build does; return the tree."""
    made = opened(tmp_path)
    made.clear({path for path, _, _ in files})
    for path, key, data in files:
        if not made.holds(path, key):
            made.put(path, key, data)
    made.finish()
    return made


def test_a_page_lies_there_with_its_packed_ones_and_is_not_written_again(tmp_path):
    first = laid(tmp_path, ("a/index.html", "k", TEXT), ("small.txt", "k", b"x"))
    assert [path.name for path in first.written] == ["index.html", "small.txt"]
    files = tree(tmp_path / "web")
    assert files.keys() == {"a/index.html", "a/index.html.gz", "a/index.html.br", "small.txt"}
    assert gzip.decompress(files["a/index.html.gz"]) == TEXT
    assert brotli.decompress(files["a/index.html.br"]) == TEXT
    again = laid(tmp_path, ("a/index.html", "k", TEXT), ("small.txt", "k", b"x"))
    assert (again.written, again.removed, again.unchanged) == ([], [], 2)


@pytest.mark.parametrize("name", ["a/index.html", "a/index.html.gz", "a/index.html.br"])
def test_a_file_that_was_touched_or_lost_is_made_again(tmp_path, name):
    laid(tmp_path, ("a/index.html", "k", TEXT))
    before = tree(tmp_path / "web")
    (tmp_path / "web" / name).write_bytes(b"somebody else's")
    laid(tmp_path, ("a/index.html", "k", TEXT))
    assert tree(tmp_path / "web") == before
    (tmp_path / "web" / name).unlink()
    laid(tmp_path, ("a/index.html", "k", TEXT))
    assert tree(tmp_path / "web") == before


def test_what_nobody_asked_for_goes_with_its_folder_but_a_web_servers_own_files_stay(tmp_path):
    laid(tmp_path, ("a/b/index.html", "k", TEXT), ("c.html", "k", TEXT))
    (tmp_path / "web/.htaccess").write_text("theirs")
    (tmp_path / "web/stray.html").write_text("left by nobody")
    (tmp_path / "web/.c.html.aside").write_text("half")
    laid(tmp_path, ("c.html", "k", TEXT))
    assert tree(tmp_path / "web").keys() == {"c.html", "c.html.gz", "c.html.br", ".htaccess"}
    assert not (tmp_path / "web/a").exists()


def test_a_page_that_has_become_small_has_no_packed_ones_left(tmp_path):
    laid(tmp_path, ("a.html", "k", TEXT))
    laid(tmp_path, ("a.html", "k2", b"short"))
    assert tree(tmp_path / "web") == {"a.html": b"short"}


def test_a_memory_of_nonsense_costs_a_comparison_and_nothing_else(tmp_path):
    laid(tmp_path, ("a.html", "k", TEXT))
    for nonsense in ("", "{", "[]", '{"a.html": 3}', "[" * 100_000):
        (tmp_path / "memory.json").write_text(nonsense)
        assert laid(tmp_path, ("a.html", "k", TEXT)).written == []


def test_what_is_noted_of_a_page_is_known_the_next_time(tmp_path):
    made = opened(tmp_path)
    made.put("a.html", "k", TEXT, {"related": ["x"]})
    made.finish()
    assert opened(tmp_path).note("a.html") == {"related": ["x"]}
    assert opened(tmp_path, 2).note("a.html") is None


def test_unwanted_files_go_before_anything_that_may_fail_is_made(tmp_path):
    laid(tmp_path, ("a.html", "k", TEXT), ("b.html", "k", TEXT), ("b/pic.png", "k", b"x"))
    opened(tmp_path).clear({"a.html"})
    assert tree(tmp_path / "web").keys() == {"a.html", "a.html.gz", "a.html.br"}


def test_where_making_fails_what_may_not_stay_goes_and_the_rest_does_not(tmp_path):
    first = opened(tmp_path)
    for name in ("a.html", "b.html"):
        first.put(name, "k", TEXT, {"shows": name})
    first.finish()
    second = opened(tmp_path)
    second.clear({"a.html", "b.html"})
    second.drop(lambda note: note == {"shows": "a.html"})
    second.abandon()
    assert tree(tmp_path / "web").keys() == {"a.html", "a.html.gz", "a.html.br"}
    assert opened(tmp_path).holds("a.html", "k")


def showing(tmp_path, pages=()):
    made = Tree(tmp_path / "web", tmp_path / "memory.json", 1, shows=lambda note: note or ())
    for name, ids in pages:
        made.put(name, "k", TEXT, ids)
    return made


def hiding(tmp_path, *ids):
    """What is taken away by a build in which no more than these may be seen."""
    made = showing(tmp_path)
    made.hide(set(ids))
    made.memory.keep_known(made.below("p"))
    made.finish()
    return [path.name for path in made.removed]


@pytest.mark.parametrize("others", [1, 30])
def test_what_shows_what_is_hidden_leaves_with_its_packed_ones(tmp_path, others):
    hidden = [f"hidden {n}" for n in range(others)]
    pages = [("p/a.html", ["a"]), ("p/b.html", ["a", "b"]), ("p/none.html", None)]
    showing(tmp_path, [*pages, ("p/c.html", [*hidden, "a"])]).finish()
    assert hiding(tmp_path, "a", "b", "c", *hidden) == []
    assert hiding(tmp_path, "a", "b", "c") == ["c.html", "c.html.gz", "c.html.br"]
    assert hiding(tmp_path, "a") == ["b.html", "b.html.gz", "b.html.br"]
    assert {name for name in tree(tmp_path / "web") if name.endswith(".html")} == {
        "p/a.html",
        "p/none.html",
    }


def test_no_note_is_asked_where_all_that_is_shown_may_be_seen(tmp_path):
    showing(tmp_path, [("p/a.html", ["a"]), ("p/b.html", ["b"])]).finish()

    def asked(ids, *kept):
        made = showing(tmp_path)
        notes = []
        made.memory._shows = lambda note: notes.append(note) or note
        found = made.memory.showing_others(ids)
        made.memory.keep_known(kept)
        made.finish()
        return found, notes

    assert asked({"a", "b", "c"}, "p/a.html", "p/b.html") == ([], [])
    # In the second, what stays is asked when it is saved.
    assert asked({"a"}, "p/a.html") == (["p/b.html"], [["b"], ["a"]])
    assert asked({"a"}, "p/a.html") == ([], [])


def test_what_an_older_memory_shows_is_found_out(tmp_path):
    showing(tmp_path, [("p/a.html", ["a"]), ("p/b.html", ["b"])]).finish()
    memory = tmp_path / "memory.json"
    known = json.loads(memory.read_text())
    assert known.pop("shown") == ["a", "b"]
    memory.write_text(json.dumps(known))
    assert hiding(tmp_path, "a") == ["b.html", "b.html.gz", "b.html.br"]
    assert json.loads(memory.read_text())["shown"] == ["a"]


@pytest.mark.parametrize(("before", "after"), [("x", "x/y.html"), ("x/y.html", "x")])
def test_a_file_may_become_a_folder_and_a_folder_a_file(tmp_path, before, after):
    laid(tmp_path, (before, "k", b"1"))
    laid(tmp_path, (after, "k", b"2"))
    assert tree(tmp_path / "web") == {after: b"2"}


def test_nothing_is_written_through_a_link(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "web/a").symlink_to(tmp_path / "elsewhere")
    laid(tmp_path, ("a/index.html", "k", b"1"))
    assert tree(tmp_path / "web") == {"a/index.html": b"1"}
    assert list((tmp_path / "elsewhere").iterdir()) == []


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["a.html", "b/c.html", "b/d.html", "b/e/f.html", "g/h/i.html"]),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_tree_knows_how_it_stands_without_looking_again(rounds):
    with TemporaryDirectory() as at:
        folder, memory = Path(at, "web"), Path(at, "pages.json")
        for wanted in rounds:
            tree = Tree(folder, memory, 1)
            tree.clear(wanted)
            for name, text in wanted.items():
                if not tree.holds(name, str(text)):
                    tree.put(name, str(text), b"words of a page " * (20 + text))
            tree.finish()
            assert tree.look(0).digest == stand(folder, 0).digest
            hidden, link = folder / ".theirs/x.html", folder / "b/link.html"
            hidden.parent.mkdir(parents=True, exist_ok=True)
            hidden.write_text("theirs")
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(hidden)
            assert tree.look(0).digest != stand(folder, 0).digest
        assert hidden.exists()
