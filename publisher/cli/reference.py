"""Every key of publisher.toml with its meaning, read off the dataclasses that are its schema."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One key of publisher.toml as the reference shows it."""

    name: str
    kind: str
    default: str
    doc: str
    example: str


@dataclasses.dataclass(frozen=True, slots=True)
class TableReference:
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
    """Return every table and key of publisher.toml, from the dataclasses that read it."""
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
    for field in dataclasses.fields(kind):
        is_table_name = kind in _NAMED and field.name == "name"
        is_table = kind is Publication and field.name in _NOT_KEYS
        is_table |= kind is DeliverySettings and field.name == "warm_up"
        is_table |= kind is FeedSettings and field.name in ("podcast", "partner")
        is_table |= kind is ReturnsSettings and field.name == "imap"
        is_key = not (is_table_name or is_table or field.name == "sections")
        if is_key or kind in (SectionQuery, PartnerSettings):
            yield Key(
                field.name,
                _kind(hints[field.name]),
                _default(field),
                field.metadata["doc"],
                field.metadata["example"],
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


def _default(field: dataclasses.Field[Any]) -> str:
    value = field.default
    if value is dataclasses.MISSING:
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
