"""The ways in that publisher.toml names, and one round over what lies there."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from publisher.config import lmtp_place
from publisher.errors import ConfigError, PublisherError
from publisher.model import Publication
from publisher.pipeline.returns.take import take
from publisher.pipeline.workspace import Workspace
from publisher.returns.ways import (
    Arrived,
    Imap,
    Kind,
    Lmtp,
    Mailbox,
    MaildirBox,
    Ours,
    Take,
    Way,
)

Record = Callable[[Workspace, Arrived, str], Kind]
"""(workspace, message, by which way) → what became of it; committed when it returns, and the same
when it is brought again. What it raises means that it cannot now."""


def recorded(space: Workspace, one: Arrived, way: str) -> Kind:
    """Record a message in the ledger, with what follows; see `Record`."""
    return take(space, one.data, way=way, to=one.to).kind


def ours_of(publication: Publication) -> Ours:
    """The addresses to which messages come back, mails that ask to leave and replies among them."""
    own, delivery = publication, publication.delivery
    given = (delivery.return_path, delivery.unsubscribe, delivery.reply_to)
    return Ours(tuple(dict.fromkeys(one or own.sender for one in given if one or own.sender)))


def ways_of(space: Workspace) -> list[Way]:
    """Return the ways that publisher.toml names; none of them is open yet."""
    own, found = space.publication.returns, list[Way]()
    ours = ours_of(space.publication)
    if own.imap.host:
        found.append(Imap(_mailbox(space), ours))
    if own.maildir != Path():
        found.append(MaildirBox(space.root / own.maildir, ours, own.keep_in))
    if own.lmtp:
        place = lmtp_place(own.lmtp)
        here = space.root / place if isinstance(place, Path) else place
        found.append(
            Lmtp(
                here, ours, ours.addresses[0].rpartition("@")[2] if ours.addresses else "localhost"
            )
        )
    return found


def _mailbox(space: Workspace) -> Mailbox:
    own = space.publication.returns
    imap = own.imap
    return Mailbox(
        host=imap.host,
        port=imap.port,
        user=imap.user,
        password=os.environ.get("PUBLISHER_IMAP_PASSWORD", ""),
        folder=imap.folder,
        keep_in=own.keep_in,
        security=imap.security,
        ca=str(space.root / imap.ca) if imap.ca else None,
        timeout=imap.timeout.total_seconds(),
    )


def taking(
    space: Workspace, way: str, now: Callable[[], datetime], record: Record = recorded
) -> Take:
    """Return what records each message of a way, at the moment when it comes."""

    def taken(one: Arrived) -> Kind:
        space.now = now()
        return record(space, one, way)

    return taken


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What one round has brought: messages by what became of them; what could not be, in words."""

    kinds: Counter[Kind] = msgspec.field(default_factory=Counter)
    problems: tuple[str, ...] = ()


def fetch(
    ways: Sequence[Way], take_of: Callable[[str], Take], is_over: Callable[[], bool] = lambda: False
) -> Fetched:
    """Take all that lies there now, way by way; `take_of` a way's name records its messages.

    Raises what a way raises, WayDown and WayRefused among it, after the others had their turn.
    """
    kinds: Counter[Kind] = Counter()
    problems: list[str] = []
    errors: list[PublisherError] = []
    for way in ways:
        with closing(way):
            try:
                problems += filter(None, [_emptied(way, take_of(way.name), kinds, is_over)])
            except PublisherError as error:
                errors.append(error)
    if errors:
        raise errors[0]
    return Fetched(kinds=kinds, problems=tuple(problems))


def _emptied(way: Way, take: Take, kinds: Counter[Kind], is_over: Callable[[], bool]) -> str:
    """Take all that a way has; return what could not be taken, in words."""

    def counted(one: Arrived) -> Kind:
        kind = take(one)
        kinds[kind] += 1
        return kind

    while True:
        found = way.collect(counted)
        if not found.count or is_over():
            return found.problem


def mailboxes(space: Workspace) -> list[Way]:
    """The ways that any host can look at; the others are of the host where they lie."""
    return [way for way in ways_of(space) if isinstance(way, Imap)]


def of_this_host(space: Workspace) -> list[Way]:
    """The ways that lie on this host: a folder, a port."""
    return [way for way in ways_of(space) if not isinstance(way, Imap)]


def to_fetch(space: Workspace) -> list[Way]:
    """The ways that are looked at; LMTP is listened at, by `run` alone. Raises ConfigError."""
    found = [way for way in ways_of(space) if not isinstance(way, Lmtp)]
    if not found:
        raise ConfigError(
            "nothing is named where messages that come back lie",
            path="publisher.toml",
            todo="Name a mailbox, [returns.imap] host = …, or a Maildir, [returns] maildir = …",
        )
    return found
