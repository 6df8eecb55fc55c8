"""Postmark: JSON made of our message; it takes none as it is.

Documentation: "Email API" (Send a single email), "API overview" (Error codes, HTTP response
codes), "Server API", "Message Streams API", "Custom Metadata FAQ"; that `X-PM-KeepID` keeps a
Message-ID, "Sending an email with SMTP" and its own integrations say.

Newsletters go by a broadcast stream. Such a stream adds Postmark's own way to unsubscribe unless
its unsubscribing is `Custom`, which Postmark's support sets: then our headers are those that count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from publisher.delivery.providers.asking import Answer, Ask, Kind, json_ask
from publisher.delivery.providers.parts import mailbox, parts_of
from publisher.model import Envelope

METADATA = ("message-id", "message-id-2", "message-id-3")
"""Names of what comes back with each event: a value has 80 characters at most."""

_VALUE = 80

_KINDS: dict[str, Kind] = {
    "10": "sender", "100": "later", "400": "sender", "401": "sender", "405": "quota",
    "406": "dead", "412": "sender", "413": "sender", "429": "pace", "1235": "sender",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Postmark:
    """See `asking.Provider`. `stream` is the id of a message stream."""

    key: str = field(repr=False)
    stream: str = "broadcast"
    base_url: str
    name: ClassVar[str] = "postmark"
    title: ClassVar[str] = "Postmark"
    takes_utf8: ClassVar[bool] = False

    def look(self, at: datetime | None) -> Ask:
        """The server that the token is of."""
        return Ask(path="/server", method="GET", headers=self._headers())

    def looked(self, answer: Answer) -> str:
        """401 for a token that is none."""
        return "it does not take the server token" if answer.status in (401, 403, 422) else ""

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """`POST /email`, its links and opens left alone."""
        parts = parts_of(message)
        kept = [("Message-ID", f"<{parts.message_id}>"), ("X-PM-KeepID", "true")]
        content: dict[str, Any] = {
            "From": mailbox(parts.sender_name, parts.sender),
            "To": mailbox(parts.name, envelope.recipient),
            "ReplyTo": parts.reply_to,
            "Subject": parts.subject,
            "TextBody": parts.text,
            "HtmlBody": parts.html,
            "MessageStream": self.stream,
            "TrackOpens": False,
            "TrackLinks": "None",
            "Headers": [{"Name": name, "Value": value} for name, value in (*kept, *parts.headers)],
            "Metadata": _metadata(parts.message_id),
        }
        return json_ask("/email", content, self._headers())

    def kind(self, answer: Answer) -> Kind | None:
        """By its ErrorCode, which stands in an answer of 422 and in others."""
        code = answer.text("ErrorCode")
        if answer.status == 200:
            return None if code in ("", "0") else _KINDS.get(code, "message")
        if code == "300" and re.search(r"'To'|\brecipient", self.words(answer)):
            return "address"
        return _KINDS.get(code) if answer.status < 500 else None

    def words(self, answer: Answer) -> str:
        """Its id of the message, or its ErrorCode and Message."""
        if answer.status == 200 and (taken := answer.text("MessageID")):
            return taken
        return f"{answer.text('ErrorCode')} {answer.text('Message')}".strip()

    def _headers(self) -> dict[str, str]:
        return {"X-Postmark-Server-Token": self.key, "Accept": "application/json"}


def _metadata(message_id: str) -> dict[str, str]:
    """A Message-ID in as many values as it needs."""
    starts = range(0, len(message_id), _VALUE)
    return {
        name: message_id[start : start + _VALUE]
        for name, start in zip(METADATA, starts, strict=False)
    }
