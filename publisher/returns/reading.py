"""A message that came back → what it says of each recipient."""

from __future__ import annotations

import email
import email.policy
from email.message import Message
from typing import cast

from publisher.model import Returned, ReturnedClass, one_line

_MOST = 50  # recipients of one report


def read(message: bytes) -> tuple[Returned, ...]:
    """Return what a delivery status notification (RFC 3464) says; nothing for what is none."""
    whole = email.message_from_bytes(message, policy=email.policy.default)
    parts = list(whole.walk())
    texts = (p.get_payload() for p in parts if p.get_content_type() == "text/rfc822-headers")
    quoted = [email.message_from_string(str(text)) for text in texts]
    ours = next((str(p["Message-ID"]) for p in [*parts[1:], *quoted] if p["Message-ID"]), "")
    found = []
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            groups = cast("list[Message]", part.get_payload())
            found += [_of(one, ours.strip("<> ")) for one in groups if one["Final-Recipient"]]
    return tuple(found[:_MOST])


def _of(group: Message, message_id: str) -> Returned:
    status = str(group["Status"] or "").strip()
    return Returned(
        what=_class(str(group["Action"] or "").lower(), status),
        recipient=str(group["Final-Recipient"]).rpartition(";")[2].strip(),
        message_id=message_id,
        status=status,
        words=one_line(str(group["Diagnostic-Code"] or "").rpartition(";")[2])[:500],
        server=str(group["Remote-MTA"] or "").rpartition(";")[2].strip(),
    )


def _class(action: str, status: str) -> ReturnedClass:
    if action == "delayed" or status.startswith("4"):
        return "transient"
    if status in ("5.1.1", "5.1.6", "5.1.10"):
        return "dead"
    return "full" if status == "5.2.2" else "refused" if ".7." in status else "unknown"
