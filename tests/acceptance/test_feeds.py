"""Feeds of a publication, built and looked at as a reader would: podcasts, partners, archives."""

import json
import re

import pytest
from lxml import etree

from tests.feed_profiles import faults
from tests.site import Site

CONFIG = """\
[publication]
title = "Harbour & Co"
base_url = "https://site.example"
since = 2020-01-01
article_url = "{slug}/"

[web]
news_sitemap = true

[feeds]
by = ["section"]
entries = 6
archives = true
stylesheet = true

[feeds.podcast]
email = "show@site.example"
categories = ["Technology"]
image = "cover.jpg"

[[feeds.partner]]
name = "paper"
sections = ["release"]
delay = "6h"
note = true
"""
ARTICLES = {
    "2026-01-05-ep1.md": "title: Episode 1\npodcast_link: https://cdn.example/ep1.mp3\n"
    'podcast_length: 54824269\npodcast_duration: "01:02:40"',
    "2026-01-06-ep2.md": "title: Episode 2\nenclosure: https://cdn.example/ep2.mp3\n"
    "duration: 00:10:00",
    "2026-01-07-ep3.md": "title: Episode 3\nenclosure:\n  url: https://cdn.example/ep3.mp3\n"
    "  length: 1000\n  type: audio/mpeg\nimage: https://cdn.example/ep3.jpg",
    "2026-01-08-ep4.md": "title: Episode 4\nlink: https://cdn.example/ep4.mp3",
    "2026-01-09-ep5.md": "title: Episode 5\nenclosure:\n  - https://cdn.example/ep5.mp3\n"
    "  - https://cdn.example/ep5.ogg",
    "2026-02-05-guid.md": "title: Guid\nguid: show_ep_1",
    "2026-02-06-named.md": "title: Named\ncategories: [Release, Security]\ntags: [harbour]\n"
    "authors: [Ann Lee, Bo Chan]",
    "2026-11-25-new.md": "title: New\ncategories: [Release]",
}
AT = "2026-11-25 02:00"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("feeds") / "site", CONFIG)
    for name, head in ARTICLES.items():
        made.article(name, f"---\n{head}\n---\nNotes.\n")
    made.build(AT)
    return made


def feeds(site):
    folder = site.root / "outbox/feeds"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.name in ("rss.xml", "atom.xml", "feed.json")
    }


def items(site, name="feed.json"):
    return json.loads(feeds(site)[name])["items"]


def test_every_feed_is_what_its_format_asks_for(site):
    found = feeds(site)
    assert {re.sub(r"/?[^/]+$", "", path) for path in found} == {
        "", "section/release", "archive/2026-01", "archive/2026-02", "partner/paper",
    }  # fmt: skip
    assert {path: faults(path, data) for path, data in found.items() if faults(path, data)} == {}


def test_sounds_are_found_under_every_name_and_no_article_leads_to_one(site):
    episodes = items(site, "archive/2026-01/feed.json")
    assert [one["url"] for one in episodes] == [
        f"https://site.example/ep{number}/" for number in (5, 4, 3, 2, 1)
    ]
    files = [[file["url"][-7:] for file in one["attachments"]] for one in episodes]
    assert files == [["ep5.mp3", "ep5.ogg"], ["ep4.mp3"], ["ep3.mp3"], ["ep2.mp3"], ["ep1.mp3"]]
    lengths = [file.get("duration_in_seconds") for one in episodes for file in one["attachments"]]
    assert lengths == [None, None, None, None, 600, 3760]


def test_the_feed_and_its_archives_hold_every_article(site):
    found = [items(site, path) for path in feeds(site) if re.match(r"archive/|feed\.json", path)
             and path.endswith("json")]  # fmt: skip
    assert {one["title"] for listed in found for one in listed} == {
        "Episode 1", "Episode 2", "Episode 3", "Episode 4", "Episode 5", "Guid", "Named", "New",
    }  # fmt: skip


def test_a_partner_gets_a_story_after_its_delay_and_nobody_is_told_where(site):
    assert [one["title"] for one in items(site, "partner/paper/feed.json")] == ["Named"]
    assert "first appeared in" in items(site, "partner/paper/feed.json")[0]["content_html"]
    pages = "".join(
        path.read_text() for path in (site.root / "outbox").rglob("*.html")
    ) + (site.root / "outbox/feeds/feeds.opml").read_text()  # fmt: skip
    assert "partner/" not in pages
    assert "archive/2026-01/atom.xml" not in pages


def test_the_news_sitemap_has_what_is_new_and_robots_are_told_of_it(site):
    web = site.root / "outbox/web"
    root = etree.fromstring((web / "news-sitemap.xml").read_bytes())
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9",
             "n": "http://www.google.com/schemas/sitemap-news/0.9"}  # fmt: skip
    assert [one.text for one in root.iterfind("s:url/s:loc", names)] == [
        "https://site.example/new/"
    ]
    news = root.find("s:url/n:news", names)
    assert news.findtext("n:publication/n:name", namespaces=names) == "Harbour & Co"
    assert news.findtext("n:publication/n:language", namespaces=names) == "en"
    assert news.findtext("n:publication_date", namespaces=names) == "2026-11-25T00:00:00Z"
    assert news.findtext("n:title", namespaces=names) == "New"
    assert "Sitemap: https://site.example/news-sitemap.xml\n" in (web / "robots.txt").read_text()


def test_the_style_sheet_stands_beside_the_feeds_and_says_what_a_feed_is(site):
    style = (site.root / "outbox/feeds/feed.css").read_text()
    assert "This is a feed: a list of stories" in style
    assert "https://site.example/subscribe/" in style
    assert "url(" not in style and "@import" not in style  # nothing is loaded
    assert "What is a feed?" in (site.root / "outbox/web/subscribe/index.html").read_text()


def test_a_feed_names_the_page_that_lists_the_same(site):
    pages = {path: json.loads(data)["home_page_url"] for path, data in feeds(site).items()
             if path.endswith("json")}  # fmt: skip
    home = "https://site.example/"
    assert pages == {
        "feed.json": home,
        "section/release/feed.json": f"{home}sections/release/",
        "archive/2026-01/feed.json": home,
        "archive/2026-02/feed.json": home,
        "partner/paper/feed.json": home,
    }
    page = (site.root / "outbox/web/sections/release/index.html").read_text()
    assert "/feeds/section/release/atom.xml" in page and ">Named<" in page


def test_feeds_check_tells_whom_a_fault_hurts_in_words_and_as_json(site):
    result = site.run("feeds", "check", "--at", AT)
    assert result.code == 0, result.out  # warnings alone
    assert "enclosure-length: Players cannot tell how large a download is" in result.out
    found = site.run("feeds", "check", "--at", AT, "--json").json
    (one, *_) = found["archive/2026-01/rss.xml"]
    assert one.keys() == {"rule", "severity", "what", "hurts"}


def test_feeds_check_looks_at_any_file_and_needs_no_publication(site, tmp_path):
    from tests.site import command

    feed = tmp_path / "theirs.rss"
    feed.write_bytes(feeds(site)["rss.xml"].replace(b"<guid ", b"<x ").replace(b"</guid>", b"</x>"))
    result = command("feeds", "check", str(feed))
    assert (result.code, "[no-id]" in result.out) == (1, True)
    assert command("feeds", "check", str(tmp_path / "none.xml")).code == 2


def test_what_has_not_changed_is_not_written_again(site):
    before = {path: path.stat().st_mtime_ns for path in (site.root / "outbox").rglob("*.*")}
    site.build("2026-11-25 02:01")
    after = {path: path.stat().st_mtime_ns for path in (site.root / "outbox").rglob("*.*")}
    assert after == before


def test_what_is_no_longer_asked_for_is_taken_away(site):
    site.config(CONFIG.partition("[feeds]")[0])
    site.build("2026-11-25 02:02")
    left = {re.sub(r"/?[^/]+$", "", path) for path in feeds(site)}
    assert left == {"", "section/release", "tag/harbour", "author/ann-lee", "author/bo-chan"}
    assert not (site.root / "outbox/feeds/feed.css").exists()
    assert not (site.root / "outbox/feeds/archive/2026-01").exists()
