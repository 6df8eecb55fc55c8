"""Mailgun's webhooks: an HMAC over a time and a token, in the body.

Documentation: "Securing Webhooks", "Tracking Failures", "Tracking Spam Complaints", "Tracking
Unsubscribes", "Webhooks" (tries again for eight hours). The signature does not cover what the event
says: who has seen one call could say anything under its token. So a token holds for one body
alone, and is the id of the event, which the ledger counts once.
"""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar

from publisher.model import ReturnedClass
from publisher.returns.told import Told
from publisher.returns.webhooks.call import (
    Call,
    Forged,
    check_time,
    content_of,
    is_same,
    moment,
    text_of,
    told,
    within,
)
from publisher.returns.webhooks.classes import bounced

_PAST = timedelta(hours=9)
_REMEMBERED = 20_000  # tokens

_SUPPRESSED: dict[str, ReturnedClass] = {
    "suppress-bounce": "dead", "suppress-complaint": "complaint",
    "suppress-unsubscribe": "unsubscribe", "espblock": "refused", "blacklisted": "refused",
}  # fmt: skip


class Tokens:
    """Which body each token came with, of the last so many."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most, self._lock = most, threading.Lock()
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def check(self, token: str, body: bytes) -> None:
        """Raise Forged for a token that came with another body before."""
        digest = sha256(body).digest()
        with self._lock:
            before = self._bodies.setdefault(token, digest)
            if len(self._bodies) > self._most:
                self._bodies.popitem(last=False)
        if before != digest:
            raise Forged("its token was used for another event", is_old=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailgunHook:
    """See `call.Hook`. `key` is the HTTP webhook signing key."""

    key: str = field(repr=False)
    tokens: Tokens = field(default_factory=Tokens, repr=False)
    provider: ClassVar[str] = "mailgun"

    def read(self, call: Call) -> tuple[Told, ...]:
        """One event a call. The signature stands in the body, which is read before it is known."""
        content = content_of(call.body)
        token = self._verified(call, within(content, "signature"))
        one = self._told(call, within(content, "event-data"), token)
        return () if one is None else (one,)

    def _verified(self, call: Call, signature: Mapping[str, Any]) -> str:
        stamp, token = text_of(signature, "timestamp"), text_of(signature, "token")
        right = hmac.digest(self.key.encode(), f"{stamp}{token}".encode(), "sha256").hex()
        if not token or not is_same(text_of(signature, "signature"), right):
            raise Forged("its signature does not hold")
        check_time(moment(stamp), call, _PAST)
        self.tokens.check(token, call.body)
        return token

    def _told(self, call: Call, event: Mapping[str, Any], token: str) -> Told | None:
        status = within(event, "delivery-status")
        words = text_of(status, "message", "description") or text_of(
            within(event, "reject"), "reason"
        )
        what = _class(event, words, text_of(status, "enhanced-code"))
        if what is None:
            return None
        return told(
            call,
            self.provider,
            token,
            what,
            recipient=text_of(event, "recipient"),
            message_id=text_of(within(event, "message", "headers"), "message-id"),
            words=words,
            status=text_of(status, "enhanced-code"),
            at=moment(event.get("timestamp")),
        )


def _class(event: Mapping[str, Any], words: str, status: str) -> ReturnedClass | None:
    match text_of(event, "event"):
        case "failed":
            reason = text_of(event, "reason")
            hard = text_of(event, "severity") == "permanent"
            return _SUPPRESSED.get(reason) or bounced(words, hard=hard, status=status)
        case "complained":
            return "complaint"
        case "unsubscribed":
            return "unsubscribe"
        case "rejected":
            return "refused"
    return None
