"""Amazon SES, API v2: our message as it is, in a request that is signed.

Documentation: "SendEmail" and "GetAccount" of the Amazon SES API v2 Reference, "Amazon SES header
fields" and "Errors related to the sending quotas" of the Developer Guide. Amazon writes a
Message-ID and a Date of its own over ours, and signs with its key; a signature of ours that covers
them does not hold any more. It names no time to wait with a 429.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from publisher.delivery.providers.asking import Answer, Ask, Kind, json_ask
from publisher.delivery.providers.parts import mark_of, message_id_of
from publisher.delivery.providers.sigv4 import Credentials, signed
from publisher.model import Envelope

TAG = "publisher-message"
"""Of a message: its Message-ID as `parts.mark_of` writes it; events bring it back."""

_TAG_MOST = 256  # characters

_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"daily|LimitExceeded", "quota"),
    (r"TooManyRequests|Throttling", "pace"),
    (r"AccountSuspended|SendingPaused|NotVerified|NotFound|not verified|not authori", "sender"),
    (r"BadRequest.*(?:missing final|illegal|local address|domain (?:contains|starts))", "address"),
)

_NO_KEY = re.compile(
    r"UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature"
    r"|ExpiredToken|IncompleteSignature|MissingAuthenticationToken|InvalidAccessKeyId"
    r"|security token"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ses:
    """See `asking.Provider`. `configuration_set` publishes events, "" for none."""

    credentials: Credentials = field(repr=False)
    region: str
    base_url: str
    configuration_set: str = ""
    name: ClassVar[str] = "ses"
    title: ClassVar[str] = "Amazon SES"
    takes_utf8: ClassVar[bool] = False

    def look(self, at: datetime | None) -> Ask:
        """The account; that may be asked once a second."""
        ask = Ask(path="/v2/email/account", method="GET")
        return ask if at is None else self._signed(ask, at)

    def looked(self, answer: Answer) -> str:
        """A key that may do nothing but send is refused here, and is none the worse for it."""
        if answer.status in (400, 401, 403) and _NO_KEY.search(self.words(answer)):
            return "it does not take the access key, or what it signed"
        if answer.status == 200 and answer.fields.get("SendingEnabled") is False:
            return "sending is switched off for this account in this region"
        return ""

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """`POST /v2/email/outbound-emails` with the message in base64."""
        mark = mark_of(message_id_of(message))
        content: dict[str, Any] = {
            "Destination": {"ToAddresses": [envelope.recipient]},
            "Content": {"Raw": {"Data": base64.b64encode(message).decode()}},
            "ConfigurationSetName": self.configuration_set,
            "EmailTags": [{"Name": TAG, "Value": mark}] if len(mark) <= _TAG_MOST else [],
        }
        ask = json_ask("/v2/email/outbound-emails", content, {})
        return ask if at is None else self._signed(ask, at)

    def kind(self, answer: Answer) -> Kind | None:
        """By the name of the error, and its words."""
        if answer.status < 400 or answer.status >= 500:
            return None
        said = self.words(answer)
        found = (kind for pattern, kind in _KINDS if re.search(pattern, said, re.IGNORECASE))
        return next(found, None)

    def words(self, answer: Answer) -> str:
        """Its id of the message, or the error's name and words."""
        if answer.status == 200:
            return answer.text("MessageId")
        name = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
        said = answer.text("message", "Message").partition("\n")[0]  # below stands what was signed
        return f"{name or answer.text('__type')} {said}".strip()

    def _signed(self, ask: Ask, at: datetime) -> Ask:
        headers = signed(
            method=ask.method,
            host=urlsplit(self.base_url).netloc,
            path=ask.path,
            headers=ask.headers,
            body=ask.body,
            region=self.region,
            service="ses",
            credentials=self.credentials,
            at=at,
        )
        return Ask(path=ask.path, method=ask.method, headers=headers, body=ask.body)
