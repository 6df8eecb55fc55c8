"""What becomes of slots that have come: built, sent, skipped, held, missed. One record each.

A slot is decided in one transaction, which whoever comes second finds done: two services, a
restart, a clock that jumps and a `run` typed twice make one edition.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from publisher import schedule
from publisher.errors import Locked, PublisherError
from publisher.ledger import SlotRecord, SlotState
from publisher.pipeline import approvals, sealed, sent_marks
from publisher.pipeline.editions.seal import build_slot, withdraw
from publisher.pipeline.sends import freeze
from publisher.pipeline.slots.occasions import Occasion
from publisher.pipeline.workspace import Workspace

OPEN: tuple[SlotState, ...] = ("held",)
"""States that a person, or an approval, may still change."""


def settle(
    space: Workspace, occasion: Occasion, over: Collection[SlotState] = ()
) -> SlotRecord | None:
    """Settle a slot; None where it was settled before, as none of `over`.

    Its edition is built and its audience frozen, or the record says why not. Raises Locked, and
    what the ledger or the disk raise: then the slot is still due.
    """
    with space.alone():
        known = space.ledger.slots.get(occasion.edition)
        if known and known.state not in over:
            space.ledger.schedules.advance(occasion.advanced)
            return None
        return _decided(space, occasion, over)


def settle_quiet(space: Workspace, found: Sequence[Occasion]) -> list[SlotRecord]:
    """Settle, in one transaction, all slots that send nothing now: missed, paused, held as late.

    Together: a crash half-way would make a flood look small. None of them is built: what is held
    takes no story from an edition that is on time. Returns those that nobody had settled before.
    """
    quiet = [one for one in found if is_quiet(space, one)]
    if not quiet:
        return []
    with space.alone():
        records = [_record_of(space, one) for one in quiet]
        for record in records:
            let_go(space, record)
        advanced: dict[str, datetime] = {}
        for one in quiet:
            for name, through in one.advanced.items():
                advanced[name] = max(through, advanced.get(name, through))
        first = {name: min(_open(found, name), default=None) for name in advanced}
        # Never past one that is still to be sent.
        safe = {
            name: through
            for name, through in advanced.items()
            if (before := first[name]) is None or through < before
        }
        return space.ledger.slots.settle(records, safe)


def is_quiet(space: Workspace, one: Occasion) -> bool:
    """Whether a slot sends nothing now; one that the outbox knows is looked at for itself."""
    is_late = one.due.timing in ("missed", "paused", "held")
    return is_late and not sent_marks.of(space, one.edition).exists()


def _open(found: Sequence[Occasion], name: str) -> list[datetime]:
    return [
        schedule.at_home(one.due.slot)
        for one in found
        if name in one.schedules and one.due.timing not in ("missed", "paused", "held")
    ]


def _record_of(space: Workspace, occasion: Occasion) -> SlotRecord:
    """What becomes of a slot by its lateness alone."""
    due = occasion.due
    states: dict[str, SlotState] = {
        "missed": "missed",
        "paused": "skipped",
        "held": "held",
        "caught up": "caught up",
    }
    return SlotRecord(
        edition=occasion.edition,
        newsletter=occasion.newsletter.name,
        slot=due.slot.local.isoformat(timespec="minutes"),
        instant=due.slot.instant,
        state=states.get(due.timing, "sent"),
        reason=due.reason,
        schedule=", ".join(occasion.schedules),
        recorded=space.now,
    )


def let_go(space: Workspace, record: SlotRecord) -> None:
    """Free the stories of an edition that is not to be sent; one that somebody has stays."""
    if (
        record.state != "held"
        and record.edition in space.outbox.ids()
        and space.ledger.sends.get(record.edition) is None
        and not sent_marks.of(space, record.edition).exists()
    ):
        withdraw(space, record.edition)


def _decided(
    space: Workspace, occasion: Occasion, over: Collection[SlotState]
) -> SlotRecord | None:
    due, newsletter = occasion.due, occasion.newsletter
    record = _record_of(space, occasion)

    def settle(state: SlotState, reason: str) -> SlotRecord | None:
        settled = replace(record, state=state, reason=reason)
        let_go(space, settled)
        if over:
            return (
                settled
                if space.ledger.slots.resettle(settled.edition, state, reason, space.now)
                else None
            )
        return settled if space.ledger.slots.settle([settled], occasion.advanced) else None

    if space.ledger.sends.get(record.edition):
        return settle("sent", "by hand")
    if sent_marks.of(space, record.edition).exists() and not over:
        sent_marks.remember(space)
        return settle("held", sent_marks.FORGOTTEN)
    if due.timing in ("missed", "paused", "held"):
        return settle(record.state, due.reason)
    if not freeze.readers_of(space, newsletter):
        return settle("skipped", f"nobody subscribes to {newsletter.name}")
    try:
        edited = build_slot(space, newsletter, due.slot, again=bool(over))
        if edited.what == "skipped":
            return settle("skipped", edited.reason)
        bundle = sealed.sealed(space, record.edition)
        if lacking := approvals.missing(space, bundle.id, bundle.seal):
            return settle("held", lacking)
        start = max(space.now, due.slot.instant) + newsletter.undo
        send = freeze.frozen(
            space, bundle, record, start=start, advanced=occasion.advanced, over=over
        )
        if send is None and (known := space.ledger.slots.get(record.edition)):
            let_go(space, known)  # by whoever does not need our lock: a hold keeps it
        return record if send else None
    except Locked:
        raise
    except PublisherError as error:
        return settle("held", error.problem.what)
    except Exception as error:
        if isinstance(error, OSError) or type(error).__name__ == "OperationalError":
            raise  # a disk that is full, a database that is away: it is due until they are back
        return settle("held", f"it could not be built: {type(error).__name__}: {error}")
