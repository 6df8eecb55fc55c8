"""Where a request comes from: an address, read from what a web server in front says of it.

That is one word of X-Forwarded-For, the last that none of our own web servers wrote of another of
them. Servers write it in many ways: with a port (RFC 7239 §6), in brackets, IPv4 as a part of IPv6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import msgspec

_Address = IPv4Address | IPv6Address

# IPv4 at the end of IPv6: translated (RFC 6052 §2.1, RFC 2765 §2.1), or where a local network put
# it (RFC 8215), or compatible (RFC 4291 §2.5.5.1); of the last two not all have one there.
_ENDING = (ip_network("64:ff9b::/96"), ip_network("::ffff:0:0:0/96"))
_PERHAPS = (ip_network("64:ff9b:1::/48"), ip_network("::/96"))
_WITH_PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::\d{0,5})?|(?P<four>[0-9.]+):\d{0,5}")
_LONGEST = 100  # of a word that is no address


class Client(msgspec.Struct, frozen=True):
    """Who asks. `address` is None where what was said is no address; `said` tells it then.

    `is_told` says that a web server in front of us told it.
    """

    address: _Address | None
    said: str = ""
    is_told: bool = False

    @property
    def network(self) -> str:
        """The network that a person may choose addresses from: a /24, or a /64 of IPv6."""
        return self._within(24, 64)

    @property
    def line(self) -> str:
        """What one line to the internet has: an address, or a /64 of IPv6."""
        return self._within(32, 64)

    def _within(self, four: int, six: int) -> str:
        if self.address is None:
            return self.said  # each that cannot be read is one of its own
        bits = four if self.address.version == 4 else six
        return str(ip_network((self.address, bits), strict=False))


class Proxies:
    """The web servers in front of us, whose word is taken: this machine, and those named."""

    def __init__(self, named: Iterable[str] = ()) -> None:
        """`named` are addresses or networks; raises ValueError for what is neither."""
        self._networks: list[IPv4Network | IPv6Network] = [
            ip_network(one, strict=False) for one in ("127.0.0.0/8", "::1", *named)
        ]

    def client(self, peer: str, forwarded: Sequence[str]) -> Client:
        """Return who asks: `peer` is who is connected, `forwarded` are X-Forwarded-For headers."""
        found = _client(peer)
        words = [word.strip() for line in forwarded for word in line.split(",")]
        while words and self.trusts(found.address):
            found = _client(words.pop(), is_told=True)
        return found

    def trusts(self, address: _Address | None) -> bool:
        """Whether an address is that of a web server of ours."""
        return address is not None and any(address in network for network in self._networks)


def _client(text: str, *, is_told: bool = False) -> Client:
    address = address_of(text)
    return Client(address, "" if address else f"“{text[:_LONGEST]}”", is_told)


def address_of(text: str) -> _Address | None:
    """Return the address that is meant, IPv4 wherever it is; None for what is none.

    >>> str(address_of("[::ffff:192.0.2.7]:443"))
    '192.0.2.7'
    """
    bare = text.strip().strip('"')
    if found := _WITH_PORT.fullmatch(bare):
        bare = found["six"] or found["four"] or ""
    try:
        address = ip_address(bare.partition("%")[0])  # without a zone: fe80::1%eth0
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    return _within(address) or address


def _within(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries: 6to4 and Teredo have it elsewhere."""
    last = int(address) & 0xFFFFFFFF
    may = last > 0xFFFF and any(address in network for network in _PERHAPS)
    if may or any(address in network for network in _ENDING):
        return IPv4Address(last)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
