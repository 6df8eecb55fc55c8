"""Who gets what on which day, where the messages of a day are few: a forecast, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from publisher.errors import Held
from publisher.ledger import open_of
from publisher.model import Newsletter
from publisher.pipeline.workspace import Workspace

_DAYS = 400  # are looked ahead
_SHOWN = 4  # days of a forecast that are named
_DAY = timedelta(days=1)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of which `count` messages wait; those of a lower `lane` go first."""

    edition: str
    lane: int
    start: datetime
    count: int


class Forecast(msgspec.Struct, kw_only=True):
    """How many of an edition's messages go on which day; `last` is from when its last one may.

    None for what takes longer than anybody looks ahead.
    """

    days: dict[date, int] = msgspec.field(default_factory=dict)
    last: datetime | None = None


class WarmUpState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the warm-up stands today: the ceiling, what of it is used, and who waits until when."""

    ceiling: int
    used: int
    waiting: int
    last: datetime | None


def forecast(
    waiting: Sequence[Waiting],
    now: datetime,
    used: Mapping[date, int],
    ceiling: Callable[[date, Mapping[date, int]], int],
) -> dict[str, Forecast]:
    """Return who gets what when, by edition, if all that may go on a day goes.

    `used` are the messages of each day so far; `ceiling` tells how many a day may have. Days are
    those of UTC.
    """
    spent, left = dict(used), {one.edition: one.count for one in waiting}
    found = {one.edition: Forecast() for one in waiting}
    order = sorted(waiting, key=lambda one: (one.lane, one.start, one.edition))
    at, end = now.astimezone(UTC), now + _DAYS * _DAY
    while any(left.values()) and at < end:
        day = at.date()
        room = max(0, ceiling(day, spent) - spent.get(day, 0))
        for one in order:
            taken = min(room, left[one.edition]) if one.start <= at else 0
            if taken:
                left[one.edition] -= taken
                room -= taken
                spent[day] = spent.get(day, 0) + taken
                found[one.edition].days[day] = found[one.edition].days.get(day, 0) + taken
                found[one.edition].last = at
        at = _next(at, [one.start for one in waiting if left[one.edition]])
    for name, count in left.items():
        if count:
            found[name].last = None
    return found


def _next(at: datetime, starts: Sequence[datetime]) -> datetime:
    """When something may go next: at midnight, or when an edition begins."""
    midnight = datetime.combine(at.date() + _DAY, time(), UTC)
    if all(start > at for start in starts) and starts:
        return min(starts)
    return min([midnight, *(start for start in starts if start > at)])


def check_warm_up(
    space: Workspace,
    newsletter: Newsletter,
    readers: int,
    lane: int,
    start: datetime,
    expires: datetime,
) -> None:
    """Raise Held for an edition whose readers the warm-up would keep waiting until it expires."""
    if not _is_on(space, start):
        return
    own = Waiting(edition="", lane=lane, start=start, count=readers)
    found = _forecast(space, [*_waiting(space), own])[""]
    if found.last is not None and found.last < expires:
        return
    raise Held(
        f"in warm-up {readers:,} readers of {newsletter.name} take {_until(found, start)}",
        why=f"{in_days(found.days)}. The edition would expire on {expires:%Y-%m-%d at %H:%M} UTC, "
        "and the rest of them get nothing.",
        todo="Raise delivery.expires or delivery.warm_up.first, or send to a segment of them.",
    )


def _until(found: Forecast, start: datetime) -> str:
    if found.last is None:
        return f"more than {_DAYS} days"
    days = (found.last.date() - start.date()).days + 1
    return f"{days} days, until {found.last:%Y-%m-%d}"


def in_days(days: Mapping[date, int]) -> str:
    """Return how many go on which day, in words.

    >>> in_days({date(2026, 12, 1): 200, date(2026, 12, 2): 300, date(2026, 12, 4): 7})
    '200 go on 2026-12-01, 300 on 2026-12-02, the last 7 on 2026-12-04'
    """
    parts = [f"{count:,} on {day}" for day, count in sorted(days.items())]
    if not parts:
        return "Nobody gets it"
    last = f"the last {parts.pop()}" if len(parts) > 1 else parts.pop()
    shown = [*parts[:_SHOWN], *(["…"] if len(parts) > _SHOWN else []), last]
    first, *rest = shown
    return ", ".join([first.replace(" on ", " go on ", 1), *rest])


def state(space: Workspace) -> WarmUpState | None:
    """Return where the warm-up stands today; None where there is none."""
    if not _is_on(space, space.now):
        return None
    waiting = _waiting(space)
    found = _forecast(space, waiting)
    used, today = _used(space), space.now.astimezone(UTC).date()
    ends = [one.last for one in found.values()]
    return WarmUpState(
        ceiling=_ceiling(space, today, used),
        used=used.get(today, 0),
        waiting=sum(one.count for one in waiting),
        last=None if None in ends else max(filter(None, ends), default=None),
    )


def days_of(space: Workspace, edition: str) -> Mapping[date, int]:
    """Return how many of an edition's messages wait for which day; none without a warm-up."""
    if not _is_on(space, space.now):
        return {}
    found = _forecast(space, _waiting(space)).get(edition)
    return found.days if found else {}


def spare(space: Workspace, now: datetime) -> None:
    """Give editions another day that wait for the ceiling alone: no reader is lost by it."""
    if not _is_on(space, now):
        return
    used, today = _used(space), now.astimezone(UTC).date()
    if used.get(today, 0) < _ceiling(space, today, used):
        return
    midnight = datetime.combine(today + _DAY, time(), UTC)
    space.ledger.sends.postpone(now, midnight + _DAY)


def _is_on(space: Workspace, when: datetime) -> bool:
    return space.publication.delivery.warm_up.is_on(when.astimezone(UTC).date())


def _ceiling(space: Workspace, day: date, used: Mapping[date, int]) -> int:
    delivery = space.publication.delivery
    limits = [delivery.per_day] if delivery.per_day else []
    if delivery.warm_up.is_on(day):
        limits.append(delivery.warm_up.ceiling(day, used))
    return min(limits, default=10**9)


def _used(space: Workspace) -> dict[date, int]:
    return space.ledger.queue.started_by_day()


def _forecast(space: Workspace, waiting: Sequence[Waiting]) -> dict[str, Forecast]:
    return forecast(waiting, space.now, _used(space), lambda day, used: _ceiling(space, day, used))


def _waiting(space: Workspace) -> list[Waiting]:
    """The editions that are on their way, with what of them is open."""
    sends = space.ledger.sends
    found = [
        Waiting(
            edition=one.edition,
            lane=one.lane,
            start=one.start,
            count=open_of(sends.counts(one.edition)),
        )
        for one in sends.all()
        if one.state == "sending" and one.expires > space.now
    ]
    return [one for one in found if one.count]
