"""A memory's file: a line for each file it tells of, and a sum by which it is known to be whole."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.outbox import Memory
from publisher.outbox.entries import beginning, decoded, encoded, lines, note_of, read_lines

STOOD = ((10, 1_764_000_000_000_000_000, 1_764_000_000_000_000_001), (), ())
NAMES = ("a.html", 'say "b":[c', "back\\slash", "größe/index.html", "a\nb", "", "}", '","')
SHOWN = b'["x","y"]'
NOTE = {"shows": ["x"], "addresses": ['}\n"sum":"0"}'], "related": None, "version": "1"}


def whole(entries) -> bytes:
    return b"".join(lines(3, entries, SHOWN))


def some(names=NAMES):
    return {name: encoded(f"key {name}", STOOD, NOTE, "0" * 32) for name in names}


def test_what_was_written_is_read_again_whatever_names_are(tmp_path):
    path = tmp_path / "memory"
    path.write_bytes(whole(some()))
    assert read_lines(path, 3) == (some(), SHOWN)
    assert read_lines(path, 4) is None


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(), max_size=5))
def test_any_names_and_keys_are_read_again(tmp_path_factory, keys):
    try:
        entries = {name: encoded(key, STOOD, None, None) for name, key in keys.items()}
    except UnicodeEncodeError:  # half a letter
        return
    path = tmp_path_factory.mktemp("memory") / "memory"
    path.write_bytes(whole(entries))
    assert read_lines(path, 3) == (entries, SHOWN)


def test_it_is_json_that_says_the_same(tmp_path):
    told = json.loads(whole(some()))
    assert told["format"] == 3
    assert list(told["files"]) == sorted(NAMES)
    assert told["files"]["a.html"] == ["key a.html", [list(STOOD[0]), [], []], NOTE, "0" * 32]
    assert told["shown"] == ["x", "y"]
    assert json.loads(whole({}))["files"] == {}


def test_an_entry_says_what_it_was_made_of():
    entry = encoded("k", STOOD, NOTE, "d")
    made = decoded(entry)
    assert (made.key, made.stood, made.digest, note_of(entry)) == ("k", STOOD, "d", NOTE)
    assert entry.startswith(beginning("k", STOOD))
    assert not entry.startswith(beginning("other", STOOD))
    assert not entry.startswith(beginning("k", (STOOD[0][:2], (), ())))


@pytest.mark.parametrize("step", [1, 7])
def test_whatever_byte_is_another_it_is_noticed(tmp_path, step):
    path, data = tmp_path / "memory", whole(some())
    for at in range(0, len(data), step):
        path.write_bytes(data[:at] + bytes([data[at] ^ step]) + data[at + 1 :])
        assert read_lines(path, 3) is None


@pytest.mark.parametrize("end", range(0, 200, 3))
def test_what_was_cut_is_noticed(tmp_path, end):
    path, data = tmp_path / "memory", whole(some())
    path.write_bytes(data[: len(data) - end - 1])
    assert read_lines(path, 3) is None


def kept(tmp_path, *names) -> Memory:
    memory = Memory(tmp_path, tmp_path / "memory", 3)
    for name in names:
        (tmp_path / name).write_text("words")
        memory.keep(name, "key", NOTE)
    memory.save()
    return Memory(tmp_path, tmp_path / "memory", 3)


def test_a_memory_without_lines_of_an_older_publisher_is_believed(tmp_path):
    kept(tmp_path, "a.html", "b.html")
    path = tmp_path / "memory"
    path.write_text(json.dumps(json.loads(path.read_bytes()), sort_keys=True))
    memory = Memory(tmp_path, path, 3)
    assert memory.damage == ""
    assert memory.holds("a.html", "key") and memory.holds("b.html", "key")
    assert memory.note("a.html") == NOTE
    memory.save()
    assert read_lines(path, 3)[0].keys() == {"a.html", "b.html"}


def test_a_memory_that_is_the_same_is_not_written_again(tmp_path):
    memory, path = kept(tmp_path, "a.html", "b.html"), tmp_path / "memory"
    before = path.stat()
    assert memory.holds("a.html", "key") and memory.holds("b.html", "key")
    memory.save()
    assert path.stat() == before
    fewer = Memory(tmp_path, path, 3)
    assert fewer.holds("a.html", "key")
    fewer.save()
    assert read_lines(path, 3)[0].keys() == {"a.html"}
    more = Memory(tmp_path, path, 3)
    assert more.holds("a.html", "key")
    more.keep("a.html", "other")
    more.save()
    assert Memory(tmp_path, path, 3).holds("a.html", "other")
