"""Resend's webhooks, signed as Svix does: HMAC-SHA-256 over id, time and body.

Documentation: "Verify Webhooks Requests", "Event Types", "email.bounced"; Svix, "Verifying Webhooks
Manually". Each try is signed anew, with its own time; the id stays that of the event.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, ClassVar

from publisher.delivery.providers.parts import message_id_in
from publisher.delivery.providers.resend import TAG
from publisher.model import ReturnedClass
from publisher.returns.told import Told
from publisher.returns.webhooks.call import (
    Call,
    Forged,
    check_time,
    content_of,
    fields_of,
    is_same,
    moment,
    text_of,
    told,
    within,
)
from publisher.returns.webhooks.classes import bounced_by_amazon

_PAST = timedelta(minutes=5)  # as Svix's own libraries have it

_EVENTS: dict[str, ReturnedClass] = {
    "email.complained": "complaint", "email.delivery_delayed": "transient",
    "email.suppressed": "dead", "email.failed": "unknown",
}  # fmt: skip


def signing_key(secret: str) -> bytes:
    """The key in a secret that begins with `whsec_`; raises ValueError."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if len(key) < 16:
        raise ValueError("it is too short")
    return key


@dataclass(frozen=True, kw_only=True, slots=True)
class ResendHook:
    """See `call.Hook`."""

    key: bytes = field(repr=False)
    provider: ClassVar[str] = "resend"

    def read(self, call: Call) -> tuple[Told, ...]:
        """One event a call."""
        identity = self._verified(call)
        content = content_of(call.body)
        one = self._told(call, fields_of(content), identity)
        return () if one is None else (one,)

    def _verified(self, call: Call) -> str:
        """The id of an event whose signature holds; several stand there while keys change."""
        identity, stamp = call.header("svix-id"), call.header("svix-timestamp")
        content = f"{identity}.{stamp}.".encode() + call.body
        right = base64.b64encode(hmac.digest(self.key, content, "sha256")).decode()
        given = call.header("svix-signature").split()[:10]
        holds = [is_same(one, f"v1,{right}") for one in given]
        if not identity or not any(holds):
            raise Forged("its signature does not hold")
        check_time(moment(stamp), call, _PAST)
        return identity

    def _told(self, call: Call, event: Mapping[str, Any], identity: str) -> Told | None:
        data, name = within(event, "data"), text_of(event, "type")
        bounce = within(data, "bounce")
        words = text_of(bounce, "message") or text_of(within(data, "failed"), "reason")
        words = words or text_of(within(data, "suppressed"), "message")
        if name == "email.bounced":
            kind, subtype = text_of(bounce, "type"), text_of(bounce, "subType")
            what = bounced_by_amazon(kind, subtype, words)
        elif name in _EVENTS:
            what = _EVENTS[name]
        else:
            return None
        to = data.get("to")
        first = to[0] if isinstance(to, list) and to else to
        return told(
            call,
            self.provider,
            identity,
            what,
            recipient=parseaddr(first)[1] if isinstance(first, str) else "",
            message_id=message_id_in(_tag(data.get("tags"))),
            words=words,
            at=moment(event.get("created_at")),
        )


def _tag(tags: Any) -> str:
    """Our tag, of an object, or of a list of names with their values."""
    if isinstance(tags, list):
        return next((text_of(one, "value") for one in tags if text_of(one, "name") == TAG), "")
    return text_of(tags, TAG)
