"""Feeds of any format, broken and hostile ones too, say the same of a story."""

import contextlib
import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources.feeds import NotAFeed, read_feed, wording
from publisher.sources.feeds.repair import MOST_BYTES

URL = "https://blog.example/feed.xml"

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Harbour blog</title>
<link>https://blog.example/</link><language>en-GB</language><item><guid>1</guid>
<title>Salt &amp;amp; pepper</title><link>https://blog.example/a/</link>
<pubDate>Wed, 25 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Ana</dc:creator>
<dc:creator>Bo</dc:creator><category>Sea</category><description>In short.</description>
<content:encoded><![CDATA[<h1>Salt &amp; pepper</h1><p>Hello <a href="b/">there</a>.</p>
<script>alert(1)</script>]]></content:encoded>
<enclosure url="https://blog.example/a.mp3" type="audio/mpeg" length="12"/></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Harbour blog</title>
<link href="https://blog.example/"/><id>x</id><entry><id>1</id>
<title type="html">Salt &amp;amp; pepper</title><link href="https://blog.example/a/"/>
<published>2026-11-25T10:00:00+01:00</published><updated>2026-11-25T10:00:00+01:00</updated>
<author><name>Ana</name></author><author><name>Bo</name></author><category term="sea" label="Sea"/>
<summary>In short.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Hello <a href="b/">there</a>.</p><script>alert(1)</script></div></content>
<link rel="enclosure" href="https://blog.example/a.mp3" type="audio/mpeg" length="12"/>
</entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://blog.example/">
<title>Harbour blog</title><link>https://blog.example/</link></channel>
<item rdf:about="https://blog.example/a/"><title>Salt &amp; pepper</title>
<link>https://blog.example/a/</link><dc:date>2026-11-25T09:00:00Z</dc:date>
<description>Hello &lt;b&gt;there&lt;/b&gt;.</description></item></rdf:RDF>"""

JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "Harbour blog", "language": "en-GB",
    "home_page_url": "https://blog.example/", "items": [{
        "id": 1, "url": "https://blog.example/a/", "title": "Salt & pepper", "tags": ["Sea"],
        "content_html": '<p>Hello <a href="b/">there</a>.</p><script>alert(1)</script>',
        "summary": "In short.", "date_published": "2026-11-25T10:00:00+01:00",
        "authors": [{"name": "Ana"}, {"name": "Bo"}],
        "attachments": [{"url": "https://blog.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}],
    }, "no entry"],
})  # fmt: skip


@pytest.mark.parametrize("text", [RSS, ATOM, JSON], ids=["rss", "atom", "json"])
def test_a_story_is_the_same_in_every_format(text):
    feed = read_feed(text.encode(), URL)
    (entry,) = feed.entries
    assert (feed.title, feed.link, feed.language) == (
        "Harbour blog",
        "https://blog.example/",
        "en-GB",
    )
    assert entry.id == "1"
    assert entry.title == "Salt & pepper"
    assert entry.link == "https://blog.example/a/"
    assert entry.published == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert entry.authors == ("Ana", "Bo")
    assert entry.tags == ("Sea",)
    assert entry.summary == "In short."
    assert entry.body == '<p>Hello <a href="https://blog.example/a/b/">there</a>.</p>'
    assert [(one.url, one.type, one.length) for one in entry.enclosures] == [
        ("https://blog.example/a.mp3", "audio/mpeg", 12)
    ]
    assert feed.faults == ()


def test_rdf_has_dates_in_dublin_core():
    (entry,) = read_feed(RDF.encode(), URL).entries
    assert entry.published == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert (entry.link, entry.body) == ("https://blog.example/a/", "Hello <b>there</b>.")


def item(inner, head=""):
    return f"<rss version='2.0'><channel><title>t</title>{head}<item>{inner}</item></channel></rss>".encode()


def one(inner):
    (entry,) = read_feed(item(inner), URL).entries
    return entry


@pytest.mark.parametrize(
    "day",
    ["Fri, 31 Dec 9999 23:59:59 GMT", "0000-00-00", "soon", "Mon, 01 Jan 0001 00:00:00 GMT", ""],
)
def test_a_date_beyond_reason_is_none(day):
    assert one(f"<title>a</title><pubDate>{day}</pubDate>").published is None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("The <details> and <summary> elements", "The <details> and <summary> elements"),
        ("Why <script> & <template> matter", "Why <script> & <template> matter"),
        ("A <em>new</em> ferry", "A new ferry"),
        ("<p>A new ferry</p>", "A new ferry"),
        ("A new<br>ferry", "A new ferry"),
        ('<a href="/x">A new ferry', "A new ferry"),
    ],
)
@pytest.mark.parametrize("is_markup", [True, False])
def test_a_tag_that_nothing_ends_is_what_a_title_is_about(written, title, is_markup):
    assert wording.title(written, is_markup=is_markup) == title


def test_titles_are_words_whatever_they_are_written_in():
    assert (
        one("<title><![CDATA[<b>Bold</b> &amp; <script>x</script> ok]]></title>").title
        == "Bold & ok"
    )
    assert one("<title>a &lt; b and c</title>").title == "a < b and c"
    assert (
        one("<description>&lt;p&gt;No title here.&lt;/p&gt;</description>").title
        == "No title here."
    )


def test_html_entities_and_control_characters_break_no_feed():
    feed = read_feed(item("<title>caf&eacute;&nbsp;\x0b&nosuch; x</title>"), URL)
    assert feed.entries[0].title == "café\xa0&nosuch; x"


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes():
    text = "<rss version='2.0'><channel><title>t</title><item><title>whole</title></item><item><title>ha"
    feed = read_feed(text.encode(), URL)
    assert [entry.title for entry in feed.entries] == ["whole"]
    assert any("breaks off" in fault for fault in feed.faults)


def test_an_encoding_is_believed_that_its_bytes_agree_with():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + item("<title>café</title>").decode()
    assert read_feed(text.encode("latin-1"), URL).entries[0].title == "café"
    assert (
        read_feed(item("<title>café</title>"), URL, "text/xml; charset=utf-8").entries[0].title
        == "café"
    )
    assert read_feed(text.encode("utf-16"), URL).entries[0].title == "café"


@pytest.mark.parametrize(
    "text",
    [
        "", "no feed", "<html><body>Sign in</body></html>", "<!DOCTYPE html><title>x</title>",
        "<opml><body/></opml>", '{"items": 1}', "[1]", "{", '{"a":' * 50_000, "<", "<a>" * 90_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_what_is_no_feed_is_refused(text):
    with pytest.raises(NotAFeed):
        read_feed(text.encode(), URL)


def test_entities_that_unfold_to_gigabytes_are_refused():
    lol = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE rss [<!ENTITY a0 "lol">{lol}]>' + item("<title>&a9;</title>").decode()
    with pytest.raises(NotAFeed, match="entities"):
        read_feed(text.encode(), URL)
    outside = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + item("<title>&x;</title>").decode()
    )
    with pytest.raises(NotAFeed, match="entities"):
        read_feed(outside.encode(), URL)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-7"])
def test_entities_hidden_in_another_encoding_unfold_to_nothing(coding):
    text = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        + item("<title>[&x;]</title>").decode()
    )
    try:
        titles = [entry.title for entry in read_feed(text.encode(coding), URL).entries]
    except NotAFeed:
        titles = []
    assert titles in ([], ["[&x;]"], ["[]"])


def test_more_bytes_than_a_feed_has_are_not_looked_at():
    with pytest.raises(NotAFeed, match="more than 10,000,000 bytes"):
        read_feed(b"<" * (MOST_BYTES + 1), URL)


def test_scripts_and_handlers_are_in_no_body():
    body = "&lt;p onclick='x()'&gt;a&lt;/p&gt;&lt;iframe src='javascript:x'&gt;&lt;/iframe&gt;&lt;a href='javascript:y'&gt;z&lt;/a&gt;"
    assert one(f"<title>t</title><description>{body}</description>").body == "<p>a</p>z"


def test_a_link_that_is_no_web_address_is_none():
    entry = one("<title>t</title><link>javascript:alert(1)</link><guid>x</guid>")
    assert entry.link == ""


@settings(max_examples=40)
@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(data):
    for whole in (data, b"<rss><channel><item>" + data, gzip.compress(data)[:40]):
        with contextlib.suppress(NotAFeed):
            read_feed(whole, URL)


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_a_title_in_text_is_read_back(title):
    found = read_feed(json.dumps({"items": [{"id": "1", "title": title}]}).encode(), URL)
    assert "\n" not in found.entries[0].title


def test_more_tags_or_parts_than_a_feed_has_are_not_looked_at():
    with pytest.raises(NotAFeed, match="more than 400,000 tags"):
        read_feed(b"<rss>" + b"<item/>" * 400_001, URL)
    feed = read_feed(item("<title>t</title>" + "<category>x</category>" * 2000), URL)
    assert feed.entries[0].tags == ("x",)
    assert feed.faults == ("of an entry that has too many parts, the first are read",)


@pytest.mark.parametrize(
    "inner",
    [
        "<title>R&D &a; &é; &#; &nosuch; t</title>", "<title>t</title><dc:creator>Ana</dc:creator>",
        "<title a:b='c'>t</title>", "<title>t</title><link><![CDATA[https://b.example/?a=1&b=2]]></link>",
        "<title>t<title>", "<title>a < b t</title>", "<x:y:z>t</x:y:z>",
    ],
    ids=lambda text: text[:20].replace("\0", ""),
)  # fmt: skip
def test_the_lenient_parser_that_has_no_bounds_is_never_reached(inner, monkeypatch):
    import feedparser.api

    def reached(*_):
        raise AssertionError("the lenient parser")

    monkeypatch.setattr(feedparser.api, "LooseFeedParser", reached)
    try:
        (entry,) = read_feed(item(inner), URL).entries
    except NotAFeed:
        return
    assert "t" in entry.title
    assert entry.link in ("", "https://b.example/?a=1&b=2")
    assert entry.authors in ((), ("Ana",))
