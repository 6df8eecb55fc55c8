"""When a newsletter goes out.

A rule is local wall-clock time. In a gap of the clock a slot runs at the first instant after
it, in an overlap once, at the first of the two. Arithmetic on instants is done in UTC: two
aware datetimes of one zone compare by their wall clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from publisher.config import DAYS
from publisher.model import Newsletter, Slot

_LOOK_BACK = 8  # days: every rule has a slot within a week


def latest(newsletter: Newsletter, now: datetime) -> Slot | None:
    """Return the newest slot that is due at `now` (aware), None for a newsletter without a rule."""
    today = now.astimezone(ZoneInfo(newsletter.zone)).date()
    for back in range(-1, _LOOK_BACK):
        slot = _on(newsletter, today - timedelta(days=back))
        if slot and slot.instant <= now:
            return slot
    return None


def upcoming(newsletter: Newsletter, now: datetime, count: int) -> list[Slot]:
    """Return the next `count` slots, the first of them not before `now` (aware)."""
    if not newsletter.every:
        return []
    return list(islice(_after(newsletter, now), count))


def exact(newsletter: Newsletter, now: datetime) -> Slot:
    """Return a slot at `now` (aware), cut to the minute: an edition made by hand."""
    instant = now.astimezone(UTC).replace(second=0, microsecond=0)
    local = instant.astimezone(ZoneInfo(newsletter.zone)).replace(tzinfo=None)
    return Slot(local=local.replace(fold=0), zone=newsletter.zone, instant=instant)


def _after(newsletter: Newsletter, now: datetime) -> Iterator[Slot]:
    day = now.astimezone(ZoneInfo(newsletter.zone)).date() - timedelta(days=1)
    while True:
        slot = _on(newsletter, day)
        if slot and slot.instant >= now:
            yield slot
        day += timedelta(days=1)


def _on(newsletter: Newsletter, day: date) -> Slot | None:
    if not _is_wanted(newsletter.every, day):
        return None
    local = datetime.combine(day, time.fromisoformat(newsletter.at))
    return Slot(local=local, zone=newsletter.zone, instant=_instant(local, newsletter.zone))


def _is_wanted(every: str, day: date) -> bool:
    if every in ("", "day", "weekday"):
        return every == "day" or (every == "weekday" and day.weekday() < 5)
    return DAYS[day.weekday()] in [name.strip() for name in every.split(",")]


def _instant(local: datetime, zone: str) -> datetime:
    """The UTC instant of a wall-clock time: `fold=0` is the first of two in an overlap."""
    tz = ZoneInfo(zone)
    instant = local.replace(tzinfo=tz).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) == local:
        return instant
    return _first_after_gap(instant, tz)


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
