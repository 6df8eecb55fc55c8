"""An entry's file is read back as it was meant, by us and as an article."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.config import parse
from publisher.model import SourceFeed
from publisher.sources.composing import compose
from publisher.sources.feeds import Attached, Entry, found_in, take, text_of_entry
from publisher.sources.identity import Identity
from publisher.sources.parts import take_apart

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN = parse('[publication]\ntitle = "Lab"\nbase_url = "https://news.example"\nsince = 2026-01-01\n')
FEED = SourceFeed(url="https://blog.example/feed.xml", into="feeds/blog", tags=("Sea",))


def filed(entry, feed=FEED):
    (taken,) = take([entry], (), feed=feed.url, now=NOW, most=9, is_first=False).write
    return text_of_entry(taken.entry, taken.known, feed, "Harbour blog")


def article(text):
    parts = take_apart("feeds/blog/x.html", text.encode(), OWN)
    who = Identity(
        id=parts.sighting.explicit, path="x", first_seen=NOW, digest="", body="", title=""
    )
    return compose(parts, who, OWN, lambda *_: None)


def test_a_story_is_an_article_with_all_that_its_feed_says():
    entry = Entry(
        id="1", link="https://blog.example/a/", title="Salt & pepper", body="<p>Hello.</p>",
        published=datetime(2026, 11, 22, 9, tzinfo=UTC), authors=("Ana", "Bo"), tags=("Harbour",),
        summary="In *short*.", language="en-GB", picture=Attached(url="https://blog.example/a.png"),
        enclosures=(Attached(url="https://blog.example/a.mp3", type="audio/mpeg", length=12),),
    )  # fmt: skip
    text, known = filed(entry)
    found, body, problems = article(text)
    assert problems == []
    assert (found.id, found.url, found.title) == (
        known.id,
        "https://blog.example/a/",
        "Salt & pepper",
    )
    assert (found.summary, found.authors, found.tags) == (
        "In *short*.",
        ("Ana", "Bo"),
        ("Sea", "Harbour"),
    )
    assert (found.section, found.language, found.published) == (
        "harbour-blog",
        "en-GB",
        entry.published,
    )
    assert (found.image.url, found.enclosure.length) == ("https://blog.example/a.png", 12)
    assert body == "<p>Hello.</p>"
    assert found.extra["source"]["name"] == "Harbour blog"
    assert known.path.startswith("2026-11-22-salt-pepper-")
    assert known.path.endswith(".html")
    (taken,) = take(
        [replace(entry, id="../../x/")], (), feed="", now=NOW, most=9, is_first=True, keeps_ids=True
    ).write
    assert "/" not in text_of_entry(taken.entry, taken.known, FEED, "")[1].path


def test_what_an_editor_changes_is_seen():
    text, known = filed(Entry(id="1", title="A", body="<p>b</p>"))
    assert found_in(known.path, text.encode()).is_edited is False
    assert found_in(known.path, text.replace("<p>b", "<p>c").encode()).is_edited is True
    assert found_in(known.path, b"---\ntitle: mine\n---\ntext") is None
    assert found_in(known.path, b"---\n: [") is None


def test_a_story_about_templates_is_shown_as_it_stands():
    entry = Entry(
        id="1", title="How {{ x }} works", body="<p>Write {{ page.title }} or {% if %}.</p>"
    )
    found, body, problems = article(filed(entry)[0])
    assert (found.title, body, problems) == (entry.title, entry.body, [])


def test_summaries_alone_are_taken_where_that_is_asked_for():
    feed = SourceFeed(
        url="https://blog.example/feed.xml", into="x", full=False, section="City", language="de"
    )
    entry = Entry(id="1", title="A", body="<p>Whole.</p>", summary="In short.", language="en")
    found, body, _ = article(filed(entry, feed)[0])
    assert (body, found.section, found.language) == ("<p>In short.</p>", "city", "de")


WORDS = st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)


@settings(max_examples=60)
@given(WORDS, WORDS)
def test_whatever_the_words_are_they_are_read_back(title, other):
    from publisher.sources.feeds import wording

    title = wording.title(title, is_markup=False) or "x"
    other = wording.words(other, is_markup=False) or "y"
    entry = Entry(id=other, title=title, authors=(other,), summary=other, body="<p>b</p>")
    text, known = filed(entry)
    found = found_in(known.path, text.encode())
    assert found.is_edited is False
    assert (found.known.title, found.known.guid, found.known.id) == (title, other, known.id)
    made, _, _ = article(text)
    assert made.title == title
