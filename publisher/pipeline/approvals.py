"""What an edition of a draft newsletter needs before it may go out: approval of these bytes."""

from __future__ import annotations

from publisher.model import EditionId
from publisher.pipeline.workspace import Workspace

UNAPPROVED = ("waits for approval", "was changed after its approval")
"""Why a slot may be held that an approval lets go."""


def missing(space: Workspace, edition: str, seal: str) -> str:
    """Say what an edition's approval lacks; "" where it has one, or needs none."""
    if space.newsletter(EditionId(edition).newsletter).mode != "draft":
        return ""
    approval = space.ledger.approvals.get(edition)
    if approval is None:
        return UNAPPROVED[0]
    return "" if approval.seal == seal else UNAPPROVED[1]
