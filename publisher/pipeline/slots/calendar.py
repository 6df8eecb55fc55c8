"""schedule list · explain · log: what is coming, and what became of what has come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from publisher import schedule
from publisher.ledger import SendRecord, SlotRecord
from publisher.model import Cause, EditionId, Schedule, Slot, away, cause_in_words
from publisher.pipeline import approvals
from publisher.pipeline.workspace import Workspace

MOST = 2000
"""Coming sends of one schedule that a calendar shows."""


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One coming send: `source` is its schedule, or "in the queue"; `note` what is special.

    `state` is "held", "cancelled" or "paused" where it does not go out as things stand.
    """

    edition: str
    newsletter: str
    local: datetime
    zone: str
    instant: datetime
    source: str
    note: str = ""
    state: str = ""


class Fire(msgspec.Struct, frozen=True, kw_only=True):
    """One time of a schedule: when it fires (None: it does not), and what is odd about it."""

    schedule: str
    local: datetime
    zone: str
    instant: datetime | None
    notes: tuple[str, ...] = ()


def coming(space: Workspace, days: int) -> list[Coming]:
    """Return all coming sends of so many days: of schedules, and put into the queue by hand.

    Of each schedule at most `MOST`. Those of schedules whose calendar cannot be read are left out
    (`Timetable.unread`).
    """
    until = space.now + timedelta(days=days)
    settled = said_ahead(space)
    sends = {one.edition: one for one in space.ledger.sends.all() if one.start > space.now}
    found: dict[str, Coming] = {}
    for one in space.timetable.read():
        slots = islice(space.timetable.slots(one, space.now), MOST)
        for slot in takewhile(lambda slot: slot.instant <= until, slots):
            if slot.instant <= space.now:  # begun where the day comes round first
                continue
            edition = EditionId.of(one.newsletter, slot)
            state = note = "paused" if one.paused else ""
            if edition in settled:
                state = settled[edition].state
                note = f"{state}: {settled[edition].why}"
            elif not one.paused:
                note = _draft_note(space, edition)
            entry = _entry(edition, one, slot, note, state)
            if edition not in found or (bool(note), slot.instant) < (
                bool(found[edition].note),
                found[edition].instant,
            ):
                found[edition] = entry
    for name, send in sends.items():
        zone = ZoneInfo(space.publication.zone)
        if send.start <= until:
            found[name] = Coming(
                edition=name,
                newsletter=send.newsletter,
                instant=send.start,
                local=send.start.astimezone(zone).replace(tzinfo=None),
                zone=zone.key,
                source="in the queue",
                note=f"{send.readers:,} readers, {send.state}"
                + (f": {send.reason}" if send.reason else ""),
                state=send.state if send.state in STOPPED else "",
            )
    return sorted(found.values(), key=lambda one: (one.instant, one.edition))


STOPPED = ("held", "cancelled", "paused")
"""What a coming send is that does not go out as things stand."""


def said_ahead(space: Workspace) -> dict[str, SlotRecord]:
    """Return, by edition, what is said of slots still to come, and of their editions since."""
    sends = {one.edition: one for one in space.ledger.sends.all()}
    slots = space.ledger.slots.all(space.now)
    return {one.edition: _since_then(one, sends.get(one.edition)) for one in slots}


def _entry(edition: str, one: Schedule, slot: Slot, note: str, state: str) -> Coming:
    return Coming(
        edition=edition,
        newsletter=one.newsletter,
        local=slot.local,
        zone=one.rule.place,
        instant=slot.instant,
        source=one.name,
        note=note,
        state=state if state in STOPPED else "",
    )


def _draft_note(space: Workspace, edition: str) -> str:
    if space.newsletter(EditionId(edition).newsletter).mode != "draft":
        return ""
    seals = {one.id: one.seal for one in space.ledger.editions.all() if one.state == "built"}
    if edition not in seals:
        return "draft to come"
    approval = space.ledger.approvals.get(edition)
    missing = approvals.missing(space, edition, seals[edition])
    if missing:
        return cause_in_words(missing)
    return f"approved by {approval.by}" if approval else ""


def explain(space: Workspace, name: str, after: datetime, until: datetime) -> list[Fire]:
    """Return every time of the schedules that a name means, after one instant, until another.

    Excluded ones as well; with what the clock does there, and which other newsletters go out at
    the same instant.
    """
    schedules = space.timetable.named(name)
    own = {one.newsletter for one in schedules}
    others: dict[datetime, set[str]] = {}
    for one in space.timetable.read():
        if one.newsletter not in own:
            for slot in space.timetable.between(one, after, until):
                others.setdefault(slot.instant, set()).add(one.newsletter)
    found = [fire for one in schedules for fire in fires(space, one, after, until, others)]
    return sorted(found, key=lambda fire: (fire.local, fire.schedule))


def fires(
    space: Workspace,
    one: Schedule,
    after: datetime,
    until: datetime,
    others: dict[datetime, set[str]],
) -> list[Fire]:
    """Return the times of one schedule, with what is odd about each."""
    fires = {slot.local: slot for slot in space.timetable.between(one, after, until)}
    spans = space.timetable.spans(one.rule)
    everything = schedule.between(one.rule, after, until, (), space.timetable.zones(one))
    locals_ = sorted({*fires, *(slot.local for slot in everything)})
    found = []
    for local in locals_:
        slot = fires.get(local)
        span = away(local, spans)
        if slot is None and span is None:
            continue
        notes = [f"excluded: {span.name}" if span.name else "excluded"] if span else []
        notes += filter(None, [schedule.oddity(local, one.rule.zone)])
        notes += _turns(space, one, local)
        notes += _twins(space, one, slot) if slot else []
        notes += ["paused"] if one.paused else []
        notes += [f"with {other}" for other in sorted(others.get(slot.instant, ()))] if slot else []
        found.append(
            Fire(
                schedule=one.name,
                local=local,
                zone=one.rule.place,
                instant=slot.instant if slot else None,
                notes=tuple(notes),
            )
        )
    return found


def _twins(space: Workspace, one: Schedule, slot: Slot) -> list[str]:
    """Other schedules of the newsletter that have the same local time: one edition, the first."""
    day = timedelta(days=1)
    found = []
    for other in space.timetable.of(one.newsletter):
        if other.name == one.name or other not in space.timetable.read():
            continue
        around = slot.instant - day, slot.instant + day
        for twin in space.timetable.between(other, *around):
            if twin.local == slot.local and twin.instant < slot.instant:
                found.append(f"is out already by {other.name}, {twin.instant:%m-%d %H:%M} UTC")
            elif twin.local == slot.local:
                found.append(f"the same edition as {other.name}")
    return found


def _turns(space: Workspace, one: Schedule, local: datetime) -> list[str]:
    """Where a time for each reader's zone comes round first, and where last."""
    if not one.rule.per_reader:
        return []
    zones = [one.rule.zone, *space.timetable.zones(one)]
    turns = sorted((at, zone) for zone, at in schedule.turns(local, zones).items())
    return [f"{zone} {at:%m-%d %H:%M} UTC" for at, zone in dict.fromkeys((turns[0], turns[-1]))]


def slot_log(space: Workspace, since: datetime, newsletter: str = "") -> list[SlotRecord]:
    """Return what became of each slot since then, with what became of its edition after."""
    if newsletter:
        newsletter = space.newsletter(newsletter).name
    sends = {one.edition: one for one in space.ledger.sends.all()}
    records = space.ledger.slots.all(since, newsletter=newsletter)
    return [_since_then(one, sends.get(one.edition)) for one in records]


def _since_then(slot: SlotRecord, send: SendRecord | None) -> SlotRecord:
    if send is None or send.state == "sending":
        return slot
    why = (Cause.UNKNOWN, send.reason) if send.reason else (slot.cause, slot.reason)
    return replace(slot, state=send.state, cause=why[0], reason=why[1])


def calendar_file(space: Workspace, entries: Collection[Coming]) -> bytes:
    """Return coming sends as a calendar (RFC 5545)."""
    titles = {one.name: one.title for one in space.publication.newsletters}
    appointments = (
        schedule.Appointment(
            key=f"{one.edition}@{space.publication.base_url}",
            instant=one.instant,
            title=titles.get(one.newsletter, one.newsletter),
            about=" · ".join(filter(None, (one.edition, one.source, one.note))),
            standing="cancelled" if one.state == "cancelled" else "open" if one.state else "",
        )
        for one in entries
    )
    return schedule.ics_of(space.publication.title, appointments, space.now)
