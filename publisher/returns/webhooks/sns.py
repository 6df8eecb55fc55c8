"""Amazon SNS calls: signed by a key of Amazon's, whose certificate is fetched from Amazon.

Documentation: "Verifying the signatures of Amazon SNS messages" of the SNS Developer Guide, and
"HTTP/HTTPS subscription confirmation JSON format". Anybody can make a topic of his own and let
Amazon sign what he says in it: so the one topic of publisher.toml is taken, and no other.
"""

from __future__ import annotations

import base64
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from publisher.returns.webhooks import Fetch
from publisher.returns.webhooks.call import (
    Call,
    Forged,
    Unable,
    check_time,
    content_of,
    fields_of,
    is_same,
    moment,
)

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_PAST = timedelta(hours=2)  # SNS tries again for an hour at most
_KEPT = 8  # certificates
_FILE = re.compile(r"\.com/SimpleNotificationService-[0-9A-Za-z]{1,80}\.pem\Z")
_NAME = r"sns(?:[.-][a-z0-9-]+)*\.amazonaws\.com"

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


def is_amazons(url: str, region: str) -> bool:
    """Whether an address is one of SNS in a region, over https; no redirect leads elsewhere."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and parts.netloc == f"sns.{region}.amazonaws.com"
        and port is None
        and not re.search(r"[\s\\@]", url)
    )


@dataclass(frozen=True, slots=True)
class Sns:
    """Verifies calls of one topic; `fetch` is asked for certificates, and to confirm."""

    topic: str
    fetch: Fetch = field(repr=False)
    _certificates: OrderedDict[str, Certificate] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def verified(self, call: Call) -> Mapping[str, Any]:
        """Return the message of a call; raise Forged, Unreadable, Unable."""
        message = fields_of(content_of(call.body))
        names = _SIGNED.get(str(message.get("Type")))
        if names is None or not all(
            isinstance(message.get(name), str) for name in names if name != "Subject"
        ):
            raise Forged("it is no message of SNS")
        if not is_same(message["TopicArn"], self.topic):
            raise Forged("it is of another topic")
        said = moment(message["Timestamp"])  # before anybody is asked for a certificate
        check_time(said, call, _PAST)
        self._check_signature(message, names, call.at)
        return message

    def confirm(self, message: Mapping[str, Any]) -> None:
        """Tell SNS that we want the messages of the topic."""
        url = message["SubscribeURL"]
        if not is_amazons(url, self._region) or "Action=ConfirmSubscription" not in url:
            raise Forged("its way to confirm leads elsewhere")
        self.fetch(url)

    @property
    def _region(self) -> str:
        return self.topic.split(":")[3]

    def _check_signature(
        self, message: Mapping[str, Any], names: tuple[str, ...], at: datetime
    ) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.hashes import SHA1, SHA256

        hashes = {"1": SHA1(), "2": SHA256()}  # noqa: S303 SNS signs so unless it is told
        chosen = hashes.get(str(message.get("SignatureVersion")))
        key = self._certificate(message.get("SigningCertURL"), at).public_key()
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        try:
            if chosen is None or not isinstance(key, RSAPublicKey):
                raise ValueError
            signature = base64.b64decode(str(message.get("Signature")), validate=True)
            key.verify(signature, text.encode(), PKCS1v15(), chosen)
        except (ValueError, InvalidSignature):
            raise Forged("its signature does not hold") from None

    def _certificate(self, url: Any, at: datetime) -> Certificate:
        if not (isinstance(url, str) and is_amazons(url, self._region) and _FILE.search(url)):
            raise Forged("its certificate is not to be had from Amazon")
        with self._lock:
            found = self._certificates.get(url)
        if found is None:
            found = _loaded(self.fetch(url))
            with self._lock:
                self._certificates[url] = found
                if len(self._certificates) > _KEPT:
                    self._certificates.popitem(last=False)
        if not found.not_valid_before_utc <= at <= found.not_valid_after_utc:
            raise Forged("its certificate does not hold at this time")
        return found


def _loaded(data: bytes) -> Certificate:
    """A certificate of Amazon's; raise Unable for what is none, for it was fetched from there."""
    from cryptography.x509 import load_pem_x509_certificate
    from cryptography.x509.oid import NameOID

    try:
        found = load_pem_x509_certificate(data)
        names = [one.value for one in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    except ValueError:
        raise Unable("Amazon gave something that is no certificate") from None
    if not any(re.fullmatch(_NAME, str(name)) for name in names):
        raise Unable("Amazon gave a certificate that is not of SNS")
    return found
