"""subscribers add · list · show · remove · suppress · erase · export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from publisher.audience import EXPORTED, address, csv_of, erased_key, language, zone
from publisher.errors import UnknownName, UsageError
from publisher.model import Candidate, Consent, Joined, Standing, State, Subscriber, Suppression
from publisher.outbox import put, remove_folder
from publisher.pipeline.keys import keys
from publisher.pipeline.readers.segments import segment_named
from publisher.pipeline.workspace import Workspace


def add(
    space: Workspace, candidate: Candidate, newsletters: Sequence[str], how: str, *, again: bool
) -> Joined:
    """Add one reader by hand; `again` brings back one who left.

    Raises UsageError for a language or a time zone that is none.
    """
    for given, known, example in (
        (candidate.language, language, "de"),
        (candidate.zone, zone, "Europe/Berlin"),
    ):
        if given and not known(given):
            raise UsageError(f"{given!r} is none", todo=f"Write it as in {example}.")
    return join(space, [candidate], newsletters_named(space, newsletters), how, "by hand", again)[0]


def join(
    space: Workspace,
    candidates: Sequence[Candidate],
    newsletters: Sequence[str],
    how: str,
    source: str,
    again: bool = False,
) -> list[Joined]:
    """Add readers, or bring what is known of them up to what they said last."""
    signing = keys(space)
    erased = {one.address.key: erased_key(signing, one.address.key) for one in candidates}
    return space.ledger.readers.join(
        candidates, newsletters, now=space.now, how=how, source=source, erased=erased, again=again
    )


def newsletters_named(space: Workspace, newsletters: Sequence[str]) -> list[str]:
    """The newsletters meant; the only one there is where none was named."""
    known = [newsletter.name for newsletter in space.publication.newsletters]
    if not newsletters and len(known) != 1:
        raise UsageError(
            "which newsletter is meant?",
            why=f"There are: {', '.join(known) or 'none'}.",
            todo="Name it: --newsletter NAME",
        )
    return [space.newsletter(name).name for name in newsletters] or known


def subscriber(space: Workspace, name: str) -> Subscriber:
    """Return the reader of an address; raise UnknownName."""
    found = space.ledger.readers.find(address(name).key)
    if found is None:
        raise UnknownName("subscriber", name, (), todo="List them: publisher subscribers list")
    return found


def consents(space: Workspace, reader: Subscriber) -> list[Consent]:
    """Return what a reader said of newsletters, oldest first."""
    return space.ledger.readers.consents(reader.id)


def listed(
    space: Workspace, newsletter: str = "", segment: str = "", *, active: bool = False
) -> Iterator[Subscriber]:
    """Yield readers in order of address."""
    if newsletter:
        space.newsletter(newsletter)
    wanted = segment_named(space, segment) if segment else None
    return space.ledger.readers.listed(newsletter, wanted, active=active)


def leave(space: Workspace, name: str, newsletters: Sequence[str]) -> list[str]:
    """End a reader's subscriptions, all of them by default; return those that were active."""
    reader = subscriber(space, name)
    names = [space.newsletter(one).name for one in newsletters]
    return space.ledger.readers.leave(reader.id, names, space.now, "by hand")


def suppress(
    space: Workspace, name: str, reason: Standing = "manual", detail: str = ""
) -> Suppression | None:
    """Never mail an address again; return the suppression it had before."""
    return space.ledger.readers.suppress(address(name).key, reason, space.now, detail)


def unsuppress(space: Workspace, name: str) -> Suppression | None:
    """Lift a suppression, of an erased reader as well; return it."""
    key, readers = address(name).key, space.ledger.readers
    return readers.unsuppress(key) or readers.unsuppress(erased_key(keys(space), key))


def erase(space: Workspace, name: str) -> bool:
    """Forget a reader but for a keyed hash; return whether anybody was known."""
    key = address(name).key
    remove_folder(space.state / "preview")  # a page there may show the mail as this reader's
    return space.ledger.readers.erase(key, erased_key(keys(space), key), space.now)


def export(readers: Iterator[Subscriber], path: Path | None) -> str:
    """Return readers as CSV, or write it to `path`, for the owner's eyes alone."""
    text = "".join(csv_of([EXPORTED, *map(_exported, readers)]))
    if path is not None:
        put(path, text.encode("utf-8-sig"))  # or a spreadsheet takes it for Latin 1
        path.chmod(0o600)
    return text


def _exported(reader: Subscriber) -> tuple[str, ...]:
    standing = (
        reader.suppression.reason
        if reader.suppression
        else ("active" if "active" in reader.subscriptions.values() else "unsubscribed")
    )
    return (
        reader.address,
        reader.name,
        reader.language,
        reader.zone,
        json.dumps(reader.tags, ensure_ascii=False) if reader.tags else "",
        " ".join(name for name, what in reader.subscriptions.items() if what == "active"),
        standing,
        reader.joined.isoformat(timespec="seconds"),
        json.dumps(reader.attributes, ensure_ascii=False) if reader.attributes else "",
    )


def totals(space: Workspace) -> dict[str, dict[str, int]]:
    """Return how many readers there are by newsletter and standing; "" holds the suppressed."""
    return space.ledger.readers.totals()


def editions_of(space: Workspace, reader: Subscriber) -> list[tuple[str, State]]:
    """Return the editions a reader was to get, with what became of each."""
    return space.ledger.sends.editions_of(reader.id)
