"""Anybody's feed, read as feed readers read it: what each entry is known by, and what it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

from publisher.errors import SourceError
from publisher.feeds.following import Seen
from publisher.model import one_line

MOST = 20_000_000
"""Bytes of a feed that is read; many readers stop at 512 KB."""

_ENTRIES = 20_000
_MARKUP = re.compile(r"<[^<>]*>")


def entries(data: bytes) -> tuple[Seen, ...]:
    """Return the entries of a feed in RSS, Atom or JSON Feed, in its order.

    Raises SourceError where it is no feed. What is broken is read as far as readers get.
    """
    if len(data) > MOST:
        raise SourceError(f"the feed has more than {MOST // 1_000_000} MB")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _of_json(data)
    return _of_xml(data)


def _of_json(data: bytes) -> tuple[Seen, ...]:
    """JSON Feed 1.1: an id may be a number in older ones, and any value of another type."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"it is no feed: {error}"[:200]) from None
    items = document.get("items")
    if not str(document.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise SourceError("it is no feed: JSON, and no JSON Feed")
    found = items if isinstance(items, list) else []
    return tuple(_json_entry(one) for one in found[:_ENTRIES] if isinstance(one, dict))


def _json_entry(item: Mapping[str, Any]) -> Seen:
    authors = item.get("authors") or [item.get("author")]
    names = [one.get("name") for one in _list(authors) if isinstance(one, dict)]
    return Seen(
        id=_text(item.get("id")),
        url=_text(item.get("url") or item.get("external_url")),
        title=one_line(_text(item.get("title"))),
        published=_iso(item.get("date_published")),
        text=_text(item.get("content_html") or item.get("content_text") or item.get("summary")),
        authors=tuple(_text(one) for one in names if one),
        tags=tuple(_text(one) for one in _list(item.get("tags"))),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _iso(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _of_xml(data: bytes) -> tuple[Seen, ...]:
    import feedparser  # 60 ms, and rarely wanted

    # From a file: what begins like an address would be fetched. It sanitises nothing, for nothing
    # of it is shown, and readers tell an entry by what stands there.
    read = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not read.entries and not read.get("version"):
        raise SourceError("it is no feed: neither RSS nor Atom nor JSON Feed")
    return tuple(_xml_entry(one) for one in read.entries[:_ENTRIES])


def _xml_entry(item: Any) -> Seen:
    contents = [str(one.get("value", "")) for one in item.get("content", [])]
    names = [one.get("name") or one.get("email") for one in item.get("authors", [])]
    return Seen(
        id=_text(item.get("id")),
        url=_text(item.get("link")),
        title=_title(item),
        published=_instant(item.get("published_parsed") or item.get("updated_parsed")),
        text=max([*contents, _text(item.get("summary"))], key=len),
        authors=tuple(str(one) for one in names if one),
        tags=tuple(str(one.get("term")) for one in item.get("tags", []) if one.get("term")),
    )


def _title(item: Any) -> str:
    """A title without markup: Atom's may be HTML (RFC 4287 §3.1)."""
    text = _text(item.get("title"))
    if "html" in item.get("title_detail", {}).get("type", ""):
        text = unescape(_MARKUP.sub("", text))
    return one_line(text)


def _instant(parsed: Sequence[int] | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
