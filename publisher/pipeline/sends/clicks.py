"""Where the counted links of an edition lead."""

from __future__ import annotations

from datetime import datetime

from publisher.errors import OutboxError
from publisher.model import Group
from publisher.pipeline.workspace import Workspace

FOLLOWED = "followed"
"""What is counted of a test of subjects: people who followed a link, by edition and group."""


def followed(space: Workspace, edition: str, since: datetime) -> dict[Group, int]:
    """Return how many people followed a link of each group's mails, from a day on."""
    sums = space.ledger.counts.sums(since.date(), FOLLOWED)
    groups: tuple[Group, ...] = ("A", "B")
    return {group: sums.get((FOLLOWED, f"{edition} {group}"), 0) for group in groups}


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
