"""An edition put into the outbox and recorded, or taken out of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Literal

from msgspec.structs import replace

from publisher.errors import Problem, UsageError
from publisher.ledger import EditionRecord, SendRecord, open_of
from publisher.model import Cause, EditionId, Fit, Newsletter, Plan, Slot
from publisher.outbox import Bundle
from publisher.pipeline.built import Edited, What
from publisher.pipeline.editions.compose import bundled, without_lost
from publisher.pipeline.editions.illustrate import put_pictures
from publisher.pipeline.editions.looked_at import told_at_build
from publisher.pipeline.editions.plan import plan_of
from publisher.pipeline.editions.view import put_view
from publisher.pipeline.turns import Turn, alone
from publisher.pipeline.workspace import Workspace


def build_slot(
    turn: Turn,
    space: Workspace,
    newsletter: Newsletter,
    slot: Slot,
    *,
    again: bool = False,
    fit: bool | None = None,
) -> Edited:
    """Build the edition of one slot; before it has come, as it will be then.

    One that the outbox knows as sent is left alone but `again`, for whoever sends it once more.
    `fit` is as for `bundled`.
    """
    turn.check(space)
    edition = EditionId.of(newsletter.name, slot)
    if send := space.ledger.sends.get(edition):
        return _sent_already(space, newsletter, slot, send)
    if space.outbox.is_marked(edition) and not again:
        return Edited(id=edition, what="sent", cause=Cause.RESTORED)
    edited = without_lost(space, partial(_planned_and_put, turn, space, newsletter, slot, fit))
    return replace(edited, problems=[*space.lost.values(), *edited.problems])


def rehearse(space: Workspace, newsletter: Newsletter, slot: Slot, fit: bool | None = None) -> None:
    """Render the edition of a slot before the publication's lock is held.

    That may take long, or fail: whoever holds the lock gets what came of it (`Renderer.mail`), as
    long as nothing was decided meanwhile that makes another edition of it.
    """
    with suppress(Exception), space.renderer.rehearsing():  # it fails again where it counts
        at = max(slot.instant, space.now)
        without_lost(space, partial(_bundle, space, newsletter, slot, at, fit))


def _planned_and_put(
    turn: Turn, space: Workspace, newsletter: Newsletter, slot: Slot, fit: bool | None
) -> Edited:
    planned = plan_of(space, newsletter, slot, max(slot.instant, space.now), whole=False)
    return _skip(space, planned) if planned.skipped else put_edition(turn, space, planned, fit)


def put_edition(turn: Turn, space: Workspace, planned: Plan, fit: bool | None = None) -> Edited:
    """Render a planned edition and put it into the outbox; `fit` is as for `bundled`."""
    turn.check(space)
    bundle, rendition = bundled(space, planned, fit=fit)
    put_pictures(space, bundle)  # before: whoever reads the mail finds them
    what = _seal(space, planned, bundle)
    put_view(space, bundle.id, rendition, planned.articles)
    asked = bundle.manifest.get("fit_asked", planned.newsletter.fit)
    newsletter = replace(planned.newsletter, fit=asked)
    return Edited(
        id=bundle.id,
        what=what,
        stories=len(bundle.stories),
        subject=rendition.subject.filled(),
        path=space.outbox.lies(bundle.id),
        fit=Fit.of(bundle.manifest),
        problems=told_at_build(space, bundle.id, newsletter, rendition),
    )


def _sent_already(space: Workspace, newsletter: Newsletter, slot: Slot, send: SendRecord) -> Edited:
    """An edition whose audience is frozen stays as it is, whatever the articles say now.

    A bundle that was damaged or lost is put back, if the same bytes can be made again.
    """
    path = space.outbox.lies(send.edition)
    is_whole = send.edition in space.outbox.ids() and not space.outbox.faults(send.edition)
    if is_whole and space.outbox.read(send.edition).seal == send.seal:
        return Edited(
            id=send.edition,
            what="sent",
            path=path,
            reason="it was cancelled, for good"
            if send.state == "cancelled"
            else "its audience is frozen: it stays as it is",
        )
    bundle = without_lost(space, partial(_bundle, space, newsletter, slot, space.now))
    if bundle is not None and bundle.seal == send.seal:
        space.outbox.seal(bundle)
        return Edited(
            id=send.edition,
            what="sent",
            path=space.outbox.lies(send.edition),
            reason=f"it was damaged or lost, and is back: publisher release {send.edition}",
        )
    todo = f"Put it back from a backup, or make it from git: publisher replay {send.edition} --to "
    todo += str(path)
    if store := space.outbox.store:
        todo = f"Bring its objects back, as they were: {store}/bundles/{send.edition}"
    lost = Problem(
        what="its bundle is damaged or lost, and cannot be made again as it was",
        path=send.edition,
        why="Articles, theme or settings have changed since it was sent.",
        todo=todo,
    )
    return Edited(id=send.edition, what="sent", reason="damaged", problems=[lost])


def _bundle(
    space: Workspace, newsletter: Newsletter, slot: Slot, at: datetime, fit: bool | None = None
) -> Bundle | None:
    planned = plan_of(space, newsletter, slot, at, whole=False)
    return None if planned.skipped else bundled(space, planned, fit=fit)[0]


def _seal(space: Workspace, planned: Plan, bundle: Bundle) -> What:
    """Put a bundle into the outbox, recorded before and after: its stories go out once only.

    Should we die in between, the next run finds what became of it (`turns.alone`).
    """
    is_new = bundle.id not in space.outbox.ids()
    if not is_new and space.outbox.holds(bundle) and _is_recorded(space, planned, bundle.seal):
        return "unchanged"
    _record(space, planned, "sealing", bundle.stories, seal=bundle.seal)
    changed = space.outbox.seal(bundle)
    _record(space, planned, "built", bundle.stories, seal=bundle.seal)
    return ("made" if is_new else "replaced") if changed else "unchanged"


def _skip(space: Workspace, planned: Plan) -> Edited:
    """Record why a slot has no edition; a bundle built for it before is taken out of the outbox."""
    _take_out(space, planned.id)
    is_empty = not planned.articles
    why = (Cause.EMPTY, "") if is_empty else (Cause.TOO_FEW, planned.skipped)
    if not _is_recorded(space, planned, "", why):
        _record(space, planned, "skipped", [], why=why)
    return Edited(
        id=planned.id,
        what="skipped",
        cause=why[0],
        reason=why[1],
        stories=len(planned.articles),
    )


def _is_recorded(
    space: Workspace, planned: Plan, seal: str, why: tuple[Cause, str] = (Cause.UNKNOWN, "")
) -> bool:
    record = space.ledger.editions.get(planned.id)
    if record is None or record.state == "sealing":
        return False
    return (record.seal, record.cause, record.reason) == (seal, *why)


def _record(
    space: Workspace,
    planned: Plan,
    state: Literal["sealing", "built", "skipped"],
    stories: Sequence[tuple[str, str]],
    *,
    seal: str = "",
    why: tuple[Cause, str] = (Cause.UNKNOWN, ""),
) -> None:
    record = EditionRecord(
        id=planned.id,
        newsletter=planned.newsletter.name,
        slot=planned.slot.local.isoformat(timespec="minutes"),
        instant=planned.slot.instant,
        state=state,
        cause=why[0],
        reason=why[1],
        seal=seal,
        recorded=space.now,
    )
    space.ledger.editions.record(record, stories)


def remove(space: Workspace, name: str) -> str:
    """Take an edition out of the outbox and forget it, so that its stories are free again.

    Returns its id. Raises UsageError for one that was sent: it stays.
    """
    with alone(space) as turn:
        edition = space.outbox.find(name)
        if space.ledger.sends.get(edition):
            waits = open_of(space.ledger.sends.counts(edition))
            raise UsageError(
                f"{edition} was sent, and stays",
                why="" if waits else "It is the record of what its readers have.",
                todo=f"To send no more of it: publisher cancel {edition}" if waits else "",
            )
        withdraw(turn, space, edition)
    return edition


def withdraw(turn: Turn, space: Workspace, edition: str) -> None:
    """Take an edition that nobody was sent out of the outbox, and forget it."""
    turn.check(space)
    _take_out(space, edition)
    space.ledger.editions.forget(edition)


def _take_out(space: Workspace, edition: str) -> None:
    """Remove a bundle, if there is one, so that the next run knows should we die (`alone`)."""
    if edition in space.outbox.ids():
        space.ledger.editions.unsettle(edition)
        space.outbox.remove(edition)
