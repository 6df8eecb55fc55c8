"""SendGrid, API v3: JSON made of our message; it takes none as it is.

Documentation: "Mail Send" (`POST /v3/mail/send`) with its pages "Errors" and "Limitations",
"Personalizations", "Retrieve a list of scopes", and "Errors" of "How to use the SendGrid v3 API".
A Message-ID of ours is kept in the message; the event webhook's `smtp-id` is not always that
(anymail/django-anymail, issue 108), so that ours goes along as a custom argument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from publisher.delivery.providers.asking import Answer, Ask, Kind, json_ask
from publisher.delivery.providers.parts import parts_of
from publisher.model import Envelope

ARGUMENT = "publisher_message"
"""The custom argument that holds a Message-ID; each event brings it back."""

_OFF = {"enable": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class SendGrid:
    """See `asking.Provider`."""

    key: str = field(repr=False)
    base_url: str
    name: ClassVar[str] = "sendgrid"
    title: ClassVar[str] = "SendGrid"
    takes_utf8: ClassVar[bool] = False

    def look(self, at: datetime | None) -> Ask:
        """What the key may do."""
        return Ask(path="/v3/scopes", method="GET", headers=self._headers())

    def looked(self, answer: Answer) -> str:
        """401 for no key; one that may not send is told before it is tried."""
        if answer.status == 401:
            return "it does not take the key"
        scopes = answer.fields.get("scopes")
        if isinstance(scopes, list) and "mail.send" not in scopes:
            return "the key may not send mail (its scope mail.send)"
        return ""

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """One personalization of one reader; opens, links and its own unsubscribing left alone."""
        parts = parts_of(message)
        contents = (("text/plain", parts.text), ("text/html", parts.html))  # in this order
        content: dict[str, Any] = {
            "personalizations": [{"to": [_person(parts.name, envelope.recipient)]}],
            "from": _person(parts.sender_name, parts.sender),
            "reply_to": _person("", parts.reply_to) if parts.reply_to else {},
            "subject": parts.subject,
            "content": [{"type": kind, "value": text} for kind, text in contents if text],
            "headers": {"Message-ID": f"<{parts.message_id}>", **dict(parts.headers)},
            "custom_args": {ARGUMENT: parts.message_id},
            "tracking_settings": {
                "click_tracking": _OFF,
                "open_tracking": _OFF,
                "subscription_tracking": _OFF,
                "ganalytics": _OFF,
            },
        }
        return json_ask("/v3/mail/send", content, self._headers())

    def kind(self, answer: Answer) -> Kind | None:
        """By the field that is at fault, and the words."""
        if not 400 <= answer.status < 500:
            return None
        fields = [str(one.get("field")) for one in _errors(answer)]
        if re.search(r"credits exceeded|quota", self.words(answer), re.IGNORECASE):
            return "quota"
        if any(re.match(r"personalizations\.0\.to|to\b", name) for name in fields):
            return "address"
        return "sender" if any(name.startswith("from") for name in fields) else None

    def words(self, answer: Answer) -> str:
        """Its id of the message, or what is wrong."""
        if answer.status == 202:
            return answer.headers.get("x-message-id", "")
        return "; ".join(str(one.get("message")) for one in _errors(answer))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}


def _person(name: str, address: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    found = answer.fields.get("errors")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
