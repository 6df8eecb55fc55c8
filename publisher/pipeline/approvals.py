"""What an edition of a draft newsletter needs before it may go out: approval of these bytes."""

from __future__ import annotations

from publisher.model import Cause, EditionId, lacking
from publisher.pipeline.workspace import Workspace


def missing(space: Workspace, edition: str, seal: str) -> Cause | None:
    """Return what an edition's approval lacks; None where it has one, or needs none."""
    return lacking(
        wants_approval=space.newsletter(EditionId(edition).newsletter).mode == "draft",
        approved=approved(space, edition),
        seal=seal,
    )


def approved(space: Workspace, edition: str) -> str | None:
    """Return the seal of the bundle of an edition that was approved last, None where none was."""
    approval = space.ledger.approvals.get(edition)
    return approval.seal if approval else None
