"""Dates as people and generators write them → aware UTC."""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EARLIEST, _LATEST = 1900, 2200
_ASIDE = re.compile(r"(?<=[+-]\d{4})\s*\([^()]*\)$")  # JavaScript: GMT+0100 (Central European Time)
_ZONE = re.compile(r"(?<=\d)\s([A-Z][A-Za-z_]+/[A-Z][A-Za-z_/+-]*)$")


def as_instant(value: Any, zone: ZoneInfo) -> datetime:
    """Return a date, or a text that holds one (ISO 8601, RFC 5322, Jekyll's), as UTC.

    A naive one is wall-clock time in `zone`; in a gap of it, what UTC arithmetic gives. Raises
    ValueError for anything else, and for what is out of all bounds.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 zoned below
    elif isinstance(value, str) and len(value) < 80 and re.search(r"\d{4}", value):
        moment = _parsed(value.strip())
    else:
        raise ValueError(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if not _EARLIEST <= moment.year <= _LATEST:
        raise ValueError(value)
    return moment.astimezone(UTC)


def _parsed(value: str) -> datetime:
    """Parse a date; forms without year, month and day are refused rather than completed."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    from dateutil import parser as dates  # slow to import, seldom needed

    value = _ASIDE.sub("", value)
    if named := _ZONE.search(value):
        moment, zone = _parsed(value[: named.start()]), _zone(named[1])
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    by_slashes = re.match(r"(\d{1,2})/(\d{1,2})/\d{4}", value)
    if by_slashes and by_slashes[1] != by_slashes[2] and max(map(int, by_slashes.groups())) < 13:
        raise ValueError(value)  # the day first or the month? Not ours to guess
    value = re.sub(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日", r"\1-\2-\3", value)
    value = re.sub(r"\b(?:UTC|GMT)\s*(?=[+-]\d)", "", value)  # else its sign is read as POSIX's
    value = re.sub(r"\b((?:1[3-9]|2[0-3]):\d\d(?::\d\d)?)\s*[AaPp][Mm]\b", r"\1", value)
    is_day_first = bool(by_slashes or re.match(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}", value))
    read = functools.partial(dates.parse, dayfirst=is_day_first, tzinfos=_offset)
    one, other = (
        read(value, default=datetime(2000, month, day))  # noqa: DTZ001 only to compare
        for month, day in ((1, 1), (12, 28))
    )
    if one != other or not isinstance(one, datetime):
        raise ValueError(value)
    return one


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(name) from None


def _offset(name: str | None, seconds: int | None) -> timezone | None:
    """The offset of a named zone; a name that is not one of RFC 5322's is no date at all."""
    hours = {
        "EST": -5,
        "EDT": -4,
        "CST": -6,
        "CDT": -5,
        "MST": -7,
        "MDT": -6,
        "PST": -8,
        "PDT": -7,
        "CET": 1,
        "CEST": 2,
    }
    if name is None and seconds is None:
        return None
    if seconds is None and name in hours:
        seconds = hours[name] * 3600
    if seconds is None:
        raise ValueError(name)
    return timezone(timedelta(seconds=seconds))
