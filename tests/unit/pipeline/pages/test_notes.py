"""What was noted of an article's page is asked for, if the article is the same."""

from dataclasses import dataclass

import pytest

from publisher.outbox import Tree
from publisher.pipeline.pages.notes import ArticleNotes, fits

REASON = {"id": "b", "picked": False, "score": 1.0, "text": 0.5, "age": 1.0, "terms": ["x"],
          "cited": 0, "fallback": False}  # fmt: skip
PLAIN = {"shows": ["a"], "version": "1", "related": None, "addresses": []}
NOTES = {
    "plain.html": PLAIN,
    "related.html": {**PLAIN, "shows": ["a", "b"], "related": [REASON]},
    "none.html": {**PLAIN, "related": []},
    "file.html": {**PLAIN, "addresses": ["a.pdf"]},
    "list.html": {"shows": ["a"]},
    "index.html": {"shows": ["a"], "versions": ["1"], "most": 3},
    "bare.html": None,
}


@dataclass(frozen=True)
class Versioned:
    version: str


class Asked:
    """A tree that counts how often it is asked."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.asked = tree, 0

    def note(self, *about):
        self.asked += 1
        return self.tree.note(*about)


@pytest.fixture
def tree(tmp_path):
    for _ in range(2):
        made = Tree(tmp_path / "web", tmp_path / "pages.json", 1, fits)
        for name, note in NOTES.items():
            if not made.holds(name, "k"):
                made.put(name, "k", b"words", note)
        made.finish()
    return Tree(tmp_path / "web", tmp_path / "pages.json", 1, fits)


@pytest.mark.parametrize(
    "name", [name for name, note in NOTES.items() if note and "version" in note]
)
def test_what_was_noted_of_an_article_that_is_the_same_is_known_each_time(tree, name):
    notes = ArticleNotes(tree)
    for _ in range(2):
        found = notes.of(Versioned("1"), name)
        assert (found.related, found.addresses) == (
            NOTES[name]["related"],
            NOTES[name]["addresses"],
        )
        assert ArticleNotes(tree).of(Versioned("2"), name) is None


@pytest.mark.parametrize("name", ["list.html", "index.html", "bare.html", "nowhere.html"])
def test_what_is_no_articles_page_says_nothing_of_one(tree, name):
    assert ArticleNotes(tree).of(Versioned("1"), name) is None


def test_a_note_that_says_no_more_than_that_is_asked_for_once(tree):
    asked = Asked(tree)
    notes = ArticleNotes(asked)
    for _ in range(3):
        assert notes.of(Versioned("1"), "plain.html").related is None
    assert asked.asked == 1


def test_what_another_host_made_goes_before(tree):
    tree.told = {"plain.html": {**PLAIN, "version": "2", "related": [REASON]}}
    assert ArticleNotes(tree).of(Versioned("1"), "plain.html") is None
    assert ArticleNotes(tree).of(Versioned("2"), "plain.html").related == [REASON]
    assert tree.note("plain.html") == tree.told["plain.html"]
