"""What a feed must be by its specification: RFC 4287's grammar, JSON Feed 1.1, RSS 2.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from publisher.feeds.identity import is_iri

ATOM = "{http://www.w3.org/2005/Atom}"
_GRAMMAR = Path(__file__).parent / "grammars/atom.rng"


def faults(name: str, data: bytes) -> list[str]:
    """Return what is wrong with a file by the specification of its format, told by its name."""
    if name.endswith("feed.json"):
        return list(_json(json.loads(data)))
    if name.endswith("atom.xml"):
        return list(_atom(etree.fromstring(data)))
    return list(_rss(etree.fromstring(data)))


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_GRAMMAR))


def _atom(root: Any) -> Iterator[str]:
    if not _grammar().validate(root):
        yield str(_grammar().error_log.last_error)
    for entry in root.iterfind(f"{ATOM}entry"):  # the grammar's Schematron
        links = entry.findall(f"{ATOM}link")
        alternates = [
            (one.get("type"), one.get("hreflang")) for one in links if one.get("rel") == "alternate"
        ]
        if not alternates and entry.find(f"{ATOM}content") is None:
            yield "an entry has neither an alternate link nor content"
        if len(alternates) != len(set(alternates)):
            yield "two alternate links of one type"
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            yield "an entry has no author"
    for element in root.iter(f"{ATOM}id"):
        if not is_iri(element.text or ""):
            yield f"{element.text!r} is no IRI"
    names = [one.text for one in root.iterfind(f"{ATOM}entry/{ATOM}id")]
    if len(names) != len(set(names)):
        yield "an id stands twice"


_ONCE = {"title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate"}
_IN_ITEM = {*_ONCE, "category", "source"}
_IN_CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating",
    "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip


def _rss(root: Any) -> Iterator[str]:
    if root.tag != "rss" or root.get("version") != "2.0" or len(root) != 1:
        yield "no <rss version=2.0> with one channel"
    channel = root.find("channel")
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1:
            yield f"not one <{name}> in the channel"
    yield from _strangers(channel, _IN_CHANNEL)
    yield from (_date(one) for one in channel.iterfind("lastBuildDate") if _date(one))
    guids = [item.findtext("guid") for item in channel.iterfind("item")]
    if len(guids) != len(set(guids)) or None in guids:
        yield "a guid is missing, or stands twice"
    for item in channel.iterfind("item"):
        yield from _item(item)


def _item(item: Any) -> Iterator[str]:
    yield from _strangers(item, _IN_ITEM)
    names = [one.tag for one in item if one.tag in _ONCE]
    yield from (f"<{name}> stands twice" for name in _ONCE if names.count(name) > 1)
    if item.find("title") is None and item.find("description") is None:
        yield "an item has neither title nor description"
    if not re.match(r"https?://", item.findtext("link") or ""):
        yield "a link is no address"
    if bad := _date(item.find("pubDate")):
        yield bad
    for file in item.iterfind("enclosure"):
        if not (file.get("url") and file.get("type") and (file.get("length") or "").isdigit()):
            yield f"an enclosure lacks what it must have: {dict(file.attrib)}"
    if any(not (one.text or "").strip() for one in item.iterfind("category")):
        yield "a category has no name"


def _strangers(element: Any, known: set[str]) -> Iterator[str]:
    """RSS may be extended by elements of a namespace alone."""
    names = (one.tag for one in element if isinstance(one.tag, str))
    yield from (
        f"<{name}> is none of RSS" for name in names if name[0] != "{" and name not in known
    )


def _date(element: Any) -> str:
    try:
        return "" if parsedate_to_datetime(element.text).tzinfo else "a date without a zone"
    except (ValueError, TypeError):
        return f"no date: {element.text!r}"


_FEED = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "next_url": str, "icon": str, "language": str, "hubs": list, "authors": list, "items": list,
}  # fmt: skip
_ITEM = {
    "id": str, "url": str, "title": str, "content_html": str, "content_text": str, "summary": str,
    "image": str, "date_published": str, "date_modified": str, "authors": list, "tags": list,
    "language": str, "attachments": list,
}  # fmt: skip
_FILE = {"url": str, "mime_type": str, "size_in_bytes": int, "duration_in_seconds": int}


def _json(document: Any) -> Iterator[str]:
    yield from _typed(document, _FEED, ("version", "title", "items"))
    if document["version"] != "https://jsonfeed.org/version/1.1":
        yield "another version"
    for hub in document.get("hubs", ()):
        yield from _typed(hub, {"type": str, "url": str}, ("type", "url"))
    for item in document["items"]:
        yield from _typed(item, _ITEM, ("id",))
        if "content_html" not in item and "content_text" not in item:
            yield "an item has no content"
        for key in ("date_published", "date_modified"):
            if datetime.fromisoformat(item[key]).tzinfo is None:
                yield "a date without a zone"
        for author in item.get("authors", ()):
            yield from _typed(author, {"name": str}, ("name",))
        for file in item.get("attachments", ()):
            yield from _typed(file, _FILE, ("url", "mime_type"))
        if not all(isinstance(tag, str) for tag in item.get("tags", ())):
            yield "a tag is no text"


def _typed(table: Any, known: dict[str, type], required: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{key} is missing" for key in required if key not in table)
    for key, value in table.items():
        if key not in known:
            yield f"{key} is none of JSON Feed"
        elif not isinstance(value, known[key]) or isinstance(value, bool):
            yield f"{key} has another type"
