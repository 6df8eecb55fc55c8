"""When a newsletter goes out.

A rule is local wall-clock time. In a gap of the clock a slot runs at the first instant after
it, in an overlap once, at the first of the two. Arithmetic on instants is done in UTC: two
aware datetimes of one zone compare by their wall clocks.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, islice
from zoneinfo import ZoneInfo

from publisher.model import DAYS, ORDINALS, Away, Rule, Slot, day_number, every_of

_HORIZON = timedelta(days=3660)
"""A rule without a slot in ten years has none: `0 7 30 2 *`."""

_LOOK_BACK = (8, 64, 800, 3660)
"""Days: most rules have a slot within a week, some within a month, few within years."""


def slots(
    rule: Rule, after: datetime, spans: Collection[Away] = (), zones: Collection[str] = ()
) -> Iterator[Slot]:
    """Yield the slots after an instant (aware), in order, for ten years.

    Instants strictly increase. Local times in one of the `spans` are left out. A rule for each
    reader's zone has its slot where the day comes round first, among `zones` and its own; it is
    its own zone's instant that comes after `after`, so that a reader from elsewhere moves none.

    >>> rule = Rule(every="day", at="07:00", zone="Europe/Berlin")
    >>> str(next(slots(rule, datetime(2026, 11, 24, tzinfo=UTC))).instant)
    '2026-11-24 06:00:00+00:00'
    """
    where = _places(rule, zones)
    limit = after + _HORIZON
    waiting: Slot | None = None
    is_away = _away_at(spans)
    for local in _locals(rule, _day_before(after, where)):
        if is_away(local):
            continue
        slot = Slot(
            local=local, zone=rule.zone, instant=min(instant(local, zone) for zone in where)
        )
        if slot.instant > limit:
            break
        # Out of a gap two may come at one instant: it is the later one's own time.
        if waiting and waiting.instant != slot.instant:
            yield waiting
        waiting = slot if at_home(slot) > after else None
    if waiting:
        yield waiting


def _away_at(spans: Collection[Away]) -> Callable[[datetime], bool]:
    """Return what tells, by one look, whether a local time lies in one of many spans."""
    if not spans:
        return lambda _: False
    ordered = sorted(spans, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    # Of those that have begun, the one that ends last; before the first, none.
    ends = [datetime.min, *accumulate((one.end for one in ordered), max)]  # noqa: DTZ901 wall-clock time
    return lambda local: ends[bisect_right(starts, local)] > local


def at_home(slot: Slot) -> datetime:
    """Return when (UTC) a slot comes in its own zone: later than its instant only per reader."""
    return max(slot.instant, instant(slot.local, slot.zone))


def upcoming(
    rule: Rule, now: datetime, count: int, spans: Collection[Away] = (), zones: Collection[str] = ()
) -> list[Slot]:
    """Return the next `count` slots, the first of them not before `now` (aware)."""
    after = now - timedelta(microseconds=1)
    coming = (slot for slot in slots(rule, after, spans, zones) if slot.instant >= now)
    return list(islice(coming, count))


def between(
    rule: Rule,
    after: datetime,
    until: datetime,
    spans: Collection[Away] = (),
    zones: Collection[str] = (),
) -> list[Slot]:
    """Return the slots after one instant and until another, the second included."""
    found = []
    for slot in slots(rule, after, spans, zones):
        if slot.instant > until:
            break
        found.append(slot)
    return found


def latest(
    rule: Rule, now: datetime, spans: Collection[Away] = (), zones: Collection[str] = ()
) -> Slot | None:
    """Return the newest slot that is due at `now` (aware), None where there never was one."""
    for days in _LOOK_BACK:
        if found := between(rule, now - timedelta(days=days), now, spans, zones):
            return found[-1]
    return None


def exact(zone: str, now: datetime) -> Slot:
    """Return a slot at `now` (aware), cut to the minute: an edition made by hand."""
    found = now.astimezone(UTC).replace(second=0, microsecond=0)
    local = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return Slot(local=local.replace(fold=0), zone=zone, instant=found)


def turns(local: datetime, zones: Iterable[str]) -> dict[str, datetime]:
    """Return, by zone, the instant (UTC) at which a local time comes round there."""
    return {zone: instant(local, zone) for zone in zones}


def instant(local: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time: the first of two, or the first after a gap."""
    tz = ZoneInfo(zone)
    found = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if found.astimezone(tz).replace(tzinfo=None) == local:
        return found
    return _first_after_gap(found, tz)


def oddity(local: datetime, zone: str) -> str:
    """Say what the clock does at a local time, "" where nothing is odd."""
    tz = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(tz).replace(tzinfo=None) != local:
        shown = instant(local, zone).astimezone(tz)
        return f"gap: {local:%H:%M} does not exist, runs at {shown:%H:%M}"
    if first != second:
        return f"overlap: {local:%H:%M} comes twice, runs at the first"
    return ""


def _places(rule: Rule, zones: Collection[str]) -> list[str]:
    return sorted({rule.zone, *zones}) if rule.per_reader else [rule.zone]


def _day_before(after: datetime, zones: Iterable[str]) -> datetime:
    """A local time that is before `after` in each of the zones, whatever their clocks do."""
    walls = (after.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in zones)
    return min(walls) - timedelta(days=1)


def _locals(rule: Rule, start: datetime) -> Iterator[datetime]:
    """Local times of a rule from `start` on (naive), strictly increasing."""
    if rule.starts:
        start = max(start, datetime.combine(rule.starts, time()))
    if rule.once:
        once = datetime.fromisoformat(rule.once)
        yield from [once] if once >= start else []
    elif rule.cron:
        yield from _cron(rule.cron, start)
    elif rule.every:
        is_on = _days_of(rule)
        at = time.fromisoformat(rule.at)
        last = start.date() + _HORIZON + timedelta(days=3)
        day = start.date()
        while day <= last:
            if is_on(day) and (local := datetime.combine(day, at)) >= start:
                yield local
            day += timedelta(days=1)


def _cron(expression: str, start: datetime) -> Iterator[datetime]:
    from cronsim import CronSim, CronSimError  # not every publication has one

    try:
        yield from CronSim(expression, start - timedelta(minutes=1))
    except CronSimError:  # it looked fifty years ahead
        return


def _days_of(rule: Rule) -> Callable[[date], bool]:
    """Return which days a rule's `every` and `on` mean."""
    number, unit = every_of(rule.every)
    if unit == "day":
        origin = rule.starts or date.min
        return lambda day: (day - origin).days % number == 0
    if unit == "month":
        origin = rule.starts or date.min
        first = origin.year * 12 + origin.month
        wanted = [_day_of_month(word) for word in _words(rule.on) or ["1"]]
        return lambda day: (
            (day.year * 12 + day.month - first) % number == 0
            and any(is_one(day) for is_one in wanted)
        )
    words = "mon,tue,wed,thu,fri" if rule.every == "weekday" else rule.every
    days = {day_number(word) for word in _words(rule.on if unit == "week" else words)}
    origin = rule.starts or date.min
    monday = origin - timedelta(days=origin.weekday())
    days = days or {origin.weekday()}
    return lambda day: day.weekday() in days and (day - monday).days // 7 % number == 0


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _day_of_month(word: str) -> Callable[[date], bool]:
    """`15`, `last day`, `first monday`."""
    if word.isdecimal():
        return lambda day: day.day == int(word)
    which, what = re.split(r"\s+", word)
    if what == "day":
        return lambda day: day.day == _length(day)
    weekday = day_number(what)
    if which == "last":
        return lambda day: day.weekday() == weekday and day.day > _length(day) - 7
    place = ORDINALS.index(which)
    return lambda day: day.weekday() == weekday and (day.day - 1) // 7 == place


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _first_after_gap(inside: datetime, tz: ZoneInfo) -> datetime:
    """The transition nearest to an instant that a gap's wall-clock time was mapped to."""
    low, high = inside - timedelta(days=1), inside + timedelta(days=1)
    before = low.astimezone(tz).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(tz).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def weekday_of(day: date) -> str:
    """`mon` … `sun`."""
    return DAYS[day.weekday()]
