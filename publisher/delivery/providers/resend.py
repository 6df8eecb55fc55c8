"""Resend: JSON made of our message; it takes none as it is.

Documentation: "Send Email" (`POST /emails`), "Idempotency Keys" (24 hours, 256 characters),
"Errors", "Custom Headers", "Webhooks". It sends by Amazon SES, which writes a Message-ID of its
own: ours goes along as a tag, in the letters that tags may have, and each event brings it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from publisher.delivery.providers.asking import Answer, Ask, Kind, json_ask
from publisher.delivery.providers.parts import mailbox, mark_of, once_key, parts_of
from publisher.model import Envelope

TAG = "publisher-message"
"""The tag that holds a Message-ID as `parts.mark_of` writes it."""

_TAG_MOST = 256  # characters

_KINDS: dict[str, Kind] = {
    "invalid_idempotent_request": "taken", "concurrent_idempotent_requests": "later",
    "rate_limit_exceeded": "pace", "daily_quota_exceeded": "quota",
    "monthly_quota_exceeded": "quota", "invalid_from_address": "sender",
    "invalid_api_key": "sender", "missing_api_key": "sender", "invalid_access": "sender",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Resend:
    """See `asking.Provider`."""

    key: str = field(repr=False)
    base_url: str
    name: ClassVar[str] = "resend"
    title: ClassVar[str] = "Resend"
    takes_utf8: ClassVar[bool] = False

    def look(self, at: datetime | None) -> Ask:
        """The domains of the account."""
        return Ask(path="/domains", method="GET", headers=self._headers())

    def looked(self, answer: Answer) -> str:
        """A key that may only send is told so, and that is a good one."""
        if answer.text("name") == "restricted_api_key" or answer.status not in (400, 401, 403):
            return ""
        return "it does not take the key"

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """A mail to one reader; the same key for the same message, whenever it is sent."""
        parts = parts_of(message)
        mark = mark_of(parts.message_id)
        content: dict[str, Any] = {
            "from": mailbox(parts.sender_name, parts.sender),
            "to": [mailbox(parts.name, envelope.recipient)],
            "reply_to": parts.reply_to,
            "subject": parts.subject,
            "html": parts.html,
            "text": parts.text,
            "headers": dict(parts.headers),
            "tags": [{"name": TAG, "value": mark}] if len(mark) <= _TAG_MOST else [],
        }
        once = {"Idempotency-Key": once_key(parts.message_id)}
        return json_ask("/emails", content, {**self._headers(), **once})

    def kind(self, answer: Answer) -> Kind | None:
        """By the error's name. A key that was used with other words was used by this message:
        nobody but it has that id, so that it was taken.
        """
        if not 400 <= answer.status < 500:
            return None
        name, said = answer.text("name"), answer.text("message").lower()
        if name == "validation_error" and re.search(r"`to`", said):
            return "address"
        if name == "validation_error" and re.search(
            r"not verified|testing emails|api key|`from`", said
        ):
            return "sender"
        return _KINDS.get(name)

    def words(self, answer: Answer) -> str:
        """Its id of the message, or the error's name and words."""
        if 200 <= answer.status < 300:
            return answer.text("id")
        return f"{answer.text('name')} {answer.text('message')}".strip()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
