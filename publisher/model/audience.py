"""Readers, their consent, and why an address is not mailed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Standing = Literal["active", "unsubscribed", "bounced", "complained", "manual", "erased"]
"""Whether an address gets a newsletter, or why it does not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An e-mail address.

    `text` is as it goes into an envelope: its domain in A-labels (RFC 5890). `key` is what two
    spellings of one address have in common. `utf8` tells that the part before the @ is not ASCII:
    only servers with SMTPUTF8 take it (RFC 6531).
    """

    text: str
    key: str
    domain: str
    utf8: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """What a row of an import, or an editor, says of one reader.

    `origin` is where consent came from (an IP address); `dropped` names what could not be read
    and was left out; `line` counts from 1.
    """

    address: Address
    name: str = ""
    language: str = ""
    zone: str = ""
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    joined: datetime | None = None
    origin: str = ""
    standing: Standing = "active"
    dropped: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """A reader. `subscriptions` maps newsletters to "active" or "unsubscribed"."""

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
    suppression: Suppression | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """One entry of the log: what a reader said of a newsletter, when, how and by what source."""

    newsletter: str
    what: Literal["subscribed", "unsubscribed"]
    at: datetime
    how: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Suppression:
    """Why an address is never mailed."""

    reason: Standing
    at: datetime
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """What became of one candidate.

    "kept" are those who left, or must not be mailed, and were not brought back; those who left may
    come back if they ask (`may_return`).
    """

    candidate: Candidate
    what: Literal["added", "subscribed", "known", "kept"]
    reason: str = ""
    may_return: bool = False
