"""Blogger's export: Atom, as its settings save it (`blog-….xml`) or Takeout does (`feed.atom`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from publisher.errors import Problem, SourceError
from publisher.exports import elements
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.reading import Order
from publisher.exports.words import last_part, plain

_ENTRY = frozenset({"entry"})
_KIND = "http://schemas.google.com/g/2005#kind"
_REASONS = {
    "comment": "comments",
    "template": "templates and settings of the blog",
    "settings": "templates and settings of the blog",
}
_STATUS = {"LIVE": Status.PUBLISHED, "": Status.PUBLISHED, "SCHEDULED": Status.PUBLISHED,
           "DRAFT": Status.DRAFT, "SOFT_TRASHED": Status.PRIVATE}  # fmt: skip
_TWICE = re.compile(r"&#?\w{1,10};")


def read(pack: Pack, order: Order) -> Iterator[Found | Problem]:
    """Read an export of Blogger."""
    members = pack.ending(".atom") or pack.ending(".xml")  # Takeout has a theme's XML as well
    members = [one for one in members if b"<feed" in pack.head(one)] or members
    if not members:
        yield Problem(
            what="no export of Blogger is in it",
            why="It is an .xml file of its settings, or a feed.atom of Google Takeout.",
        )
    for member in members:
        chunks = order.followed("Reading the export", pack.chunks(member), member.size)
        try:
            for element in elements.each(chunks, _ENTRY, member.place):
                if elements.local(element) == "entry":
                    yield _entry(element, member, order)
        except SourceError as error:
            yield error.problem


def _entry(element: Any, member: Member, order: Order) -> Found:
    values = {elements.local(child): elements.text(child).strip() for child in element}
    kind = _kind(element, values)
    title = plain(values.get("title", ""))
    title = unescape(title) if _TWICE.search(title) else title  # Takeout escapes it twice
    if kind in _REASONS or kind not in order.kinds:
        return LeftOut(reason=_REASONS.get(kind, kind), title=title, place=member.place)
    if values.get("trashed") or values.get("status") == "SOFT_TRASHED":
        return LeftOut(reason="in the bin", title=title, place=member.place)
    link = _link(element, values, order)
    return Imported(
        id=values.get("id", "") or link,
        title=title,
        slug=last_part(link),
        link=link,
        published=order.instant(values.get("published", "")),
        updated=order.instant(values.get("updated", "")),
        authors=_authors(element),
        tags=_labels(element),
        summary=plain(values.get("metaDescription", "")),
        body=values.get("content", "") or values.get("summary", ""),
        enclosures=tuple(_enclosures(element)),
        status=_status(element, values),
        kind=kind,
        place=member.place,
    )


def _kind(element: Any, values: dict[str, str]) -> str:
    if values.get("type"):
        return values["type"].lower()
    for child in element:
        if elements.local(child) == "category" and child.get("scheme") == _KIND:
            return str(child.get("term", "")).rpartition("#")[2].lower()
    return "post"


def _status(element: Any, values: dict[str, str]) -> Status:
    is_draft = any(
        elements.local(one) == "draft" and elements.text(one).strip().lower() == "yes"
        for child in element
        if elements.local(child) == "control"
        for one in child
    )
    return Status.DRAFT if is_draft else _STATUS.get(values.get("status", ""), Status.DRAFT)


def _link(element: Any, values: dict[str, str], order: Order) -> str:
    for child in element:
        if elements.local(child) == "link" and child.get("rel") == "alternate":
            return str(child.get("href", ""))
    return order.at(values["filename"]) if values.get("filename") else ""


def _authors(element: Any) -> tuple[str, ...]:
    found = (
        plain(elements.text(one))
        for child in element
        if elements.local(child) == "author"
        for one in child
        if elements.local(one) == "name"
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _labels(element: Any) -> tuple[str, ...]:
    found = (
        plain(str(child.get("term", "")))
        for child in element
        if elements.local(child) == "category" and child.get("scheme") != _KIND
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _enclosures(element: Any) -> Iterator[Attached]:
    for child in element:
        if elements.local(child) == "link" and child.get("rel") == "enclosure":
            size = str(child.get("length", ""))[:15]
            length = int(size) if size.isascii() and size.isdecimal() else 0
            if str(child.get("href", "")).startswith("http"):
                yield Attached(
                    url=child.get("href"), type=child.get("type", ""), length=length or None
                )
