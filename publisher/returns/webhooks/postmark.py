"""Postmark's webhooks. It signs nothing: a secret comes with each call, as a password.

Documentation: "Webhooks overview" (Protecting your webhook: HTTP authentication), "Bounce
webhook", "Spam complaint webhook", "Subscription change webhook", "Bounce API" (Bounce types).
It tries again for some hours; who calls is shown by the secret alone, so that nothing but the ids
of events keeps one from counting twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from publisher.delivery.providers.postmark import METADATA
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
    within,
)
from publisher.returns.webhooks.classes import bounced

_TYPES: dict[str, ReturnedClass] = {
    "Transient": "transient", "DnsError": "transient", "Unsubscribe": "unsubscribe",
    "AutoResponder": "auto-reply", "AddressChange": "personal", "ChallengeVerification": "personal",
    "SpamNotification": "refused", "VirusNotification": "refused", "Blocked": "refused",
    "DMARCPolicy": "refused", "BadEmailAddress": "dead", "SpamComplaint": "complaint",
}  # fmt: skip

_IGNORED = {"Subscribe", "InboundError", "TemplateRenderingFailed", "OpenRelayTest"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PostmarkHook:
    """See `call.Hook`."""

    secret: str = field(repr=False)
    provider: ClassVar[str] = "postmark"

    def read(self, call: Call) -> tuple[Told, ...]:
        """One event a call."""
        check_secret(call, self.secret)
        return each_told(call, self._told)

    def _told(self, call: Call, event: Mapping[str, Any]) -> Told | None:
        record, words = text_of(event, "RecordType"), text_of(event, "Details", "Description")
        if record in ("Bounce", "SpamComplaint"):
            kind = text_of(event, "Type")
            if kind in _IGNORED:
                return None
            what = _bounce(kind, words)
            at, identity = event.get("BouncedAt"), f"bounce {text_of(event, 'ID')}"
        elif record == "SubscriptionChange" and event.get("SuppressSending") is True:
            # Of a bounce and of a complaint the other two webhooks tell more.
            if text_of(event, "SuppressionReason") != "ManualSuppression":
                return None
            what, at = "unsubscribe", event.get("ChangedAt")
            identity = digest_of(record, text_of(event, "MessageID", "Recipient"), str(at)[:40])
        else:
            return None
        metadata = within(event, "Metadata")
        return told(
            call,
            self.provider,
            identity,
            what,
            recipient=text_of(event, "Email", "Recipient"),
            message_id="".join(text_of(metadata, name) for name in METADATA),
            words=words,
            at=moment(at),
        )


def _bounce(kind: str, words: str) -> ReturnedClass:
    if kind in ("HardBounce", "SoftBounce"):
        return bounced(words, hard=kind == "HardBounce")
    return _TYPES.get(kind, "unknown")
