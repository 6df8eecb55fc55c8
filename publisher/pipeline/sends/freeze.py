"""send: the audience of an edition frozen, a delivery for each reader in the queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from publisher import schedule
from publisher.errors import Held, UsageError
from publisher.ledger import SendRecord, SlotRecord
from publisher.model import (
    Cause,
    EditionId,
    Newsletter,
    SubjectPlan,
    cause_in_words,
)
from publisher.outbox import Bundle
from publisher.pipeline import approvals, sent_marks
from publisher.pipeline.freshness import check_fresh
from publisher.pipeline.readers.segments import segment_of
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sender import check_sender
from publisher.pipeline.sends.pace import check_pace
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.sends.required import check_mail, check_readers
from publisher.pipeline.sends.subject_tests import check_test, counts_clicks
from publisher.pipeline.turns import Turn, alone
from publisher.pipeline.workspace import Workspace


def audience(space: Workspace, edition: str) -> int:
    """Return how many readers an edition goes to: frozen ones, or those it would go to now."""
    if known := space.ledger.sends.get(edition):
        return known.readers
    return readers_of(space, space.newsletter(EditionId(edition).newsletter))


def readers_of(space: Workspace, newsletter: Newsletter) -> int:
    """Return how many readers a newsletter would go to now."""
    return space.ledger.readers.count(newsletter.name, segment_of(space, newsletter))


def send(
    space: Workspace,
    name: str,
    start: datetime | None = None,
    undo: timedelta = timedelta(),
    *,
    as_built: bool = False,
    test: SubjectPlan | None = None,
) -> SendRecord:
    """Freeze an edition's audience and put a delivery for each reader into the queue.

    The first message leaves `undo` after its start. An edition that was sent already stays as it
    is; one whose stories have changed since it was built goes out `as_built` alone. With a `test`
    of two subjects, some readers come first, and the rest when it is decided. Raises Held
    where the publication lacks what bulk mail must have, where nobody is there to read it, where a
    story was withdrawn, or where its newsletter wants an approval that it has not.
    """
    check_sender(space.publication)
    with alone(space) as turn:
        sent_marks.remember(turn, space)
        bundle = sealed(space, name)
        if test:
            check_test(space, bundle.id, test, audience(space, bundle.id))
        if known := space.ledger.sends.get(bundle.id):
            _check_open(known, undo)
            return _moved(space, known, start) if start else known
        check_send(space, bundle, start, as_built=as_built)
        slot = slot_by_hand(space, bundle.id)
        over = ("held", "skipped", "missed")
        begins = start_of(space, start) + undo
        found = frozen(turn, space, bundle, slot, start=begins, over=over, test=test)
        if found is None:
            raise UsageError(f"{bundle.id} was cancelled, for good")
        return found


def check_send(
    space: Workspace, bundle: Bundle, start: datetime | None = None, *, as_built: bool = False
) -> None:
    """Raise what `send` has to say of an edition that is not on its way: before anybody is asked.

    An edition whose audience is frozen has passed all this; what is said of it then is whether it
    is held or cancelled.
    """
    if known := space.ledger.sends.get(bundle.id):
        _check_open(known, timedelta())
        return
    check_way(space, space.newsletter(EditionId(bundle.id).newsletter), start)
    check_slot(space, bundle.id)
    check_mark(space, bundle.id)
    check_approved(space, bundle)
    check_fresh(space, bundle, start_of(space, start), as_built=as_built)


def check_way(
    space: Workspace,
    newsletter: Newsletter,
    start: datetime | None = None,
    *,
    breaking: bool = False,
) -> None:
    """Raise Held where nothing of a newsletter can be sent by hand, whatever the edition."""
    check_sender(space.publication)
    readers = readers_of(space, newsletter)
    check_readers(newsletter, readers)
    begins = start_of(space, start)
    expires = begins + space.publication.delivery.expires
    check_pace(space, newsletter, readers, _lane(newsletter, breaking), begins, expires)


def check_slot(space: Workspace, edition: str) -> None:
    """Raise for an edition that a person has cancelled or holds, before it is on its way."""
    slot = space.ledger.slots.get(edition)
    if slot is None or slot.cause is not Cause.BY_HAND:
        return
    if slot.state == "cancelled":
        raise UsageError(f"{edition} was cancelled, for good")
    if slot.state == "held":
        raise Held(f"{edition} is held: {slot.why}", todo=f"Let it go: publisher release {edition}")


def check_mark(space: Workspace, edition: str) -> None:
    """Raise Held for an edition that went out, as the outbox says, and that the ledger forgot."""
    if space.outbox.is_marked(edition):
        raise Held(
            f"the outbox says that {edition} was sent, and the ledger does not know it",
            why="A ledger that was restored from a backup has forgotten what came after.",
            todo="Should nobody have it, send it again after removing "
            f"{space.outbox.mark_place(edition)}",
        )


def check_approved(space: Workspace, bundle: Bundle) -> None:
    """Raise Held for an edition that wants an approval which it has not."""
    if lacking := approvals.missing(space, bundle.id, bundle.seal):
        raise Held(
            f"{bundle.id} {cause_in_words(lacking)}",
            why='Its newsletter has mode = "draft".',
            todo=f"Look at it: publisher preview {bundle.id}; then: publisher approve {bundle.id}",
        )


def _check_open(known: SendRecord, undo: timedelta) -> None:
    """Raise what `send` has to say of an edition that was sent already and does not go out."""
    if known.state == "cancelled":
        raise UsageError(f"{known.edition} was cancelled, for good")
    if known.state == "held":
        raise Held(
            f"{known.edition} is held{f': {known.reason}' if known.reason else ''}",
            todo=f"Let it go: publisher release {known.edition}",
        )
    if undo:
        raise UsageError(
            f"{known.edition} is in the queue already: --undo is too late",
            todo=f"Move its start: publisher send {known.edition} --start TIME",
        )


def slot_by_hand(space: Workspace, edition: str) -> SlotRecord:
    """What the ledger says of the slot of an edition that a person sends."""
    record = space.ledger.editions.get(edition)
    assert record  # it is sealed
    return SlotRecord(
        edition=edition,
        newsletter=record.newsletter,
        slot=record.slot,
        instant=record.instant,
        state="sent",
        cause=Cause.BY_HAND,
        recorded=space.now,
    )


def frozen(
    turn: Turn,
    space: Workspace,
    bundle: Bundle,
    slot: SlotRecord,
    *,
    start: datetime,
    advanced: Mapping[str, datetime] | None = None,
    over: Collection[str] = (),
    breaking: bool = False,
    test: SubjectPlan | None = None,
) -> SendRecord | None:
    """Settle a slot as sent and freeze its audience, in one transaction.

    None where it was settled otherwise. Raises Held for what bulk mail must have and this has not.
    """
    turn.check(space)
    check_mail(space, bundle)
    newsletter = space.newsletter(EditionId(bundle.id).newsletter)
    turns = _turns(space, newsletter, slot)
    record = _send_of(space, bundle, newsletter, _lane(newsletter, breaking), start, turns)
    if test:
        test = replace(test, counted=counts_clicks(bundle))
        record = replace(record, expires=record.expires + test.wait)
    found = space.ledger.sends.freeze(
        record,
        segment_of(space, newsletter),
        slot,
        advanced=advanced,
        over=over,
        turns=turns,
        without=bundle.without,
        variants=bundle.variants,
        test=test,
    )
    if found:
        sent_marks.leave(space, found)
    return found


def _send_of(
    space: Workspace,
    bundle: Bundle,
    newsletter: Newsletter,
    lane: int,
    start: datetime,
    turns: Mapping[str, datetime],
) -> SendRecord:
    """The send that an edition begins with; raise Held where it would not reach its readers."""
    readers = audience(space, bundle.id)
    check_readers(newsletter, readers)
    expires = max([start, *turns.values()]) + space.publication.delivery.expires
    check_pace(space, newsletter, readers, lane, start, expires)
    return SendRecord(
        edition=bundle.id,
        newsletter=newsletter.name,
        state="sending",
        seal=bundle.seal,
        lane=lane,
        readers=0,
        frozen=space.now,
        start=start,
        expires=expires,
    )


def _turns(space: Workspace, newsletter: Newsletter, slot: SlotRecord) -> dict[str, datetime]:
    """When a message is due in each reader's zone, where one of the slot's schedules says so."""
    names = slot.schedule.split(", ")
    rules = [one.rule for one in space.timetable.of(newsletter.name) if one.name in names]
    rule = next((rule for rule in rules if rule.per_reader), None)
    if rule is None:
        return {}
    local = datetime.fromisoformat(slot.slot)
    zones = [rule.zone, *space.timetable.readers_zones(newsletter.name)]
    turns = schedule.turns(local, zones)
    found = {zone: when + newsletter.undo for zone, when in turns.items()}
    return {**found, "": found[rule.zone]}


def start_of(space: Workspace, start: datetime | None) -> datetime:
    """Return when a send begins: now by default; UsageError for what has passed."""
    if start and start < space.now - timedelta(minutes=1):
        raise UsageError(
            f"{start:%Y-%m-%d %H:%M} UTC has passed", todo="To start it at once: --start now"
        )
    return max(start or space.now, space.now)


def _moved(space: Workspace, known: SendRecord, start: datetime) -> SendRecord:
    """Start an edition that waits at another time; UsageError for one that cannot be moved."""
    begins = start_of(space, start)
    expires = begins + space.publication.delivery.expires
    if test := space.ledger.subject_tests.get(known.edition):
        expires += test.plan.wait
    if not space.ledger.sends.move(known.edition, begins, expires, space.now):
        standing = known.standing(space.ledger.sends.counts(known.edition))
        raise UsageError(f"{known.edition} cannot be moved: it is {standing}")
    return queued(space, known.edition)


def _lane(newsletter: Newsletter, breaking: bool) -> int:
    """The lane of a send: breaking news go before all else."""
    return 0 if breaking or newsletter.template == "breaking" else 1
