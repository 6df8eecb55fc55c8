"""Media RSS 1.5.1: an article's picture, and files besides its enclosure, in RSS and in Atom."""

from __future__ import annotations

from typing import Any

from lxml import etree

from publisher.feeds.entry import Entry
from publisher.model import Enclosure

MEDIA = "http://search.yahoo.com/mrss/"


def media(entry: Entry) -> list[Any]:
    """Return the elements of an entry's picture, with what is known of it."""
    image = entry.image
    if image is None:
        return []
    size = {"width": str(image.width or ""), "height": str(image.height or "")}
    kind = image.type if image.type.startswith("image/") else ""
    whole = {
        "url": image.url,
        "medium": "image",
        "type": kind,
        "fileSize": str(image.length or ""),  # by it a reader on a slow line decides to fetch it
        **size,
    }
    return [_element("content", whole), _element("thumbnail", {"url": image.url, **size})]


def media_content(file: Enclosure) -> Any:
    """Return a file that belongs to an entry, where `<enclosure>` is another one."""
    medium = file.type.partition("/")[0]
    known = {"url": file.url, "type": file.type, "fileSize": str(file.length or "")}
    if medium in ("audio", "video", "image"):
        known["medium"] = medium
    return _element("content", known)


def _element(name: str, attributes: dict[str, str]) -> Any:
    filled = {key: value for key, value in attributes.items() if value}
    return etree.Element(f"{{{MEDIA}}}{name}", filled)
