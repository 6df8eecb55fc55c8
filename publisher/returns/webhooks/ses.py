"""What Amazon SES tells by SNS: bounces, complaints, delays.

Documentation: "Contents of event data that Amazon SES publishes to Amazon SNS" and "Amazon SNS
notification contents for Amazon SES" of the SES Developer Guide: both forms are read. Our
Message-ID is in the tag that we sent along, or in the headers where the notification repeats
them; Amazon's own id of a message says nothing to us.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from publisher.delivery.providers.parts import message_id_in
from publisher.delivery.providers.ses import TAG
from publisher.model import ReturnedClass
from publisher.returns.told import Told
from publisher.returns.webhooks.call import (
    Call,
    Unreadable,
    content_of,
    fields_of,
    moment,
    text_of,
    told,
    within,
)
from publisher.returns.webhooks.classes import bounced_by_amazon
from publisher.returns.webhooks.sns import Sns

_MOST = 50  # recipients of a message; ours have one


class SesHook(msgspec.Struct, frozen=True, kw_only=True):
    """See `call.Hook`."""

    sns: Sns
    provider: ClassVar[str] = "ses"

    def read(self, call: Call) -> tuple[Told, ...]:
        """A notification; a request to confirm is confirmed, and tells nothing."""
        message = self.sns.verified(call)
        if message["Type"] == "SubscriptionConfirmation":
            self.sns.confirm(message)
        if message["Type"] != "Notification":
            return ()
        try:
            event = fields_of(content_of(message["Message"]))
        except Unreadable:
            return ()  # such as the words by which SES tries a topic out
        found = _told_of(event)
        return tuple(
            told(
                call,
                self.provider,
                f"{message['MessageId']} {number}"[-200:],
                one.what,
                recipient=one.recipient,
                message_id=_message_id(within(event, "mail")),
                words=one.words,
                status=one.status,
                at=moment(one.at) or moment(message["Timestamp"]),
            )
            for number, one in enumerate(found)
        )


class _Of(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says of one recipient."""

    what: ReturnedClass
    recipient: str
    words: str = ""
    status: str = ""
    at: Any = None


def _told_of(event: Mapping[str, Any]) -> Iterator[_Of]:
    """Each recipient that an event is about."""
    match text_of(event, "eventType", "notificationType"):
        case "Bounce":
            bounce = within(event, "bounce")
            for one in _recipients(bounce, "bouncedRecipients"):
                words, status = text_of(one, "diagnosticCode"), text_of(one, "status")
                kind, subtype = text_of(bounce, "bounceType"), text_of(bounce, "bounceSubType")
                yield _Of(
                    what=bounced_by_amazon(kind, subtype, words, status),
                    recipient=text_of(one, "emailAddress"),
                    words=words or f"{kind} {subtype}".strip(),
                    status=status,
                    at=bounce.get("timestamp"),
                )
        case "Complaint":
            complaint = within(event, "complaint")
            kind = text_of(complaint, "complaintFeedbackType", "complaintSubType")
            if kind != "not-spam":  # who says so takes a complaint back
                for one in _recipients(complaint, "complainedRecipients"):
                    yield _Of(
                        what="complaint",
                        recipient=text_of(one, "emailAddress"),
                        words=kind,
                        at=complaint.get("timestamp"),
                    )
        case "DeliveryDelay":
            delay = within(event, "deliveryDelay")
            for one in _recipients(delay, "delayedRecipients"):
                yield _Of(
                    what="full" if text_of(delay, "delayType") == "MailboxFull" else "transient",
                    recipient=text_of(one, "emailAddress"),
                    words=text_of(one, "diagnosticCode"),
                    status=text_of(one, "status"),
                    at=delay.get("timestamp"),
                )
        case "Reject":
            destination = within(event, "mail").get("destination")
            for address in destination[:_MOST] if isinstance(destination, list) else []:
                if isinstance(address, str):
                    words = text_of(within(event, "reject"), "reason")
                    yield _Of(what="refused", recipient=address, words=words)


def _recipients(content: Mapping[str, Any], name: str) -> list[Any]:
    found = content.get(name)
    return found[:_MOST] if isinstance(found, list) else []


def _message_id(mail: Mapping[str, Any]) -> str:
    tag = within(mail, "tags").get(TAG)
    if isinstance(tag, list) and tag and isinstance(tag[0], str):
        return message_id_in(tag[0])
    headers = mail.get("headers")
    for one in headers[:200] if isinstance(headers, list) else []:
        if text_of(one, "name").lower() == "message-id":
            return text_of(one, "value")
    return ""
