"""Signed links: who may leave, or change what, without a login.

A token is `KEY.READER[.NEWSLETTER].SIGNATURE`. The signature is HMAC-SHA-256 (RFC 2104) under a
key derived for one purpose, cut to 128 bits (RFC 2104 §5): a preference link is no unsubscribe
link. Tokens never expire; old keys stay valid for what they signed.
"""

from __future__ import annotations

import hmac
from base64 import b32encode, b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

Purpose = Literal["unsubscribe", "preferences", "confirm", "message", "return", "erased", "network"]


class Keys(msgspec.Struct, frozen=True):
    """Secrets by their ids; the newest signs, all of them verify."""

    secrets: Mapping[str, bytes]
    newest: str

    @property
    def oldest(self) -> bytes:
        """The secret for what must stay the same for ever."""
        return self.secrets[min(self.secrets, key=int)]

    def __repr__(self) -> str:  # never in a log
        return f"Keys({', '.join(self.secrets)})"


class Signer:
    """Signs what stands in the messages of a newsletter: links, and Message-IDs."""

    def __init__(self, keys: Keys, newsletter: str) -> None:
        self._key, self._newsletter = keys.newest, newsletter
        secret = keys.secrets[keys.newest]
        self._leave = _derived(secret, "unsubscribe")
        self._prefer = _derived(secret, "preferences")
        # Under the oldest key: a message that is sent again after a rotation is the same message.
        self._message = _derived(keys.oldest, "message")
        self._keys = keys

    def unsubscribe(self, reader: int) -> str:
        """A token to leave the newsletter."""
        payload = f"{self._key}.{reader:x}.{self._newsletter}"
        return f"{payload}.{_signature(self._leave, payload)}"

    def message(self, edition: str, reader: int) -> str:
        """What makes a Message-ID: the same for ever for one edition and reader."""
        return _signature(self._message, f"{edition}.{reader:x}")

    def returning(self, edition: str, reader: int) -> str:
        """What a return path names a delivery by: the same for ever, in lower case alone."""
        return returning(self._keys, edition, reader)

    def preferences(self, reader: int) -> str:
        """A token to see and change one's own preferences."""
        payload = f"{self._key}.{reader:x}"
        return f"{payload}.{_signature(self._prefer, payload)}"


def reader_of(keys: Keys, purpose: Purpose, token: str) -> tuple[int, str] | None:
    """Return (reader, newsletter or "") that a token names, None where it is not ours.

    Forged and malformed tokens take the same way.
    """
    payload, _, signature = token.rpartition(".")
    parts = payload.split(".")
    secret = keys.secrets.get(parts[0], b"\0" * 32)
    good = hmac.compare_digest(
        _signature(_derived(secret, purpose), payload).encode(), signature.encode()
    )
    if not good or parts[0] not in keys.secrets or len(parts) not in (2, 3):
        return None
    return int(parts[1], 16), parts[2] if len(parts) == 3 else ""


_READER, _PROOF = 13, 16  # signs of base32: 65 bits of a reader's number, 80 of a signature
RETURNING = _READER + _PROOF
"""How long a token of a return path is."""

_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6: servers may fold the case


def returning(keys: Keys, edition: str, reader: int) -> str:
    """Return the token of a delivery's return path: the reader, and a signature of both.

    Under the oldest key, as a Message-ID is. It has lower case alone, for servers may fold it.
    """
    number = "".join(_BASE32[reader >> 5 * place & 31] for place in reversed(range(_READER)))
    digest = hmac.digest(
        _derived(keys.oldest, "return"), f"{edition}.{reader:x}".encode(), "sha256"
    )
    return number + b32encode(digest[:10]).decode().lower()


def returning_reader(token: str) -> int | None:
    """Return the reader that a return path's token names, and may not have been signed for.

    None for what can be none. `returning` for each of the reader's editions tells which it is.
    """
    plain = token.lower()
    if len(plain) != RETURNING or not set(plain) <= set(_BASE32):
        return None
    number = 0
    for sign in plain[:_READER]:
        number = number << 5 | _BASE32.index(sign)
    return number if number < 1 << 63 else None  # what a ledger can hold


def is_returning(keys: Keys, token: str, edition: str, reader: int) -> bool:
    """Whether a token was signed for this delivery, whatever became of its case."""
    return _is_same(returning(keys, edition, reader), token.lower())


def message_reader(keys: Keys, signature: str, edition: str, readers: Iterable[int]) -> int | None:
    """Return the reader among some for whom a Message-ID's signature was made, None for nobody.

    A hundred thousand take half a second: whoever forges one makes us look.
    """
    try:
        wanted = b64decode(f"{signature}==", altchars=b"-_", validate=True)
    except ValueError:
        return None
    if urlsafe_b64encode(wanted).rstrip(b"=").decode() != signature:  # another writing of the same
        return None
    key = _derived(keys.oldest, "message")
    for reader in readers:
        digest = hmac.digest(key, f"{edition}.{reader:x}".encode(), "sha256")
        if hmac.compare_digest(digest[:16], wanted):
            return reader
    return None


def _is_same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))


def confirm_token(keys: Keys, signup: int) -> str:
    """A token to confirm that one asked to be a reader; `reader_of` gives the signup's number."""
    payload = f"{keys.newest}.{signup:x}"
    return f"{payload}.{_signature(_derived(keys.secrets[keys.newest], 'confirm'), payload)}"


def network_key(keys: Keys, network: str) -> str:
    """What is kept of the network that somebody asks from: enough to count, no address."""
    return _signature(_derived(keys.oldest, "network"), network)


def erased_key(keys: Keys, address_key: str) -> str:
    """What is left of an erased address: enough to recognise it, too little to write to it.

    Under the oldest key, so that it is the same for ever.
    """
    return "erased:" + _signature(_derived(keys.oldest, "erased"), address_key)


@lru_cache(maxsize=64)
def _derived(secret: bytes, purpose: Purpose) -> bytes:
    return hmac.digest(secret, f"publisher {purpose}".encode(), "sha256")


@lru_cache(maxsize=64)
def _keyed(key: bytes) -> hmac.HMAC:
    """What every signature under a key begins with: the key is hashed once."""
    return hmac.new(key, digestmod="sha256")


def _signature(key: bytes, payload: str) -> str:
    begun = _keyed(key).copy()
    begun.update(payload.encode())
    return urlsafe_b64encode(begun.digest()[:16])[:22].decode()  # without its padding
