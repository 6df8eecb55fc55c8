"""Three formats, one feed: valid by each specification, and the same entries in each."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.feeds import FILES, feed_plans, files_of, partner_plans, with_archives
from publisher.feeds.formats import ATOM, JSON, RSS
from publisher.feeds.identity import atom_id
from publisher.model import (
    Article,
    Chapter,
    Enclosure,
    Episode,
    FeedSettings,
    Image,
    PartnerSettings,
    Person,
    PodcastSettings,
    Publication,
    Transcript,
    Visible,
    legal,
)
from tests.feed_profiles import faults

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FEEDS = FeedSettings(
    hub="https://hub.example/",
    categories=("tag", "section", "category", "author"),
    archives=True,
    stylesheet=True,
    podcast=(
        PodcastSettings(
            email="show@x.example",
            categories=("News > Daily News",),
            image="https://x.example/c.jpg",
            funding="https://x.example/give",
            hosts=("Ann",),
            locked=True,
            block=True,
        ),
    ),
    partner=(PartnerSettings(name="paper", note=True, parameters="a=b"),),
)
PUBLICATION = Publication(
    title="Letter & Co", base_url="https://x.example/", since=date(2026, 1, 1), feeds=FEEDS
)

TEXT = st.text(st.characters(exclude_characters="\r\n"), max_size=20).map(legal)
NAME = TEXT.map(str.strip).filter(bool)
URL = st.sampled_from(["https://x.example/a.mp3", "https://cdn.example/ä b?c=1&d#e"])
MAYBE = st.none() | st.integers(0, 10**9)


@st.composite
def articles(draw):
    place = draw(st.integers(0, 10**6))
    moment = NOON - timedelta(minutes=place)
    kind = st.sampled_from(["audio/mpeg", "video/mp4", "application/pdf"])
    file = st.builds(Enclosure, url=URL, type=kind, length=MAYBE)
    picture = st.builds(
        Image, url=URL, alt=TEXT, width=MAYBE, height=MAYBE, type=st.just("image/png"), length=MAYBE
    )
    enclosure = draw(st.none() | file)
    return Article(
        id=draw(st.just(f"tag:x.example,2026:{place}") | NAME.map(lambda name: f"{name} {place}")),
        path=f"{place}.md",
        slug=f"a{place}",
        url=f"https://x.example/a{place}/",
        title=draw(NAME),
        summary=draw(NAME),
        language=draw(st.sampled_from(["en", "de", "ar"])),
        published=moment,
        updated=draw(st.sampled_from([moment, NOON])),
        version="1",
        authors=tuple(draw(st.lists(NAME, max_size=3, unique=True))),
        tags=tuple(draw(st.lists(NAME, max_size=3))),
        section=draw(st.sampled_from(["", "world"])),
        categories=tuple(draw(st.lists(NAME, max_size=3))),
        image=draw(st.none() | picture),
        enclosure=enclosure,
        enclosures=tuple(draw(st.lists(file, max_size=2))) if enclosure else (),
        episode=draw(st.none() | episodes()) if enclosure else None,
    )


def episodes():
    return st.builds(
        Episode,
        duration=st.none() | st.integers(1, 10**6),
        number=st.none() | st.integers(1, 999),
        season=st.none() | st.integers(1, 99),
        kind=st.sampled_from(["", "full", "trailer", "bonus"]),
        title=TEXT,
        explicit=st.none() | st.booleans(),
        block=st.booleans(),
        image=st.just("") | URL,
        transcripts=st.lists(st.builds(Transcript, url=URL, type=st.just("text/vtt"))).map(tuple),
        chapters=st.lists(st.builds(Chapter, start=st.floats(0, 10**5), title=NAME)).map(tuple),
        persons=st.lists(st.builds(Person, name=NAME, role=st.just("guest"))).map(tuple),
    )


def plans(found, publication=PUBLICATION):
    listed = sorted(found, key=lambda one: one.published, reverse=True)
    first, *others = feed_plans(publication, Visible(listed, NOON))
    partners = partner_plans(publication, listed, NOON, {"en": "First in {title}, “<&>”."})
    return [*with_archives(first, listed, NOON, 1), *others[:1], *partners]


def body(article):
    return f'<p>{len(article.title)} <a href="https://x.example/?a=1&amp;b">]]&gt; &amp;</a></p>'


def entries(form, data):
    """What can be told from any format alike."""
    return [
        (
            one.id, one.title, one.url, one.published.replace(microsecond=0), one.authors, one.categories,
            [(file.url, file.type, file.length or 0) for file in one.enclosures],
            one.html,
        )
        for one in form.writer.items(data)
    ]  # fmt: skip


def check_alike(files):
    """The same entries stand in the three files of a feed, and each file is valid."""
    assert [faults(file.path, file.data) for file in files] == [[], [], []]
    rss, atom, json = (
        entries(form, file.data) for form, file in zip((RSS, ATOM, JSON), files, strict=True)
    )
    assert rss == json
    home = PUBLICATION.base_url
    assert atom == [(atom_id(one[0], home), *one[1:]) for one in json]


@settings(max_examples=15)
@given(st.lists(articles(), max_size=3, unique_by=(lambda one: one.id, lambda one: one.path)))
def test_whatever_articles_hold_each_file_is_valid_and_the_entries_are_the_same(found):
    for plan in plans(found):
        check_alike(files_of(plan, body))


def test_the_feeds_of_the_example_are_valid_and_the_same_in_each_format(example):
    folders = {path.parent for path in (example.root / "outbox/feeds").rglob("rss.xml")}
    assert len(folders) > 3
    for folder in sorted(folders):
        files = {name: (folder / name).read_bytes() for name in FILES}
        assert [faults(name, data) for name, data in files.items()] == [[], [], []]
        rss, atom, json = (entries(form, files[form.file]) for form in (RSS, ATOM, JSON))
        assert rss == atom == json


@pytest.mark.parametrize(
    "spoilt",
    [
        ("rss.xml", b"<guid ", b"<title>again</title><guid "),
        ("rss.xml", b"<pubDate>", b"<pubDate>on "),
        ("rss.xml", b"<docs>", b"<strange/><docs>"),
        ("atom.xml", b"<id>tag:x,2026", b"<id>x,2026"),
        ("atom.xml", b"<published>", b"<published>on "),
        ("atom.xml", b"<author>\n    <name>", b"<author>\n    <x>"),
        ("feed.json", b'"id": "', b'"id": 3, "x": "'),
    ],
    ids=lambda one: f"{one[0]} {one[2].decode()}",
)
def test_the_profiles_see_what_is_wrong(spoilt):
    name, good, bad = spoilt
    moment = NOON - timedelta(hours=1)
    one = Article(
        id="tag:x,2026:a", path="a.md", slug="a", url="https://x.example/a/", title="A",
        summary="S", language="en", published=moment, updated=moment, version="1",
    )  # fmt: skip
    plain = replace(PUBLICATION, feeds=FeedSettings())
    (plan,) = feed_plans(plain, Visible([one], NOON))
    data = {file.path: file.data for file in files_of(plan, body)}[name]
    assert good in data and faults(name, data) == []
    spoilt_data = data.replace(good, bad, 1)
    if b"<x>" in bad:
        spoilt_data = spoilt_data.replace(b"</name>", b"</x>", 1)
    assert faults(name, spoilt_data) != []
