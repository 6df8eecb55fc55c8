"""Brevo's webhooks. It signs nothing: a secret comes with each call, as a password or a token.

Documentation: "Transactional webhooks", "Secure webhook calls", "Batched webhooks". Its `date` is
in the account's own time zone; `ts_epoch` and `ts_event` are in UTC. Events have no id: one is made
of what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from publisher.delivery.providers.brevo import CUSTOM
from publisher.model import ReturnedClass
from publisher.returns.told import Told
from publisher.returns.webhooks.call import (
    Call,
    check_secret,
    digest_of,
    each_told,
    moment,
    text_of,
    told,
)
from publisher.returns.webhooks.classes import bounced

_EVENTS: dict[str, ReturnedClass] = {
    "invalid_email": "dead", "blocked": "refused", "deferred": "transient", "error": "transient",
    "spam": "complaint", "complaint": "complaint", "unsubscribe": "unsubscribe",
    "unsubscribed": "unsubscribe",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class BrevoHook:
    """See `call.Hook`."""

    secret: str = field(repr=False)
    provider: ClassVar[str] = "brevo"

    def read(self, call: Call) -> tuple[Told, ...]:
        """One event a call, or a list where they are batched."""
        check_secret(call, self.secret)
        return each_told(call, self._told)

    def _told(self, call: Call, event: Mapping[str, Any]) -> Told | None:
        name, words = text_of(event, "event"), text_of(event, "reason")
        if name in ("hard_bounce", "soft_bounce"):
            what = bounced(words, hard=name == "hard_bounce")
        elif name in _EVENTS:
            what = _EVENTS[name]
        else:  # sent, delivered, opened and the like
            return None
        recipient, message = text_of(event, "email"), text_of(event, "message-id")
        stamp = text_of(event, "ts_epoch", "ts_event")
        return told(
            call,
            self.provider,
            digest_of(name, recipient, message, stamp),
            what,
            recipient=recipient,
            message_id=text_of(event, CUSTOM),
            words=words,
            at=moment(event.get("ts_epoch"), thousandths=True) or moment(event.get("ts_event")),
        )
