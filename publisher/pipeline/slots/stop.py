"""hold · release · cancel: of an edition on its way, or of a slot still to come."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec.structs import replace

from publisher.errors import Held, UsageError
from publisher.ledger import SendRecord, SlotRecord, open_of
from publisher.model import WAITING, Cause, EditionId, Slot, edition_named
from publisher.pipeline import sent_marks
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.slots.occasions import Occasion
from publisher.pipeline.slots.settle import OPEN, let_go, settle
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace
from publisher.schedule import Due


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What a name means to `hold` and `cancel`: an edition on its way, which `waiting` readers
    wait for, or a slot that sends nothing yet: one that is held, or one that nobody has settled.
    """

    edition: str
    send: SendRecord | None = None
    waiting: int = 0
    slot: SlotRecord | None = None
    is_held: bool = False


def meant(space: Workspace, name: str) -> Meant:
    """Return what a name means to `hold` and `cancel`; raise what they would, and ask nobody.

    A newsletter's name means its newest edition that readers wait for, before any that is out. An
    edition still to come is meant by its id alone; one that was built and not sent by its
    newsletter's name as well, if none is on its way.
    """
    if known := held_named(space, name):
        return Meant(edition=known.edition, slot=known, is_held=True)
    if _comes(space, name):
        return Meant(edition=name, slot=_ahead(space, name))
    sends = {one.edition: one for one in space.ledger.sends.all()}
    waits = [one for one in sends if name in one and open_of(space.ledger.sends.counts(one))]
    newest = sends.get(edition_named(name, waits) or edition_named(name, sends) or "")
    counts = space.ledger.sends.counts(newest.edition) if newest else {}
    if not open_of(counts) and (built := _built(space, name, sends)):
        return Meant(edition=built.edition, slot=built)
    record = newest or queued(space, name)
    waiting = sum(counts.get(state, 0) for state in WAITING)
    if record.state == "cancelled":
        raise UsageError(f"{record.edition} is cancelled already", todo=_following(space, record))
    if not open_of(counts):
        raise UsageError(
            f"nobody waits for {record.edition} any more", todo=_following(space, record)
        )
    return Meant(edition=record.edition, send=record, waiting=waiting)


def hold(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Start nothing more of an edition, sent or still to come, until it is released."""
    found = meant(space, name)
    if found.slot is None:
        if not found.waiting:  # the last of it is on the wire
            raise UsageError(f"nobody waits for {found.edition} any more")
        return hold_send(space, found.edition, reason)
    if found.is_held:
        raise UsageError(
            f"{found.edition} is held already: {found.slot.why}",
            todo=f"Let it go: publisher release {found.edition}",
        )
    return _settled(space, replace(found.slot, state="held", reason=reason))


def cancel(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Send no more of an edition for good; of one still to come or held, nothing at all.

    The stories of one that nobody got are free for the next one.
    """
    found = meant(space, name)
    if found.slot is None:
        return cancel_send(space, found.edition, reason)
    gone = replace(
        found.slot, state="cancelled", cause=Cause.BY_HAND, reason=reason, recorded=space.now
    )
    with alone(space) as turn:
        if found.is_held:
            space.ledger.slots.resettle(gone)
        else:
            _settled(space, gone)
        let_go(turn, space, gone)
    return gone


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
            todo=f"Look into {space.outbox.mark_place(known.edition)}; if nobody has it, remove "
            "that.",
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


def _ahead(space: Workspace, name: str) -> SlotRecord:
    """What would be said of a slot before it comes; UsageError where that was said already."""
    found = space.timetable.slot_of(name)
    assert found  # it comes
    if known := space.ledger.slots.get(name):
        raise UsageError(f"{name} is {known.state} already")
    slot, schedules = found
    return _said(space, name, slot, ", ".join(one.name for one in schedules))


def _built(space: Workspace, name: str, sends: Collection[str]) -> SlotRecord | None:
    """What would be said of an edition that was built and not sent, where a name means one.

    One whose time is still to come is meant by its id alone.
    """
    built = {
        one.id: one
        for one in space.ledger.editions.all(state="built")
        if one.instant <= space.now or one.id == name
    }
    found = edition_named(name, {*built, *sends})
    if found is None or found in sends:
        return None
    known = space.ledger.slots.get(found)
    if known and known.state not in ("skipped", "missed"):
        raise UsageError(f"{found} is {known.state} already")
    record = built[found]
    slot = space.timetable.recorded(found, record.slot, record.instant)
    return _said(space, found, slot, known.schedule if known else "")


def _said(space: Workspace, edition: str, slot: Slot, schedules: str) -> SlotRecord:
    """A slot as a person settles it."""
    return SlotRecord(
        edition=edition,
        newsletter=EditionId(edition).newsletter,
        slot=slot.local.isoformat(timespec="minutes"),
        instant=slot.instant,
        state="held",
        cause=Cause.BY_HAND,
        schedule=schedules,
        recorded=space.now,
    )


def _settled(space: Workspace, record: SlotRecord) -> SlotRecord:
    """Settle a slot, or what was skipped or missed of it; UsageError where somebody was first."""
    if not space.ledger.slots.say(record, over=("skipped", "missed")):
        known = space.ledger.slots.get(record.edition)
        assert known
        raise UsageError(f"{record.edition} is {known.state} already")
    return record


def _following(space: Workspace, record: SendRecord) -> str:
    """What to type about the newsletter's next edition."""
    slots = space.timetable.upcoming(record.newsletter, space.now, 5)
    ids = (EditionId.of(record.newsletter, slot) for slot in slots)
    coming = next((one for one in ids if space.ledger.sends.get(one) is None), None)
    return f"The next one is {coming}: name it by its id." if coming else ""


def hold_send(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition until it is released; UsageError if it is out."""
    record = queued(space, name)
    if not space.ledger.sends.hold(record.edition, reason):
        raise UsageError(f"{record.edition} is {record.state} already")
    return queued(space, record.edition)


def release_send(space: Workspace, name: str) -> SendRecord:
    """Go on with a held edition; it has its full time again."""
    record = queued(space, name)
    start = max(record.start, space.now)
    expires = max(record.expires, start + space.publication.delivery.expires)
    if record.state == "held":
        sent_marks.accept_age(space, record.edition, record.reason)
    if not space.ledger.sends.release(record.edition, start, expires, space.now):
        standing = record.standing(space.ledger.sends.counts(record.edition))
        raise UsageError(f"{record.edition} is not held, it is {standing}")
    return queued(space, record.edition)


def cancel_send(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition for good."""
    record = queued(space, name)
    if not space.ledger.sends.cancel(record.edition, space.now, reason):
        raise UsageError(f"nobody waits for {record.edition} any more")
    return queued(space, record.edition)
