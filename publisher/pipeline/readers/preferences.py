"""What readers do by the signed links in their mails: leave, see their choice, change it.

A link that was cut or changed on its way is told apart from a good one: whoever presses a button
must not believe that it was done. Nobody learns anything by that, for nobody can make a good one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from publisher.audience import language, reader_of, zone
from publisher.model import Newsletter, Subscriber
from publisher.pipeline.keys import keys
from publisher.pipeline.workspace import Workspace

ONE_CLICK, PAGE, PREFERENCES = "one-click", "unsubscribe page", "preferences page"
"""How the log of consent calls what was done here."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader gets: the names of newsletters, of those that can be chosen."""

    reader: Subscriber
    newsletters: tuple[Newsletter, ...]
    chosen: frozenset[str]


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What an unsubscribe link is about, as it stands now.

    `title` is that of its newsletter, or of all; a newsletter that is no more has its name.
    """

    title: str
    language: str
    is_reader: bool


def one_of_each(names: Collection[str], newsletters: Sequence[Newsletter]) -> set[str]:
    """Return the names among some newsletters: of those that are frequencies of one, one alone."""
    found: dict[str, str] = {}
    for newsletter in newsletters:
        if newsletter.name in names:
            found.setdefault(newsletter.instead_of or newsletter.name, newsletter.name)
    return set(found.values())


def leaving(space: Workspace, token: str) -> Leaving | None:
    """Return what an unsubscribe link is about; None for one that cannot be read.

    It was cut, or changed on its way: nobody's subscription ends by it.
    """
    found = reader_of(keys(space), "unsubscribe", token)
    if found is None:
        return None
    number, name = found
    reader = space.ledger.readers.get(number)
    known = {one.name: one for one in space.publication.newsletters}
    subscriptions = reader.subscriptions if reader else {}
    active = {one for one, what in subscriptions.items() if what == "active"}
    return Leaving(
        title=known[name].title if name in known else name or space.publication.title,
        language=(known.get(name) or space.publication).language,
        is_reader=name in active if name else bool(active),
    )


def leave_by_link(
    space: Workspace, token: str, now: datetime, *, one_click: bool = False
) -> Leaving | None:
    """End the subscription that a token names; None, and nothing, for one that cannot be read.

    Doing it again changes nothing. What waits for the reader is not sent (promise "consent last").
    """
    if found := reader_of(keys(space), "unsubscribe", token):
        reader, newsletter = found
        how = ONE_CLICK if one_click else PAGE
        space.ledger.readers.leave(reader, [newsletter] if newsletter else [], now, how)
    return leaving(space, token)


def choice(space: Workspace, token: str) -> Choice | None:
    """Return what the reader whom a preferences link names gets; None for one that is not ours."""
    found = reader_of(keys(space), "preferences", token)
    reader = space.ledger.readers.get(found[0]) if found else None
    if reader is None:
        return None
    active = {name for name, what in reader.subscriptions.items() if what == "active"}
    return Choice(
        reader=reader,
        chosen=frozenset(active),
        newsletters=tuple(
            one for one in space.publication.newsletters if one.public or one.name in active
        ),
    )


def _several(before: Choice) -> set[str]:
    """The names that a reader gets although they are frequencies of one."""
    groups: dict[str, set[str]] = {}
    for one in before.newsletters:
        if one.name in before.chosen:
            groups.setdefault(one.instead_of or one.name, set()).add(one.name)
    return {name for names in groups.values() if len(names) > 1 for name in names}


def choose(
    space: Workspace,
    token: str,
    names: Collection[str],
    now: datetime,
    *,
    tag: str | None = None,
    place: str | None = None,
    shown: Collection[str] | None = None,
) -> Choice | None:
    """Let a reader get just these newsletters, in a language, and live in a zone.

    What a page did not offer is left as it is, as are a language and a zone that are none, or
    not given: it may have been opened before a newsletter began, and says what it has `shown`.
    Returns the new choice; None for a token that is not ours.
    """
    before = choice(space, token)
    if before is None:
        return None
    offered = {one.name for one in before.newsletters if shown is None or one.name in shown}
    asked = offered & set(names)
    kept = _several(before) & asked  # who has several may keep them
    wanted = one_of_each(asked - kept, before.newsletters) | kept
    reader = before.reader
    space.ledger.readers.choose(
        reader.id,
        wanted - before.chosen,
        (before.chosen & offered) - wanted,
        now,
        PREFERENCES,
        language=language(tag) if tag == "" or (tag and language(tag)) else reader.language,
        zone=place if place == "" or (place and zone(place)) else reader.zone,
    )
    return choice(space, token)
