"""What comes back: what a message says of a delivery of ours, or of who sent it."""

from __future__ import annotations

from typing import Literal

import msgspec

ReturnedClass = Literal[
    "dead",
    "full",
    "refused",
    "transient",
    "complaint",
    "auto-reply",
    "unsubscribe",
    "personal",
    "unknown",
]
"""Of what came back: an address that does not exist, a full mailbox, a policy's refusal of us, what
may pass by itself; a complaint; what a program answered for a reader who gets his mail; a mail that
asks to leave; a mail for a person, such as a reply or a new address; and what nobody can tell."""


BOUNCES: tuple[ReturnedClass, ...] = ("dead", "full", "refused", "transient", "unknown")
"""What says that a message did not arrive, or not yet."""

Proof = Literal["", "return path", "token", "message-id"]
"""By what a message that came back is known to be about a reader: the signed return path that it
was sent to, an unsubscribe token, a Message-ID that was ours to that very reader; "" by nothing."""

Followed = Literal[
    "counted",
    "suppressed",
    "left",
    "held",
    "for a person",
    "forged",
    "unread",
    "dismissed",
]
"""What followed. "held" is one of a flood, and waits for a person; "forged" has no proof that it is
about a message of ours, and changed nothing; "unread" says nothing that could be understood;
"dismissed" means nothing, as a person said."""

WAITING_FOR_PERSON: tuple[Followed, ...] = ("held", "for a person", "unread")


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What a message that came back says of one recipient, as far as it says it.

    Nothing of it is proven yet: anybody can write such a message. `recipient` is the address that
    it is about, as written there; `message_id` (no brackets) that of a message of ours that it
    holds or names; `token` an unsubscribe token of ours in it. `status` is an enhanced status
    (RFC 3463); `words` are the server's on one line, at most 500 characters; `server` is who says
    so. `replacement` is a new address that it names.
    """

    what: ReturnedClass
    recipient: str = ""
    message_id: str = ""
    token: str = ""
    status: str = ""
    words: str = ""
    server: str = ""
    replacement: str = ""
