"""Which newsletter, schedule or edition is meant where none is named: the only one, or the newest.

What only looks takes the newest one. What changes something takes the only one, or asks for a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from publisher.errors import UsageError
from publisher.ledger import open_of
from publisher.model import EditionId
from publisher.pipeline.approvals import missing
from publisher.pipeline.workspace import Workspace


def newsletter_or_only(space: Workspace, name: str | None) -> str:
    """Return the newsletter's name that was given, or that of the only one there is."""
    names = [one.name for one in space.publication.newsletters]
    todo = "Declare one in publisher.toml: [newsletters.NAME]"
    return name or only("newsletter", names, "the publication has no newsletter", todo)


def schedule_or_only(space: Workspace, name: str | None) -> str:
    """Return the schedule's name that was given, or that of the only one there is."""
    found = [one.name for one in space.timetable.all()]
    todo = "Add one: publisher schedule add NEWSLETTER --every weekday --time 7:00"
    return name or only("schedule", found, "there is no schedule", todo)


def newest(found: Iterable[str], todo: str) -> str:
    """Return the newest edition of all, by its minute."""
    ids = sorted(found, key=lambda one: (EditionId(one).minute, one))
    if not ids:
        raise UsageError("there is no edition yet", todo=todo)
    return ids[-1]


def only(kind: str, found: Collection[str], nothing: str, todo: str = "") -> str:
    """Return the one there is; UsageError where there is a choice, or `nothing`."""
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise UsageError(nothing, todo=todo)
    shown = ", ".join(sorted(found)[:8]) + (" …" if len(found) > 8 else "")
    raise UsageError(f"which {kind}?", todo=f"Name one of these: {shown}")


def built_or_newest(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the newest that lies in the outbox."""
    if name:
        return name
    return newest(space.outbox.ids(), f"Build it first: publisher build{_only_name(space)}")


def sent_or_newest(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the newest that is on its way or was."""
    sends = (one.edition for one in space.ledger.sends.all())
    return name or newest(sends, f"Send one: publisher send{_only_name(space)}")


def to_send(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the newest of the one newsletter that has some unsent.

    Where all were sent it is the newest: whoever sends it again is told so.
    """
    if name:
        return name
    sends = {one.edition for one in space.ledger.sends.all()}
    unsent = unsent_of(space) - sends
    if not unsent:
        return built_or_newest(space, None)
    newsletters = {EditionId(one).newsletter for one in unsent}
    return newest(unsent, "") if len(newsletters) == 1 else only("edition", unsent, "")


def unsent_of(space: Workspace) -> set[str]:
    """Return the editions that were built, and that nobody was sent."""
    sends = {one.edition for one in space.ledger.sends.all()}
    return {one.id for one in space.ledger.editions.all(state="built")} - sends


def to_stop(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the only one that waits or is held."""
    if name:
        return name
    sends = space.ledger.sends.all()
    found = {one.edition for one in sends if open_of(space.ledger.sends.counts(one.edition))}
    found |= to_release(space)
    found = found or {one for one in unsent_of(space) if _has_come(space, one)}
    return only(
        "edition",
        found,
        "nothing waits to be sent",
        "One still to come is named by its id: publisher schedule list",
    )


def to_approve(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the only one that wants an approval it has not."""
    if name:
        return name
    built = space.ledger.editions.all(state="built")
    unsent, known = unsent_of(space), {one.name for one in space.publication.newsletters}
    found = [
        one.id
        for one in built
        if one.id in unsent and one.newsletter in known and missing(space, one.id, one.seal)
    ]
    return only("edition", found, "nothing waits for an approval")


def to_remove(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the only one in the outbox that nobody was sent."""
    if name:
        return name
    found = unsent_of(space) & set(space.outbox.ids())
    return only("edition", found, "there is no edition that nobody was sent")


def to_release(space: Workspace) -> set[str]:
    """Return what is held: editions on their way, and slots."""
    held = {one.edition for one in space.ledger.sends.all() if one.state == "held"}
    sends = {one.edition for one in space.ledger.sends.all()}
    slots = {one.edition for one in space.ledger.slots.all(state="held")}
    return held | (slots - sends)


def _has_come(space: Workspace, edition: str) -> bool:
    record = space.ledger.editions.get(edition)
    return record is not None and record.instant <= space.now


def _only_name(space: Workspace) -> str:
    names = [one.name for one in space.publication.newsletters]
    return f" {names[0]}" if len(names) == 1 else " NEWSLETTER"
