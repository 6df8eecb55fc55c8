"""Which article an entry of a live feed is; nothing is guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.feeds.following import Seen
from publisher.feeds.matching import matched
from publisher.model import Article

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def article(name, title="", day=DAY, **keys):
    return Article(
        id=f"tag:{name}", path=f"{name}.md", slug=name, url=f"https://x.example/{name}/",
        title=title or name, summary="", language="en", published=day, updated=day, version="1", **keys,
    )  # fmt: skip


ALL = [
    article("a", "Harbour opens"),
    article("b", "Column"),
    article("c", "Column", DAY - timedelta(days=30)),
]


def entry(url="", title="", day=DAY, name="live"):
    return Seen(id=name, url=url, title=title, published=day)


@pytest.mark.parametrize(
    ("one", "path"),
    [
        (entry("http://www.x.example/a"), "a.md"),
        (entry("https://old.example/?p=1", "Harbour  Opens!"), "a.md"),
        (entry("https://old.example/?p=1", "Column", DAY + timedelta(hours=5)), "b.md"),
        (entry("https://old.example/?p=1", "Column", DAY - timedelta(days=30)), "c.md"),
    ],
)
def test_an_entry_is_known_by_its_address_else_by_title_and_day(one, path):
    assert matched([one], ALL).ids == {path: "live"}


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (entry("https://x.example/z/", "Another"), "no article has its address or its title"),
        (entry("", "Column", DAY - timedelta(days=9)), "another day"),
        (entry("", "Column", None), "b.md and c.md have its title and its day"),
        (entry("", "", name=""), "neither an id nor an address"),
    ],
)
def test_an_entry_that_could_be_none_or_two_is_left_over_with_the_reason(one, why):
    found = matched([one], ALL)
    assert not found.ids
    assert why in found.unmatched[0].why


def test_two_entries_are_never_one_article_nor_two_articles_one_id():
    twice = matched(
        [entry("https://x.example/a/"), entry("https://x.example/a", name="other")], ALL
    )
    assert twice.ids == {"a.md": "live"}
    assert "another entry's already" in twice.unmatched[0].why
    equal = matched([entry("https://x.example/a/"), entry("https://x.example/b/")], ALL)
    assert len(equal.ids) == 1


def test_an_entry_without_an_id_is_known_by_its_address():
    assert matched([entry("https://x.example/a/", name="")], ALL).ids == {
        "a.md": "https://x.example/a/"
    }


def test_of_an_article_without_a_day_the_title_is_enough():
    undated = [article("d", "Alone", undated=True)]
    assert matched([entry("", "Alone", DAY - timedelta(days=900))], undated).ids == {"d.md": "live"}
