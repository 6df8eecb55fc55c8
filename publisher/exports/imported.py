"""What an export says of one article, whatever system it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec


class Status(StrEnum):
    """Who may see an article there; only what is PUBLISHED is seen here."""

    PUBLISHED = "published"
    DRAFT = "draft"
    MEMBERS = "members"
    PAID = "paid"
    PRIVATE = "private"
    MAILED = "sent"
    """By mail alone, and on no page."""


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A file that goes with an article: its picture, or what a player plays.

    `url` as the export has it; `type` and `length` (bytes) where it says so.
    """

    url: str
    type: str = ""
    length: int | None = None
    alt: str = ""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """One article of an export.

    `id` is the one that the live feed gives it, `link` where it was read, `canonical` an address
    elsewhere that it says is the true one, `aliases` other addresses that led to it. Instants are
    aware UTC; None where the export has none. `body` is HTML, not sanitised. `translations` is what
    articles share that are one in several languages. `lost` counts by name what could not be taken
    over, `notes` tells of decisions; `place` is where it stands in the export. `kind` is the
    export's own word: post, page and so on.
    """

    id: str
    title: str
    slug: str = ""
    link: str = ""
    canonical: str = ""
    aliases: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""
    summary: str = ""
    body: str = ""
    language: str = ""
    translations: str = ""
    picture: Attached | None = None
    enclosures: tuple[Attached, ...] = ()
    status: Status = Status.PUBLISHED
    kind: str = "post"
    place: str = ""
    lost: Mapping[str, int] = msgspec.field(default_factory=dict)
    notes: tuple[str, ...] = ()


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds and is not taken: `reason` is what such things are counted by.

    `is_fault` where it should have been taken.
    """

    reason: str
    title: str = ""
    place: str = ""
    is_fault: bool = False


Found = Imported | LeftOut
"""What a reader of exports yields."""
