"""The slots that have come and are not settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from publisher import schedule
from publisher.model import Cause, EditionId, Newsletter, Schedule, Slot
from publisher.pipeline.workspace import Workspace
from publisher.schedule import Due

_DAY = timedelta(days=1)


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that has come, with the schedules that have it, and what its lateness makes of it."""

    newsletter: Newsletter
    due: Due
    schedules: tuple[str, ...]

    @property
    def advanced(self) -> dict[str, datetime]:
        """Until when these schedules are settled once this slot is."""
        return dict.fromkeys(self.schedules, schedule.at_home(self.due.slot))

    @property
    def edition(self) -> str:
        """The edition's id."""
        return EditionId.of(self.newsletter.name, self.due.slot)


def occasions(space: Workspace, schedules: Iterable[Schedule]) -> list[Occasion]:
    """Return the slots of these schedules that have come and are not settled, oldest first.

    Raises ConfigError for a calendar of holidays that cannot be read.
    """
    by_newsletter: dict[str, list[Schedule]] = {}
    for one in schedules:
        by_newsletter.setdefault(one.newsletter, []).append(one)
    found = []
    for name, theirs in by_newsletter.items():
        found += _occasions(space, space.newsletter(name), theirs)
    return sorted(found, key=lambda one: (one.due.slot.instant, one.edition))


def _occasions(
    space: Workspace, newsletter: Newsletter, schedules: Sequence[Schedule]
) -> list[Occasion]:
    slots: dict[datetime, Slot] = {}
    last: dict[datetime, datetime] = {}
    names: dict[datetime, list[Schedule]] = {}
    for one in schedules:
        for slot in space.timetable.between(one, one.through, space.now):
            slots.setdefault(slot.local, slot)
            last[slot.local] = space.timetable.last_turn(one, slot)
            names.setdefault(slot.local, []).append(one)
    first = min((slot.instant for slot in slots.values()), default=space.now)
    known = {
        datetime.fromisoformat(one.slot)
        for one in space.ledger.slots.all(first - _DAY, newsletter=newsletter.name)
    }
    # What is settled makes no other slot late, or superseded.
    running = {
        local for local in slots.keys() - known if not all(one.paused for one in names[local])
    }
    coming = sorted(
        ((slots[local], last[local]) for local in running), key=lambda pair: pair[0].instant
    )
    dues = {one.slot.local: one for one in schedule.due(newsletter, coming, space.now)}
    return [
        Occasion(
            newsletter=newsletter,
            due=dues.get(local)
            or Due(
                slot=slot,
                timing="on time" if local in known else "paused",
                cause=Cause.PAUSED,
            ),
            schedules=tuple(one.name for one in names[local]),
        )
        for local, slot in slots.items()
    ]
