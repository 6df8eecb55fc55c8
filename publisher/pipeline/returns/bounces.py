"""bounces list · show · release · dismiss: what came back, for a person to look at and decide."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import get_args

from publisher.audience import address
from publisher.errors import AddressError, UnknownName, UsageError
from publisher.ledger import ReturnRecord
from publisher.model import WAITING_FOR_PERSON, ReturnedClass, edition_named
from publisher.pipeline import kept_mail
from publisher.pipeline.returns.decide import judged
from publisher.pipeline.workspace import Workspace

CLASSES: tuple[str, ...] = get_args(ReturnedClass)


def listed(
    space: Workspace,
    of: str = "",
    *,
    what: str = "",
    waiting: bool = False,
    limit: int = 0,
) -> list[ReturnRecord]:
    """Return what came back, oldest first, the newest `limit` of it; `waiting` for a person alone.

    `of` is an address, a domain or an edition that it is about.
    """
    followed = WAITING_FOR_PERSON if waiting else ()
    search = partial(space.ledger.returns.listed, what=what, followed=followed, limit=limit)
    sent = {send.edition for send in space.ledger.sends.all()}
    if edition := edition_named(of, sent) if of else None:
        return search(edition=edition)
    if "@" not in of:
        return search(domain=of.lower())
    try:
        reader = space.ledger.readers.find(address(of).key)
    except AddressError:
        reader = None
    if reader is None:
        raise UnknownName("reader or edition", of, (), todo="List all: publisher bounces list")
    return search(reader=reader.id)


def one(space: Workspace, number: int) -> tuple[ReturnRecord, bytes]:
    """Return what came back under a number, with the message where it is kept, else b""."""
    found = space.ledger.returns.get(number)
    if found is None:
        raise UnknownName(
            "returned message", str(number), (), todo="List them: publisher bounces list"
        )
    return found, kept_mail.content(space, found.kept)


def whom(space: Workspace, one: ReturnRecord) -> str:
    """Return whom something is about: a reader's address, or what it names."""
    reader = space.ledger.readers.get(one.reader) if one.reader is not None else None
    return reader.address if reader else one.recipient or one.domain or "-"


def meant(space: Workspace, which: Sequence[str], *, everything: bool) -> list[ReturnRecord]:
    """Return those that wait for a person, or are forged, and are meant: by number, domain, class.

    With `everything` all that wait. Raises UsageError for words that mean none.
    """
    waiting = space.ledger.returns.listed(followed=WAITING_FOR_PERSON)
    if everything:
        return waiting
    if not which:
        raise UsageError(
            "which ones are meant?",
            why="They have numbers, classes, and domains.",
            todo="Look at them: publisher bounces list --waiting; or mean all of them: --all",
        )
    found = {}
    for word in which:
        if word.isdecimal():
            record = space.ledger.returns.get(int(word[:18]))
            ours = [record] if record and record.followed in (*WAITING_FOR_PERSON, "forged") else []
        else:
            ours = [one for one in waiting if word and word.lower() in (one.what, one.domain)]
        if not ours:
            raise UsageError(
                f"nothing that waits for you is {word!r}",
                todo="Look at what does: publisher bounces list --waiting",
            )
        found.update({one.id: one for one in ours})
    return sorted(found.values(), key=lambda one: one.id)


def release(space: Workspace, which: Sequence[ReturnRecord]) -> list[ReturnRecord]:
    """Let what was held for a flood follow: these readers are as their servers said."""
    held = [one.id for one in which if one.followed == "held"]
    if not held:
        raise UsageError(
            "nothing of it is held",
            why="What waits for another reason has nothing that could follow.",
            todo="Say that you have seen it: publisher bounces dismiss NUMBER",
        )
    return space.ledger.returns.release(held, judged, space.now)


def dismiss(space: Workspace, which: Sequence[ReturnRecord]) -> list[ReturnRecord]:
    """Let it mean nothing, and keep its message no longer."""
    numbers = [one.id for one in which]
    kept_mail.drop(space, {one.kept for one in which} - _kept_for_others(space, which))
    return space.ledger.returns.dismiss(numbers)


def _kept_for_others(space: Workspace, which: Sequence[ReturnRecord]) -> set[str]:
    """The messages that are about other readers as well, for whom they wait."""
    numbers = {one.id for one in which}
    digests = {one.digest for one in which if one.kept}
    every = (other for digest in digests for other in space.ledger.returns.known(digest))
    return {other.kept for other in every if other.id not in numbers}
