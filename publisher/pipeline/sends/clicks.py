"""Where the counted links of an edition lead."""

from __future__ import annotations

from publisher.errors import OutboxError
from publisher.pipeline.workspace import Workspace


def links_in(space: Workspace, edition: str) -> list[str]:
    """Return the addresses behind an edition's counted links; none for one that was never sent."""
    send = space.ledger.sends.get(edition)
    if send is None or edition not in space.outbox.ids():
        return []
    try:
        bundle = space.outbox.read(edition)
    except OutboxError:
        return []
    return list(bundle.links.addresses) if bundle.seal == send.seal else []
