"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import Any

from publisher.feeds.entry import Entry, Feed, Item
from publisher.feeds.formats import Format
from publisher.feeds.reading import instant, whole
from publisher.model import Enclosure


def render(feed: Feed, form: Format) -> bytes:
    """Return the feed as a JSON Feed document."""
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.urls[form.file],
        "description": feed.description,
        "authors": [{"name": feed.author}],
        "language": feed.language,
        "icon": feed.logo,
        "next_url": feed.archive.older.get(form.file, "") if feed.archive else "",
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        "items": [_item(entry) for entry in feed.entries],
    }
    filled = {key: value for key, value in document.items() if value or key == "items"}
    return (json.dumps(filled, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": author} for author in entry.authors],
        "tags": [one.name for one in entry.categories],
        "language": entry.language,
        "image": entry.image.url if entry.image else "",
        "attachments": [_attachment(one, entry) for one in entry.files],
    }
    if not entry.html:
        item["content_text"] = entry.summary  # one of the two is required
    return {key: value for key, value in item.items() if value}


def _attachment(file: Enclosure, entry: Entry) -> dict[str, Any]:
    attachment: dict[str, Any] = {"url": file.url, "mime_type": file.type}
    if file.length is not None:
        attachment["size_in_bytes"] = file.length
    if entry.episode and entry.episode.duration and file.type.startswith(("audio/", "video/")):
        attachment["duration_in_seconds"] = entry.episode.duration
    return attachment


def items(data: bytes) -> list[Item]:
    """Return what a feed reader sees in a JSON Feed document."""
    return [_read(item) for item in json.loads(data)["items"]]


def _read(item: dict[str, Any]) -> Item:
    return Item(
        id=str(item.get("id") or ""),
        title=str(item.get("title") or ""),
        url=str(item.get("url") or ""),
        published=instant(item.get("date_published")),
        html=str(item.get("content_html") or ""),
        enclosures=tuple(
            Enclosure(
                url=str(one.get("url") or ""),
                type=str(one.get("mime_type") or ""),
                length=whole(one.get("size_in_bytes")),
            )
            for one in item.get("attachments", ())
        ),
        authors=tuple(str(one.get("name") or "") for one in item.get("authors", ())),
        categories=tuple(map(str, item.get("tags", ()))),
        updated=instant(item.get("date_modified")),
    )
