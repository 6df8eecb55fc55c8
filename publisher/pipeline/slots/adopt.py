"""The ledger's schedules brought up to publisher.toml; what a change of one leaves behind."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from publisher import schedule
from publisher.errors import ConfigError
from publisher.ledger import SlotRecord
from publisher.model import Cause, EditionId, Schedule, Slot, SlotState
from publisher.pipeline.slots.settle import let_go
from publisher.pipeline.turns import Turn
from publisher.pipeline.workspace import Workspace


def adopt(turn: Turn, space: Workspace) -> bool:
    """Bring the ledger's schedules up to publisher.toml; return whether anything changed.

    A new one counts from now. A changed rule counts from when a service last looked: whoever
    edits it between two runs of cron loses no slot, and none of the past is made up. Slots of the
    rule before that nobody looked at are recorded as missed.
    """
    kept = {one.name: one for one in space.ledger.schedules.all() if one.declared}
    wanted = {one.name: one for one in space.timetable.all() if one.declared}
    looked = max((one.looked for one in space.ledger.services.all()), default=space.now)
    changed = []
    for name, one in wanted.items():
        if name not in kept:
            changed.append(one)
        elif one.rule != kept[name].rule:
            since = max(one.through, min(looked, space.now))
            changed.append(replace(one, through=since))
            close(turn, space, [kept[name]], Cause.SCHEDULE_CHANGED, keep=changed[-1])
    gone = kept.keys() - wanted.keys()
    close(turn, space, [kept[name] for name in gone], Cause.SCHEDULE_REMOVED)
    if changed:
        space.ledger.schedules.put(changed, space.now)
    if gone:
        space.ledger.schedules.remove(gone)
    if changed or gone:
        space.forget_timetable()
    return bool(changed or gone)


def close(
    turn: Turn,
    space: Workspace,
    schedules: Collection[Schedule],
    cause: Cause,
    *,
    state: SlotState = "missed",
    keep: Schedule | None = None,
) -> None:
    """Settle what has come of schedules and nobody looked at, before they change.

    Slots that `keep`, or another schedule of the newsletter, has as well go on being due.
    """
    closed = {one.name for one in schedules}
    newsletters = {one.newsletter for one in schedules}
    others = [
        one
        for one in space.timetable.all()
        if one.newsletter in newsletters and one.name not in closed and not one.paused
    ]
    staying = [*others, keep] if keep else others
    kept = {(one.newsletter, slot.local) for one in staying for slot in _passed(space, one)}
    records = [
        SlotRecord(
            edition=EditionId.of(one.newsletter, slot),
            newsletter=one.newsletter,
            slot=slot.local.isoformat(timespec="minutes"),
            instant=slot.instant,
            state=state,
            cause=cause,
            schedule=one.name,
            recorded=space.now,
        )
        for one in schedules
        for slot in _passed(space, one)
        if (one.newsletter, slot.local) not in kept
    ]
    for record in space.ledger.slots.settle(records):
        let_go(turn, space, record)


def _passed(space: Workspace, one: Schedule) -> list[Slot]:
    """Slots of a schedule that have come and are not settled, whatever its calendar is worth."""
    try:
        return space.timetable.between(one, one.through, space.now)
    except ConfigError:
        return schedule.between(one.rule, one.through, space.now)
