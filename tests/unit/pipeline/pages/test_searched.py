"""The words of articles that are the same are taken from the last search index."""

import json
from dataclasses import dataclass

import pytest

from publisher.outbox import Tree
from publisher.pipeline.pages.notes import fits
from publisher.pipeline.pages.searched import kept_words, searched_note
from publisher.site import SEARCH_INDEX


@dataclass(frozen=True)
class Named:
    id: str
    version: str


FIRST, SECOND = Named("a", "1"), Named("b", "1")


def tree(folder):
    return Tree(folder / "web", folder / "pages.json", 1, fits)


@pytest.fixture
def made(tmp_path):
    """A folder with an index of two articles, the second without a word."""
    before = tree(tmp_path)
    rows = [[f"/{one}/", one, "", "en", words] for one, words in (("a", "sea port"), ("b", ""))]
    note = searched_note([FIRST, SECOND], 100)
    assert fits(note)
    before.put(SEARCH_INDEX, "key", json.dumps(rows).encode(), note)
    before.finish()
    return tmp_path


def test_words_are_those_of_the_articles_that_are_the_same(made):
    assert kept_words(tree(made), [FIRST, SECOND], 100) == {"a": "sea port", "b": ""}
    changed, new = Named("a", "2"), Named("c", "1")
    assert kept_words(tree(made), [new, changed, SECOND], 100) == {"b": ""}


@pytest.mark.parametrize(("most", "words"), [(99, "sea port"), (5, "sea p"), (1000, "sea port")])
def test_words_that_have_another_room_are_as_many_as_fit(made, most, words):
    assert kept_words(tree(made), [FIRST, SECOND], most) == {"a": words, "b": ""}


def test_words_that_filled_their_room_are_none_where_there_is_more(tmp_path):
    before = tree(tmp_path)
    rows = [["/a/", "a", "", "en", "sea p"], ["/b/", "b", "", "en", "sea"]]
    before.put(SEARCH_INDEX, "key", json.dumps(rows).encode(), searched_note([FIRST, SECOND], 5))
    before.finish()
    assert kept_words(tree(tmp_path), [FIRST, SECOND], 6) == {"b": "sea"}
    assert kept_words(tree(tmp_path), [FIRST, SECOND], 5) == {"a": "sea p", "b": "sea"}


@pytest.mark.parametrize("data", [b"[]", b"{}", b"spoilt", b'[["/a/","a","","en","port sea"],[]]'])
def test_an_index_that_somebody_else_wrote_is_not_taken(made, data):
    (made / "web" / SEARCH_INDEX).write_bytes(data)
    assert kept_words(tree(made), [FIRST, SECOND], 100) == {}


@pytest.mark.parametrize("note", [None, {"shows": ["a", "b"]}, {"shows": [], "versions": "ab"},
                                  {"shows": ["a"], "versions": ["1", "1"], "most": 100}])  # fmt: skip
def test_an_index_of_which_too_little_is_noted_is_not_taken(made, note):
    data = (made / "web" / SEARCH_INDEX).read_bytes()
    before = tree(made)
    before.put(SEARCH_INDEX, "key", data, note)
    before.finish()
    assert kept_words(tree(made), [FIRST, SECOND], 100) == {}
