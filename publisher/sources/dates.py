"""Dates as people and generators write them → aware UTC."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from publisher.sources.months import in_english

_EARLIEST, _LATEST = 1900, 2200
_ASIDE = re.compile(r"(?<=[+-]\d{4})\s*\([^()]*\)$")  # JavaScript: GMT+0100 (Central European Time)
_ZONE = re.compile(r"(?<=\d)\s([A-Z][A-Za-z_]+/[A-Z][A-Za-z_/+-]*)$")

_MAY_BE = re.compile(r"\d{4}|[和成]\s*(?:\d{1,2}|元)\s*年")
_ANNOTATED = re.compile(r"(?:\[!?[A-Za-z][\w+./=-]*\])+$")
_FORMS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA = re.compile(r"(令和|平成|昭和)\s*(\d{1,2}|元)\s*年")
_IN_EAST_ASIA = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_IN_VIETNAM = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})(?:,|\s+năm)?\s+(\d{4})", re.IGNORECASE
)
_HOUR = re.compile(r"(?<=\s)(\d{1,2})\s*[時时点시]\s*(?:(\d{1,2})\s*[分분])?")
_WEEKDAY_ASIDE = re.compile(r"\s*[(（][月火水木金土日월화수목금토일](?:曜日?|요일)?[)）]")
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def as_instant(value: Any, zone: ZoneInfo, language: str = "") -> datetime:
    """Return a date, or a text that holds one (ISO 8601, RFC 5322, RFC 9557, Jekyll's), as UTC.

    So are seconds and milliseconds since 1970, digits on end (20260105) and a month's name in the
    languages of `months`; `language` is that of who wrote it, "" where nobody knows. A naive one is
    wall-clock time in `zone`; in a gap of it, what UTC arithmetic gives. Raises ValueError for
    anything else, and for what is out of all bounds.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)  # noqa: DTZ001 zoned below
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _of_number(value)
    elif isinstance(value, str) and len(value) < 80 and _MAY_BE.search(value):
        moment = _parsed(_with_digits(value.strip()), language)
    else:
        raise ValueError(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if not _EARLIEST <= moment.year <= _LATEST:
        raise ValueError(value)
    return moment.astimezone(UTC)


def _with_digits(text: str) -> str:
    """A text with the digits of any script in ASCII, and without marks of direction."""
    if text.isascii():
        return text
    bare = _UNSEEN.sub("", text)
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in bare)


def _of_number(value: float) -> datetime:
    """A day or a time written in digits on end, else seconds or milliseconds since 1970."""
    if not math.isfinite(value):
        raise ValueError(value)
    digits = str(int(value))
    if form := _FORMS.get(len(digits)):
        try:
            return datetime.strptime(digits, form)  # noqa: DTZ007 zoned by whoever asks
        except ValueError:
            if len(digits) < 10:
                raise
    if len(digits) == 10:
        if re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])", digits):
            raise ValueError(value)  # of 2034, or a day with its hour? Not ours to guess
        return datetime.fromtimestamp(value, UTC)
    if len(digits) == 13:
        return datetime.fromtimestamp(value / 1000, UTC)
    raise ValueError(value)


def _parsed(value: str, language: str) -> datetime:
    """Parse a date; forms without year, month and day are refused rather than completed."""
    if re.fullmatch(r"\d{10}(?:\.\d+)?|\d{12,14}", value):
        return _of_number(float(value) if "." in value else int(value))
    if annotated := _ANNOTATED.search(value):
        return _annotated(value[: annotated.start()], annotated[0], language)
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        pass
    value = _ASIDE.sub("", value)
    if named := _ZONE.search(value):
        moment, zone = _parsed(value[: named.start()], language), _zone(named[1])
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    numbered = re.match(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}", value)
    if numbered and numbered[1] != numbered[2] and max(map(int, numbered.groups())) < 13:
        raise ValueError(value)  # the day first or the month? Not ours to guess
    value = _in_numbers(value)
    is_day_first = bool(numbered or re.match(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}", value))
    try:
        return _read(value, is_day_first)
    except ValueError:
        return _read(in_english(value, language), is_day_first)


def _annotated(value: str, annotations: str, language: str) -> datetime:
    """A time with RFC 9557's annotations: the zone counts where there is no offset (§3.4)."""
    moment = _parsed(value, language)
    name = re.search(r"\[!?([A-Za-z][\w+-]*(?:/[\w+-]+)*)\]", annotations)
    if moment.tzinfo or name is None:
        return moment
    return moment.replace(tzinfo=_zone(name[1]))


def _in_numbers(value: str) -> str:
    """A date of East Asia or Vietnam in ISO's order, and clocks as dateutil knows them."""
    value = _WEEKDAY_ASIDE.sub("", value)
    value = _ERA.sub(lambda found: f"{_ERAS[found[1]] + int(found[2].replace('元', '1'))}年", value)
    value = _IN_EAST_ASIA.sub(r"\1-\2-\3 ", value)
    value = _IN_VIETNAM.sub(r"\3-\2-\1 ", value)
    value = _HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", value)
    value = re.sub(r"\b(?:UTC|GMT)\s*(?=[+-]\d)", "", value)  # else its sign is read as POSIX's
    return re.sub(r"\b((?:1[3-9]|2[0-3]):\d\d(?::\d\d)?)\s*[AaPp][Mm]\b", r"\1", value).strip()


def _read(value: str, is_day_first: bool) -> datetime:
    from dateutil import parser as dates  # slow to import, seldom needed

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
