"""Every error, and the one shape in which trouble is told.

    PublisherError              exit 1
    ├── ConfigError             exit 2   publisher.toml is missing, malformed or contradicts itself
    ├── UnknownName             exit 2   a newsletter, article, edition or template nobody knows
    ├── UsageError              exit 2   the words on the command line cannot be meant
    ├── AddressError            exit 1   a reader's address, or row, that cannot be taken
    ├── SourceError             exit 1   an article that cannot be read (the rest goes on)
    │   ├── NoArticle                    a file that is none, such as robots.txt: a note
    │   └── BodyError                    one whose body cannot be put into a mail
    ├── TemplateError           exit 1   a theme's template that does not render
    ├── OutboxError             exit 1   a bundle that is not what its manifest says
    ├── DeliveryError           exit 1   a message that a server did not take
    ├── WayRefused              exit 2   a way in cannot be used until a person changes something
    ├── WayDown                 exit 75  a way in does not answer, or ended early; try again
    ├── TransportRefused        exit 2   the way out cannot be used until a person changes something
    │   └── AddressRefused      exit 75  it takes nothing from our sender's address
    ├── TransportDown           exit 75  the way out does not answer; nothing is lost, try again
    │   └── SenderRefused       exit 75  it answers, and refuses us: no reader has failed by it
    ├── NoRoom                  exit 75  what came back cannot be kept: bring it again
    ├── NoNetwork               exit 75  nothing out there answers: no network, or no DNS
    ├── LedgerLost              exit 1   no ledger is there, though editions were sent
    ├── StateUnavailable        exit 1   a database does not answer; nothing is lost, try again
    │   ├── LedgerUnavailable   exit 75  the server of the ledger does not; likewise
    │   └── StoreUnavailable    exit 75  the object store of the outbox does not; likewise
    ├── Held                    exit 3   a person must decide first
    ├── NoLock                  exit 1   where a lock should lie, something else does
    └── Locked                  exit 5   another run is at work on this publication

An error carries a `Problem`. Sources also *return* problems: bad input is named and
skipped where the rest can go on.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar, Literal

import msgspec
from msgspec.structs import replace


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, why it matters and what to do; `path` is as the editor would type it.

    `line` counts from 1. An "error" leaves the thing out, a "warning" leaves it in,
    a "note" tells of a decision made for the editor. `rule` is the rule of `check` that found it,
    `shortcode` the name of one that an owner's template would make known.
    """

    what: str
    why: str = ""
    todo: str = ""
    path: str | None = None
    line: int | None = None
    severity: Literal["error", "warning", "note"] = "error"
    rule: str = ""
    shortcode: str = ""

    def __str__(self) -> str:
        return "\n  ".join(part for part in (self.headline, self.why, self.todo) if part)

    @property
    def headline(self) -> str:
        """`path:line: what`, the form editors and terminals make clickable."""
        place = [str(part) for part in (self.path, self.line) if part is not None]
        return ": ".join([":".join(place), self.what]) if place else self.what


class PublisherError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        todo: str = "",
        path: str | None = None,
        line: int | None = None,
    ) -> None:
        self.problem = Problem(what=what, why=why, todo=todo, path=path, line=line)
        super().__init__(str(self.problem))


class ConfigError(PublisherError):
    """publisher.toml cannot be used."""

    exit_code = 2


class UsageError(PublisherError):
    """The words on the command line cannot be meant."""

    exit_code = 2


class UnknownName(PublisherError):
    """A name nobody knows, with the nearest ones that exist."""

    exit_code = 2

    def __init__(self, kind: str, name: str, known: Iterable[str], *, todo: str = "") -> None:
        self.name = name
        super().__init__(f"there is no {kind} {name!r}", why=suggestion(name, known), todo=todo)


class AddressError(PublisherError):
    """A reader's address, or the row it stands in, that cannot be taken."""


class SourceError(PublisherError):
    """An article that cannot be read."""


class NoArticle(SourceError):
    """A file among the articles that is none: a note, and no fault."""

    def __init__(self, what: str, *, path: str) -> None:
        super().__init__(
            f"it is {what}, and no article",
            todo="If it is one, give it front matter; else name it in `ignore` of publisher.toml.",
            path=path,
        )
        self.problem = replace(self.problem, severity="note")


class BodyError(SourceError):
    """An article whose body cannot be put into a mail; `article` is its id."""

    def __init__(self, what: str, *, article: str, path: str) -> None:
        self.article = article
        super().__init__(
            what,
            path=path,
            why="It is left out; everything else goes on.",
            todo="Look for what is very long, or repeated again and again, in it.",
        )


class OutOfTime(Exception):
    """What is being rendered has had its time; raised wherever that is."""


class TemplateError(PublisherError):
    """A template that does not render."""


class OutboxError(PublisherError):
    """A bundle that is not what its manifest says."""


class DeliveryError(PublisherError):
    """A message that a server did not take."""


class WayRefused(PublisherError):
    """Messages that come back cannot be fetched until a person changes something."""

    exit_code = 2


class WayDown(PublisherError):
    """Where messages come back does not answer: they are there still, and fetched later."""

    exit_code = 75


class TransportRefused(PublisherError):
    """The way out cannot be used until a person changes something."""

    exit_code = 2


class AddressRefused(TransportRefused):
    """The server takes nothing from our sender's address: what is left waits, for an hour or more.

    Time may mend it, as a quota of ours that is used up (RFC 3463 §3.5, X.4.5), or a person.
    """

    exit_code = 75

    def __init__(self, sender: str, reply: object) -> None:
        self.reason = f"it takes no mail from {sender}: {str(reply)[:200]}"
        super().__init__(
            f"the server does not take mail from {sender}: {reply}",
            why="Nothing was sent to this reader, and nothing is lost.",
            todo="Mend it with who runs the server, or let its quota pass; then: publisher deliver",
        )


class TransportDown(PublisherError):
    """The way out does not answer: nothing is lost, and trying again later may help."""

    exit_code = 75


class SenderRefused(TransportDown):
    """The server refuses us, whoever the reader is: what is left waits."""


class NoRoom(PublisherError):
    """A message that came back must be kept, and cannot be now: it is to be brought again."""

    exit_code = 75


class NoNetwork(PublisherError):
    """Nobody out there answers: there is no network here, or no DNS server."""

    exit_code = 75

    def __init__(self) -> None:
        super().__init__(
            "no DNS server answers",
            why="There is no network here, or a firewall is in the way; nothing was looked at.",
            todo="Try again with a network; --resolver ADDRESS names another DNS server.",
        )


class LedgerLost(PublisherError):
    """No ledger is there, though editions were sent: nothing begins one without being asked to."""


class StateUnavailable(PublisherError):
    """A database of ours does not answer: a full disk, a lock held too long, a server away.

    Nothing is wrong with what it holds, and nobody has decided anything: what was to be done is
    still to be done. `said` is what the database says.
    """

    def __init__(self, said: str, *, what: str = "", why: str = "", todo: str = "") -> None:
        self.said = said
        super().__init__(
            what or f"a database in .publisher: {said}",
            why=why,
            todo=todo or "Look at the disk's space and rights, then run it again.",
        )


class LedgerUnavailable(StateUnavailable):
    """The database server of the ledger does not do what it is asked, for now.

    `place` is its address without a password, `said` what it says.
    """

    exit_code = 75

    def __init__(self, place: str, said: str) -> None:
        super().__init__(
            said,
            what=f"the ledger {place} does not answer",
            why=said.split("\n")[0],
            todo="Nothing is lost: look at the database server, and run it again.",
        )


class StoreUnavailable(StateUnavailable):
    """The object store of the outbox does not do what it is asked, for now or until it may.

    `place` is its address, `said` what it says, without what could be a secret.
    """

    exit_code = 75

    def __init__(self, place: str, said: str, todo: str = "Run it again when it answers.") -> None:
        super().__init__(
            said,
            what=f"the outbox {place}: {said}",
            why="Nothing is lost: what lies there is as it was, and the next run goes on.",
            todo=todo,
        )


class Held(PublisherError):
    """A person must decide before this goes on."""

    exit_code = 3


class NoLock(PublisherError):
    """Where the file of a lock should lie, something else does: a link, a folder, a pipe."""

    def __init__(self, path: object) -> None:
        super().__init__(
            "it is no file, and a lock is one of ours",
            path=str(path),
            why="Nothing is written there: a link could lead to any file.",
            todo="Take it away, and run the command again.",
        )


class Locked(PublisherError):
    """Another run is at work on this publication."""

    exit_code = 5


def suggestion(name: str, known: Iterable[str]) -> str:
    """Name the nearest known words, or all of them where there are few; "" where there are none.

    >>> suggestion("titel", ["title", "tags"])
    'Did you mean title?'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name[:80], names, n=3, cutoff=0.6)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"There are: {', '.join(names)}." if 0 < len(names) <= 12 else ""
