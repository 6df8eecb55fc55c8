"""Every key of publisher.toml with its meaning, read off the settings that are its schema."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from publisher.model import (
    AuthorSettings,
    CheckSettings,
    DeliverySettings,
    DkimSettings,
    DomainSettings,
    EngineSettings,
    FeedSettings,
    ImapSettings,
    Newsletter,
    PartnerSettings,
    PictureSettings,
    PodcastSettings,
    Postal,
    ProviderSettings,
    Publication,
    RelatedSettings,
    RenderingSettings,
    ReturnsSettings,
    SectionAddress,
    SectionQuery,
    Segment,
    ServiceSettings,
    Shortcode,
    SmtpSettings,
    Social,
    SourceFeed,
    SourceSettings,
    ThemeSettings,
    WarmUp,
    WebSettings,
    span_in_words,
)


class Key(msgspec.Struct, frozen=True):
    """One key of publisher.toml as the reference shows it."""

    name: str
    kind: str
    default: str
    doc: str
    example: str


class TableReference(msgspec.Struct, frozen=True):
    """One table of publisher.toml with its keys."""

    table: str
    doc: str
    keys: tuple[Key, ...]


_NAMED = (Newsletter, Segment, DomainSettings, AuthorSettings)
_NOT_KEYS = {
    "postal",
    "newsletters",
    "segments",
    "domains",
    "authors",
    "delivery",
    "smtp",
    "dkim",
    "returns",
    "provider",
    "service",
    "engine",
    "web",
    "sources",
    "feeds",
    "related",
    "rendering",
    "pictures",
    "theme",
    "check",
}


def reference() -> list[TableReference]:
    """Return every table and key of publisher.toml, from the settings that it is read into."""
    tables: list[tuple[str, Any]] = [
        ("[publication]", Publication), ("[theme]", ThemeSettings), ("[postal]", Postal),
        ("[newsletters.NAME]", Newsletter),
        ("[[newsletters.NAME.sections]]", SectionQuery), ("[segments.NAME]", Segment),
        ("[delivery]", DeliverySettings), ("[delivery.warm_up]", WarmUp),
        ("[smtp]", SmtpSettings),
        ("[dkim]", DkimSettings),
        ("[provider]", ProviderSettings),
        ("[returns]", ReturnsSettings), ("[returns.imap]", ImapSettings),
        ("[service]", ServiceSettings), ("[engine]", EngineSettings),
        ("[web]", WebSettings),
        ('[authors."NAME"]', AuthorSettings),
        ('[domains."NAME"]', DomainSettings), ("[sources]", SourceSettings),
        ("[[sources.feeds]]", SourceFeed),
        ("[feeds]", FeedSettings), ("[feeds.podcast]", PodcastSettings),
        ("[[feeds.partner]]", PartnerSettings), ("[related]", RelatedSettings),
        ("[rendering]", RenderingSettings),
        ("[pictures]", PictureSettings),
        ("[check]", CheckSettings),
    ]  # fmt: skip
    return [
        TableReference(name, (kind.__doc__ or "").strip().split("\n")[0], tuple(_keys(kind)))
        for name, kind in tables
    ]


def _keys(kind: Any) -> Iterator[Key]:
    hints = typing.get_type_hints(kind)
    for name, declared in kind.declared.items():
        is_table_name = kind in _NAMED and name == "name"
        is_table = kind is Publication and name in _NOT_KEYS
        is_table |= kind is DeliverySettings and name == "warm_up"
        is_table |= kind is FeedSettings and name in ("podcast", "partner")
        is_table |= kind is ReturnsSettings and name == "imap"
        is_key = not (is_table_name or is_table or name == "sections")
        if is_key or kind in (SectionQuery, PartnerSettings):
            yield Key(
                name,
                _kind(hints[name]),
                _default(declared.default),
                declared.doc,
                declared.example,
            )


def _kind(hint: Any) -> str:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _kind(args[0])
    if origin is typing.Literal:
        return " | ".join(f'"{arg}"' for arg in args)
    if origin is tuple and args[0] in (SectionAddress, Shortcode, Social):
        return "table"
    if origin is tuple and args[0] is SourceFeed:
        return "list of texts, or tables"
    if origin is tuple:
        return f"list of {_kind(args[0])}"
    names = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "true or false",
        date: "day",
        timedelta: "length of time",
        Path: "folder",
    }
    return names[hint]


def _default(value: Any) -> str:
    if value is ...:
        return "required"
    if value in ("", None, (), timedelta()):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return f'"{span_in_words(value)}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"' if isinstance(value, str | Path) else str(value)
