"""The formats of feeds: the one table of them. A new one is a row here, and its module.

Order is the order in which a feed's files are written, and noted in `feeds.json`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import msgspec

from publisher.feeds.entry import Feed, Item


class Writer(Protocol):
    """What a format's module does."""

    def render(self, feed: Feed, form: Format) -> bytes:
        """Return a feed as a document."""
        ...

    def items(self, data: bytes) -> Sequence[Item]:
        """Return what a feed reader sees in a document.

        Raises ValueError, KeyError, TypeError, AttributeError or lxml's XMLSyntaxError where that
        is nothing.
        """
        ...


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """How a feed is written: `file` is its name in a feed's folder, `type` its media type.

    `name` is for people, `label` where there is little room.
    """

    file: str
    name: str
    label: str
    type: str
    module: str

    @property
    def key(self) -> str:
        """A word for it: what the sums of answers are kept by."""
        return self.label.lower()

    @property
    def writer(self) -> Writer:
        """Its module. feedgen is slow to import: only when a feed is really written or read."""
        return cast(Writer, import_module(f"publisher.feeds.{self.module}"))


RSS = Format(file="rss.xml", name="RSS", label="RSS", type="application/rss+xml", module="rss")
ATOM = Format(
    file="atom.xml", name="Atom", label="Atom", type="application/atom+xml", module="atom"
)
JSON = Format(
    file="feed.json",
    name="JSON Feed",
    label="JSON",
    type="application/feed+json",
    module="jsonfeed",
)

FORMATS = (RSS, ATOM, JSON)

FILES = tuple(one.file for one in FORMATS)
"""The names of a feed's files."""

OFFERED = (ATOM, *(one for one in FORMATS if one is not ATOM))
"""The formats as pages offer them: first the one that the list of all feeds (OPML) names."""

LIST = "feeds.opml"
"""The name of the list of all feeds."""


def format_of(file: str) -> Format | None:
    """Return the format of a file's name; None where it is none of a feed.

    >>> format_of("rss.xml").name
    'RSS'
    """
    return next((one for one in FORMATS if one.file == file), None)
