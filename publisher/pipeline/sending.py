"""send · hold · release · cancel · test · outbox export: what an editor decides."""

from __future__ import annotations

import mailbox
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

from publisher import schedule
from publisher.audience import address
from publisher.delivery import Letter, Transport, judge
from publisher.errors import DeliveryError, Held, OutboxError, UnknownName, UsageError
from publisher.ledger import SendRecord, SlotRecord
from publisher.model import (
    WAITING,
    Envelope,
    Newsletter,
    Publication,
    Recipient,
    Segment,
    Subscriber,
    edition_named,
)
from publisher.outbox import Bundle, put
from publisher.pipeline import approvals, witness
from publisher.pipeline.letters import Addressing, check_sender, letter, links_of, return_path
from publisher.pipeline.readers import segment_named, subscriber
from publisher.pipeline.workspace import Workspace


def sealed(space: Workspace, name: str) -> Bundle:
    """Return the bundle that `name` means, as it was sealed.

    Raises UnknownName, OutboxError for one that was changed since, Held for one that the ledger
    does not know.
    """
    edition = space.outbox.find(name)
    if faults := space.outbox.faults(edition):
        raise OutboxError(
            f"{edition} is damaged: {faults[0]}",
            why="What was not sealed is not sent.",
            todo=_rebuild(space, edition),
        )
    bundle = space.outbox.read(edition)
    record = space.ledger.edition(edition)
    if record is None or record.seal != bundle.seal:
        raise Held(
            f"{edition} is not the edition that was built",
            why="Its seal is not the one in the ledger.",
            todo=_rebuild(space, edition),
        )
    return bundle


def _rebuild(space: Workspace, edition: str) -> str:
    record = space.ledger.edition(edition)
    at = f" --at {record.instant:%Y-%m-%dT%H:%MZ}" if record else ""
    return f"Build it again: publisher build {edition.partition('@')[0]}{at}"


def audience(space: Workspace, edition: str) -> int:
    """Return how many readers an edition goes to: frozen ones, or those it would go to now."""
    if known := space.ledger.sends.send(edition):
        return known.readers
    return readers_of(space, space.newsletter(edition.partition("@")[0]))


def readers_of(space: Workspace, newsletter: Newsletter) -> int:
    """Return how many readers a newsletter would go to now."""
    return space.ledger.readers.count(newsletter.name, segment_of(space, newsletter))


def segment_of(space: Workspace, newsletter: Newsletter) -> Segment | None:
    """Return the segment that a newsletter goes to, None for all its subscribers."""
    return segment_named(space, newsletter.segment) if newsletter.segment else None


def send(
    space: Workspace, name: str, start: datetime | None = None, undo: timedelta = timedelta()
) -> SendRecord:
    """Freeze an edition's audience and put a delivery for each reader into the queue.

    The first message leaves `undo` after its start. An edition that was sent already stays as it
    is. Raises Held where the publication lacks what bulk mail must have, where nobody is there to
    read it, or where its newsletter wants an approval that it has not.
    """
    check_sender(space.publication)
    with space.alone():
        witness.remember(space)
        bundle = sealed(space, name)
        if known := space.ledger.sends.send(bundle.id):
            _check_open(known, undo)
            return _moved(space, known, start) if start else known
        if witness.of(space, bundle.id).exists():
            raise Held(
                f"the outbox says that {bundle.id} was sent, and the ledger does not know it",
                why="A ledger that was restored from a backup has forgotten what came after.",
                todo="Should nobody have it, send it again after removing "
                f"{witness.of(space, bundle.id)}",
            )
        if fault := approvals.missing(space, bundle.id, bundle.seal):
            raise Held(
                f"{bundle.id} {fault}",
                why='Its newsletter has mode = "draft".',
                todo=f"Look at it, then: publisher approve {bundle.id}",
            )
        slot = slot_by_hand(space, bundle.id)
        over = ("held", "skipped", "missed")
        found = frozen(space, bundle, slot, start=_start(space, start) + undo, over=over)
        if found is None:
            raise UsageError(f"{bundle.id} was cancelled")
        return found


def _check_open(known: SendRecord, undo: timedelta) -> None:
    """Raise what `send` has to say of an edition that was sent already and does not go out."""
    if known.state == "cancelled":
        raise UsageError(f"{known.edition} was cancelled, for good")
    if known.state == "held":
        raise Held(f"{known.edition} is held", todo=f"publisher release {known.edition}")
    if undo:
        raise UsageError(
            f"{known.edition} is in the queue already: --undo is too late",
            todo=f"Move its start: publisher send {known.edition} --start TIME",
        )


def slot_by_hand(space: Workspace, edition: str) -> SlotRecord:
    """What the ledger says of the slot of an edition that a person sends."""
    record = space.ledger.edition(edition)
    assert record  # it is sealed
    return SlotRecord(
        edition=edition,
        newsletter=record.newsletter,
        slot=record.slot,
        instant=record.instant,
        state="sent",
        reason="by hand",
        recorded=space.now,
    )


def frozen(
    space: Workspace,
    bundle: Bundle,
    slot: SlotRecord,
    *,
    start: datetime,
    advanced: Mapping[str, datetime] | None = None,
    over: Collection[str] = (),
    breaking: bool = False,
) -> SendRecord | None:
    """Settle a slot as sent and freeze its audience, in one transaction.

    None where it was settled otherwise. Raises Held for what bulk mail must have and this has not.
    Only the holder of the publication's lock may.
    """
    check_sender(space.publication)
    _check_address(space.publication, bundle)
    sample = _tester(space, bundle.id, space.publication.sender, False, None)
    letter(space, bundle, space.now).message(sample)  # what cannot be made is refused now
    newsletter = space.newsletter(bundle.id.partition("@")[0])
    readers = audience(space, bundle.id)
    _check_pace(space.publication, readers)
    if not readers:
        raise Held(
            f"nobody subscribes to {newsletter.name}",
            why="There is nobody to send it to.",
            todo="Add readers: publisher subscribers add ADDRESS",
        )
    turns = _turns(space, newsletter, slot)
    record = SendRecord(
        edition=bundle.id,
        newsletter=newsletter.name,
        state="sending",
        seal=bundle.seal,
        lane=0 if breaking or newsletter.template == "breaking" else 1,
        readers=0,
        frozen=space.now,
        start=start,
        expires=max([start, *turns.values()]) + space.publication.delivery.expires,
    )
    segment = segment_of(space, newsletter)
    found = space.ledger.sends.freeze(
        record,
        segment,
        slot,
        advanced=advanced,
        over=over,
        turns=turns,
        without=bundle.without,
        variants=bundle.variants,
    )
    if found:
        witness.leave(space, found)
    return found


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


def _start(space: Workspace, start: datetime | None) -> datetime:
    if start and start < space.now - timedelta(minutes=1):
        raise UsageError(
            f"{start:%Y-%m-%d %H:%M} UTC has passed", todo="To start it at once: --start now"
        )
    return max(start or space.now, space.now)


def _moved(space: Workspace, known: SendRecord, start: datetime) -> SendRecord:
    """Start an edition that waits at another time; UsageError for one that cannot be moved."""
    begins = _start(space, start)
    expires = begins + space.publication.delivery.expires
    if not space.ledger.sends.move(known.edition, begins, expires):
        standing = known.standing(space.ledger.sends.counts(known.edition))
        raise UsageError(f"{known.edition} cannot be moved: it is {standing}")
    return queued(space, known.edition)


def _check_pace(publication: Publication, readers: int) -> None:
    """Raise Held where the pace in publisher.toml cannot reach everyone before it expires."""
    delivery = publication.delivery
    days = -(-readers // delivery.per_day) - 1 if delivery.per_day else 0
    needed = timedelta(days=days)
    if delivery.per_second:
        needed = max(needed, timedelta(seconds=readers / delivery.per_second))
    if needed > delivery.expires:
        raise Held(
            f"at the pace in publisher.toml {readers:,} readers take {needed.days or 1} days",
            why="The edition would expire before, and the rest of them get nothing.",
            todo="Raise delivery.expires, per_day or per_second.",
        )


def held(space: Workspace) -> list[tuple[SendRecord, int]]:
    """Return the held editions that readers wait for, with how many."""
    sends = [record for record in space.ledger.sends.sends() if record.state == "held"]
    counts = [(record, space.ledger.sends.counts(record.edition)) for record in sends]
    found = [(record, sum(count.get(one, 0) for one in WAITING)) for record, count in counts]
    return [(record, waiting) for record, waiting in found if waiting]


def retry(space: Workspace, name: str) -> tuple[SendRecord, int]:
    """Put what failed of an edition into the queue again; return how many.

    Raises UsageError where nothing failed, or the edition is cancelled.
    """
    record = queued(space, name)
    expires = max(record.expires, space.now + space.publication.delivery.expires)
    count = space.ledger.sends.retry(record.edition, expires)
    if not count:
        raise UsageError(f"nothing of {record.edition} failed that can be tried again")
    return record, count


def _check_address(publication: Publication, bundle: Bundle) -> None:
    """A bundle may be older than the postal address; raise Held for one that does not show it."""
    rendition = bundle.rendition()
    for part in (rendition.html, rendition.text):
        shown = " ".join(unescape(part.filled()).split())
        wanted = filter(None, (publication.postal.street, publication.postal.city))
        if part.pieces and not all(" ".join(one.split()) in shown for one in wanted):
            raise Held(
                f"{bundle.id} does not show the postal address of publisher.toml",
                why="It was built before, or its template leaves it out.",
                todo=f"Build it again: publisher build {bundle.id.partition('@')[0]}",
            )


def queued(space: Workspace, name: str) -> SendRecord:
    """Return the send that `name` means; see `edition_named`. Raises UnknownName."""
    sends = {record.edition: record for record in space.ledger.sends.sends()}
    if found := edition_named(name, sends):
        return sends[found]
    alike = [edition for edition in sends if name in edition]
    todo = f"Send one: publisher send {name if name in space.outbox.ids() else 'EDITION'}"
    raise UnknownName("edition that was sent or comes", name, alike or sends, todo=todo)


def hold(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition until it is released; UsageError if it is out."""
    record = queued(space, name)
    if not any(space.ledger.sends.counts(record.edition).get(state) for state in WAITING):
        raise UsageError(f"nobody waits for {record.edition} any more")
    if not space.ledger.sends.hold(record.edition, reason):
        raise UsageError(f"{record.edition} is {record.state} already")
    return queued(space, record.edition)


def release(space: Workspace, name: str) -> SendRecord:
    """Go on with a held edition; it has its full time again."""
    record = queued(space, name)
    start = max(record.start, space.now)
    expires = max(record.expires, start + space.publication.delivery.expires)
    if not space.ledger.sends.release(record.edition, start, expires):
        standing = record.standing(space.ledger.sends.counts(record.edition))
        raise UsageError(f"{record.edition} is not held, it is {standing}")
    return queued(space, record.edition)


def cancel(space: Workspace, name: str, reason: str) -> SendRecord:
    """Start nothing more of an edition for good."""
    record = queued(space, name)
    if not space.ledger.sends.cancel(record.edition, space.now, reason):
        raise UsageError(f"nobody waits for {record.edition} any more")
    return queued(space, record.edition)


def test(
    space: Workspace, transport: Transport, name: str, to: str, reader: str | None
) -> tuple[str, str]:
    """Send an edition to one address, as a reader would get it; return (edition, reply).

    Nothing is recorded, and its links lead to nobody's subscription. Raises DeliveryError for an
    answer that is not "accepted".
    """
    check_sender(space.publication)
    bundle = sealed(space, name)
    like = subscriber(space, reader) if reader else None
    target = address(to)
    recipient = _tester(space, bundle.id, target.text, target.utf8, like)
    envelope = Envelope(
        sender=return_path(space.publication), recipient=target.text, utf8=target.utf8
    )
    session = transport.connect()
    try:
        made = letter(space, bundle, space.now, test=True).message(recipient)
        reply = session.send(envelope, made, None)
    finally:
        session.close()
    if judge(reply).state != "accepted":
        raise DeliveryError(f"the test to {target.text} was not accepted: {reply}")
    return bundle.id, str(reply)


def _tester(
    space: Workspace, edition: str, to: str, utf8: bool, like: Subscriber | None
) -> Recipient:
    """A recipient with a reader's values, but with links that change nothing."""
    links = links_of(space.publication)
    stamp = f"{space.now:%Y%m%dT%H%M%S%f}"
    values = {
        **(like.attributes if like else {}),
        "name": like.name if like else "",
        "address": to,
        "language": like.language if like else "",
        "unsubscribe_url": f"{links}/unsubscribe/test",
        "preferences_url": f"{links}/preferences/test",
    }
    stem = edition.lower().replace("@", "-")
    domain = address(space.publication.sender).domain
    return Recipient(
        reader=0,
        address=to,
        domain=to.rpartition("@")[2],
        utf8=utf8,
        name=like.name if like else "",
        message_id=f"test.{stem}.{stamp}@{domain}",
        values=values,
    )


def messages(space: Workspace, name: str) -> Iterator[tuple[Recipient, bytes]]:
    """Yield the message of every reader of an edition, by address: frozen ones, or today's."""
    check_sender(space.publication)
    bundle = sealed(space, name)
    newsletter = space.newsletter(bundle.id.partition("@")[0])
    known = space.ledger.sends.send(bundle.id)
    made: Letter = letter(space, bundle, known.start if known else space.now)
    variants = space.ledger.sends.variants(bundle.id)
    others = {
        number: letter(space, bundle, known.start, variant=number)
        for number in bundle.variants
        if known
    }
    addressing = Addressing(space, bundle.id)
    segment = segment_of(space, newsletter)
    listed = (
        space.ledger.readers.listed(frozen=bundle.id)
        if known
        else space.ledger.readers.listed(newsletter.name, segment, active=True)
    )
    for reader in listed:
        recipient = addressing.recipient(reader)
        variant = variants.get(reader.id, 0)
        if variant in (0, *others):  # the rest had all of it
            yield recipient, others.get(variant, made).message(recipient)


def export_eml(space: Workspace, name: str, folder: Path) -> int:
    """Write a file for each message; return how many."""
    count = 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for recipient, data in messages(space, name):
        put(folder / f"{recipient.message_id}.eml", data)
        count += 1
    return count


def export_mailbox(space: Workspace, name: str, box: mailbox.Mailbox[mailbox.Message]) -> int:
    """Add every message to a mailbox of the standard library; return how many."""
    count = 0
    for _, data in messages(space, name):
        box.add(data.replace(b"\r\n", b"\n"))
        count += 1
    box.flush()
    box.close()
    return count
