"""SendGrid's event webhook, signed by ECDSA over its time and its body.

Documentation: "Getting Started with the Event Webhook Security Features", "Event Webhook
Reference". It tries again for 24 hours, and says nowhere that it signs anew for that: a call is
taken for so long, and its events count once by their `sg_event_id`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from publisher.delivery.providers.sendgrid import ARGUMENT
from publisher.model import ReturnedClass
from publisher.returns.told import Told
from publisher.returns.webhooks.call import (
    Call,
    Forged,
    check_time,
    each_told,
    moment,
    text_of,
    told,
)
from publisher.returns.webhooks.classes import bounced

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_PAST = timedelta(hours=25)
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

_EVENTS: dict[str, ReturnedClass] = {
    "deferred": "transient", "spamreport": "complaint", "unsubscribe": "unsubscribe",
    "group_unsubscribe": "unsubscribe",
}  # fmt: skip

_DROPPED: dict[str, ReturnedClass] = {
    "bounced address": "dead", "invalid": "dead", "spam reporting address": "complaint",
    "unsubscribed address": "unsubscribe", "spam content": "refused",
}  # fmt: skip


def public_key(text: str) -> EllipticCurvePublicKey:
    """The verification key as SendGrid shows it (base64 of DER), or as PEM; raises ValueError."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    lines = [line for line in text.split() if "-----" not in line and line not in ("PUBLIC", "KEY")]
    found = load_der_public_key(base64.b64decode("".join(lines), validate=True))
    if not isinstance(found, EllipticCurvePublicKey):
        raise ValueError("it is no key of an elliptic curve")
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class SendGridHook:
    """See `call.Hook`."""

    key: EllipticCurvePublicKey = field(repr=False)
    provider: ClassVar[str] = "sendgrid"

    def read(self, call: Call) -> tuple[Told, ...]:
        """A list of events."""
        self._verify(call)
        return each_told(call, self._told)

    def _verify(self, call: Call) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        stamp = call.header(_TIMESTAMP)
        try:
            signature = base64.b64decode(call.header(_SIGNATURE), validate=True)
            self.key.verify(signature, stamp.encode() + call.body, ECDSA(SHA256()))
        except (ValueError, InvalidSignature):
            raise Forged("its signature does not hold") from None
        check_time(moment(stamp), call, _PAST)

    def _told(self, call: Call, event: Mapping[str, Any]) -> Told | None:
        words, status = text_of(event, "reason", "response"), text_of(event, "status")
        what = _class(event, words, status)
        if what is None:
            return None
        return told(
            call,
            self.provider,
            text_of(event, "sg_event_id"),
            what,
            recipient=text_of(event, "email"),
            message_id=text_of(event, ARGUMENT, "smtp-id"),
            words=words,
            status=status,
            at=moment(event.get("timestamp")),
        )


def _class(event: Mapping[str, Any], words: str, status: str) -> ReturnedClass | None:
    name = text_of(event, "event")
    if name == "dropped":
        return _DROPPED.get(text_of(event, "reason", "type").lower(), "unknown")
    if name != "bounce":
        return _EVENTS.get(name)
    if text_of(event, "bounce_classification") in ("Content", "Reputation", "Frequency/Volume"):
        return "refused"
    return bounced(words, hard=text_of(event, "type") != "blocked", status=status)
