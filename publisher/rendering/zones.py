"""Time zones as people look for them: by part of the world and city, in their language (CLDR)."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from publisher.rendering.locales import locale_of

if TYPE_CHECKING:
    from babel import Locale

_PARTS = {
    "Africa": "002", "America": "019", "Antarctica": "AQ", "Asia": "142", "Australia": "009",
    "Europe": "150", "Pacific": "009",
}  # fmt: skip
"""What a zone's name begins with → the part of the world (UN M49), as CLDR names it."""

_ISLANDS = {
    "Atlantic/Azores": "150", "Atlantic/Bermuda": "019", "Atlantic/Canary": "150",
    "Atlantic/Cape_Verde": "002", "Atlantic/Faroe": "150", "Atlantic/Madeira": "150",
    "Atlantic/Reykjavik": "150", "Atlantic/South_Georgia": "019", "Atlantic/St_Helena": "002",
    "Atlantic/Stanley": "019", "Indian/Antananarivo": "002", "Indian/Chagos": "142",
    "Indian/Christmas": "009", "Indian/Cocos": "009", "Indian/Comoro": "002",
    "Indian/Kerguelen": "AQ", "Indian/Mahe": "002", "Indian/Maldives": "142",
    "Indian/Mauritius": "002", "Indian/Mayotte": "002", "Indian/Reunion": "002",
}  # fmt: skip
"""Zones that are named for an ocean → the part of the world where one looks for them."""

_LONGEST = 100  # characters of what is looked for


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A time zone: its `name` in the tz database, and what people know of it."""

    name: str
    city: str
    country: str
    offset: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the world with its zones, in the order of their cities."""

    title: str
    zones: tuple[Place, ...]


def parts_of_the_world(
    names: Iterable[str], language: str, now: datetime, own: str = ""
) -> list[Part]:
    """Return the zones among `names` that lie somewhere, each once, with what they are off UTC now.

    A reader's `own` zone is among them by the very name that it has; one that lies nowhere, such
    as UTC, comes first.
    """
    parts = _in_words(tuple(sorted(names)), language)
    mine = _canonical(own)
    held = any(one.name == mine for part in parts for one in part.zones)
    found = [
        Part(
            title=part.title, zones=tuple(_now(one, mine, own, now, language) for one in part.zones)
        )
        for part in parts
    ]
    if own and not held:
        alone = Place(name=own, city=own, country="", offset=_offset(own, now, language))
        return [Part(title=own, zones=(alone,)), *found]
    return found


def found_among(parts: Sequence[Part], text: str, keep: str = "") -> list[Part]:
    """Return the zones in whose city, country, part of the world or name all words of a text stand.

    Accents and case make no difference. The zone named `keep` is among them whatever it is called.
    """
    words = _plain(text[:_LONGEST]).split()
    fit = [
        Part(
            title=part.title,
            zones=tuple(one for one in part.zones if one.name == keep or _has(part, one, words)),
        )
        for part in parts
    ]
    return [part for part in fit if part.zones]


def _has(part: Part, one: Place, words: Sequence[str]) -> bool:
    text = _plain(f"{one.city} {one.country} {part.title} {one.name} {one.offset}")
    return all(word in text for word in words)


@functools.lru_cache(maxsize=32)
def _in_words(names: tuple[str, ...], language: str) -> tuple[Part, ...]:
    """The parts of the world with their zones, without what depends on the hour."""
    locale = locale_of(language)
    found: dict[str, dict[str, Place]] = {}
    for name in dict.fromkeys(map(_canonical, names)):
        if part := _part(name):
            place = Place(name=name, city=_city(name, locale), country=_country(name, locale))
            found.setdefault(part, {})[name] = place
    parts = (
        Part(
            title=str(locale.territories.get(code, code)),
            zones=tuple(sorted(places.values(), key=lambda one: (_plain(one.city), one.name))),
        )
        for code, places in found.items()
    )
    return tuple(sorted(parts, key=lambda part: _plain(part.title)))


def _part(name: str) -> str:
    return _ISLANDS.get(name) or _PARTS.get(name.partition("/")[0], "")


def _now(one: Place, mine: str, own: str, now: datetime, language: str) -> Place:
    name = own if one.name == mine else one.name
    return replace(one, name=name, offset=_offset(name, now, language))


def _offset(name: str, now: datetime, language: str) -> str:
    """What a zone is off UTC at an instant, as a language writes it: `GMT+01:00`."""
    shift = now.astimezone(_rules(name)).utcoffset()
    return _shift_in_words(int(shift.total_seconds()) if shift else 0, language)


@functools.lru_cache(maxsize=1000)
def _rules(name: str) -> ZoneInfo:
    """A zone's rules: ZoneInfo itself keeps eight, and reads files for the others."""
    return ZoneInfo(name)


@functools.lru_cache(maxsize=2000)
def _shift_in_words(seconds: int, language: str) -> str:
    from babel.dates import get_timezone_gmt

    minutes = abs(seconds) // 60
    sign = "-" if seconds < 0 else "+"
    fixed = datetime.fromisoformat(f"2026-01-01T00:00{sign}{minutes // 60:02}:{minutes % 60:02}")
    return str(get_timezone_gmt(fixed, width="long", locale=locale_of(language)))


def _city(name: str, locale: Locale) -> str:
    """A zone's city in a language; as the tz database spells it, where CLDR says nothing else."""
    for known in (name, *_others().get(name, ())):
        if city := locale.time_zones.get(known, {}).get("city"):
            return str(city)
    first, *rest = reversed(name.split("/")[1:])
    return f"{first} ({rest[0]})".replace("_", " ") if rest else first.replace("_", " ")


def _country(name: str, locale: Locale) -> str:
    from babel.core import get_global

    code = get_global("zone_territories").get(name, "")
    return str(locale.territories.get(code, ""))


def _canonical(name: str) -> str:
    """The name of a zone today: `Asia/Kolkata` for `Asia/Calcutta`."""
    from babel.core import get_global

    return str(get_global("zone_aliases").get(name, name))


@functools.cache
def _others() -> Mapping[str, Sequence[str]]:
    """The older names of each zone: CLDR knows many by those."""
    from babel.core import get_global

    older: dict[str, list[str]] = {}
    for name, today in get_global("zone_aliases").items():
        older.setdefault(str(today), []).append(str(name))
    return older


def _plain(text: str) -> str:
    """Text without case and accents."""
    parts = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    return "".join(c for c in parts if not unicodedata.combining(c))
