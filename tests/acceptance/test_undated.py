"""An undated file is never news; what was news before goes on being so."""

import pytest

from tests.site import CONFIG

OLD = "# About the ferry\n\nIt has crossed the bay for a hundred years."
FIRST_SEEN = '\n[sources]\nundated = "first-seen"\n'


def test_a_plain_text_has_no_place_for_a_date_and_is_news_when_it_comes(site):
    site.article("ferry.txt", "The ferry is back\n\nIt crosses the bay again.\n")
    site.article("robots.txt", "User-agent: *\nDisallow: /\n")
    site.build()
    assert [item["title"] for item in site.feed()["items"]] == ["The ferry is back"]
    site.config(CONFIG + '\n[sources]\nundated = "site"\n')
    site.article("bridge.txt", "The bridge is shut\n\nNobody crosses it.\n")
    site.build()
    assert [item["title"] for item in site.feed()["items"]] == ["The ferry is back"]


@pytest.mark.pages
def test_an_undated_article_is_on_the_site_alone(site):
    site.story("news")
    site.article("about.md", OLD)
    built = site.build()
    assert "1 without a date and so no news" in built.out
    assert [item["title"] for item in site.feed()["items"]] == ["News"]
    assert "About the ferry" not in site.part("message.html")
    page = (site.root / "outbox/web/about/index.html").read_text()
    assert "a hundred years" in page
    assert "published_time" not in page
    assert "<time" not in page
    said = site.run("check").out
    assert "warning: articles: 1 article without a date: on the site, in no edition" in said
    assert "note: articles/about.md: no date\n" in said
    assert "it has no date, and what has none is never news" in site.run("plan", "morning").out
    assert "never news" in site.run("breaking", "about").err


def test_what_was_published_before_keeps_its_date_and_its_place(site):
    site.config(CONFIG + FIRST_SEEN)
    site.article("about.md", OLD)
    site.build()
    before = site.outbox()
    assert len(site.feed()["items"]) == 1
    site.config(CONFIG)
    site.article("later.md", "# Later\n\nWithout a date as well.")
    site.build()
    after = site.outbox()
    assert {name: data for name, data in after.items() if name in before} == before
    site.article("about.md", OLD + "\n\nAnd one more.")
    site.build()
    (item,) = site.feed()["items"]
    assert item["date_published"].startswith("2026-11-23T12:")


def test_a_date_that_cannot_be_read_never_makes_news(site):
    site.config(CONFIG + FIRST_SEEN)
    site.article("leap.md", "---\ntitle: Leap\ndate: 2021-02-29T16:00:00Z\n---\nText.")
    site.story("news")
    site.build()
    assert [item["title"] for item in site.feed()["items"]] == ["News"]
