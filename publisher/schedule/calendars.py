"""Days without an edition, from .ics files and from words; a calendar of what is coming, to .ics.

RFC 5545: a day's event ends before its DTEND (§3.6.1), RRULE by dateutil.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from publisher.model import Away

_YEARS = timedelta(days=4000)
_MOST = 5000  # occurrences of one recurring event
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")  # of what can be holidays


def span_of(text: str) -> Away:
    """Return the span that `2026-12-24` or `2026-12-24..2027-01-01` means; raise ValueError."""
    first, _, last = text.partition("..")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if end < start:
        raise ValueError(f"{text} ends before it begins")
    return Away(start=_midnight(start), end=_midnight(end + timedelta(days=1)))


def spans_of(data: bytes, zone: str, until: date) -> list[Away]:
    """Return the spans of a calendar's events, up to a day, in a zone's local time.

    Raises ValueError for what is no calendar, or has events more often than daily.
    """
    from icalendar import Calendar  # slow to import, and seldom needed

    found: list[Away] = []
    calendars = Calendar.from_ical(data, multiple=True)
    if not calendars:
        raise ValueError("it is empty")
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                found += _spans(event, ZoneInfo(zone), until)
    return sorted(found, key=lambda one: one.start)


def _spans(event: Any, zone: ZoneInfo, until: date) -> Iterable[Away]:
    if "DTSTART" not in event:
        return
    start = _local(event.decoded("DTSTART"), zone)
    if "DTEND" in event:
        length = _local(event.decoded("DTEND"), zone) - start
    elif "DURATION" in event:
        length = event.decoded("DURATION")
    else:  # a day, or a moment that excludes nothing
        length = timedelta(days=not isinstance(event.decoded("DTSTART"), datetime))
    name = str(event.get("SUMMARY", "")).strip()
    for begin in _occurrences(event, start, zone, until):
        yield Away(start=begin, end=begin + length, name=name)


def _occurrences(event: Any, start: datetime, zone: ZoneInfo, until: date) -> Iterable[datetime]:
    rule = event.get("RRULE")
    if rule is None:
        return [start]
    from dateutil.rrule import rrulestr

    often = str(rule.get("FREQ", [""])[0])
    if often.upper() not in _FREQUENCIES:
        raise ValueError(f"an event comes {often.lower()}; holidays come daily or less often")
    limit = _midnight(until)
    found = rrulestr(_without_zone(rule.to_ical().decode()), dtstart=start)
    gone = set(_exceptions(event, zone))
    occurrences = found.between(limit - _YEARS, limit, inc=True)[-_MOST:]
    return [one for one in occurrences if one not in gone and one.date() not in gone]


def _exceptions(event: Any, zone: ZoneInfo) -> Iterator[date]:
    """EXDATE (RFC 5545 §3.8.5.1): days, or local times, at which it does not come."""
    given = event.get("EXDATE", [])
    for one in given if isinstance(given, list) else [given]:
        for value in one.dts:
            yield _local(value.dt, zone) if isinstance(value.dt, datetime) else value.dt


def _without_zone(rule: str) -> str:
    """UNTIL in UTC beside a local start is refused by dateutil; a day more does no harm."""
    return ";".join(
        part.rstrip("Z") if part.startswith("UNTIL") else part for part in rule.split(";")
    )


def _local(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    return _midnight(value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """One coming send for a calendar: `instant` is UTC, `key` stays the same for ever.

    `standing` is "cancelled", "open" for one that waits for a person, "" for one that goes out.
    """

    key: str
    instant: datetime
    title: str
    about: str = ""
    standing: Literal["", "open", "cancelled"] = ""


_STATUS = {"": "CONFIRMED", "open": "TENTATIVE", "cancelled": "CANCELLED"}  # RFC 5545 §3.8.1.11


def ics_of(title: str, appointments: Iterable[Appointment], now: datetime) -> bytes:
    """Return a calendar (RFC 5545) of coming sends."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//publisher//schedule//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for one in appointments:
        event = Event()
        event.add("uid", one.key)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", one.instant.astimezone(UTC))
        event.add("duration", timedelta(minutes=15))
        event.add("summary", one.title)
        event.add("description", one.about)
        event.add("status", _STATUS[one.standing])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
