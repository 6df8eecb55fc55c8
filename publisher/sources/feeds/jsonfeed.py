"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → `Feed`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from publisher.sources.dates import as_instant
from publisher.sources.fallbacks import Told
from publisher.sources.feeds import wording
from publisher.sources.feeds.entry import Attached, Entry, Feed
from publisher.sources.feeds.repair import NotAFeed

_MOST = 10_000  # entries
_VERSION = "https://jsonfeed.org/version/"
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # of a letter beyond U+FFFF (RFC 8259 §7)


def read(data: bytes, url: str) -> Feed:
    """Return what a JSON feed says; raise NotAFeed."""
    try:
        text = data.decode("utf-8-sig")
        found = json.loads(text)
        if _HALVES.search(text):  # half a letter alone is no text, and nothing can write it
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise NotAFeed("it is no feed: lists within lists without end") from None
    except ValueError as error:
        raise NotAFeed(f"it is no JSON: {error}"[:160]) from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("it is JSON, and no feed")
    version = str(found.get("version") or "")
    faults = () if version.startswith(_VERSION) else ("it does not say that it is a JSON Feed",)
    link = wording.address(found.get("home_page_url"), url) or url
    own = wording.language(found.get("language"))
    authors = _authors(found)
    records = [one for one in items[:_MOST] if isinstance(one, dict)]
    return Feed(
        title=wording.title(str(found.get("title") or ""), is_markup=False),
        link=link,
        language=own,
        format=f"json{version.removeprefix(_VERSION)[:8]}",
        entries=tuple(_entry(one, link, own, authors) for one in records),
        faults=faults,
    )


def _entry(one: Mapping[str, Any], base: str, language: str, authors: tuple[str, ...]) -> Entry:
    link = wording.address(one.get("url"), base) or wording.address(one.get("external_url"), base)
    heading = wording.title(_text(one, "title"), is_markup=False)
    told = Told()
    written = _text(one, "content_html") or wording.html_of(_text(one, "content_text"))
    body = wording.clean(written, link or base, heading, told)
    summary = wording.words(_text(one, "summary"), is_markup=False)
    pictures = (wording.address(one.get(key), link or base) for key in ("image", "banner_image"))
    return Entry(
        id=str(one.get("id") or "").strip()[:2000],
        link=link,
        title=heading or wording.beginning(body, summary),
        published=_instant(one.get("date_published")) or _instant(one.get("date_modified")),
        updated=_instant(one.get("date_modified")),
        authors=_authors(one) or authors,
        tags=wording.names(tag for tag in _list(one, "tags") if isinstance(tag, str)),
        summary=summary,
        body=body,
        language=wording.language(one.get("language")) or language,
        picture=next((Attached(url=picture) for picture in pictures if picture), None),
        enclosures=tuple(_attached(file, link or base) for file in _files(one, link or base)),
        lost=dict(told.lost),
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of version 1.1, or the one of 1.0."""
    found = [one for one in (*_list(record, "authors"), record.get("author")) if one]
    return wording.names(one.get("name") for one in found if isinstance(one, dict))


def _files(record: Mapping[str, Any], base: str) -> list[Mapping[str, Any]]:
    found = [one for one in _list(record, "attachments") if isinstance(one, dict)]
    return [one for one in found if wording.address(one.get("url"), base)]


def _attached(file: Mapping[str, Any], base: str) -> Attached:
    return Attached(
        url=wording.address(file.get("url"), base),
        type=_text(file, "mime_type")[:100],
        length=wording.length(file.get("size_in_bytes")),
    )


def _instant(value: Any) -> datetime | None:
    from zoneinfo import ZoneInfo

    if not isinstance(value, str):
        return None
    try:
        found = as_instant(value, ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC) if found.year >= 1970 else None
