"""DKIM signatures (RFC 6376): relaxed/relaxed, SHA-256, with each key of the pair in force.

The same message, keys and date give the same bytes: `t=` is the message's own date, and both
algorithms are deterministic (RFC 8017 §8.2, RFC 8032). There is no `l=`: what is not hashed could
be anything (RFC 6376 §8.2).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from publisher.model import DkimAlgorithm

ALWAYS = ("From", "Reply-To", "Subject", "To", "List-Unsubscribe", "List-Unsubscribe-Post")
"""Headers of which nobody may add another, nor a first one: each is named once more than it stands
there (RFC 6376 §5.4, §8.15)."""

ONCE = ("Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
"""Headers of which nobody may add another. A first one is harmless: some servers add a
Content-Transfer-Encoding of 7bit to what is multipart."""

SIGNED = (
    "Content-Language", "Auto-Submitted", "List-Id", "List-Archive", "Archived-At", "Feedback-ID",
)  # fmt: skip
"""Headers that are signed where they stand."""

_WIDTH = 72  # of a line of the signature


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A private key under the selector by which DNS knows its other half.

    `public` is what stands after `p=` before base64; `sign` makes a signature over data.
    """

    selector: str
    algorithm: DkimAlgorithm
    public: bytes
    sign: Callable[[bytes], bytes]


class KeyPair(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that sign together from an instant on: RSA, which all read, and Ed25519.

    `since` is aware; None for a pair that waits for its records in DNS.
    """

    name: str
    made: datetime
    since: datetime | None
    keys: tuple[SigningKey, ...]


class MessageSigner:
    """Signs messages for a domain: each with the pair that is in force at the message's date."""

    def __init__(self, domain: str, pairs: Sequence[KeyPair]) -> None:
        self.domain = domain
        self._pairs = sorted(
            (pair for pair in pairs if pair.since), key=lambda pair: (pair.since, pair.name)
        )

    def in_force(self, when: datetime) -> KeyPair | None:
        """Return the pair that signs a message of that date, None where none does yet."""
        found = [pair for pair in self._pairs if pair.since and pair.since <= when]
        return found[-1] if found else None

    def fields(self, head: bytes, digest: bytes, when: datetime) -> bytes:
        """Return the DKIM-Signature fields to stand before `head`: all of a message's headers.

        `digest` is that of its body, from `body_digest` or a `BodyDigest`; b"" where no pair is
        in force.
        """
        pair = self.in_force(when)
        if pair is None:
            return b""
        names, signed = _signed(head)
        shared = (
            f" t={int(when.astimezone(UTC).timestamp())};\r\n".encode()
            + _named(names)
            + b" bh=" + b64encode(digest) + b";\r\n b="
        )  # fmt: skip
        return b"".join(self._field(key, shared, signed) for key in pair.keys)

    def _field(self, key: SigningKey, shared: bytes, signed: bytes) -> bytes:
        unsigned = (
            f" v=1; a={key.algorithm}-sha256; c=relaxed/relaxed;\r\n"
            f" d={self.domain};\r\n s={key.selector};\r\n"
        ).encode() + shared
        # Its own field comes last, without b= and without a line end (RFC 6376 §3.7).
        data = signed + b"dkim-signature:" + _unfolded(unsigned)
        if key.algorithm == "ed25519":  # RFC 8463 §3: the digest is what is signed
            data = hashlib.sha256(data).digest()
        return b"DKIM-Signature:" + unsigned + _in_lines(b64encode(key.sign(data))) + b"\r\n"


def sign(message: bytes, signer: MessageSigner, when: datetime) -> bytes:
    """Return a message, complete and with CRLF line ends, with its signatures before it."""
    head, _, body = message.partition(b"\r\n\r\n")
    return signer.fields(head + b"\r\n", body_digest(body), when) + message


def body_digest(body: bytes) -> bytes:
    """Return the SHA-256 of a body in its relaxed form (RFC 6376 §3.4.4)."""
    return hashlib.sha256(_trimmed(relaxed(body))).digest()


def relaxed(text: bytes) -> bytes:
    """Return lines with each run of spaces and tabs as one space, and none at a line's end."""
    if b"\t" in text or b"  " in text:
        text = _RUNS.sub(b" ", text)
    return text.replace(b" \r\n", b"\r\n") if b" \r\n" in text else text


class BodyDigest:
    """The digest of bodies that begin alike: what comes before the first hole is hashed once.

    `beginning` ends where a line ends.
    """

    def __init__(self, beginning: bytes) -> None:
        start = relaxed(beginning)
        whole = start.rstrip(b"\r\n")
        self._held = start[len(whole) :]  # line ends that may turn out to be the body's last
        self._begun = hashlib.sha256(whole)
        self._is_empty = not whole

    def of(self, *rest: bytes) -> bytes:
        """Return the digest of a body whose rest, relaxed pieces of it, follows the beginning."""
        digest, pieces, whole = self._begun.copy(), [self._held, *rest], b""
        while pieces and not whole:  # empty lines at the end do not count
            whole = pieces.pop().rstrip(b"\r\n")
        for piece in (*pieces, whole) if whole else ():
            digest.update(piece)
        if whole or not self._is_empty:
            digest.update(b"\r\n")
        return digest.digest()


_RUNS = re.compile(rb"[ \t]+")
_SPACE = re.compile(rb"[ \t\r\n]+")
_NEXT = re.compile(rb"\r\n(?![ \t])")


def _trimmed(text: bytes) -> bytes:
    """Relaxed lines without the empty ones at their end; nothing at all stays nothing."""
    whole = text.rstrip(b"\r\n")
    return whole + b"\r\n" if whole else b""


def _unfolded(value: bytes) -> bytes:
    """A header's value on one line, its runs of spaces as one (RFC 6376 §3.4.2)."""
    return _SPACE.sub(b" ", value).strip(b" ")


def _signed(head: bytes) -> tuple[tuple[str, ...], bytes]:
    """The names that are signed, in order, and the canonical text of their headers.

    Of several headers of a name the lowest comes first (RFC 6376 §5.4.2).
    """
    found: dict[bytes, list[bytes]] = {}
    for field in _NEXT.split(head):
        key, line = _line(field)
        if key:
            found.setdefault(key, []).append(line)
    names: list[str] = []
    lines: list[bytes] = []
    for name, key, extra in _ORDER:
        there = found.get(key, ())
        names += [name] * (len(there) + (extra == "always" or (extra == "once" and bool(there))))
        lines += reversed(there)
    return tuple(names), b"".join(lines)


@lru_cache(maxsize=512)  # most headers of an edition are those of the message before
def _line(field: bytes) -> tuple[bytes, bytes]:
    """A header's name in lower case, b"" for what is none, and its canonical line."""
    before, colon, value = field.partition(b":")
    name = before.rstrip(b" \t").lower()
    return (name, name + b":" + _unfolded(value) + b"\r\n") if colon else (b"", b"")


_ORDER = [
    (name, name.lower().encode(), extra)
    for several, extra in ((ALWAYS, "always"), (ONCE, "once"), (SIGNED, ""))
    for name in several
]


@lru_cache(maxsize=64)
def _named(names: tuple[str, ...]) -> bytes:
    """`h=`, folded at its colons."""
    lines, current = [], " h="
    for place, name in enumerate(names):
        part = name + (":" if place < len(names) - 1 else ";")
        if len(current) + len(part) > _WIDTH:
            lines.append(current)
            current = "  "
        current += part
    return "\r\n".join([*lines, current, ""]).encode()


def _in_lines(text: bytes) -> bytes:
    return b"\r\n  ".join(text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH))
