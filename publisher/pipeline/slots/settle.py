"""What becomes of slots that have come: built, sent, skipped, held, missed. One record each.

A slot is decided in one transaction, which whoever comes second finds done: two services, a
restart, a clock that jumps and a `run` typed twice make one edition.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from publisher import schedule
from publisher.errors import Locked, PublisherError, StateUnavailable
from publisher.ledger import SlotRecord
from publisher.model import Cause, SlotState
from publisher.outbox import Bundle
from publisher.pipeline import approvals, sealed, sent_marks
from publisher.pipeline.editions.seal import build_slot, rehearse, withdraw
from publisher.pipeline.sends import freeze
from publisher.pipeline.slots.decide import (
    Build,
    Decision,
    Facts,
    Failed,
    Sealed,
    Skipped,
    decide,
    sends_nothing,
)
from publisher.pipeline.slots.occasions import Occasion
from publisher.pipeline.turns import Turn, alone
from publisher.pipeline.workspace import Workspace

OPEN: tuple[SlotState, ...] = ("held",)
"""States that a person, or an approval, may still change."""


def settle(
    space: Workspace, occasion: Occasion, over: Collection[SlotState] = ()
) -> SlotRecord | None:
    """Settle a slot; None where it was settled before, as none of `over`.

    Its edition is built and its audience frozen, or the record says why not. Raises Locked, and
    what the ledger or the disk raise: then the slot is still due. It is rendered before the lock is
    held, so that nobody else waits for that.
    """
    if isinstance(decide(facts(space, occasion, over)), Build):
        rehearse(space, occasion.newsletter, occasion.due.slot)
    with alone(space) as turn:
        known = space.ledger.slots.get(occasion.edition)
        if known and known.state not in over:
            space.ledger.schedules.advance(occasion.advanced)
            return None
        return _settled(turn, space, occasion, over)


def settle_quiet(space: Workspace, found: Sequence[Occasion]) -> list[SlotRecord]:
    """Settle, in one transaction, all slots that send nothing now: missed, paused, held as late.

    Together: a crash half-way would make a flood look small. None of them is built: what is held
    takes no story from an edition that is on time. Returns those that nobody had settled before.
    """
    quiet = [one for one in found if is_quiet(space, one)]
    if not quiet:
        return []
    with alone(space) as turn:
        records = [_record_of(space, one, _by_lateness(one)) for one in quiet]
        for record in records:
            let_go(turn, space, record)
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
    return sends_nothing(one.due.timing) and not space.outbox.is_marked(one.edition)


def _open(found: Sequence[Occasion], name: str) -> list[datetime]:
    return [
        schedule.at_home(one.due.slot)
        for one in found
        if name in one.schedules and not sends_nothing(one.due.timing)
    ]


def facts(space: Workspace, occasion: Occasion, over: Collection[SlotState] = ()) -> Facts:
    """Gather what is known of a slot before its edition is built."""
    due, newsletter = occasion.due, occasion.newsletter
    return Facts(
        newsletter=newsletter.name,
        timing=due.timing,
        cause=due.cause,
        reason=due.reason,
        is_queued=space.ledger.sends.get(occasion.edition) is not None,
        is_marked=space.outbox.is_marked(occasion.edition),
        is_let_go=bool(over),
        readers=freeze.readers_of(space, newsletter),
        wants_approval=newsletter.mode == "draft",
    )


def _by_lateness(occasion: Occasion) -> Decision:
    """What becomes of a slot that sends nothing, whatever else is known of it."""
    due = occasion.due
    found = decide(
        Facts(
            newsletter=occasion.newsletter.name,
            timing=due.timing,
            cause=due.cause,
            reason=due.reason,
        )
    )
    assert isinstance(found, Decision)  # it is quiet
    return found


def _settled(
    turn: Turn, space: Workspace, occasion: Occasion, over: Collection[SlotState]
) -> SlotRecord | None:
    """Gather, decide, act: and once more where the edition has to be built to know."""
    known = facts(space, occasion, over)
    decision = decide(known)
    if isinstance(decision, Build):
        try:
            known, bundle = _built(turn, space, occasion, known)
            decision = decide(known)
            if bundle and isinstance(decision, Decision) and decision.goes_out:
                return _sent(turn, space, occasion, bundle, decision, over)
        except (Locked, StateUnavailable, OSError):
            raise  # a disk that is full, a database that is away: it is due until they are back
        except PublisherError as error:
            decision = decide(replace(known, built=Failed(text=error.problem.what)))
        except Exception as error:  # ours: the slot leaves a record all the same
            text = f"{type(error).__name__}: {error}"
            decision = decide(replace(known, built=Failed(text=text, is_ours=True)))
    assert isinstance(decision, Decision)
    return _recorded(turn, space, occasion, decision, over)


def _built(
    turn: Turn, space: Workspace, occasion: Occasion, known: Facts
) -> tuple[Facts, Bundle | None]:
    """Build a slot's edition; return what is known then, and the bundle."""
    edited = build_slot(turn, space, occasion.newsletter, occasion.due.slot, again=known.is_let_go)
    if edited.what == "skipped":
        return replace(known, built=Skipped(cause=edited.cause, reason=edited.reason)), None
    bundle = sealed.sealed(space, occasion.edition)
    approved = approvals.approved(space, bundle.id)
    return replace(known, built=Sealed(seal=bundle.seal), approved=approved), bundle


def _sent(
    turn: Turn,
    space: Workspace,
    occasion: Occasion,
    bundle: Bundle,
    decision: Decision,
    over: Collection[SlotState],
) -> SlotRecord | None:
    """Settle a slot and freeze its audience; None where it was settled otherwise meanwhile."""
    record = _record_of(space, occasion, decision)
    start = max(space.now, occasion.due.slot.instant) + occasion.newsletter.undo
    advanced = occasion.advanced
    send = freeze.frozen(turn, space, bundle, record, start=start, advanced=advanced, over=over)
    if send is None and (known := space.ledger.slots.get(record.edition)):
        let_go(turn, space, known)  # by whoever does not need our lock: a hold keeps it
    return record if send else None


def _recorded(
    turn: Turn,
    space: Workspace,
    occasion: Occasion,
    decision: Decision,
    over: Collection[SlotState],
) -> SlotRecord | None:
    """Settle a slot that sends nothing now; None where it was settled meanwhile."""
    if decision.cause is Cause.RESTORED:
        sent_marks.remember(turn, space)
    record = _record_of(space, occasion, decision)
    let_go(turn, space, record)
    if over:
        return record if space.ledger.slots.resettle(record) else None
    return record if space.ledger.slots.settle([record], occasion.advanced) else None


def _record_of(space: Workspace, occasion: Occasion, decision: Decision) -> SlotRecord:
    slot = occasion.due.slot
    return SlotRecord(
        edition=occasion.edition,
        newsletter=occasion.newsletter.name,
        slot=slot.local.isoformat(timespec="minutes"),
        instant=slot.instant,
        state=decision.state,
        cause=decision.cause,
        reason=decision.text,
        schedule=", ".join(occasion.schedules),
        recorded=space.now,
    )


def let_go(turn: Turn, space: Workspace, record: SlotRecord) -> None:
    """Free the stories of an edition that is not to be sent; one that somebody has stays."""
    if (
        record.state != "held"
        and record.edition in space.outbox.ids()
        and space.ledger.sends.get(record.edition) is None
        and not space.outbox.is_marked(record.edition)
    ):
        withdraw(turn, space, record.edition)
