"""A message on its way: envelope, recipient, the server's reply and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

State = Literal[
    "queued",
    "claimed",
    "sending",
    "deferred",
    "accepted",
    "filed",
    "bounced",
    "failed",
    "suppressed",
    "cancelled",
    "uncertain",
]
"""Of a delivery. "accepted" by the next server, never "delivered"; "filed" was written
into a file, for there was no server; "bounced" is an address that
does not exist, "failed" any other refusal; "uncertain" may have been accepted."""

FINAL: tuple[State, ...] = (
    "accepted", "filed", "bounced", "failed", "suppressed", "cancelled",
)  # fmt: skip

WAITING: tuple[State, ...] = ("queued", "deferred", "claimed")
"""Not started yet: it can still be stopped."""


class Envelope(NamedTuple):
    """MAIL FROM and RCPT TO (RFC 5321 §2.3.1); `utf8` asks for SMTPUTF8 (RFC 6531).

    It is a tuple, as is a recipient: one is made for each message, in a third of the time.
    """

    sender: str
    recipient: str
    utf8: bool = False


class Recipient(NamedTuple):
    """One reader of one edition, with all that their message holds of them.

    `name` may be empty. `values` fill the rendition's slots.
    """

    reader: int
    address: str
    domain: str
    message_id: str
    name: str = ""
    utf8: bool = False
    values: Mapping[str, str] = MappingProxyType({})


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A server's answer (RFC 5321 §4.2) with its enhanced status, "" where it gave none (RFC 3463).

    `stage` tells what it answered.
    """

    code: int
    text: str = ""
    status: str = ""
    stage: Literal["connect", "mail", "rcpt", "data", "dot"] = "dot"

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.code, self.status, self.text) if part)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply means for a delivery, and what it tells about the reader's address.

    `about` "dead" alone counts towards a suppression. "us" is a server that refuses the sender,
    "refused" any other policy: both say nothing about the reader.
    """

    state: Literal["accepted", "deferred", "bounced", "failed", "uncertain"]
    about: Literal["", "dead", "full", "refused", "us", "transient", "unknown"] = ""
