"""Which page lists what a feed holds."""

from datetime import UTC, datetime

from msgspec.structs import replace

from publisher.feeds import KINDS, feed_plans
from publisher.model import Article, FeedSettings, Publication, Visible, WebSettings
from publisher.site import Groups, site_with

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = Publication(
    title="T", base_url="https://x.example/a/", language="en", feeds=FeedSettings(by=KINDS)
)
BASE = OWN.base_url


def story(name, **keys):
    given = {"language": "en", "url": f"{BASE}{name}/", **keys}
    return Article(
        id=f"tag:{name}", path=f"{name}.md", slug=name, title=name, summary="", version="1",
        published=NOON, updated=NOON, **given,
    )  # fmt: skip


def found(*articles, own=OWN, static=(), by=KINDS):
    return Groups(own, Visible(articles, NOON), static).of_feeds(by)


MANY = (
    story("one", section="The Sea", tags=("Tide",), authors=("Ana Kim",)),
    story("two", section="The Sea", tags=("Tide", "once"), language="de", authors=("Bo",)),
    story("three", section="Stadt", language="de"),
)


def test_every_page_that_a_feed_is_told_of_is_there_and_names_the_feed():
    groups = Groups(OWN, Visible(MANY, NOON), ())
    pages = {page.url: page.feed for page in site_with(groups, []).pages}
    told = groups.of_feeds(KINDS)
    assert told == {
        "section/the-sea": f"{BASE}sections/the-sea/",
        "section/stadt": f"{BASE}sections/stadt/",  # German stories alone: no page comes before
        "tag/tide": f"{BASE}tags/tide/",
        "author/ana-kim": f"{BASE}authors/ana-kim/",
        "author/bo": f"{BASE}authors/bo/",
        "language/en": BASE,
        "language/de": f"{BASE}de/",
    }
    assert told.keys() < {plan.name for plan in feed_plans(OWN, Visible(MANY, NOON))}
    assert {pages[url] for url in told.values()} == {*told, ""} - {"language/en"}


def test_a_feed_of_what_no_page_lists_is_told_of_none():
    assert "tag/once" not in found(*MANY)  # of one story: no list
    whole = {"section/s": f"{BASE}sections/s/", "tag/t": f"{BASE}tags/t/"}
    pair = [story(name, section="s", tags=("t",)) for name in "ab"]
    assert found(*pair, by=("section", "tag")) == whole
    taken = story("c", url=f"{BASE}tags/t/")  # an article of its own stands there
    assert found(*pair, taken, by=("section", "tag")) == {"section/s": f"{BASE}sections/s/"}


def test_a_language_whose_page_stands_elsewhere_has_that_of_most():
    static = ["de/index.html"]
    assert found(*MANY, static=static, by=("language",)) == {
        "language/en": BASE, "language/de": BASE,
    }  # fmt: skip


def test_only_what_has_feeds_is_asked_for_and_nothing_where_pages_are_elsewhere():
    assert found(*MANY, by=("author",)).keys() == {"author/ana-kim", "author/bo"}
    for pages in ("none", "editions"):
        own = replace(OWN, web=WebSettings(pages=pages))
        assert found(*MANY, own=own) == {}
