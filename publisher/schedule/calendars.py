"""Days without an edition, from .ics files and from words; a calendar of what is coming, to .ics.

What a calendar says (RFC 5545: rules, added, moved and cancelled instances) is unfolded by
recurring-ical-events, within bounds: a rule may never come, or never end.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from publisher.model import Away, no_controls, one_line

_YEARS = timedelta(days=4000)
_MOST = 10_000  # events and repetitions of one calendar
_SHOWN = 190  # characters of what is wrong
_PATIENCE = 5.0  # seconds of work on one
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")  # of what can be holidays
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
_DATED = (*_ONCE, "RRULE", "RDATE", "EXDATE")


def spans_of(
    data: bytes, zone: str, until: date, elapsed: Callable[[], float] = lambda: 0.0
) -> list[Away]:
    """Return the spans of a calendar's events, up to a day, in a zone's local time.

    `elapsed` tells the seconds of work since it was called. Raises ValueError for what is no
    calendar, for an event that cannot be read, by name, and for too many or endless ones.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of zones that it guesses, rightly
        calendars = _parsed(data)
    try:
        with _bounded(elapsed):
            found = list(_unfolded(calendars, ZoneInfo(zone), until))
    except _TooLong:
        raise _Unread(
            "it takes too long: look for an event that never comes, or never ends"
        ) from None
    return sorted(found, key=lambda one: one.start)


class _Unread(ValueError):
    """Why a calendar cannot be read, in an editor's words."""


class _TooLong(BaseException):
    """Nobody on the way may take it for a mistake in the file, and go on."""


@contextmanager
def _bounded(elapsed: Callable[[], float]) -> Iterator[None]:
    """End work that has taken too long, wherever it is: the loops are in code of others."""
    calls = count(1)

    def look(*_: object) -> None:
        if next(calls) % 256 == 0 and elapsed() > _PATIENCE:
            raise _TooLong

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)


def _parsed(data: bytes) -> list[Any]:
    from icalendar import Calendar  # slow to import, and seldom needed

    if data.upper().count(b"BEGIN:VEVENT") > _MOST:
        raise _Unread(f"it holds more than {_MOST} events")
    with _named("it is no calendar (RFC 5545)"):
        calendars: list[Any] = Calendar.from_ical(data, multiple=True)
    if not calendars:
        raise _Unread("it holds nothing from BEGIN:VCALENDAR to END:VCALENDAR")
    return calendars


def _unfolded(calendars: Iterable[Any], zone: ZoneInfo, until: date) -> Iterator[Away]:
    from recurring_ical_events import of

    limit = _midnight(until)
    number = 0
    for calendar in calendars:
        if str(calendar.get("METHOD", "")).upper() == "CANCEL":  # RFC 5546 §3.2.5: none takes place
            continue
        with _named("its events cannot be read"):
            events = _by_uid(calendar.walk("VEVENT"), zone)
            unfolded = of(calendar).series
        for series in unfolded:
            parts = events[str(series.uid)]
            with _named(f"the event {_name(parts[0])} cannot be read"):
                for occurrence in series.between(limit - _YEARS, limit):
                    one = parts[0] if len(parts) == 1 else occurrence.as_component(False)
                    number += 1
                    if number > _MOST:
                        raise _Unread(f"it holds more than {_MOST} events and repetitions")
                    if str(one.get("STATUS", "")).upper() != "CANCELLED":
                        yield _span(one, occurrence.start, occurrence.end, zone)


def _by_uid(events: Sequence[Any], zone: ZoneInfo) -> dict[str, list[Any]]:
    """The events by UID, each of which was looked at; what is another event gets one of its own.

    Files made by hand have no UID, or the same again and again: none of their days may be lost.
    """
    found: dict[str, list[Any]] = defaultdict(list)
    whole: set[str] = set()  # of events, rather than of one instance or a later version
    for number, event in enumerate(events):
        _check(event, zone)
        uid = str(event.get("UID", ""))
        is_whole = "RECURRENCE-ID" not in event and "SEQUENCE" not in event
        if not uid or (is_whole and uid in whole):
            uid = event["UID"] = f"{uid} {number}"
        if is_whole:
            whole.add(uid)
        found[uid].append(event)
    return found


@contextmanager
def _named(what: str) -> Iterator[None]:
    """Say what is wrong where others raise errors, each of its own for every kind of mistake."""
    try:
        yield
    except _Unread:
        raise
    except Exception as error:  # see above
        said = no_controls(str(error)).strip()
        raise _Unread(f"{what}: {said}"[:_SHOWN] if said else what) from None


def _check(event: Any, zone: ZoneInfo) -> None:
    """Raise ValueError for an event that cannot be read, or means what no holiday does."""
    for name, message in event.errors:
        if name in _DATED:
            raise _wrong(event, f"has a {name} that cannot be read: {message}")
    for name in _ONCE:
        if isinstance(event.get(name), list):
            raise _wrong(event, f"has more than one {name}")
    if "DTSTART" not in event:
        raise _wrong(event, "has no DTSTART")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        _check_zone(event, name)
    if "EXRULE" in event:
        raise _wrong(
            event, "has an EXRULE, which is no more: name each day that is left out: EXDATE"
        )
    start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
    if end is not None and isinstance(start, datetime) is not isinstance(end, datetime):
        raise _wrong(event, "begins or ends on a day, and the other of the two is a time")
    if "DURATION" in event and event["DURATION"].dt < timedelta():
        raise _wrong(event, "ends before it begins")
    if "DTEND" in event and _local(event["DTEND"].dt, zone) < _local(event["DTSTART"].dt, zone):
        raise _wrong(event, "ends before it begins")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        _check_rule(event, rule)


def _check_zone(event: Any, name: str) -> None:
    value = event.get(name)
    zone = value.params.get("TZID") if value is not None else None
    if zone and isinstance(value.dt, datetime) and value.dt.tzinfo is None:
        raise _wrong(event, f"is in a time zone that nobody knows: {zone}")


def _check_rule(event: Any, rule: Any) -> None:
    often = str((rule.get("FREQ") or [""])[0]).upper()
    if not often:
        raise _wrong(event, "repeats by an RRULE without FREQ")
    if often not in _FREQUENCIES:
        raise _wrong(event, f"comes {often.lower()}; holidays come daily or less often")
    if scale := str((rule.get("RSCALE") or ["GREGORIAN"])[0]).upper().replace("GREGORIAN", ""):
        raise _wrong(event, f"repeats by another calendar than ours: RSCALE={scale}")
    for name in ("INTERVAL", "COUNT"):
        if any(int(number) < 1 for number in rule.get(name, [])):
            raise _wrong(event, f"repeats with {name}={rule[name][0]}")
    if "SKIP" in rule:  # RFC 7529 §4.1
        raise _wrong(event, "repeats with SKIP, which nobody here understands")
    if any(len(rule.get(part, [])) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise _wrong(event, "comes several times a day; holidays come daily or less often")
    _close(rule, event["DTSTART"].dt)


def _close(rule: Any, start: date) -> None:
    """Let a rule end with all of the day that it ends on, though its event has times of day."""
    last = (rule.get("UNTIL") or [None])[0]
    if isinstance(start, datetime) and isinstance(last, date) and not isinstance(last, datetime):
        end = datetime.combine(last, time.max, start.tzinfo).replace(microsecond=0)
        rule["UNTIL"] = [end.astimezone(UTC) if start.tzinfo else end]


def _name(event: Any) -> str:
    """What an event is called."""
    name = _summary(event) or one_line(str(event.get("UID", ""))) or "without a name"
    return repr(name[:60])


def _summary(event: Any) -> str:
    """Its SUMMARY, of several the first (RFC 5545 §3.6.1 knows one), as a terminal takes it."""
    found = event.get("SUMMARY", "")
    return one_line(str(found[0] if isinstance(found, list) else found)).strip()


def _wrong(event: Any, what: str) -> _Unread:
    return _Unread(no_controls(f"the event {_name(event)} {what}")[:_SHOWN])


def _span(event: Any, start: date, end: date, zone: ZoneInfo) -> Away:
    """The time that one occurrence takes.

    One that ends as it begins is a moment, which excludes nothing; at midnight it is a day: so it
    is written in practice.
    """
    first, last = _local(start, zone), _local(end, zone)
    if first == last and (not isinstance(start, datetime) or start.time() == time()):
        last += timedelta(days=1)
    return Away(start=first, end=last, name=_summary(event))


def _local(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).replace(tzinfo=None)
    return _midnight(value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
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
