"""What several tables may say: a language, a colour, a time zone, a pattern of addresses."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from publisher.config.reader import Reader


def check_language(tag: str, place: str, reader: Reader) -> None:
    """Refuse what is no tag of a language (BCP 47)."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise reader.wrong(place, f"must be a language such as en or pt-BR, not {tag!r}")


def check_colour(colour: str, place: str, reader: Reader) -> None:
    """Refuse what is no colour; none is none."""
    if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise reader.wrong(place, "must be six hex digits, such as #0b5c6b")


def check_zone(name: str, place: str, reader: Reader) -> None:
    """Refuse a name that is not in the tz database."""
    if not zone_is_known(name):
        raise reader.wrong(
            place, f"names no time zone: {name!r}", 'Write it as in "Europe/Berlin".'
        )


def zone_is_known(name: str) -> bool:
    """Whether a name is in the tz database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def check_pattern(pattern: str, place: str, reader: Reader) -> None:
    """Refuse an address that holds what stands for nothing."""
    names = (
        *("section", "slug", "language", "year", "month", "day"),
        *("title", "slug_or_title", "filename", "name", "folder", "categories"),
        *("hour", "minute", "second", "y_day"),
        *("short_year", "i_month", "short_month", "long_month", "i_day", "short_day", "long_day"),
        *("w_day", "w_year", "week"),
    )
    rest = re.sub("|".join(rf"\{{{name}\}}" for name in names), "", pattern)
    if re.search(r"[{}\s]", rest):
        known = ", ".join("{" + name + "}" for name in names)
        raise reader.wrong(place, f"is no pattern of {known}")
