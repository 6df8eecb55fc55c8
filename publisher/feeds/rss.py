"""RSS 2.0 with `content:encoded` (RSS 2.0.11; RDF Site Summary content module), by feedgen."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.feeds import podcast
from publisher.feeds.entry import Entry, Feed, Item
from publisher.feeds.formats import Format
from publisher.feeds.media import MEDIA, media, media_content
from publisher.feeds.reading import instant, parsed, whole
from publisher.feeds.stylesheet import introduced, led_to
from publisher.model import Enclosure
from publisher.model.languages import direction

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
HISTORY = "http://purl.org/syndication/history/1.0"


def render(feed: Feed, form: Format) -> bytes:
    """Return the feed as an RSS 2.0 document."""
    generator = FeedGenerator()
    generator.register_extension("ours", _Channel, _Element, atom=False, rss=True)
    generator.title(feed.title)
    generator.link(href=feed.home)
    generator.description(feed.description or feed.title)
    generator.language(feed.language)
    generator.generator("publisher")
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.lastBuildDate(feed.updated)
    if feed.logo:
        generator.image(url=feed.logo, title=feed.title, link=feed.home)
    generator.ours.feed, generator.ours.form = feed, form
    if feed.is_played:
        generator.load_extension("podcast", atom=False, rss=True)
        podcast.describe(generator, feed)
    for entry in feed.entries:
        _add(generator, entry, feed)
    document: bytes = generator.rss_str(pretty=True)
    return introduced(document, feed)


def _add(generator: FeedGenerator, entry: Entry, feed: Feed) -> None:
    item = generator.add_entry(order="append")  # feedgen prepends by default
    item.id(entry.id)
    item.guid(entry.id, permalink=False)
    item.title(entry.title)
    item.link(href=entry.url)
    item.description(_directed(entry))  # readers take it for HTML
    if entry.html:
        # An attribute may hold "]]>", which would end the section.
        item.content(entry.html.replace("]]>", "]]&gt;"), type="CDATA")
    for one in entry.categories:
        item.category(term=one.name, scheme=one.scheme)
    if entry.is_played:
        podcast.describe_episode(item, entry)
    item.ours.entry, item.ours.feed = entry, feed


def _directed(entry: Entry) -> str:
    summary = escape(entry.summary, quote=False)
    if not summary or direction(entry.language) == "ltr":
        return summary
    return f'<div lang="{escape(entry.language)}" dir="rtl">{summary}</div>'


class _Channel(BaseExtension):  # type: ignore[misc]
    """What feedgen leaves out of a channel, or writes wrongly."""

    feed: Feed
    form: Format

    def extend_ns(self) -> dict[str, str]:
        """The namespaces of what is added here."""
        found = {"atom": ATOM, "dc": DC, "media": MEDIA, **podcast.namespaces(self.feed)}
        is_past = self.feed.archive is not None and self.feed.archive.is_past
        return {**found, **({"fh": HISTORY} if is_past else {})}

    def extend_rss(self, rss: Any) -> Any:
        """Name the feed's own address and hub (RSS Advisory Board, Best Practices §atom:link)."""
        channel = rss if rss.tag == "channel" else rss.find("channel")
        channel.find("link").text = self.feed.home
        for link in channel.findall(f"{{{ATOM}}}link"):
            channel.remove(link)
        links = [("self", self.feed.urls[self.form.file], self.form.type)]
        links += [("hub", self.feed.hub, "")] if self.feed.hub else []
        archive = self.feed.archive
        around = archive.links(self.form.file) if archive else []
        links += [(rel, href, self.form.type) for rel, href in around]
        for place, (rel, href, kind) in enumerate(links):
            link = etree.Element(f"{{{ATOM}}}link", href=href, rel=rel)
            if kind:
                link.set("type", kind)
            channel.insert(3 + place, link)
        channel.find("lastBuildDate").text = _date(self.feed.updated)
        if archive and archive.is_past:
            channel.insert(3 + len(links), etree.Element(f"{{{HISTORY}}}archive"))
        for link in led_to(self.feed):
            channel.insert(3 + len(links), link)
        channel.extend(podcast.of_channel(self.feed))
        return rss


class _Element(BaseEntryExtension):  # type: ignore[misc]
    """Authors by name (RSS's own wants an e-mail address) and the enclosure with its length."""

    entry: Entry
    feed: Feed

    def extend_rss(self, item: Any) -> Any:
        """Add what feedgen cannot write."""
        entry = self.entry
        etree.SubElement(item, "pubDate").text = _date(entry.published)
        for author in entry.authors:
            etree.SubElement(item, f"{{{DC}}}creator").text = author
        if enclosure := entry.enclosure:
            # A length is required; 0 where it is not known (RSS Advisory Board, enclosure).
            etree.SubElement(
                item,
                "enclosure",
                url=enclosure.url,
                type=enclosure.type,
                length=str(enclosure.length or 0),
            )
        # One enclosure is allowed (RSS Advisory Board, Best Practices §enclosure).
        item.extend(map(media_content, entry.enclosures))
        item.extend(media(entry))
        item.extend(podcast.of_item(entry))
        etree.SubElement(item, f"{{{DC}}}language").text = entry.language
        return item


def _date(instant: datetime) -> str:
    # feedgen's goes through setlocale, which is the whole process's.
    return format_datetime(instant)


def items(data: bytes) -> list[Item]:
    """Return what a feed reader sees in an RSS 2.0 document."""
    return [_item(item) for item in parsed(data).iterfind("channel/item")]


def _item(item: Any) -> Item:
    files = [(one.get("url"), one.get("type"), one.get("length")) for one in item.iter("enclosure")]
    others = item.iterfind(f"{{{MEDIA}}}content")
    files += [
        (one.get("url"), one.get("type"), one.get("fileSize"))
        for one in others
        if one.get("medium") != "image"
    ]
    text = item.findtext(f"{{{CONTENT}}}encoded")
    return Item(
        id=(item.findtext("guid") or "").strip(),
        title=(item.findtext("title") or "").strip(),
        url=(item.findtext("link") or "").strip(),
        published=instant(item.findtext("pubDate") or item.findtext(f"{{{DC}}}date")),
        html=text or "",
        summary=item.findtext("description") or "",
        enclosures=tuple(
            Enclosure(url=url or "", type=kind or "", length=whole(length))
            for url, kind, length in files
        ),
        authors=tuple(one.text or "" for one in item.iterfind(f"{{{DC}}}creator")),
        categories=tuple(one.text or "" for one in item.iterfind("category")),
    )
