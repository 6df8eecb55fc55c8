"""hold · release · cancel: of an edition on its way, or of a slot still to come."""

from __future__ import annotations

from dataclasses import replace

from publisher.errors import Held, UnknownName, UsageError
from publisher.ledger import SendRecord, SlotRecord
from publisher.model import WAITING, Cause, EditionId, SlotState, edition_named
from publisher.pipeline import sent_marks
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.slots.occasions import Occasion
from publisher.pipeline.slots.settle import OPEN, let_go, settle
from publisher.pipeline.workspace import Workspace
from publisher.schedule import Due


def hold(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Start nothing more of an edition, sent or still to come, until it is released."""
    if _comes(space, name):
        return _ahead(space, name, "held", reason)
    return hold_send(space, name, reason)


def cancel(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Send no more of an edition for good; of one still to come or held, nothing at all."""
    known = held_named(space, name)
    if known is None and not _comes(space, name):
        return cancel_send(space, name, reason)
    with space.alone() as turn:
        if known:
            found = replace(
                known,
                state="cancelled",
                cause=Cause.BY_HAND,
                reason=reason,
                recorded=space.now,
            )
            space.ledger.slots.resettle(found)
        else:
            found = _ahead(space, name, "cancelled", reason)
        let_go(turn, space, found)  # its stories are free for the next one
    return found


def release(space: Workspace, name: str) -> SendRecord | SlotRecord:
    """Go on with a held edition, or let one go whose slot was held."""
    if known := held_named(space, name):
        return released(space, known)
    settled = space.ledger.slots.get(name)
    if settled and not space.ledger.sends.get(name):
        raise UsageError(f"{name} is not held, it is {settled.state}: {settled.why}")
    if _comes(space, name):
        raise UsageError(f"{name} is not held: it goes out at its time")
    return release_send(space, name)


def released(space: Workspace, known: SlotRecord) -> SlotRecord:
    """Let the edition of a held slot go: now, or when its slot comes.

    Raises Held where it still lacks something.
    """
    newsletter = space.newsletter(known.newsletter)
    if known.instant > space.now and known.cause is Cause.RESTORED:
        raise Held(
            f"{known.edition} was sent, as the outbox says, and its slot is still to come",
            todo=f"Look into {sent_marks.of(space, known.edition)}; if nobody has it, remove that.",
        )
    if known.instant > space.now and space.timetable.slot_of(known.edition):
        names = [one.name for one in space.timetable.of(known.newsletter)]
        space.ledger.slots.unsettle(known, names, space.now)
        return replace(known, state="sent", cause=Cause.COMING, reason="")
    slot = space.timetable.recorded(known.edition, known.slot, known.instant)
    due = Due(slot=slot, timing="on time", cause=Cause.RELEASED, reason=known.why)
    schedules = tuple(filter(None, known.schedule.split(", ")))
    occasion = Occasion(newsletter=newsletter, due=due, schedules=schedules)
    record = settle(space, occasion, over=OPEN)
    if record is None or record.state == "held":
        raise Held(
            f"{known.edition} is still held: {record.why if record else known.why}",
            todo=_todo(known.edition, record),
        )
    return record


def _todo(edition: str, record: SlotRecord | None) -> str:
    if record and record.cause.wants_approval:
        return f"Look at it, then: publisher approve {edition}"
    return f"Mend it, then: publisher release {edition}; or: publisher cancel {edition}"


def held_named(space: Workspace, name: str) -> SlotRecord | None:
    """Return the held slot that a name means; one whose edition is on its way is none."""
    held = {
        one.edition: one
        for one in space.ledger.slots.all(state="held")
        if not space.ledger.sends.get(one.edition)
    }
    found = edition_named(name, held)
    newer = edition_named(name, [one.edition for one in space.ledger.sends.all()])
    if found and newer and newer > found and name != found:
        return None  # a newsletter's name means its newest edition
    return held[found] if found else None


def _comes(space: Workspace, name: str) -> bool:
    found = space.timetable.slot_of(name)
    is_sent = space.ledger.sends.get(name) is not None
    return found is not None and found[0].instant > space.now and not is_sent


def _ahead(space: Workspace, name: str, state: SlotState, reason: str) -> SlotRecord:
    """Settle a slot before it comes."""
    found = space.timetable.slot_of(name)
    if found is None or found[0].instant <= space.now:
        known = [
            EditionId.of(one.newsletter, slot)
            for one in space.timetable.all()
            for slot in space.timetable.upcoming(one.newsletter, space.now, 3)
        ]
        raise UnknownName(
            "edition", name, known, todo="List what is coming: publisher schedule list"
        )
    slot, schedules = found
    record = SlotRecord(
        edition=name,
        newsletter=EditionId(name).newsletter,
        slot=slot.local.isoformat(timespec="minutes"),
        instant=slot.instant,
        state=state,
        cause=Cause.BY_HAND,
        reason=reason,
        schedule=", ".join(one.name for one in schedules),
        recorded=space.now,
    )
    if not space.ledger.slots.settle([record]):
        known_slot = space.ledger.slots.get(name)
        assert known_slot
        raise UsageError(f"{name} is {known_slot.state} already")
    return record


def hold_send(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition until it is released; UsageError if it is out."""
    record = queued(space, name)
    if not any(space.ledger.sends.counts(record.edition).get(state) for state in WAITING):
        raise UsageError(f"nobody waits for {record.edition} any more")
    if not space.ledger.sends.hold(record.edition, reason):
        raise UsageError(f"{record.edition} is {record.state} already")
    return queued(space, record.edition)


def release_send(space: Workspace, name: str) -> SendRecord:
    """Go on with a held edition; it has its full time again."""
    record = queued(space, name)
    start = max(record.start, space.now)
    expires = max(record.expires, start + space.publication.delivery.expires)
    if not space.ledger.sends.release(record.edition, start, expires):
        standing = record.standing(space.ledger.sends.counts(record.edition))
        raise UsageError(f"{record.edition} is not held, it is {standing}")
    return queued(space, record.edition)


def cancel_send(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition for good."""
    record = queued(space, name)
    if not space.ledger.sends.cancel(record.edition, space.now, reason):
        raise UsageError(f"nobody waits for {record.edition} any more")
    return queued(space, record.edition)
