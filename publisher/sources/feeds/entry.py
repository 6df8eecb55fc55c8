"""What a feed says, whatever its format: the feed, its entries, and the files that go with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, or what a player plays; `length` in bytes where the feed says so."""

    url: str
    type: str = ""
    length: int | None = None
    alt: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `id` is the feed's own, "" where it has none; `link` where it can be read.

    Instants are aware UTC, None where the feed has none that can be meant. `body` is harmless HTML
    with whole addresses, `title` and `summary` are words. `lost` counts by name what was left out
    of the body.
    """

    id: str = ""
    link: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    language: str = ""
    picture: Attached | None = None
    enclosures: tuple[Attached, ...] = ()
    lost: Mapping[str, int] = msgspec.field(default_factory=dict)


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as it was read, as far as that goes; `faults` say what is wrong with it."""

    title: str = ""
    link: str = ""
    language: str = ""
    format: str = ""
    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()
