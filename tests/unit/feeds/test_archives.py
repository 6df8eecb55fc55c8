"""Archived documents (RFC 5005): all that may be seen is found, and what is full stays as it is."""

from datetime import UTC, date, datetime, timedelta

from lxml import etree
from msgspec.structs import replace

from publisher.feeds import FeedPlan, feed_plans, files_of, held_surely, with_archives
from publisher.feeds.archives import MOST
from publisher.model import Article, FeedSettings, Publication, Visible

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(
    title="T", base_url="https://x.example/", since=date(2026, 1, 1),
    feeds=FeedSettings(archives=True, entries=3, by=()),
)  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"


def story(number, day, month=11):
    moment = datetime(2026, month, day, 10, tzinfo=UTC) + timedelta(seconds=number)
    return Article(
        id=f"tag:x,2026:{number}", path=f"{number}.md", slug=f"s{number}", title=f"T{number}",
        url=f"https://x.example/{number}/", summary="S.", language="en", published=moment,
        updated=moment, version="1",
    )  # fmt: skip


def plans(articles, now=NOW, held=None) -> list[FeedPlan]:
    newest = sorted(articles, key=lambda one: one.published, reverse=True)
    (plan,) = feed_plans(PUBLICATION, Visible(newest, now))
    surely = held_surely(plan, body) if held is None else held
    return with_archives(plan, newest, now, surely)


def body(article):
    return f"<p>{article.slug}</p>"


def files(articles, **rest):
    return {
        file.path: file.data for plan in plans(articles, **rest) for file in files_of(plan, body)
    }


def walked(found, name="atom.xml"):
    """The ids that a reader finds who goes from the feed back to its beginning."""
    seen, path = [], name
    while path:
        root = etree.fromstring(found[path])
        seen += [entry.findtext(f"{ATOM}id") for entry in root.iterfind(f"{ATOM}entry")]
        older = [one for one in root.iterfind(f"{ATOM}link") if one.get("rel") == "prev-archive"]
        path = older[0].get("href").removeprefix("https://x.example/feeds/") if older else ""
    return seen


SOME = [story(n, 1 + n % 28, 1 + n % 10) for n in range(30)]
NEW = [story(100 + n, 3 + n) for n in range(8)]


def test_who_goes_back_finds_every_article():
    assert set(walked(files([*SOME, *NEW]))) == {one.id for one in (*SOME, *NEW)}


def test_a_feed_that_holds_the_month_leads_to_months_that_are_over_alone():
    names = [plan.name for plan in plans([*SOME, *NEW[:2]])]
    assert names == ["", *(f"archive/2026-{month:02}" for month in range(1, 11))]
    assert [plan.name for plan in plans(NEW[:2])] == [""]


def test_what_is_over_stays_as_it_is_whatever_is_published():
    before, after = files([*SOME, *NEW[:2]]), files([*SOME, *NEW])
    past = [path for path in before if path.startswith("archive/") and "2026-10" not in path]
    assert len(past) == 27
    assert [path for path in past if before[path] != after[path]] == []
    december = files([*SOME, *NEW, story(200, 2, 12)], now=NOW + timedelta(days=20))
    assert [path for path in past if before[path] != december[path]] == []
    assert etree.fromstring(before["archive/2026-10/atom.xml"]).findall(f"{ATOM}entry")


def test_a_month_of_many_is_parted_from_its_oldest_on():
    many = [story(n, 2, 10) for n in range(MOST + 5)]
    (_, first, second) = plans(many)
    assert (first.name, second.name) == ("archive/2026-10", "archive/2026-10-2")
    assert (len(first.articles), len(second.articles)) == (MOST, 5)
    assert [one.id for one in first.articles] == [one.id for one in reversed(many[:MOST])]


def test_what_the_feed_may_not_hold_for_its_bytes_is_archived():
    tight = replace(PUBLICATION, feeds=replace(PUBLICATION.feeds, entries=5, bytes=10_000))
    newest = list(reversed(NEW))
    (plan,) = feed_plans(tight, Visible(newest, NOW))
    held = held_surely(plan, lambda _: "<b>" * 1000)
    assert held == 1
    assert [one.name for one in with_archives(plan, newest, NOW, held)] == ["", "archive/2026-11"]


def test_the_links_of_each_format_lead_to_the_documents_around_it():
    found = files([*SOME, *NEW[:2]])
    root = etree.fromstring(found["archive/2026-02/rss.xml"]).find("channel")
    links = {one.get("rel"): one.get("href") for one in root.iterfind(f"{ATOM}link")}
    at = "https://x.example/feeds/"
    assert links == {
        "self": f"{at}archive/2026-02/rss.xml",
        "current": f"{at}rss.xml",
        "prev-archive": f"{at}archive/2026-01/rss.xml",
        "next-archive": f"{at}archive/2026-03/rss.xml",
    }
    assert root.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert b'"next_url": "https://x.example/feeds/archive/2026-10/feed.json"' in found["feed.json"]
    ids = {etree.fromstring(found[path]).findtext(f"{ATOM}id") for path in found if "atom" in path}
    assert ids == {"tag:x.example,2026-01-01:feed/"}  # one feed, in parts
