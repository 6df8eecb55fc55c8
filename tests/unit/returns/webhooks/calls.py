"""Calls as each provider makes them: what they publish of their webhooks, signed as they sign."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from publisher.model import ProviderSettings
from publisher.returns.webhooks import Call, hook_of

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
SECRET = "a-secret-of-many-letters"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:letter"
CERTIFICATE = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123.pem"
MESSAGE = "morning-2026-11-24t0700.abc@news.example"
MARK = base64.urlsafe_b64encode(MESSAGE.encode()).decode().rstrip("=")


def call(body, at=AT, **headers):
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Call(headers=named, body=data, at=at)


def with_secret(body, secret=SECRET, scheme="Basic", at=AT):
    pair = base64.b64encode(f"provider:{secret}".encode()).decode()
    return call(body, at, authorization=f"{scheme} {pair if scheme == 'Basic' else secret}")


def mailgun(event, at=AT, key=SECRET, token="t" * 50, stamp=None):
    stamp = str(int((stamp or at).timestamp()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": stamp, "token": token, "signature": signature}
    return call({"signature": signed, "event-data": event}, at)


@functools.cache
def curve():
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_secret():
    der = (
        curve()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(der).decode()


def sendgrid(events, at=AT, stamp=None):
    body, stamp = json.dumps(events).encode(), str(int((stamp or at).timestamp()))
    signature = curve().sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return call(
        body,
        at,
        X_Twilio_Email_Event_Webhook_Signature=base64.b64encode(signature).decode(),
        X_Twilio_Email_Event_Webhook_Timestamp=stamp,
    )


SVIX = "whsec_" + base64.b64encode(b"sixteen or more bytes").decode()


def resend(event, at=AT, identity="msg_1", stamp=None, extra="v1,AAAA "):
    body, stamp = json.dumps(event).encode(), str(int((stamp or at).timestamp()))
    content = f"{identity}.{stamp}.".encode() + body
    key = base64.b64decode(SVIX.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    headers = {"svix_id": identity, "svix_timestamp": stamp}
    return call(body, at, **headers, svix_signature=f"{extra}v1,{signature}")


@functools.cache
def amazons_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def certificate(name="sns.amazonaws.com", days=1):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(amazons_key().public_key())
        .serial_number(1)
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=days))
        .sign(amazons_key(), hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


NAMES = (
    "Message",
    "MessageId",
    "Subject",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
)


def sns(event="", at=AT, version="2", said=None, **more):
    """A call of SNS; `more` are fields besides, or instead."""
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": event if isinstance(event, str) else json.dumps(event),
        "Timestamp": f"{said or at:%Y-%m-%dT%H:%M:%S}.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **more,
    }
    names = [one for one in NAMES if one in message]
    if message["Type"] == "Notification":
        names = [one for one in names if one not in ("SubscribeURL", "Token")]
    text = "".join(f"{name}\n{message[name]}\n" for name in names)
    chosen = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = amazons_key().sign(text.encode(), padding.PKCS1v15(), chosen)
    return call({"Signature": base64.b64encode(signature).decode(), **message}, at)


def changed(one, **fields):
    """The same call with other fields in its body, and the old signature."""
    return Call(
        headers=one.headers,
        body=json.dumps({**json.loads(one.body), **fields}).encode(),
        at=one.at,
    )


def nobody(url):
    raise AssertionError(f"{url} was asked for")


def hook(name, fetch=nobody):
    secret = {"sendgrid": sendgrid_secret, "resend": lambda: SVIX}.get(name, lambda: SECRET)()
    return hook_of(name, ProviderSettings(topic=TOPIC), secret, fetch)


def from_amazon(url):
    assert url == CERTIFICATE
    return certificate()


def read(name, one):
    """What a fresh hook reads."""
    return hook(name, from_amazon).read(one)
