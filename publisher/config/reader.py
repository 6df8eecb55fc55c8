"""A table of publisher.toml → its record, and the errors that name a line."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from publisher.errors import ConfigError, suggestion
from publisher.model import (
    CLOCK_EXAMPLE,
    AuthorSettings,
    DomainSettings,
    Newsletter,
    SectionAddress,
    Segment,
    Settings,
    Shortcode,
    Social,
    span_of,
)

FILE = "publisher.toml"

NAMED = ("newsletters", "segments", "domains", "authors")
TABLES = (
    *"postal delivery smtp dkim provider returns service engine web sources feeds".split(),
    *"related rendering pictures theme check".split(),
    *NAMED,
)

_NAMED_RECORDS = (
    Newsletter,
    Segment,
    DomainSettings,
    AuthorSettings,
    Social,
    Shortcode,
    SectionAddress,
)

_hints = functools.cache(typing.get_type_hints)  # a service reads its settings again and again


class Reader:
    """Turns tables into records; knows on which line each key stands."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self.lines = lines

    def table(self, value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(place, f"must be a table, not {_named(value)}")
        return dict(value)

    def named(self, value: Any, place: str) -> Iterator[dict[str, Any]]:
        """Tables whose own name is the record's: `[newsletters.NAME]`."""
        for name, inner in self.table(value, place).items():
            fields = self.table(inner, f"{place}.{name}")
            if "name" in fields:
                raise self.unknown(f"{place}.{name}.name", "name", ())
            yield {"name": name, **fields}

    def record(self, kind: Any, table: Mapping[str, Any], place: str) -> Any:
        """Return `kind(**table)`, each value of the type its field has."""
        fields, hints = kind.__struct_fields__, _hints(kind)
        for key in table:
            if key not in fields:
                raise self.unknown(f"{place}.{key}", key, fields)
        for name, declared in kind.declared.items():
            if declared.default is ... and name not in table:
                raise ConfigError(
                    f"{place}.{name} is missing",
                    path=FILE,
                    line=self.lines.get(place),
                    why=declared.doc,
                    todo=f"Add a line: {name} = …",
                )
        return kind(
            **{
                name: self.value(hints[name], value, self._place(place, name))
                for name, value in table.items()
            }
        )

    def _place(self, place: str, name: str) -> str:
        return name if place == "publication" and name in TABLES else f"{place}.{name}"

    def value(self, kind: Any, value: Any, place: str) -> Any:
        """Return `value` as `kind`, or raise ConfigError."""
        origin, args = typing.get_origin(kind), typing.get_args(kind)
        if origin is types.UnionType or origin is typing.Union:
            return self.value(args[0], value, place)
        if origin is typing.Literal:
            if value not in args:
                known = ", ".join(filter(None, args))
                raise self.wrong(place, f"must be one of {known}, not {value!r}")
            return value
        if origin is tuple:
            return self._list(args[0], value, place)
        if isinstance(kind, type) and issubclass(kind, Settings):
            return self.record(kind, self.table(value, place), place)
        return self._plain(kind, value, place)

    def _list(self, kind: Any, value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.wrong(place, f"must be a list, not {_named(value)}")
        places = (
            f"{place}.{item['name']}" if kind in _NAMED_RECORDS else f"{place}.{n}"
            for n, item in enumerate(value)
        )
        return tuple(
            self.value(kind, item, where) for item, where in zip(value, places, strict=True)
        )

    def _plain(self, kind: Any, value: Any, place: str) -> Any:
        if kind is timedelta:
            return self._duration(value, place)
        if kind is Path and isinstance(value, str):
            return Path(value)
        if kind is date and isinstance(value, datetime):
            raise self.wrong(place, "must be a day without a time")
        if kind is date and isinstance(value, str):  # typed in quotes
            value = _quoted_day(value)
        if kind is str and type(value) in (date, time):  # typed without
            value = value.isoformat()
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if place.endswith(".at") and not isinstance(value, str):
            raise self.wrong(place, f"must be a time of day, such as {CLOCK_EXAMPLE}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = {
                str: "a text",
                int: "a whole number",
                float: "a number",
                bool: "true or false",
                date: "a day such as 2026-01-31",
                Path: "a folder",
            }[kind]
            raise self.wrong(place, f"must be {wanted}, not {_named(value)}")
        if isinstance(value, int | float) and not 0 <= value <= 10**12:
            raise self.wrong(place, "must not be negative, nor beyond measure")
        is_template = place.startswith("sources.shortcodes.")
        line_ends = "\n\t" if is_template else ""
        if isinstance(value, str) and any(
            (ord(c) < 32 or ord(c) == 127) and c not in line_ends for c in value
        ):
            raise self.wrong(place, "must not hold control characters or line ends")
        return value

    def _duration(self, value: Any, place: str) -> timedelta:
        text = "0" if value == 0 and not isinstance(value, bool) else value
        found = span_of(text) if isinstance(text, str) else None
        if found is None:
            raise self.wrong(place, 'must be a length of time such as "36h", "7d" or "2w"')
        return found

    def wrong(self, place: str, what: str, todo: str = "", why: str = "") -> ConfigError:
        line = self._line(place)
        return ConfigError(f"{place} {what}", path=FILE, line=line, why=why, todo=todo)

    def unknown(self, place: str, key: str, known: typing.Iterable[str]) -> ConfigError:
        return ConfigError(
            f"unknown key {place}",
            path=FILE,
            line=self._line(place),
            why=suggestion(key, known),
            todo="All keys: publisher config keys",
        )

    def _line(self, place: str) -> int | None:
        """The line of `place`, or of the nearest table around it."""
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place)


def _quoted_day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _named(value: Any) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return repr(value)
