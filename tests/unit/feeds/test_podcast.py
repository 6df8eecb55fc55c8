"""What players of podcasts read in RSS."""

from datetime import UTC, date, datetime, timedelta

import feedparser
from lxml import etree
from msgspec.structs import replace

from publisher.feeds import feed_plans, files_of
from publisher.model import (
    Article,
    Chapter,
    Enclosure,
    Episode,
    FeedSettings,
    Image,
    Person,
    PodcastSettings,
    Publication,
    Transcript,
    Visible,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NS = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "media": "http://search.yahoo.com/mrss/",
}
SHOW = PodcastSettings(
    title="The Harbour Show", author="Ann Lee", owner="Ann", email="show@x.example",
    categories=("News > Daily News", "Technology"), image="https://x.example/cover.jpg",
    explicit=True, type="serial", block=True, locked=True, funding="https://x.example/give",
    hosts=("Ann Lee",), new_feed_url="https://x.example/new.xml",
)  # fmt: skip
MP3 = Enclosure(url="https://cdn.example/a.mp3", type="audio/mpeg", length=54824269)
EPISODE = Episode(
    duration=3760, number=7, season=2, kind="bonus", title="Short", explicit=False, block=True,
    image="https://x.example/7.jpg",
    transcripts=(Transcript(url="https://x.example/7.vtt", type="text/vtt", language="en"),),
    chapters_url="https://x.example/7.json",
    chapters=(Chapter(start=62.5, title="R&D", href="https://x.example/rd"),),
    persons=(Person(name="Bo Chan", role="guest", href="https://bo.example/"),),
)  # fmt: skip


def story(name="a", **keys):
    moment = NOON - timedelta(hours=1)
    return Article(
        id=f"tag:x,2026:{name}", path=f"{name}.md", slug=name, title=name.title(), summary="S.",
        url=f"https://x.example/{name}/", language="en", published=moment, updated=moment,
        version="1", **keys,
    )  # fmt: skip


def rss(*articles, podcast=(SHOW,)):
    publication = Publication(
        title="Letter", base_url="https://x.example/", since=date(2026, 1, 1), author="The Desk",
        feeds=FeedSettings(podcast=podcast, by=()),
    )  # fmt: skip
    (plan,) = feed_plans(publication, Visible(articles, NOON))
    return files_of(plan, lambda _: "<p>Notes.</p>")[0].data


def channel(*articles, **keys):
    return etree.fromstring(rss(*articles, **keys)).find("channel")


def told(element, prefix):
    """Name, text and attributes of an element's children in a namespace, by name."""
    start = f"{{{NS[prefix]}}}"
    found = (one for one in element if isinstance(one.tag, str) and one.tag.startswith(start))
    return {one.tag.removeprefix(start): (one.text, dict(one.attrib)) for one in found}


def test_a_podcast_tells_players_what_they_ask_for():
    found = channel(story(enclosure=MP3))
    itunes = told(found, "itunes")
    assert found.findtext("title") == "The Harbour Show"
    assert itunes.pop("owner")
    assert itunes == {
        "author": ("Ann Lee", {}),
        "block": ("Yes", {}),
        "category": (None, {"text": "Technology"}),
        "explicit": ("true", {}),
        "image": (None, {"href": "https://x.example/cover.jpg"}),
        "new-feed-url": ("https://x.example/new.xml", {}),
        "type": ("serial", {}),
    }
    inner = found.find("itunes:category[@text='News']/itunes:category", NS)
    assert inner.get("text") == "Daily News"
    assert found.findtext("itunes:owner/itunes:email", namespaces=NS) == "show@x.example"
    assert told(found, "podcast") == {
        "guid": ("958c449d-d530-51a9-ab8d-3e6c801994f9", {}),
        "locked": ("yes", {"owner": "show@x.example"}),
        "funding": ("Support us", {"url": "https://x.example/give"}),
        "person": ("Ann Lee", {"role": "host"}),
    }


def test_an_episode_tells_players_all_that_is_known_of_it():
    item = channel(story(enclosure=MP3, episode=EPISODE, authors=("Ann Lee", "Bo Chan"))).find(
        "item"
    )
    assert told(item, "itunes") == {
        "author": ("Ann Lee, Bo Chan", {}),
        "block": ("Yes", {}),
        "duration": ("3760", {}),
        "episode": ("7", {}),
        "episodeType": ("bonus", {}),
        "explicit": ("false", {}),
        "image": (None, {"href": "https://x.example/7.jpg"}),
        "season": ("2", {}),
        "title": ("Short", {}),
    }
    assert told(item, "podcast") == {
        "transcript": (
            None, {"url": "https://x.example/7.vtt", "type": "text/vtt", "language": "en"},
        ),
        "chapters": (None, {"url": "https://x.example/7.json", "type": "application/json+chapters"}),
        "person": ("Bo Chan", {"role": "guest", "href": "https://bo.example/"}),
    }  # fmt: skip
    (chapter,) = item.iterfind("psc:chapters/psc:chapter", NS)
    assert dict(chapter.attrib) == {
        "start": "00:01:02.500", "title": "R&D", "href": "https://x.example/rd",
    }  # fmt: skip


def test_the_first_file_is_the_enclosure_and_the_others_stand_beside_it():
    ogg = Enclosure(url="https://cdn.example/a.ogg", type="audio/ogg", length=9)
    item = channel(story(enclosure=MP3, enclosures=(ogg,))).find("item")
    assert [dict(one.attrib) for one in item.iterfind("enclosure")] == [
        {"url": MP3.url, "type": "audio/mpeg", "length": "54824269"}
    ]
    assert [dict(one.attrib) for one in item.iterfind("media:content", NS)] == [
        {"url": ogg.url, "type": "audio/ogg", "fileSize": "9", "medium": "audio"}
    ]


def test_a_sound_in_a_feed_that_is_no_podcast_is_told_of_without_claims_about_the_feed():
    found = channel(story(enclosure=MP3, episode=EPISODE), podcast=())
    assert told(found, "itunes") == {"author": ("The Desk", {})}
    assert "duration" in told(found.find("item"), "itunes")


def test_a_feed_without_sounds_says_nothing_to_players():
    assert b"itunes" not in rss(story(), podcast=())


def test_a_picture_is_no_episode_and_stands_for_one_where_it_can_be_a_cover():
    picture = Image(url="https://x.example/p.jpg?w=9", type="image/jpeg", length=9)
    (item, other) = channel(story("a", image=picture), story("b", image=picture, enclosure=MP3))[
        -2:
    ]
    assert item.find("enclosure") is None
    assert told(item, "itunes") == {}
    assert told(other, "itunes")["image"][1] == {"href": picture.url}
    vector = replace(picture, url="https://x.example/p.svg")
    item = channel(story(image=vector, enclosure=MP3)).find("item")
    assert "image" not in told(item, "itunes")


def test_a_feed_parser_finds_the_episode():
    entry = feedparser.parse(rss(story(enclosure=MP3, episode=EPISODE))).entries[0]
    assert (entry.itunes_duration, entry.itunes_episode, entry.itunes_season) == ("3760", "7", "2")
    assert entry.enclosures[0].href == MP3.url
