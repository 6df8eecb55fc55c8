"""A bundle as it was sealed: what may be sent, tested or exported."""

from __future__ import annotations

from publisher.errors import Held, OutboxError, UnknownName
from publisher.model import EditionId
from publisher.outbox import Bundle
from publisher.pipeline.workspace import Workspace


def sealed(space: Workspace, name: str) -> Bundle:
    """Return the bundle that `name` means, as it was sealed.

    Raises UnknownName, OutboxError for one that was changed since, Held for one that the ledger
    does not know.
    """
    space.outbox.look_again()
    edition = edition_in_outbox(space, name)
    if faults := space.outbox.faults(edition):
        raise OutboxError(
            f"{edition} is damaged: {faults[0]}",
            why="What was not sealed is not sent.",
            todo=f"Build it again: publisher {rebuild(space, edition)}",
        )
    bundle = space.outbox.read(edition)
    record = space.ledger.editions.get(edition)
    if record is None or record.seal != bundle.seal:
        raise Held(
            f"{edition} is not the edition that was built",
            why="Its seal is not the one in the ledger.",
            todo=f"Build it again: publisher {rebuild(space, edition)}",
        )
    return bundle


def edition_in_outbox(space: Workspace, name: str) -> str:
    """Return the id of the edition that `name` means, see `edition_named`; UnknownName for none.

    What could be an edition, and was not built yet, is said to want a build first.
    """
    try:
        return space.outbox.find(name)
    except UnknownName:
        newsletter = EditionId(name).newsletter
        if newsletter not in {one.name for one in space.publication.newsletters}:
            raise
        if newsletter == name:
            raise UnknownName(
                "edition of", name, (),
                todo=f"Build it first: publisher build {name}; or send what there is now: "
                f"publisher send {name} --now",
            ) from None  # fmt: skip
        found = space.timetable.slot_of(name)
        if found is None:
            raise
        raise UnknownName(
            "edition", name, (),
            todo=f"Build it first: publisher build {newsletter} --at "
            f"{found[0].instant:%Y-%m-%dT%H:%MZ}",
        ) from None  # fmt: skip


def rebuild(space: Workspace, edition: str) -> str:
    """Return the command that builds an edition again, at its slot."""
    record = space.ledger.editions.get(edition)
    at = f" --at {record.instant:%Y-%m-%dT%H:%MZ}" if record else ""
    return f"build {EditionId(edition).newsletter}{at}"
