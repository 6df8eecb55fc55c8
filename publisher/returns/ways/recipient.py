"""To whom a message was delivered, by what the server that delivered it wrote above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_HEADER = 64 * 1024  # bytes that are looked at
_MOST = 20  # addresses of a kind of field that are looked at
_LONGEST = 2000  # bytes of a field that are looked at
_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]")
_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,64}@[^\s<>,;:\"()@]{1,255}")

_FIELDS = (
    b"x-original-to",  # Postfix: before aliases were looked up
    b"delivered-to",  # Postfix, Dovecot, qmail, Gmail
    b"envelope-to",  # Exim
    b"x-envelope-to",
    b"x-delivered-to",
    b"x-forwarded-to",
)
"""Where servers write the envelope's recipient (RFC 9228 has one of them), the best first."""

_DELIMITERS = "+-=_."
"""What may come between a mailbox and what names one delivery; see `delivery.verp_separator`."""


class Ours(msgspec.Struct, frozen=True):
    """The addresses at which messages reach us: `Ours(("bounces@news.example",))`.

    What follows one of them after a delimiter is ours as well: `bounces+3f2a@news.example`.
    """

    addresses: tuple[str, ...]

    def __call__(self, address: str) -> bool:
        """Whether an address is one of them; nothing is proven by that."""
        local, _, domain = address.casefold().rpartition("@")
        for one in self.addresses:
            mailbox, _, ours = one.casefold().rpartition("@")
            rest = local.removeprefix(mailbox)
            if domain != ours or not local.startswith(mailbox):
                continue
            if not rest or (rest[0] in _DELIMITERS and len(rest) > 1):
                return True
        return False


def envelope_recipient(data: bytes, ours: Ours) -> str:
    """Return the envelope recipient that a delivered message tells, "" where it tells none.

    One of ours goes before any other; what stands above is newer. A server that writes none has
    often left it in To, which a bounce has from the return path: that counts where it is ours.

    >>> envelope_recipient(b"Delivered-To: b+3f@news.example\\n\\n", Ours(("b@news.example",)))
    'b+3f@news.example'
    """
    end = _END.search(data, 0, _HEADER)
    head = _FOLD.sub(b" ", data[: end.start() if end else _HEADER])
    fields = [line.partition(b":") for line in head.split(b"\n")]
    first = ""
    for name in (*_FIELDS, b"to"):
        for address in _addresses(fields, name):
            if ours(address):
                return address
            first = first or (address if name != b"to" else "")
    return first


def _addresses(fields: list[tuple[bytes, bytes, bytes]], wanted: bytes) -> Iterator[str]:
    """The addresses in each field of that name."""
    left = _MOST
    for name, _, value in fields:
        if name.strip().lower() == wanted:
            for found in _ADDRESS.finditer(value[:_LONGEST].decode("utf-8", "replace")):
                yield found[0]
                left -= 1
                if not left:
                    return
