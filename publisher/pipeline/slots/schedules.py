"""schedule add · edit · remove · pause · resume · rewind."""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec.structs import replace

from publisher import schedule
from publisher.config import rule_fault
from publisher.errors import UsageError
from publisher.ledger import SlotRecord
from publisher.model import Cause, Rule, Schedule, Slot
from publisher.pipeline.slots.adopt import adopt, close
from publisher.pipeline.slots.calendar import Fire, fires
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace

_OPTIONS = {"zone": "tz", "excluded": "except", "starts": "from"}
"""What keys of a rule are called on the command line."""


def add_schedule(space: Workspace, newsletter: str, rule: Rule, name: str = "") -> Schedule:
    """Add a schedule to a newsletter; it counts from now. It is called NEWSLETTER.name.

    A newsletter's own is called as the newsletter, which has no dot: they never collide.
    Raises UnknownName for the newsletter, UsageError for a rule that makes no sense, a name that
    is taken, or a rule without a slot to come.
    """
    target = space.newsletter(newsletter)
    taken = {one.name for one in space.ledger.schedules.all()}
    if name:
        name = f"{target.name}.{name.removeprefix(f'{target.name}.')}"
    else:
        numbers = range(1, len(taken) + 2)
        name = next(one for n in numbers if (one := f"{target.name}.{n}") not in taken)
    if name in taken:
        raise UsageError(f"there is a schedule {name!r} already")
    if not re.fullmatch(r"[a-z0-9-]+\.[\w-]+", name):
        raise UsageError(
            f"{name!r} is no name of a schedule", todo="Use letters, digits and hyphens."
        )
    made = Schedule(name=name, newsletter=target.name, rule=rule, through=space.now)
    _checked(space, made)
    space.ledger.schedules.put([made], space.now)
    space.forget_timetable()
    return made


def edit_schedule(space: Workspace, name: str, rule: Rule) -> Schedule:
    """Give a schedule another rule, from now on."""
    _checked(space, replace(_own(space, name), rule=rule))
    with alone(space) as turn:
        one = _own(space, name)
        close(turn, space, [one], Cause.SCHEDULE_CHANGED, keep=replace(one, rule=rule))
        changed = replace(one, rule=rule, through=max(one.through, space.now))
        space.ledger.schedules.put([changed], space.now)
    space.forget_timetable()
    return changed


def remove_schedule(space: Workspace, name: str) -> Schedule:
    """Take a schedule away; what became of its slots stays."""
    with alone(space) as turn:
        one = _own(space, name)
        close(turn, space, [one], Cause.SCHEDULE_REMOVED)
        space.ledger.schedules.remove([one.name])
    space.forget_timetable()
    return one


def pause_schedule(space: Workspace, name: str) -> list[Schedule]:
    """Let the slots of a schedule, or of all of a newsletter, pass: each is recorded."""
    return _paused(space, name, True)


def resume_schedule(space: Workspace, name: str) -> list[Schedule]:
    """Let a schedule go on; slots that came while it was paused stay out."""
    return _paused(space, name, False)


def _paused(space: Workspace, name: str, paused: bool) -> list[Schedule]:
    with alone(space) as turn:
        adopt(turn, space)
        found = [one for one in space.timetable.named(name) if one.paused != paused]
        if not found:
            raise UsageError(f"{name} is {'paused already' if paused else 'not paused'}")
        if not paused:
            close(turn, space, found, Cause.PAUSED, state="skipped")
        changed = [
            replace(one, paused=paused)
            if paused
            else replace(one, paused=False, through=max(one.through, space.now))
            for one in found
        ]
        space.ledger.schedules.put(changed, space.now)
    space.forget_timetable()
    return changed


def rewind(space: Workspace) -> list[SlotRecord]:
    """Take back what a clock that was ahead has said of slots; return that. They come again."""
    with alone(space):
        found = space.ledger.slots.rewind(space.now)
    space.forget_timetable()
    return found


def _own(space: Workspace, name: str) -> Schedule:
    """The one schedule that a name means, which is not of publisher.toml."""
    found = space.timetable.named(name)
    own = [one for one in found if not one.declared]
    if not own:
        raise UsageError(
            f"{name} has its schedule in publisher.toml",
            todo="Change its keys every, at, cron there; or pause it: "
            f"publisher schedule pause {name}",
        )
    if len(own) > 1:
        names = ", ".join(one.name for one in own)
        raise UsageError(f"{name} has several schedules: {names}", todo="Name one of them.")
    return own[0]


def try_schedule(space: Workspace, newsletter: str, rule: Rule) -> tuple[list[Fire], Slot]:
    """Return when a rule would fire in two weeks, and its first slot; raises what `add` raises."""
    one = Schedule(
        name=newsletter, newsletter=space.newsletter(newsletter).name, rule=rule, through=space.now
    )
    first = _checked(space, one)
    return fires(space, one, space.now, space.now + timedelta(days=14), {}), first


def _checked(space: Workspace, one: Schedule) -> Slot:
    """Return its first slot; raises UsageError for a rule that makes no sense, or has none."""
    if fault := rule_fault(one.rule):
        raise UsageError(f"--{_OPTIONS.get(fault[0], fault[0])} {fault[1]}")
    if endless := next((text for text in one.rule.excluded if text.endswith("..")), ""):
        raise UsageError(f"--except {endless!r} has no end")
    try:
        spans = space.timetable.spans(one.rule)
    except ValueError as error:
        raise UsageError(f"--except: {error}") from None
    coming = schedule.upcoming(one.rule, space.now, 1, spans)
    if not coming:
        raise UsageError(
            f"“{one.rule.words}” ({one.rule.place}) has no slot to come",
            why="It has passed, or every day of it is excluded.",
        )
    return coming[0]
