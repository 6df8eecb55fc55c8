"""The drafts of newsletters that want an approval, and the approval."""

from __future__ import annotations

from publisher.errors import UsageError
from publisher.ledger import Approval, SlotRecord
from publisher.model import EditionId, Newsletter
from publisher.pipeline import sealed
from publisher.pipeline.built import Edited
from publisher.pipeline.editions.seal import build_slot, rehearse, withdraw
from publisher.pipeline.slots.stop import released
from publisher.pipeline.turns import alone, check_commit
from publisher.pipeline.workspace import Workspace


def draft(space: Workspace, newsletter: Newsletter) -> Edited | None:
    """Build the draft of a newsletter's next slot, if its time has come; None if it has not."""
    if newsletter.mode != "draft":
        return None
    _take_orphans_out(space, newsletter)
    for slot in space.timetable.upcoming(newsletter.name, space.now, 3):
        if slot.instant - newsletter.draft_before > space.now:
            break
        known = space.ledger.slots.get(EditionId.of(newsletter.name, slot))
        if known is None or known.state == "held":
            rehearse(space, newsletter, slot)
            with alone(space) as turn:
                check_commit(space)
                return build_slot(turn, space, newsletter, slot)
    return None


def _take_orphans_out(space: Workspace, newsletter: Newsletter) -> None:
    """Drafts whose slot is no more, for the rule has changed, let go of their stories."""
    for record in space.ledger.editions.all(newsletter.name, state="built"):
        is_out = space.ledger.sends.get(record.id) or space.outbox.is_marked(record.id)
        if record.instant <= space.now or is_out:
            continue
        if space.timetable.slot_of(record.id) is None:
            with alone(space) as turn:
                withdraw(turn, space, record.id)


def approve(space: Workspace, name: str, by: str) -> tuple[Approval, SlotRecord | None]:
    """Approve the bundle of an edition as it lies in the outbox; send it if its slot has come.

    Returns the approval, and what became of the slot if that was now. A change of the bundle
    voids the approval. Raises UnknownName, OutboxError for a damaged bundle, Held.
    """
    with alone(space):  # not while a service decides about it
        bundle = sealed.sealed(space, name)
        if space.ledger.sends.get(bundle.id):
            raise UsageError(f"{bundle.id} is on its way already")
        known = space.ledger.slots.get(bundle.id)
        if known and known.state != "held":
            raise UsageError(f"{bundle.id} is {known.state}: {known.why}")
        approval = Approval(edition=bundle.id, seal=bundle.seal, by=by, at=space.now)
        space.ledger.approvals.put(approval)
    if known and known.instant <= space.now and known.cause.wants_approval:
        return approval, released(space, known)
    return approval, known
