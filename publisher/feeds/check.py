"""What a feed reader's author would complain about in a feed file, ours or anybody's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import unescape

from lxml import etree
from lxml import html as lxml_html

from publisher.feeds.entry import Item
from publisher.feeds.formats import ATOM, FORMATS, JSON, RSS, Format, format_of
from publisher.feeds.identity import is_iri
from publisher.feeds.reading import parsed
from publisher.feeds.rules import Finding

_MOST_BYTES = 512 * 1024
_ATOM = "{http://www.w3.org/2005/Atom}"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_PLAYED = ("audio/", "video/", "image/", "application/pdf", "application/epub+zip")
_UNREADABLE = (
    etree.LxmlError, ValueError, KeyError, TypeError, AttributeError, RecursionError,
)  # fmt: skip


def check(name: str, data: bytes, now: datetime) -> list[Finding]:
    """Return what is wrong with a feed file; `now` (UTC) is what is future from.

    `name` tells the format of ours; the format of any other file is seen from what is in it.
    """
    try:
        form = format_of(name) or _seen(data)
        if form is None:
            return [Finding("unreadable", "it is neither RSS 2.0, Atom nor JSON Feed")]
        root = None if form is JSON else parsed(data)
        return [*_document(form, data, root), *_entries(form, form.writer.items(data), now)]
    except _UNREADABLE as error:
        return [Finding("unreadable", f"cannot be parsed: {str(error)[:200]}")]


def _seen(data: bytes) -> Format | None:
    """The format of a file by what it holds."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return JSON if "items" in json.loads(data) else None
    name = parsed(data).tag
    return next((one for one in FORMATS if one in _ROOTS and _ROOTS[one] == name), None)


_ROOTS = {RSS: "rss", ATOM: f"{_ATOM}feed"}


def _document(form: Format, data: bytes, root: etree._Element | None) -> Iterator[Finding]:
    """What is wrong with the file as a whole."""
    if len(data) > _MOST_BYTES:
        yield Finding("too-large", f"it has {len(data):,} bytes")
    if root is None:
        return
    if root.getroottree().docinfo.internalDTD is not None:
        yield Finding("entities", "it has a <!DOCTYPE>")
    if form is RSS:
        yield from _channel(root)
    elif form is ATOM and not _has_self(root):
        yield Finding("no-self", "no link with rel=self")


def _channel(root: etree._Element) -> Iterator[Finding]:
    channel = root.find("channel")
    if channel is None:
        raise ValueError("there is no <channel>")
    if not _has_self(channel):
        yield Finding("no-self", "no atom:link with rel=self")
    for item in channel.iterfind("item"):
        count = len(item.findall("enclosure"))
        if count > 1:
            yield Finding("many-enclosures", f"{_label_of(item)}: {count} enclosures")
        guid = item.find("guid")
        if (
            guid is not None
            and guid.get("isPermaLink", "true") == "true"
            and not _is_web(guid.text)
        ):
            yield Finding("moving-id", f"{_label_of(item)}: its guid is no address: {guid.text!r}")
    if any(isinstance(one.tag, str) and one.tag.startswith(_ITUNES) for one in root.iter()):
        yield from _podcast(channel)


def _podcast(channel: etree._Element) -> Iterator[Finding]:
    if channel.find(f"{_ITUNES}category") is None:
        yield Finding("podcast-category", "no itunes:category")
    if (channel.findtext(f"{_ITUNES}explicit") or "").lower() not in _SAID:
        yield Finding("podcast-explicit", "no itunes:explicit that says true or false")
    if channel.find(f"{_ITUNES}image") is None:
        yield Finding("podcast-image", "no itunes:image")
    if not channel.findtext(f"{_ITUNES}owner/{_ITUNES}email"):
        yield Finding("podcast-owner", "no itunes:owner with an e-mail address")


_SAID = ("true", "false", "yes", "no", "clean", "explicit")


def _has_self(element: etree._Element) -> bool:
    return any(link.get("rel") == "self" for link in element.iterfind(f"{_ATOM}link"))


def _label_of(item: etree._Element) -> str:
    return item.findtext("title") or item.findtext("guid") or "an entry"


def _is_web(text: str | None) -> bool:
    return (text or "").strip().startswith(("https://", "http://"))


def _entries(form: Format, items: Sequence[Item], now: datetime) -> Iterator[Finding]:
    seen: set[str] = set()
    for item in items:
        label = item.title or item.id or "an entry"
        for rule, what in _entry(form, item, now, seen):
            yield Finding(rule, f"{label}: {what}")
        seen.add(item.id)
    dates = [item.published for item in items if item.published]
    if dates != sorted(dates, reverse=True):
        yield Finding("order", "entries are not in order, newest first")


def _entry(form: Format, item: Item, now: datetime, seen: set[str]) -> Iterator[tuple[str, str]]:
    """(rule, what) of one entry; `seen` are the ids above it."""
    if not item.id:
        yield "no-id", "no id"
    elif item.id in seen:
        yield "double-id", "its id stands twice"
    elif form is ATOM and not is_iri(item.id):
        yield "odd-id", f"its id is no IRI: {item.id!r}"
    if not item.title:
        yield "no-title", "no title"
    elif re.search(r"&(?:amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);|</?[a-z]+[^<>]*>", item.title):
        yield "coded-title", "its title holds code"
    if not _is_web(item.url):
        yield "address", f"its address is not absolute: {item.url!r}"
    if item.published is None:
        yield "no-date", "no date"
    elif item.published > now:
        yield "future", "dated in the future"
    text = item.html or item.summary  # RSS 2.0: the description may be the whole text, as HTML
    for address in _relative(text):
        yield "text-address", f"an address in its text is not absolute: {address!r}"
    if found := re.search(r"<(script|form|style|iframe)\b", text, re.IGNORECASE):
        yield "script", f"its text holds <{found[1].lower()}>"
    for file in item.enclosures:
        if not _is_web(file.url):
            yield "enclosure-address", f"its enclosure's address is not absolute: {file.url!r}"
        if form is RSS and not file.length and file.type.startswith(("audio/", "video/")):
            yield "enclosure-length", f"the length of {file.url} is not known"
        if not file.type.startswith(_PLAYED):
            yield "enclosure-type", f"{file.url} has the type {file.type or 'none'!r}"


def _relative(markup: str) -> Iterator[str]:
    if not markup.strip():
        return
    try:
        fragment = lxml_html.fragment_fromstring(markup, "div")
    except (etree.LxmlError, ValueError):
        return
    for element, _, address, _ in fragment.iterlinks():
        if ":" not in address.split("/")[0] and element.tag != "form":
            yield unescape(address)
