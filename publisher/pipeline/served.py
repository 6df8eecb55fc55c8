"""What is said of a public file to whoever asks for it: its type, and how long it may be kept."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Container, Mapping
from pathlib import PurePosixPath

from publisher.feeds import FORMATS
from publisher.outbox.packing import SUFFIXES

FEED_TYPES = {
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
"""By suffix: what lies among feeds."""

FEED_NAMES = {one.file: f"{one.type}; charset=utf-8" for one in FORMATS}
"""By name: the feeds themselves."""

TEXTS = {".css", ".csv", ".html", ".htm", ".ics", ".js", ".json", ".svg", ".txt", ".vtt", ".xml"}
"""Suffixes of what is text, and packs well."""

_MAX_AGE = 300  # seconds: feed readers poll seldom, editors correct soon
_PICTURES_AGE = 86_400
_MADE = re.compile(r"pictures/(?:mail/)?[0-9a-f]{32}\.[a-z]+")
_PACKED = {suffix: coding for coding, suffix in SUFFIXES.items()}


def feed_type(name: str) -> str:
    """Return the type of a file among feeds."""
    path = PurePosixPath(name)
    return FEED_NAMES.get(path.name) or FEED_TYPES.get(path.suffix) or page_type(name)


def feed_age() -> str:
    """Return how long a feed may be kept (RFC 9111 §5.2.2)."""
    return f"public, max-age={_MAX_AGE}"


def page_type(name: str) -> str:
    """Return the type of a page, or of what lies beside pages."""
    suffix = PurePosixPath(name).suffix
    kind = mimetypes.guess_type(name)[0] if suffix not in _PACKED else None  # of what is inside
    kind = kind or "application/octet-stream"
    return f"{kind}; charset=utf-8" if suffix in TEXTS else kind


def page_age(name: str) -> str:
    """Return how long a page, or what lies beside pages, may be kept; likewise."""
    if _MADE.fullmatch(name):  # its name tells what is in it (RFC 8246)
        return "public, max-age=31536000, immutable"
    age = _MAX_AGE if PurePosixPath(name).suffix in TEXTS else _PICTURES_AGE
    return f"public, max-age={age}"


def headers_of(place: str, others: Container[str] = ()) -> Mapping[str, str]:
    """Return the headers of a file by its place below the outbox, for who cannot ask us each time.

    A file packed beside one of the `others` is that one, in its coding: whoever serves files can
    answer with it.

    >>> headers_of("feeds/atom.xml.br", {"feeds/atom.xml"})["Content-Encoding"]
    'br'
    """
    suffix = PurePosixPath(place).suffix
    is_packed = suffix in _PACKED and place.removesuffix(suffix) in others
    folder, _, name = (place.removesuffix(suffix) if is_packed else place).partition("/")
    kind, age = (
        (feed_type(name), feed_age()) if folder == "feeds" else (page_type(name), page_age(name))
    )
    coding = {"Content-Encoding": _PACKED[suffix]} if is_packed else {}
    return {"Content-Type": kind, "Cache-Control": age, **coding}
