"""Brevo, API v3: JSON made of our message; it takes none as it is.

Documentation: "Send a transactional email" (`POST /v3/smtp/email`), "Rate limit headers", "Error
codes", "Get your account information"; the changelog's "Email API now supports idempotency":
`idempotencyKey` among the headers, a UUID, holds for 15 minutes. Brevo writes a Message-ID of its
own. Custom headers must be ASCII, a mail needs an HTML part (both seen by anymail/django-anymail).
What stands in `X-Mailin-custom` comes back with each event, and is in the mail for who looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any, ClassVar

from publisher.delivery.providers.asking import Answer, Ask, Kind, json_ask
from publisher.delivery.providers.parts import once_key, parts_of
from publisher.model import Envelope

CUSTOM = "X-Mailin-custom"
"""The header whose value comes back with events."""

_KINDS: dict[str, Kind] = {
    "duplicate_request": "taken", "not_enough_credits": "quota", "unauthorized": "sender",
    "permission_denied": "sender", "account_under_validation": "sender",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Brevo:
    """See `asking.Provider`."""

    key: str = field(repr=False)
    base_url: str
    name: ClassVar[str] = "brevo"
    title: ClassVar[str] = "Brevo"
    takes_utf8: ClassVar[bool] = True

    def look(self, at: datetime | None) -> Ask:
        """The account."""
        return Ask(path="/v3/account", method="GET", headers=self._headers())

    def looked(self, answer: Answer) -> str:
        """401 for no key, and for an address of ours that the account does not let in."""
        return "it does not take the key from here" if answer.status in (401, 403) else ""

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """A mail to one reader."""
        parts = parts_of(message)
        custom = {CUSTOM: parts.message_id, "idempotencyKey": once_key(parts.message_id)}
        content: dict[str, Any] = {
            "sender": _person(parts.sender_name, parts.sender),
            "to": [_person(parts.name, envelope.recipient)],
            "replyTo": _person("", parts.reply_to) if parts.reply_to else {},
            "subject": parts.subject,
            "htmlContent": parts.html or _as_html(parts.text),
            "textContent": parts.text,
            "headers": {**dict(parts.headers), **custom},
        }
        return json_ask("/v3/smtp/email", content, self._headers())

    def kind(self, answer: Answer) -> Kind | None:
        """By its code; an id that it has seen within a quarter of an hour was taken then."""
        if not 400 <= answer.status < 500:
            return None
        code, said = answer.text("code"), answer.text("message").lower()
        if code == "invalid_parameter" and "sender" in said:
            return "sender"
        if code == "invalid_parameter" and "email is not valid in to" in said:
            return "address"
        return _KINDS.get(code)

    def words(self, answer: Answer) -> str:
        """Its id of the message, or its code and words."""
        if 200 <= answer.status < 300:
            return answer.text("messageId")
        return f"{answer.text('code')} {answer.text('message')}".strip()

    def _headers(self) -> dict[str, str]:
        return {"api-key": self.key, "Accept": "application/json"}


def _person(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def _as_html(text: str) -> str:
    """A mail that has no HTML, as the plainest that shows the same."""
    return f'<div style="white-space: pre-wrap">{escape(text)}</div>'
