"""The outbox's own word of what is on its way, for a ledger that was restored from a backup.

Such a ledger does not know what it sent since, and would send it again. Of an edition that it does
know, word is left anew while it is sent, and counted: a ledger that counts less is an older one.
"""

from __future__ import annotations

import json
from datetime import datetime

from msgspec.structs import replace

from publisher.errors import Held
from publisher.ledger import EditionRecord, SendRecord, SlotRecord
from publisher.model import Cause, EditionId
from publisher.pipeline.turns import Turn, alone
from publisher.pipeline.workspace import Workspace


def leave(space: Workspace, send: SendRecord, count: int = 0) -> None:
    """Leave word that an edition is on its way; `count` is how often that was done meanwhile."""
    text: dict[str, object] = {
        "edition": send.edition,
        "seal": send.seal,
        "readers": send.readers,
        "frozen": send.frozen.isoformat(),
    }
    if count:
        text["words"] = count
    space.outbox.mark(send.edition, (json.dumps(text, indent=2) + "\n").encode())


def leave_again(space: Workspace, edition: str, count: int) -> None:
    """Leave word again, with the number that the ledger has given it."""
    send = space.ledger.sends.get(edition)
    assert send is not None
    leave(space, send, count)


def counted(space: Workspace, edition: str) -> int:
    """Return how often word was left of an edition, as the outbox has it."""
    try:
        found = json.loads(space.outbox.word(edition) or b"{}")
        return int(found.get("words", 0))
    except (ValueError, TypeError, AttributeError, RecursionError):  # somebody has written there
        return 0


def check_age(space: Workspace, edition: str) -> None:
    """Raise Held for an edition of which the outbox knows more than the ledger."""
    if counted(space, edition) > space.ledger.words.count(edition):
        raise Held(
            _ahead(edition),
            why="Who got it since that backup was made would get it again.",
            todo=f"Send it to all who have it not by this ledger: publisher release {edition}; or "
            f"to nobody any more: publisher cancel {edition}",
        )


def accept_age(space: Workspace, edition: str, reason: str) -> None:
    """Let an edition be sent as the ledger knows it: a person who was told has decided.

    One that was held for another `reason` is looked at when it is claimed.
    """
    if reason != _ahead(edition):
        return
    if (count := counted(space, edition)) > space.ledger.words.count(edition):
        space.ledger.words.catch_up(edition, count)


def _ahead(edition: str) -> str:
    return f"{edition} was sent further than the ledger knows: was it restored from a backup?"


def complete(space: Workspace, since: datetime) -> None:
    """Leave word of every edition on its way since then, where a run died before it could."""
    for send in space.ledger.sends.all():
        if send.frozen >= since and not space.outbox.is_marked(send.edition):
            leave(space, send)


def begin_ledger(space: Workspace) -> list[SlotRecord]:
    """Make a ledger where the one before is lost, and take back what the outbox knows as sent.

    None of these editions waits for a person, who has decided here. Raises UsageError where no
    ledger is lost.
    """
    space.begin_ledger()
    with alone(space) as turn:
        found = remember(turn, space)
        for one in found:
            reason = "sent with the ledger that was lost"
            gone = replace(one, state="cancelled", cause=Cause.BY_HAND, reason=reason)
            space.ledger.slots.resettle(gone)
        return found


def remember(turn: Turn, space: Workspace) -> list[SlotRecord]:
    """Take back what the outbox knows as sent and the ledger does not.

    The stories of such editions count as sent; their slots are held for a person. Returns those
    that nobody had settled.
    """
    turn.check(space)
    found = []
    known = {send.edition for send in space.ledger.sends.all()}
    names = {newsletter.name for newsletter in space.publication.newsletters}
    unknown = set(space.outbox.marked()) - known
    for edition in sorted(unknown & set(space.outbox.ids())):
        if EditionId(edition).newsletter not in names or space.outbox.faults(edition):
            continue
        bundle = space.outbox.read(edition)
        slot = bundle.manifest["slot"]
        record = EditionRecord(
            id=edition,
            newsletter=bundle.manifest["newsletter"],
            slot=slot["local"],
            instant=datetime.fromisoformat(slot["instant"]),
            state="built",
            seal=bundle.seal,
            recorded=space.now,
        )
        before = space.ledger.editions.get(edition)
        if before is None or (before.state, before.seal) != ("built", bundle.seal):
            space.ledger.editions.record(record, bundle.stories)
        held = SlotRecord(
            edition=edition,
            newsletter=record.newsletter,
            slot=record.slot,
            instant=record.instant,
            state="held",
            cause=Cause.RESTORED,
            recorded=space.now,
        )
        found += space.ledger.slots.settle([held])
    return found
