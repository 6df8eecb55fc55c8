"""What players of podcasts read in RSS: Apple's `itunes:*`, by feedgen where it is right; the
Podcasting 2.0 namespace `podcast:*`; Podlove's simple chapters.

feedgen takes neither true nor false for `explicit` (Apple has had no "yes" since 2019), and leaves
out a cover in silence whose address does not end in .jpg or .png: those are written here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from lxml import etree

from publisher.feeds.entry import Entry, Feed
from publisher.feeds.formats import RSS
from publisher.model import Chapter, Episode, Person, PodcastSettings

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
CHAPTERS = "http://podlove.org/simple-chapters"
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # of podcast:guid, by its definition


def describe(generator: Any, feed: Feed) -> None:
    """Tell feedgen of a podcast what it writes rightly."""
    told = feed.podcast or PodcastSettings()
    generator.podcast.itunes_author(told.author or feed.author)
    if feed.podcast is None:
        return  # a feed in which there are sounds: whose show it is, nobody said
    generator.podcast.itunes_type(told.type)
    for name in told.categories:
        outer, _, inner = (part.strip() for part in name.partition(">"))
        category = {"cat": outer, "sub": inner} if inner else {"cat": outer}
        generator.podcast.itunes_category(category)
    if told.email:
        owner = told.owner or told.author or feed.author
        generator.podcast.itunes_owner(name=owner, email=told.email)
    if told.new_feed_url:
        generator.podcast.itunes_new_feed_url(told.new_feed_url)


def describe_episode(item: Any, entry: Entry) -> None:
    """Tell feedgen of an episode what it writes rightly."""
    episode = entry.episode or Episode()
    if entry.authors:
        item.podcast.itunes_author(", ".join(entry.authors))
    if episode.duration:
        item.podcast.itunes_duration(str(episode.duration))
    if episode.season:
        item.podcast.itunes_season(episode.season)
    if episode.number:
        item.podcast.itunes_episode(episode.number)
    if episode.kind:
        item.podcast.itunes_episode_type(episode.kind)
    if episode.title:
        item.podcast.itunes_title(episode.title)


def namespaces(feed: Feed) -> dict[str, str]:
    """The namespaces of what is added here; none in a feed without sounds."""
    if not feed.is_played:
        return {}
    has_chapters = any(entry.episode and entry.episode.chapters for entry in feed.entries)
    found = {"itunes": ITUNES, "podcast": PODCAST}
    return {**found, "psc": CHAPTERS} if has_chapters else found


def of_channel(feed: Feed) -> Iterator[Any]:
    """Yield the elements of a channel that feedgen leaves out."""
    if not feed.is_played:
        return
    told = feed.podcast
    image = (told.image if told else "") or feed.logo
    if image:
        yield etree.Element(f"{{{ITUNES}}}image", href=image)
    if told is None:
        return
    yield _text(ITUNES, "explicit", "true" if told.explicit else "false")
    if told.block:
        yield _text(ITUNES, "block", "Yes")
    yield _text(PODCAST, "guid", told.guid or guid_of(feed.urls[RSS.file]))
    if told.locked:
        owner = {"owner": told.email} if told.email else {}
        yield _text(PODCAST, "locked", "yes", owner)
    if told.funding:
        yield _text(PODCAST, "funding", told.funding_text, {"url": told.funding})
    for name in told.hosts:
        yield _text(PODCAST, "person", name, {"role": "host"})


def of_item(entry: Entry) -> Iterator[Any]:
    """Yield the elements of an item that feedgen leaves out; none where nothing is played."""
    if not entry.is_played:
        return
    episode = entry.episode or Episode()
    image = episode.image or _picture(entry)
    if image:
        yield etree.Element(f"{{{ITUNES}}}image", href=image)
    if episode.explicit is not None:
        yield _text(ITUNES, "explicit", "true" if episode.explicit else "false")
    if episode.block:
        yield _text(ITUNES, "block", "Yes")
    for one in episode.transcripts:
        known = {"url": one.url, "type": one.type, "language": one.language}
        yield etree.Element(f"{{{PODCAST}}}transcript", _filled(known))
    if episode.chapters_url:
        kind = {"url": episode.chapters_url, "type": "application/json+chapters"}
        yield etree.Element(f"{{{PODCAST}}}chapters", kind)
    if episode.chapters:
        yield _chapters(episode.chapters)
    yield from map(_person, episode.persons)


def guid_of(url: str) -> str:
    """Return the `podcast:guid` of a feed by its address, as the namespace defines it.

    >>> guid_of("https://mp3s.nashownotes.com/pc20rss.xml")
    '917393e3-1b1e-5cef-ace4-edaa54e1f810'
    """
    return str(uuid.uuid5(_GUIDS, re.sub(r"^\w+://", "", url).rstrip("/")))


def _picture(entry: Entry) -> str:
    """The picture, where it can be a cover: a JPEG or a PNG (Apple takes nothing else)."""
    image = entry.image
    is_cover = image is not None and re.search(r"\.(jpe?g|png)(\?|$)", image.url, re.IGNORECASE)
    return image.url if image and is_cover else ""


def _person(person: Person) -> Any:
    known = {"role": person.role, "href": person.href, "img": person.image}
    return _text(PODCAST, "person", person.name, _filled(known))


def _chapters(chapters: tuple[Chapter, ...]) -> Any:
    whole = etree.Element(f"{{{CHAPTERS}}}chapters", version="1.2")
    for one in chapters:
        known = {"start": _clock(one.start), "title": one.title, "href": one.href}
        etree.SubElement(whole, f"{{{CHAPTERS}}}chapter", _filled(known))
    return whole


def _clock(start: float) -> str:
    """A point in time as Podlove writes it (RFC 2326 §3.6).

    >>> _clock(3723.5)
    '01:02:03.500'
    """
    thousandths = round(start * 1000)
    seconds, rest = divmod(thousandths, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def _text(namespace: str, name: str, text: str, attributes: dict[str, str] | None = None) -> Any:
    element = etree.Element(f"{{{namespace}}}{name}", attributes or {})
    element.text = text
    return element


def _filled(attributes: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if value}
