"""Keys for tests of signatures, each made once a run; and a DNS that knows their records."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import dkim

from publisher.delivery import KeyPair, MessageSigner, SigningKey, key_of, new_pem, record_of

DOMAIN = "news.example"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def pem(algorithm: str, number: int = 1) -> bytes:
    """A private key, the same one for the same number."""
    return _made(algorithm, number)


@cache
def _made(algorithm: str, _number: int) -> bytes:
    return new_pem(algorithm)


@cache
def key(selector: str, algorithm: str, number: int = 1) -> SigningKey:
    return key_of(pem(algorithm, number), selector, "a test")


@cache
def pair(name: str = "s1", number: int = 1, since: datetime | None = BEGUN) -> KeyPair:
    keys = (key(name, "rsa", number), key(f"{name}-ed", "ed25519", number))
    return KeyPair(name=name, made=BEGUN, since=since, keys=keys)


@cache
def signer() -> MessageSigner:
    return MessageSigner(DOMAIN, (pair(),))


def dns(*pairs: KeyPair, domain: str = DOMAIN):
    """What dkimpy asks for records: those of some pairs, and no others."""
    records = {
        f"{one.selector}._domainkey.{domain}.": record_of(one)
        for each in pairs
        for one in each.keys
    }

    def answer(name: bytes | str, timeout: int = 5) -> bytes | None:
        found = records.get(name.decode() if isinstance(name, bytes) else name)
        return found.encode() if found else None

    return answer


def verified(message: bytes, *pairs: KeyPair, domain: str = DOMAIN) -> list[bool]:
    """What dkimpy says of each signature of a message, from the top."""
    answer = dns(*(pairs or (pair(),)), domain=domain)
    count = message.partition(b"\r\n\r\n")[0].count(b"DKIM-Signature:")
    return [_is_valid(message, at, answer) for at in range(count)]


def _is_valid(message: bytes, at: int, answer) -> bool:
    try:
        return dkim.DKIM(message).verify(idx=at, dnsfunc=answer)
    except dkim.ValidationError:  # how it calls a body that was changed
        return False
