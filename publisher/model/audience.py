"""Readers, their consent, and why an address is not mailed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

Standing = Literal["active", "unsubscribed", "bounced", "complained", "manual", "erased"]
"""Whether an address gets a newsletter, or why it does not."""

Out = Literal["unsubscribed", "bounced", "complained", "manual"]
"""Why an address is not mailed, as a file may say."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An e-mail address.

    `text` is as it goes into an envelope: its domain in A-labels (RFC 5890). `key` is what two
    spellings of one address have in common. `utf8` tells that the part before the @ is not ASCII:
    only servers with SMTPUTF8 take it (RFC 6531).
    """

    text: str
    key: str
    domain: str
    utf8: bool = False

    @property
    def folded(self) -> str:
        """The key that an older ledger has: its suppressions are known by it."""
        return self.key.casefold()

    @property
    def is_domain(self) -> bool:
        """Whether it stands for all addresses of a domain."""
        return self.key.startswith("@")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of a reader and a newsletter.

    `joined` and `ended` are dates that stand in it, None where none does: of a consent, and of the
    leaving. "pending" never confirmed, "unsaid" is of other newsletters alone, "doubtful" may have
    left by a row that nobody can read.
    """

    what: Literal["active", "pending", "unsaid", "doubtful"] | Out = "active"
    joined: datetime | None = None
    ended: datetime | None = None


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """What all rows of a file, or an editor, say of one reader.

    `said` is of every newsletter that `named` does not name. `evidence` tells where consent
    stands, `ending` where it ended: file, line, and the words there. `line` is that of the first
    of so many `rows`.
    """

    address: Address
    name: str = ""
    language: str = ""
    zone: str = ""
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = msgspec.field(default_factory=dict)
    said: Said = Said()
    named: Mapping[str, Said] = msgspec.field(default_factory=dict)
    evidence: str = ""
    ending: str = ""
    line: int | None = None
    rows: int = 1

    def of(self, newsletter: str) -> Said:
        """What is said of a newsletter."""
        return self.named.get(newsletter, self.said)

    @property
    def joined(self) -> datetime | None:
        """The first dated consent to any newsletter."""
        dates = (said.joined for said in (self.said, *self.named.values()))
        return min((date for date in dates if date), default=None)


class Subscriber(msgspec.Struct, frozen=True, kw_only=True):
    """A reader. `subscriptions` maps newsletters to "active" or "unsubscribed", `since` to when."""

    id: int
    address: str
    utf8: bool
    name: str
    language: str
    zone: str
    tags: tuple[str, ...]
    attributes: Mapping[str, str]
    joined: datetime
    subscriptions: Mapping[str, str]
    since: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    suppression: Suppression | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log: what a reader said of a newsletter, when, how and by what source."""

    newsletter: str
    what: Literal["subscribed", "unsubscribed"]
    at: datetime
    how: str
    source: str


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """Why an address is never mailed."""

    reason: Standing
    at: datetime
    detail: str = ""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one candidate.

    "kept" are those who left, or must not be mailed, as is known here, and were not brought back;
    those who left may come back if they ask (`may_return`). Of those whom a file says to be out,
    "left" were no readers here, "ended" were until now, and "bounced", "complained" and "manual"
    are suppressed from now on. "pending", "unsaid" and "doubtful" are not taken.
    """

    candidate: Candidate
    what: Literal[
        "added",
        "subscribed",
        "known",
        "kept",
        "left",
        "ended",
        "bounced",
        "complained",
        "manual",
        "pending",
        "unsaid",
        "doubtful",
    ]
    reason: str = ""
    may_return: bool = False
