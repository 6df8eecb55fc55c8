"""Atom 1.0 (RFC 4287), by feedgen, its links written anew.

feedgen's elements have no namespace until they are written, so that ours have none either.
"""

from __future__ import annotations

from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from publisher.feeds.entry import Entry, Feed, Item
from publisher.feeds.formats import Format
from publisher.feeds.identity import atom_id
from publisher.feeds.media import MEDIA, media
from publisher.feeds.reading import instant, parsed, whole
from publisher.feeds.stylesheet import introduced, led_to
from publisher.model import Enclosure

_ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "http://purl.org/syndication/history/1.0"


def render(feed: Feed, form: Format) -> bytes:
    """Return the feed as an Atom document."""
    generator = FeedGenerator()
    generator.register_extension("ours", _Feed, _Entry, atom=True, rss=False)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.language(feed.language)
    generator.generator("publisher")
    generator.author({"name": feed.author})  # for entries without one (RFC 4287 §4.1.1)
    if feed.description:
        generator.subtitle(feed.description)
    if feed.logo:
        generator.logo(feed.logo)
    generator.ours.feed, generator.ours.form = feed, form
    for entry in feed.entries:
        _add(generator, entry, feed)
    document: bytes = generator.atom_str(pretty=True)
    return introduced(document, feed)


def _add(generator: FeedGenerator, entry: Entry, feed: Feed) -> None:
    item = generator.add_entry(order="append")
    item.id(atom_id(entry.id, feed.site))
    item.title(entry.title)
    item.published(entry.published)
    item.updated(entry.updated)
    if entry.summary:
        item.summary(entry.summary)
    item.author([{"name": author} for author in entry.authors])
    for one in entry.categories:
        item.category(term=one.name, scheme=one.scheme, label=one.name)
    item.link(href=entry.url)
    item.ours.entry = entry


class _Feed(BaseExtension):  # type: ignore[misc]
    feed: Feed
    form: Format

    def extend_ns(self) -> dict[str, str]:
        """The namespaces of what is added here, where it is."""
        found = {"media": MEDIA} if any(map(media, self.feed.entries)) else {}
        is_past = self.feed.archive is not None and self.feed.archive.is_past
        return {**found, **({"fh": HISTORY} if is_past else {})}

    def extend_atom(self, root: Any) -> Any:
        """Write the links (RFC 4287 §4.2.7) and the language, before the first entry."""
        feed = self.feed
        for link in root.findall("link"):
            root.remove(link)
        links = [
            ("alternate", feed.home, "text/html"),
            ("self", feed.urls[self.form.file], self.form.type),
        ]
        links += [("hub", feed.hub, "")] if feed.hub else []
        archive = feed.archive.links(self.form.file) if feed.archive else []
        links += [(rel, href, self.form.type) for rel, href in archive]
        place = 1 + [child.tag for child in root].index("updated")
        for rel, href, kind in reversed(links):
            root.insert(place, _link(rel=rel, href=href, type=kind))
        if feed.archive and feed.archive.is_past:
            root.insert(place + len(links), etree.Element(f"{{{HISTORY}}}archive"))
        for link in led_to(feed):
            root.insert(place + len(links), link)
        return root


class _Entry(BaseEntryExtension):  # type: ignore[misc]
    entry: Entry

    def extend_atom(self, element: Any) -> Any:
        """Write links with all their attributes, and the content as HTML.

        feedgen keeps only `href` of an entry's links: an enclosure became a second alternate,
        and five of thirteen readers opened the picture instead of the story.
        """
        entry = self.entry
        for link in element.findall("link"):
            element.remove(link)
        element.append(_link(rel="alternate", href=entry.url, type="text/html"))
        for one in entry.files:
            length = "" if one.length is None else str(one.length)
            element.append(_link(rel="enclosure", href=one.url, type=one.type, length=length))
        if entry.html:
            content = etree.SubElement(element, "content", type="html")
            content.text = entry.html
        element.extend(media(entry))
        element.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
        return element


def _link(**attributes: str) -> Any:
    return etree.Element("link", {name: value for name, value in attributes.items() if value})


def items(data: bytes) -> list[Item]:
    """Return what a feed reader sees in an Atom document."""
    return [_item(entry) for entry in parsed(data).iterfind(f"{_ATOM}entry")]


def _item(entry: Any) -> Item:
    links = entry.findall(f"{_ATOM}link")
    alternates = (
        one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate"
    )
    published, updated = (instant(entry.findtext(f"{_ATOM}{n}")) for n in ("published", "updated"))
    return Item(
        id=(entry.findtext(f"{_ATOM}id") or "").strip(),
        title=(entry.findtext(f"{_ATOM}title") or "").strip(),
        url=next(alternates, ""),
        published=published or updated,
        html=entry.findtext(f"{_ATOM}content") or "",
        enclosures=tuple(
            Enclosure(
                url=one.get("href", ""), type=one.get("type", ""), length=whole(one.get("length"))
            )
            for one in links
            if one.get("rel") == "enclosure"
        ),
        authors=tuple(
            author.findtext(f"{_ATOM}name") or "" for author in entry.iterfind(f"{_ATOM}author")
        ),
        categories=tuple(one.get("term", "") for one in entry.iterfind(f"{_ATOM}category")),
        updated=updated,
    )
