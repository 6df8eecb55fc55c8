"""uncertain: messages that a server may have accepted."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.ledger import Uncertain
from publisher.pipeline.readers.subscribers import subscriber
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.workspace import Workspace


def unresolved(space: Workspace, name: str | None = None) -> list[Uncertain]:
    """Return the deliveries that a person must decide about."""
    return space.ledger.sends.uncertain(queued(space, name).edition if name else None)


def resolve(space: Workspace, name: str | None, *, sent: bool, only: str | None = None) -> int:
    """Settle uncertain deliveries: as accepted, or into the queue again; return how many."""
    readers = [subscriber(space, only).id] if only else []
    editions = {one.edition for one in unresolved(space, name)}
    sends = space.ledger.sends
    return sum(
        sends.resolve(
            edition,
            readers,
            sent=sent,
            now=space.now,
            expires=space.now + space.publication.delivery.expires,
        )
        for edition in sorted(editions)
    )


def doubts(space: Workspace, found: Sequence[tuple[str, int]]) -> list[tuple[str, str, bool]]:
    """Return (edition, address, whether it is left to a person) of (edition, reader) pairs.

    The address of an erased reader is "".
    """
    left = {(one.edition, one.reader) for one in unresolved(space)}
    rows = []
    for edition, reader in found:
        known = space.ledger.readers.get(reader)
        rows.append((edition, known.address if known else "", (edition, reader) in left))
    return rows
