"""An edition's manifest beside its articles as they are now: a table, without a disk."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.model import Article
from publisher.pipeline.freshness import compared

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def story(name, version="1", **keys):
    moment = keys.pop("published", NOW - HOUR)
    given = {"language": "en", "published": moment, "updated": moment, "version": version, **keys}
    title = name.title()
    return Article(id=name, path=f"{name}.md", slug=name, url="", title=title, summary="", **given)


def manifest(*names, related=()):
    return {
        "stories": [
            {"id": n, "title": n.title(), "version": "1", "related": [{"id": r} for r in related]}
            for n in names
        ]
    }


CASES = [
    # the articles now, what the edition is compared as
    ([story("a"), story("b")], ""),
    ([story("a"), story("b", "2")], "“B” has changed since it was built"),
    ([story("a", "2"), story("b", "2")], "“A” has changed since it was built, and 1 more"),
    ([story("a", draft=True), story("b", "2")], "it shows “A”, which nobody may see now: draft"),
    ([story("b")], "it shows “A”, which nobody may see now: its file is gone"),
    ([], "it shows “A”, which nobody may see now: its file is gone, and 1 more"),
    (
        [story("a", published=NOW + HOUR), story("b")],
        "it shows “A”, which nobody may see now: not before 2026-11-24 13:00 UTC",
    ),
    (
        [story("a", embargo=NOW + HOUR), story("b")],
        "it shows “A”, which nobody may see now: under embargo until 2026-11-24 13:00 UTC",
    ),
    (
        [story("a", expires=NOW), story("b")],
        "it shows “A”, which nobody may see now: expired 2026-11-24 12:00 UTC",
    ),
]


@pytest.mark.parametrize(("articles", "words"), CASES)
def test_what_became_of_its_articles_is_said_in_a_line(articles, words):
    known = {one.id: one for one in articles}
    assert compared("morning@x", manifest("a", "b"), known, NOW).words == words


def test_a_related_story_that_is_hidden_counts_and_one_that_changed_does_not():
    edition = manifest("a", related=["r"])
    hidden = {"a": story("a"), "r": story("r", draft=True)}
    assert compared("e", edition, hidden, NOW).hidden == (("R", "draft"),)
    changed = {"a": story("a"), "r": story("r", "2")}
    assert compared("e", edition, changed, NOW).words == ""


def test_a_story_that_may_be_seen_later_is_hidden_until_then():
    articles = {"a": story("a", embargo=NOW + HOUR)}
    assert compared("e", manifest("a"), articles, NOW).hidden
    assert not compared("e", manifest("a"), articles, NOW + HOUR).hidden


def test_a_story_that_was_excluded_since_is_said_so_unless_nobody_may_see_it_anyway():
    edition = manifest("a", related=["r"])
    articles = {"a": story("a", "2"), "r": story("r")}
    without = {"r": "excluded by hand", "z": "excluded by hand"}
    found = compared("e", edition, articles, NOW, without)
    assert found.words == "it shows “R”, which is excluded by hand"
    articles["r"] = story("r", draft=True)
    assert compared("e", edition, articles, NOW, without).excluded == ()
