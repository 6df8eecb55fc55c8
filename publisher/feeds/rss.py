"""RSS 2.0 with `content:encoded` (RSS 2.0.11; RDF Site Summary content module), by feedgen."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.feeds.entry import Entry, Feed, Item
from publisher.feeds.formats import Format
from publisher.feeds.reading import parsed
from publisher.model import Image
from publisher.model.languages import direction

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"


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
    for entry in feed.entries:
        _add(generator, entry)
    document: bytes = generator.rss_str(pretty=True)
    return document


def _add(generator: FeedGenerator, entry: Entry) -> None:
    item = generator.add_entry(order="append")  # feedgen prepends by default
    item.id(entry.id)
    item.guid(entry.id, permalink=False)
    item.title(entry.title)
    item.link(href=entry.url)
    item.description(_directed(entry))  # readers take it for HTML
    if entry.html:
        # An attribute may hold "]]>", which would end the section.
        item.content(entry.html.replace("]]>", "]]&gt;"), type="CDATA")
    for tag in entry.tags:
        item.category(term=tag)
    item.ours.entry = entry


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
        return {"atom": ATOM, "dc": DC, "media": MEDIA}

    def extend_rss(self, rss: Any) -> Any:
        """Name the feed's own address and hub (RSS Advisory Board, Best Practices §atom:link)."""
        channel = rss if rss.tag == "channel" else rss.find("channel")
        channel.find("link").text = self.feed.home
        for link in channel.findall(f"{{{ATOM}}}link"):
            channel.remove(link)
        links = [("self", self.feed.urls[self.form.file], self.form.type)]
        links += [("hub", self.feed.hub, "")] if self.feed.hub else []
        for place, (rel, href, kind) in enumerate(links):
            link = etree.Element(f"{{{ATOM}}}link", href=href, rel=rel)
            if kind:
                link.set("type", kind)
            channel.insert(3 + place, link)
        channel.find("lastBuildDate").text = _date(self.feed.updated)
        return rss


class _Element(BaseEntryExtension):  # type: ignore[misc]
    """Authors by name (RSS's own wants an e-mail address) and the enclosure with its length."""

    entry: Entry

    def extend_rss(self, item: Any) -> Any:
        """Add what feedgen cannot write."""
        entry = self.entry
        etree.SubElement(item, "pubDate").text = _date(entry.published)
        for author in entry.authors:
            etree.SubElement(item, f"{{{DC}}}creator").text = author
        if entry.enclosure:
            # A length is required; 0 where it is not known (RSS Advisory Board, enclosure).
            etree.SubElement(
                item,
                "enclosure",
                url=entry.enclosure.url,
                type=entry.enclosure.type,
                length=str(entry.enclosure.length or 0),
            )
        if entry.image:
            item.append(_media(entry.image))
        etree.SubElement(item, f"{{{DC}}}language").text = entry.language
        return item


def _media(image: Image) -> Any:
    """Media RSS 1.5.1 `<media:content>`, with what is known of the picture."""
    known = {
        "type": image.type if image.type.startswith("image/") else "",
        "width": str(image.width or ""),
        "height": str(image.height or ""),
    }
    element = etree.Element(f"{{{MEDIA}}}content", url=image.url, medium="image")
    for name, value in known.items():
        if value:
            element.set(name, value)
    return element


def _date(instant: datetime) -> str:
    # feedgen's goes through setlocale, which is the whole process's.
    return format_datetime(instant)


def items(data: bytes) -> list[Item]:
    """Return what a feed reader sees in an RSS 2.0 document."""
    return [
        Item(
            item.findtext("guid") or "",
            item.findtext("title") or "",
            item.findtext("link") or "",
            parsedate_to_datetime(item.findtext("pubDate") or ""),
            item.findtext(f"{{{CONTENT}}}encoded") or "",
        )
        for item in parsed(data).iterfind("channel/item")
    ]
