"""Texts of other tools → moments. Nothing is guessed: consent and leaving are evidence.

A date needs its day, month and year; a zone is an offset, UTC or GMT, and UTC where none is named.
Whether 3/4/2024 is a day of March or of April only its owner knows (`Order`). What databases write
for "no date" is none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from unicodedata import normalize

import msgspec

Order = Literal["dmy", "mdy"]
"""Which number of a date in digits stands first."""

_LONGEST = 100  # characters
_UNIX_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = 1990  # before there were newsletters: the zero of some program


class Moment(msgspec.Struct, frozen=True, order=True):
    """When something was: from `first` to `last`, aware UTC; a day without a time is all of it."""

    first: datetime
    last: datetime


class Undated(Exception):
    """A text gives no moment; the message says why, to stand behind it: "2024" …"""


class Ambiguous(Undated):
    """A text gives one moment with the day first, and another with the month first."""


_MONTHS = (
    "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari",
    "feb february februar feber février févr fév febrero febbraio fevereiro fev februari",
    "mar march märz mär mars marzo março maart mrt marts",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei maj",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aoû agosto ago augustus augusti",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember desember dez décembre déc diciembre dic dicembre dezembro",
)
"""English, and the languages of the western half of Europe; all of them mean one month alone."""
_NUMBERS_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = rf"({'|'.join(sorted(_NUMBERS_OF, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|°)?"
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:\s*([ap])\.?m\.?|\s+uhr)?"
_ZONE = (
    r"\s*(z|utc|gmt|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?(?::?\d{2})?)?"
    r"(?:\s+utc|\s+\([\w\s.+-]*\)|\[[\w/+-]*\])?"
)
_TIME = rf"(?:(?:\s*,|\s+at)?\s+|t){_CLOCK}{_ZONE}"

_YMD = re.compile(
    rf"(\d{{4}})(?:-(\d{{1,2}})-(\d{{1,2}})|/(\d{{1,2}})/(\d{{1,2}})|\.\s?(\d{{1,2}})\.\s?(\d{{1,2}})\.?"
    rf"|[年년]\s?(\d{{1,2}})[月월]\s?(\d{{1,2}})[日일])(?:{_TIME})?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})(z)?)?")
_NUMBERS = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:{_TIME})?")
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}{_DAY}\.?[\s-]+(?:(?:of|de|di)\s+)?{_NAME},?[\s-]+(?:de\s+)?(\d{{4}}|\d{{2}})(?:{_TIME})?"
)
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_NAME}\s+{_DAY},?\s+(\d{{4}})(?:{_TIME})?")
_C_TIME = re.compile(rf"{_WEEKDAY}{_NAME}\s+{_DAY}\s+{_CLOCK}(?:\s+(utc|gmt))?\s+(\d{{4}})")

_NAMED_ZONE = re.compile(r".*:\d{2}(?: ?[ap]\.?m\.?)? (?![ap]\.?m)[a-z]{2,5}(?: \d{4})?")
"""EST is of America and of Australia, IST of three countries."""

_ZEROES = re.compile(
    r"(0{1,4}[-/.]0{1,2}[-/.]0{1,4}|(?:0001|1601|1753|1904|1970)[-/.]0?1[-/.]0?1"
    r"|1899[-/.]12[-/.]3[01]|1900[-/.]0?1[-/.]0?[01]|1969[-/.]12[-/.]31|9999[-/.]12[-/.]31"
    r"|0?1[-/.]0?1[-/.](?:0001|1601|1753|1904|1970)|0?[01][-/.]0?[01][-/.]1900"
    r"|12[-/.]3[01][-/.](?:1899|1969|9999)|3[01][-/.]12[-/.](?:1899|1969|9999))(\D.*)?"
    r"|00:00(:00)?|[+-]?infinity|0000[-/.]\d{1,2}[-/.]\d{1,2}(\D.*)?|-0001-11-30.*|.*\b(?:nov|11)\b.*-0001(\s.*)?"
    r"|-(?:62135596800|2208988800|2209161600)(?:\.0+|000)?"
)
"""What MySQL, PHP, Go, .NET, Windows, SQL Server, Excel, Unix and PostgreSQL have for "no date",
and for "for ever"."""


def is_zero(text: str) -> bool:
    """Whether a text is the date that a program writes for none."""
    plain = " ".join(text[:_LONGEST].lower().split())
    return bool(_ZEROES.fullmatch(plain)) or _is_zero_in_words(plain)


def _is_zero_in_words(plain: str) -> bool:
    """Whether a text is the zero of Unix in some zone: "Thu, 01 Jan 1970 00:00:00 GMT"."""
    if "1970" not in plain and "1969" not in plain:
        return False
    try:
        found = _in_words(plain, None)
    except Undated:
        return False
    return found is not None and abs(found.first - _UNIX_ZERO) <= timedelta(days=1)


def moment(text: str, order: Order | None, now: datetime) -> Moment:
    """Return when a text says; raise Undated, and Ambiguous where an order is wanted.

    A moment after `now` is no evidence of anything.
    """
    plain = " ".join(normalize("NFKC", text[:_LONGEST]).lower().split())
    found = (
        _seconds(plain) or _year_first(plain) or _in_digits(plain, order) or _in_words(plain, order)
    )
    if found is None:
        named = _NAMED_ZONE.fullmatch(plain)
        raise Undated("names a time zone that may be several" if named else "is no whole date")
    if found.first > now:
        raise Undated("is in the future")
    if found.first.year < _EARLIEST:
        raise Undated("is too long ago")
    return found


def _seconds(plain: str) -> Moment | None:
    """Seconds or milliseconds since 1970."""
    if not re.fullmatch(r"1\d{9}(\d{3})?(\.\d{1,9})?", plain):
        return None
    whole = plain.partition(".")[0]
    found = datetime.fromtimestamp(int(whole[:10]), UTC)
    return Moment(found, found)


def _year_first(plain: str) -> Moment | None:
    if found := _YMD.fullmatch(plain):
        year, month, day = (part for part in found.groups()[:9] if part)
        return _whole(year, month, day, found.groups()[9:])
    if found := _COMPACT.fullmatch(plain):
        hour, minute, second, zone = found.groups()[3:]
        return _whole(found[1], found[2], found[3], (hour, minute, second, None, zone))
    return None


def _in_digits(plain: str, order: Order | None) -> Moment | None:
    found = _NUMBERS.fullmatch(plain)
    if found is None:
        return None
    one, _, other, year = found.groups()[:4]
    clock = found.groups()[4:]
    ways = {"dmy": (other, one), "mdy": (one, other)}
    if order is None:
        both = {way: _maybe(year, *numbers, clock) for way, numbers in ways.items()}
        fitting = {moment for moment in both.values() if moment}
        if len(year) == 2 and fitting:  # 13/04/24 may be a day of 2013 as well
            raise Ambiguous("may be several dates")
        if len(fitting) > 1:
            raise Ambiguous("may be two dates")
        return next(iter(fitting), None)
    return _whole(_century(year), *ways[order], clock)


def _in_words(plain: str, order: Order | None) -> Moment | None:
    if found := _DAY_FIRST.fullmatch(plain):
        day, name, year = found.groups()[:3]
        if len(year) == 2 and order is None:
            raise Ambiguous("may be two dates")
        return _whole(_century(year), _number(name), day, found.groups()[3:])
    if found := _MONTH_FIRST.fullmatch(plain):
        name, day, year = found.groups()[:3]
        return _whole(year, _number(name), day, found.groups()[3:])
    if found := _C_TIME.fullmatch(plain):
        name, day, *clock, zone, year = found.groups()
        return _whole(year, _number(name), day, (*clock, zone))
    return None


def _number(name: str) -> str:
    return str(_NUMBERS_OF[name])


def _century(year: str) -> str:
    """Years of two digits as POSIX reads them: 69 to 99 are of the last century."""
    if len(year) == 4:
        return year
    return f"19{year}" if int(year) >= 69 else f"20{year}"


def _maybe(year: str, month: str, day: str, clock: tuple[str | None, ...]) -> Moment | None:
    try:
        return _whole(_century(year), month, day, clock)
    except Undated:
        return None


def _whole(year: str, month: str, day: str, clock: tuple[str | None, ...]) -> Moment:
    hour, minute, second, half, zone = clock
    try:
        date = datetime(int(year), int(month), int(day), tzinfo=UTC)
        if hour is None:
            return Moment(date, date + timedelta(days=1, microseconds=-1))
        hours = int(hour) if not half else _HALVES[half][int(hour)]
        found = date.replace(hour=hours, minute=int(minute or 0), second=min(int(second or 0), 59))
        found = found.replace(tzinfo=_offset(zone)).astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        raise Undated("is no date") from None
    return Moment(found, found)


_HALVES = {half: {hour: hour % 12 + 12 * (half == "p") for hour in range(1, 13)} for half in "ap"}


def _offset(zone: str | None) -> timezone:
    found = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{2}):?(\d{2})?(?::?\d{2})?", zone or "")
    if not found:
        return UTC
    span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-span if found[1] == "-" else span)
