"""Times and lengths of time as people type them: `7:00`, `7pm`, `tomorrow 9:00`, `10sec`.

One grammar for the command line and for publisher.toml. What could mean two things is refused: a
bare `7`, `03.04.2024`.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from publisher.model.schedule import day_number

CLOCK_EXAMPLE = "07:00, 7:00 or 7pm"
DAY_EXAMPLE = "2026-11-24, tomorrow or friday"
SPAN_EXAMPLE = "5min, 36h, 7d or 2w"
TIME_EXAMPLE = '"2026-11-24 07:00", "tomorrow 7:00" or 7pm'

_SPELLINGS = {
    "seconds": "s sec secs second seconds",
    "minutes": "m min mins minute minutes",
    "hours": "h hr hrs hour hours",
    "days": "d day days",
    "weeks": "w wk wks week weeks",
}
_UNITS = {word: unit for unit, words in _SPELLINGS.items() for word in words.split()}
_LENGTHS = {unit: timedelta(**{unit: 1}) for unit in _SPELLINGS}
_PART = r"([0-9]{1,5}(?:[.,][0-9]{1,3})?)\s*([a-z]+)"


def span_of(text: str) -> timedelta | None:
    """Return the length of time that `5min`, `10 sec` or `1h 30min` means, None for none.

    >>> span_of("1 hour and 30 minutes")
    datetime.timedelta(seconds=5400)
    """
    text = re.sub(r"^an? ", "1 ", _plain(text))
    if text == "0":
        return timedelta()
    if found := re.fullmatch(r"([0-9]{1,4}) ?h ?([0-5][0-9])", text):  # 1h30
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    if not re.fullmatch(rf"{_PART}(?:\s*(?:,|and|)\s*{_PART})*", text):
        return None
    parts: dict[str, timedelta] = {}
    for number, word in re.findall(_PART, text.replace(" and ", " ")):
        unit = _UNITS.get(word)
        if unit is None or unit in parts:
            return None
        parts[unit] = float(number.replace(",", ".")) * _LENGTHS[unit]
    return sum(parts.values(), timedelta())


def span_in_words(span: timedelta) -> str:
    """Return a length of time as it may stand in publisher.toml: `36h`, `7d`.

    >>> span_in_words(timedelta(minutes=90))
    '90m'
    """
    seconds = int(span.total_seconds())
    units = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
    size, unit = next(one for one in units if seconds % one[0] == 0)
    return f"{seconds // size}{unit}"


_HALVES = {"am": 0, "a.m.": 0, "a.m": 0, "pm": 12, "p.m.": 12, "p.m": 12}
_NAMED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}


def clock_of(text: str) -> str | None:
    """Return the time of day that `7:00`, `7pm` or `noon` means as `HH:MM`, None for none.

    >>> clock_of("7.30 p.m.")
    '19:30'
    """
    text = _plain(text)
    if text in _NAMED:
        return _NAMED[text]
    found = re.fullmatch(
        r"([0-9]{1,2})(?:(?P<mark>[:.h])([0-5][0-9])(?::00)?)?(?P<half> ?[ap]\.?m\.?)?(?P<h> ?h)?",
        text,
    )
    if found is None or not (found["mark"] or found["half"] or found["h"]):
        return None  # a bare 7 may be in the morning, or be no time at all
    if found["h"] and (found["mark"] or found["half"]):
        return None
    hour, minute = int(found[1]), int(found[3] or 0)
    if half := (found["half"] or "").strip():
        if not 1 <= hour <= 12 or half not in _HALVES or found["mark"] == "h":
            return None
        hour = hour % 12 + _HALVES[half]
    return f"{hour:02}:{minute:02}" if hour < 24 else None


_DAYS = {
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
}


def day_of(text: str, today: date, *, past: bool = False) -> date | None:
    """Return the day that `2026-11-24`, `24 nov`, `tomorrow` or `friday` means, None for none.

    A day of the week is the next one after `today`, or with `past` the last one before it.
    """
    text = _plain(text).removeprefix("the ")
    try:
        if text in _DAYS:
            return today + timedelta(days=_DAYS[text])
        if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _MONTH_DAY.fullmatch(text) or _DAY_MONTH.fullmatch(text):
            return _of_month(found.groupdict(), today, past)
        ahead = (day_number(text) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead if not past else ahead - 7 or -7)
    except (ValueError, OverflowError):
        return None


_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_NAMES = "|".join(rf"{one[:3]}(?:t?\.?|{one[3:]})" for one in _MONTHS)  # sept.
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>[0-9]{4}))?"
_DAY_MONTH = re.compile(rf"{_DAY}\.?(?: of)? (?P<month>{_NAMES}){_YEAR}")
_MONTH_DAY = re.compile(rf"(?P<month>{_NAMES}) {_DAY}{_YEAR}")


def _of_month(found: Mapping[str, str | None], today: date, past: bool) -> date | None:
    """The day of a named month; without a year the next one, today's included, or the last one."""
    month = [one[:3] for one in _MONTHS].index(str(found["month"])[:3]) + 1
    number = int(str(found["day"]))
    if found["year"]:
        return date(int(found["year"]), month, number)
    years = range(today.year - 8, today.year + 9)  # a leap day comes within them
    days = [date(year, month, number) for year in years if number <= monthrange(year, month)[1]]
    if past:
        return next((one for one in reversed(days) if one <= today), None)
    return next((one for one in days if one >= today), None)


def moment_of(text: str, now: datetime, *, past: bool = False) -> datetime | None:
    """Return the wall-clock time that a text means, naive as `now` is; aware where it says so.

    A time of day alone is today's, a day alone its first minute. `in 2h` and `2h ago` count from
    `now`. None for what means no time.
    """
    plain = _plain(text).removeprefix("at ")
    if plain == "now":
        return now
    ahead = re.fullmatch(r"(?:in |\+ ?)(.+)", plain) or re.fullmatch(r"(.+) (ago)", plain)
    if ahead:
        span = span_of(ahead[1])
        sign = -1 if plain.endswith(" ago") else 1
        return _moved(now, sign * span) if span is not None else None
    if clock := clock_of(plain):
        return datetime.combine(now.date(), time.fromisoformat(clock))
    if day := day_of(plain, now.date(), past=past):
        return datetime.combine(day, time())
    words = plain.replace(" at ", " ").replace(", ", " ").split(" ")
    for place in range(1, len(words)):
        first, rest = " ".join(words[:place]), " ".join(words[place:])
        for one, other in ((first, rest), (rest, first)):
            day, clock = day_of(one, now.date(), past=past), clock_of(other)
            if day and clock:
                return datetime.combine(day, time.fromisoformat(clock))
    return _iso(text.strip())


def why_no_time(text: str) -> str:
    """Return why a text is no time, where that can be said; else ""."""
    plain = _plain(text)
    if re.fullmatch(r"[0-9]{1,2}", plain):
        return f"It may be {plain}:00 or {plain}pm."
    if span_of(plain) is not None and plain != "0":
        return f"So long from now is written: in {plain}"
    if re.match(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}", plain):
        return "Its day and its month cannot be told apart."
    return ""


def _iso(text: str) -> datetime | None:
    """ISO 8601, with or without an offset; not such of its forms as are a bare number."""
    if re.fullmatch(r"[0-9]+", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moved(now: datetime, span: timedelta) -> datetime | None:
    try:
        return now + span
    except OverflowError:
        return None


def _plain(text: str) -> str:
    """Full-width digits, capitals and odd spaces as plain ones."""
    return " ".join(unicodedata.normalize("NFKC", text[:100]).casefold().split())
