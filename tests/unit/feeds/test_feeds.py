"""RSS, Atom and JSON Feed from one entry model, as readers need them."""

import json
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from publisher.feeds import FORMATS, feed_plans, files_of, opml_of
from publisher.feeds.check import check
from publisher.model import Article, Enclosure, FeedSettings, Image, Publication, Visible, legal

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(
    title="Letter & Co",
    base_url="https://x.example/",
    since=date(2026, 1, 1),
    feeds=FeedSettings(hub="https://hub.example/"),
)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def story(name, hours=1, **keys):
    moment = NOON - timedelta(hours=hours)
    given_ = {
        "title": f"Title {name}", "summary": f"Summary {name}.", "url": f"https://x.example/{name}/",
        "language": "en", "published": moment, "updated": moment, "version": "1", **keys,
    }  # fmt: skip
    return Article(id=f"tag:x,2026:{name}", path=f"{name}.md", slug=name, **given_)


def body(article):
    return f'<p>Body {article.slug} <a href="https://x.example/b">b</a>.</p>'


def feeds(*articles, publication=PUBLICATION, now=NOON):
    """Every feed file by path."""
    plans = feed_plans(publication, Visible(articles, now))
    return {file.path: file.data for plan in plans for file in files_of(plan, body)}


def rss(data):
    return etree.fromstring(data).find("channel")


def test_the_same_ids_titles_dates_and_texts_stand_in_every_format():
    files = feeds(story("a", 1, updated=NOON), story("b", 2))
    items = json.loads(files["feed.json"])["items"]
    assert [i["id"] for i in items] == ["tag:x,2026:a", "tag:x,2026:b"]
    atom = etree.fromstring(files["atom.xml"])
    assert [e.findtext("a:id", namespaces=ATOM) for e in atom.iterfind("a:entry", ATOM)] == [
        i["id"] for i in items
    ]
    channel = rss(files["rss.xml"])
    assert [i.findtext("guid") for i in channel.iterfind("item")] == [i["id"] for i in items]
    first = channel.find("item")
    assert first.find("guid").get("isPermaLink") == "false"
    assert (
        first.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
        == items[0]["content_html"]
    )
    assert atom.find("a:entry/a:content", ATOM).text == items[0]["content_html"]
    assert parsedate_to_datetime(first.findtext("pubDate")) == datetime.fromisoformat(
        items[0]["date_published"]
    )
    assert items[0]["date_modified"] == "2026-11-24T12:00:00+00:00"


def test_updated_is_the_newest_entrys_and_never_now():
    files = feeds(story("a", 5), story("b", 6, updated=NOON - timedelta(hours=2)))
    assert (
        etree.fromstring(files["atom.xml"]).findtext("a:updated", namespaces=ATOM)
        == "2026-11-24T10:00:00+00:00"
    )
    assert rss(files["rss.xml"]).findtext("lastBuildDate") == "Tue, 24 Nov 2026 10:00:00 +0000"


def test_self_alternate_and_hub_links_are_right_in_both():
    files = feeds(story("a", section="s"))
    for place in ("", "section/s/"):
        atom = etree.fromstring(files[place + "atom.xml"])
        links = {e.get("rel"): e.get("href") for e in atom.findall("a:link", ATOM)}
        assert links == {
            "alternate": "https://x.example/",
            "self": f"https://x.example/feeds/{place}atom.xml",
            "hub": "https://hub.example/",
        }
        channel = rss(files[place + "rss.xml"])
        assert channel.findtext("link") == "https://x.example/"
        links = {e.get("rel"): e.get("href") for e in channel.findall("a:link", ATOM)}
        assert links == {
            "self": f"https://x.example/feeds/{place}rss.xml",
            "hub": "https://hub.example/",
        }


def test_an_enclosure_survives_everywhere_and_the_story_stays_the_alternate():
    article = story(
        "a", enclosure=Enclosure(url="https://x.example/a.mp3", type="audio/mpeg", length=123)
    )
    files = feeds(article)
    links = etree.fromstring(files["atom.xml"]).findall("a:entry/a:link", ATOM)
    assert [dict(e.attrib) for e in links] == [
        {"rel": "alternate", "href": "https://x.example/a/", "type": "text/html"},
        {
            "rel": "enclosure",
            "href": "https://x.example/a.mp3",
            "type": "audio/mpeg",
            "length": "123",
        },
    ]
    assert dict(rss(files["rss.xml"]).find("item/enclosure").attrib) == {
        "url": "https://x.example/a.mp3",
        "type": "audio/mpeg",
        "length": "123",
    }
    assert json.loads(files["feed.json"])["items"][0]["attachments"] == [
        {"url": "https://x.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 123}
    ]


def test_a_picture_of_known_size_is_an_enclosure_and_any_picture_stands_in_the_text():
    known = story(
        "a", image=Image(url="https://x.example/i.png", type="image/png", length=9, alt='"x"')
    )
    unknown = story(
        "b", 2, image=Image(url="https://cdn.example/p?id=3", type="application/octet-stream")
    )
    items = json.loads(feeds(known, unknown)["feed.json"])["items"]
    assert items[0]["attachments"][0]["size_in_bytes"] == 9
    assert "attachments" not in items[1]
    assert items[0]["content_html"].startswith(
        '<p><img src="https://x.example/i.png" alt="&quot;x&quot;"></p>'
    )
    assert items[1]["image"] == "https://cdn.example/p?id=3"


def test_there_is_a_feed_for_each_section_tag_and_author_in_use():
    one = story("a", section="s", tags=("R&D", "r&d", "東京"), authors=("Ann B",))
    assert {path.rpartition("/")[0] for path in feeds(one)} == {
        "",
        "section/s",
        "tag/r-d",
        "tag/東京",
        "author/ann-b",
    }
    assert json.loads(feeds(one)["feed.json"])["items"][0]["tags"] == ["R&D", "東京", "s"]


def test_hidden_articles_are_in_no_byte_of_any_feed():
    hidden = [
        story("HIDE1", draft=True, tags=("HIDE5",)),
        story("HIDE2", -1),
        story("HIDE3", embargo=NOON + timedelta(1)),
        story("HIDE4", expires=NOON),
    ]
    files = feeds(story("a"), *hidden)
    assert not [path for path, data in files.items() if b"HIDE" in data or "HIDE" in path]


def test_a_feed_without_entries_is_still_a_feed():
    files = feeds(story("a", draft=True))
    assert json.loads(files["feed.json"])["items"] == []
    assert (
        etree.fromstring(files["atom.xml"]).findtext("a:updated", namespaces=ATOM)
        == "2026-01-01T00:00:00+00:00"
    )


def test_entry_and_byte_caps_let_older_entries_give_way():
    articles = [story(f"n{n:02}", n) for n in range(50)]
    settings_ = replace(PUBLICATION.feeds, entries=20, bytes=8000)
    files = feeds(*articles, publication=replace(PUBLICATION, feeds=settings_))
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert len(files[name]) <= 8000
    items = json.loads(files["feed.json"])["items"]
    assert [i["title"] for i in items] == [f"Title n{n:02}" for n in range(len(items))]
    assert 3 < len(items) <= 20


def test_a_feed_can_hold_summaries():
    settings_ = replace(PUBLICATION.feeds, summaries_for=("section/s",))
    files = feeds(story("a", section="s"), publication=replace(PUBLICATION, feeds=settings_))
    assert "content_html" in json.loads(files["feed.json"])["items"][0]
    assert json.loads(files["section/s/feed.json"])["items"][0]["content_text"] == "Summary a."
    assert b"Body" not in files["section/s/rss.xml"] + files["section/s/atom.xml"]


def test_a_feed_in_one_language_says_so():
    files = feeds(story("a", language="de", section="s"), story("b"))
    assert rss(files["section/s/rss.xml"]).findtext("language") == "de"
    assert rss(files["rss.xml"]).findtext("language") == "en"


def test_the_list_of_feeds_names_each():
    plans = feed_plans(PUBLICATION, Visible([story("a", section="s")], NOON))
    outlines = etree.fromstring(opml_of(PUBLICATION, plans).data).iter("outline")
    assert [o.get("xmlUrl") for o in outlines] == [
        "https://x.example/feeds/atom.xml",
        "https://x.example/feeds/section/s/atom.xml",
    ]


def sites(files, place):
    """The page that each format of a feed names as its site."""
    atom = etree.fromstring(files[f"{place}atom.xml"])
    return {
        rss(files[f"{place}rss.xml"]).findtext("link"),
        atom.find("a:link[@rel='alternate']", ATOM).get("href"),
        json.loads(files[f"{place}feed.json"])["home_page_url"],
    }


def test_the_site_of_a_feed_is_the_page_that_lists_the_same_and_its_entries_stay_who_they_are():
    story_ = story("a", section="s", tags=("t",)).but(id="guid_1")  # no IRI: Atom makes one of it
    visible, sea = Visible([story_], NOON), "https://x.example/sections/s/"
    own = replace(PUBLICATION, logo="https://x.example/logo.png")
    before, after = (feed_plans(own, visible, pages) for pages in ({}, {"section/s": sea}))
    assert [one.key == other.key for one, other in zip(before, after, strict=True)] == [
        plan.name != "section/s" for plan in before
    ]
    old, new = (
        {file.path: file.data for plan in plans for file in files_of(plan, body)}
        for plans in (before, after)
    )
    assert sites(new, "section/s/") == {sea}
    assert sites(new, "tag/t/") == sites(new, "") == {"https://x.example/"}
    assert rss(new["section/s/rss.xml"]).findtext("image/link") == sea  # RSS 2.0: as the channel's
    home = b"https://x.example/"
    for path, data in old.items():  # ids, addresses of feeds, hubs: as they were
        assert new[path].replace(sea.encode(), home) == data
    outlines = etree.fromstring(opml_of(own, after).data).iter("outline")
    assert {one.get("xmlUrl"): one.get("htmlUrl") for one in outlines}[
        "https://x.example/feeds/section/s/atom.xml"
    ] == sea


def test_the_key_of_a_feed_changes_with_what_it_holds():
    (one, *_), (same, *_) = (feed_plans(PUBLICATION, Visible([story("a")], NOON)) for _ in range(2))
    (other, *_) = feed_plans(PUBLICATION, Visible([story("a", version="2")], NOON))
    assert one.key == same.key != other.key


# Sources leave no line end in a title, a tag or a name; XML would change one (XML 1.0 §2.11).
TEXT = st.text(st.characters(exclude_characters="\r\n"), max_size=30).map(legal).filter(str.strip)


@settings(max_examples=50)
@given(title=TEXT, summary=TEXT, tag=TEXT, author=TEXT)
def test_any_words_survive_every_format_escaped_once(title, summary, tag, author):
    files = feeds(story("a", title=title, summary=summary, tags=(tag,), authors=(author,)))
    item = json.loads(files["feed.json"])["items"][0]
    xml = title.replace("\r\n", "\n").replace("\r", "\n")
    assert item["title"] == title
    assert rss(files["rss.xml"]).findtext("item/title").replace("\r", "\n") == xml
    assert (
        etree.fromstring(files["atom.xml"])
        .findtext("a:entry/a:title", namespaces=ATOM)
        .replace("\r", "\n")
        == xml
    )


def test_text_that_would_end_a_cdata_section_survives():
    article = story("a")
    (plan, *_) = feed_plans(PUBLICATION, Visible([article], NOON))
    (data, *_) = (f.data for f in files_of(plan, lambda _: '<p title="]]>">a</p>'))
    assert (
        rss(data).findtext("item/{http://purl.org/rss/1.0/modules/content/}encoded")
        == '<p title="]]&gt;">a</p>'
    )


def test_our_own_feeds_have_no_faults():
    files = feeds(story("a", 1), story("b", 2))
    assert {path: check(path, data, NOON) for path, data in files.items()} == {
        path: [] for path in files
    }


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_faults_of_a_feed_are_named(name):
    bad = [
        story("a", 2),
        story("b", 1),
        story("b", 3, title="Again"),
        story("c", 4, url="/relative"),
    ]
    (plan, *_) = feed_plans(PUBLICATION, Visible(bad, NOON))
    data = {f.path: f.data for f in files_of(plan, lambda _: '<p><a href="x">y</a></p>')}[name]
    early = NOON - timedelta(hours=1, minutes=1)
    assert [one.what for one in check(name, data, early)] == [
        "Title a: an address in its text is not absolute: 'x'",
        "Title b: dated in the future",
        "Title b: an address in its text is not absolute: 'x'",
        "Again: its id stands twice",
        "Again: an address in its text is not absolute: 'x'",
        "Title c: its address is not absolute: '/relative'",
        "Title c: an address in its text is not absolute: 'x'",
        "entries are not in order, newest first",
    ]
    (fault,) = check(name, b"<nonsense", NOON)
    assert fault.rule == "unreadable" and fault.what.startswith("cannot be parsed: ")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.file)
def test_every_format_in_the_table_is_read_back_and_has_no_fault(form):
    article = story("a")
    data = feeds(article)[form.file]
    (item,) = form.writer.items(data)
    assert (item.id, item.title, item.url) == (article.id, article.title, article.url)
    assert item.published == article.published
    assert check(form.file, data, NOON) == []


def test_a_text_from_right_to_left_says_so_in_feeds_and_others_stay_as_they_were():
    items = json.loads(feeds(story("a", language="he"), story("b", 2, language="de"))["feed.json"])[
        "items"
    ]
    assert items[0]["content_html"].startswith('<div lang="he" dir="rtl">\n<p>Body a')
    assert items[1]["content_html"].startswith("<p>Body b")
    channel = rss(feeds(story("a", language="ar-EG"))["rss.xml"])
    assert channel.findtext("item/description") == '<div lang="ar-EG" dir="rtl">Summary a.</div>'


def test_each_tag_has_its_feed_and_an_entry_keeps_them_all():
    articles = (story("a", tags=("C", "C++", "C#", "☕", "c")), story("b", 2, tags=("C#",)))
    first_seen = {article.id: NOON for article in articles}
    plans = feed_plans(PUBLICATION, Visible(articles, NOON, first_seen))
    files = {file.path: file.data for plan in plans for file in files_of(plan, body)}
    held = {
        path.split("/")[1]: data.count(b'"id"')
        for path, data in files.items()
        if path.startswith("tag/") and path.endswith(".json")
    }
    assert held == {"c": 1, "c-plus-plus": 1, "c-sharp": 2, "☕": 1}
    assert b"<title>Letter &amp; Co: C#</title>" in files["tag/c-sharp/rss.xml"]
    assert files["rss.xml"].count(b"<category") == 5
