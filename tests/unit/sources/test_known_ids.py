"""Ids of a live feed: from ids.toml, or made as another program makes them."""

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources import known_ids
from publisher.sources.feed_ids import suggested

DAY = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(max_examples=40)
@given(st.dictionaries(_TEXT, _TEXT, max_size=5), _TEXT)
def test_what_is_written_is_read_again(ids, source):
    assert tomllib.loads(known_ids.written(ids, source)) == ids


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = ", "not TOML"),
        ("a = 3", "must be a text"),
        ('a = ""', "must be a text"),
        ("\xff", "not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path, text, problem):
    (tmp_path / "ids.toml").write_bytes(text.encode("latin-1"))
    ids, problems = known_ids.read(tmp_path)
    assert ids == {}
    assert problem in problems[0].what


def test_no_file_is_nothing_to_tell(tmp_path):
    assert known_ids.read(tmp_path) == ({}, [])


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("permalink", "https://x.example/2026/a.html"),
        ("tag", "tag:x.example,2026-11-25:/2026/a.html"),
        ("{url_bare}", "https://x.example/2026/a"),
        ("https://x.example/?p={wp}", "https://x.example/?p=12"),
        ("https://x.example/?p={post_id}", ""),
    ],
)
def test_an_id_is_made_as_the_generator_made_it(pattern, name):
    assert (
        suggested(pattern, "https://x.example/2026/a.html", DAY, "Europe/Berlin", {"wp": 12})
        == name
    )


def test_without_a_day_there_is_no_id_that_wants_one():
    assert suggested("tag", "https://x.example/a/", None, "UTC", {}) == ""
    assert suggested("permalink", "https://x.example/a/", None, "UTC", {}) == "https://x.example/a/"
