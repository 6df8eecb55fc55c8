"""What a feed reader's author would complain about in a feed file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree
from lxml import html as lxml_html

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    title: str
    url: str
    published: datetime | None
    html: str


def check(name: str, data: bytes, now: datetime) -> list[str]:
    """Return the faults of a feed file; `name` tells its format, `now` (UTC) what is future."""
    readers: dict[str, Callable[[bytes], list[_Item]]] = {
        "rss.xml": _rss,
        "atom.xml": _atom,
        "feed.json": _json,
    }
    try:
        return list(_faults(readers[name](data), now))
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"cannot be parsed: {error}"]


def _faults(items: list[_Item], now: datetime) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        label = item.title or item.id or "an entry"
        if not item.id:
            yield f"{label}: no id"
        elif item.id in seen:
            yield f"{label}: its id stands twice"
        seen.add(item.id)
        if not item.title:
            yield f"{label}: no title"
        if not item.url.startswith(("https://", "http://")):
            yield f"{label}: its address is not absolute: {item.url!r}"
        if item.published is None:
            yield f"{label}: no date"
        elif item.published > now:
            yield f"{label}: dated in the future"
        for address in _relative(item.html):
            yield f"{label}: an address in its text is not absolute: {address!r}"
    dates = [item.published for item in items if item.published]
    if dates != sorted(dates, reverse=True):
        yield "entries are not in order, newest first"


def _relative(markup: str) -> Iterator[str]:
    if not markup.strip():
        return
    for element, _, address, _ in lxml_html.fragment_fromstring(markup, "div").iterlinks():
        if ":" not in address.split("/")[0] and element.tag != "form":
            yield address


def _rss(data: bytes) -> list[_Item]:
    return [
        _Item(
            item.findtext("guid") or "",
            item.findtext("title") or "",
            item.findtext("link") or "",
            parsedate_to_datetime(item.findtext("pubDate") or ""),
            item.findtext(_CONTENT) or "",
        )
        for item in _parsed(data).iterfind("channel/item")
    ]


def _atom(data: bytes) -> list[_Item]:
    return [
        _Item(
            entry.findtext(f"{_ATOM}id") or "",
            entry.findtext(f"{_ATOM}title") or "",
            next(
                (
                    link.get("href", "")
                    for link in entry.iterfind(f"{_ATOM}link")
                    if link.get("rel", "alternate") == "alternate"
                ),
                "",
            ),
            datetime.fromisoformat(entry.findtext(f"{_ATOM}published") or ""),
            entry.findtext(f"{_ATOM}content") or "",
        )
        for entry in _parsed(data).iterfind(f"{_ATOM}entry")
    ]


def _json(data: bytes) -> list[_Item]:
    return [
        _Item(
            item["id"],
            item.get("title", ""),
            item.get("url", ""),
            datetime.fromisoformat(item["date_published"]),
            item.get("content_html", ""),
        )
        for item in json.loads(data)["items"]
    ]


def _parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
