"""What DNS and web servers say, as the pure part knows it: an answer, and who is asked.

Nothing here asks. `network` does, and tests have a zone in a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

import msgspec

RecordType = Literal["TXT", "A", "AAAA", "MX", "PTR"]

Outcome = Literal["found", "empty", "no-name", "failed"]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a question.

    "empty" is a name without such records, "no-name" one that does not exist; "failed" says
    nothing of the domain, and `why` tells it. A value is a text whose strings are joined, an
    address, a name without its last dot, or `10 mx.example`. `canonical` is where a CNAME led.
    """

    outcome: Outcome
    values: tuple[str, ...] = ()
    canonical: str = ""
    why: str = ""

    @property
    def is_void(self) -> bool:
        """Whether there is nothing (a void look-up of RFC 7208 §4.6.4)."""
        return self.outcome in ("empty", "no-name")


Ask = Callable[[str, RecordType], Answer]
"""Asks for the records of a type at a name in ASCII, without its last dot. It never raises."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking for an address: a status, or why there is none.

    Names of `headers` are in lower case; `url` is where it led in the end.
    """

    status: int = 0
    url: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""
    why: str = ""


Fetch = Callable[[str], Fetched]
"""Asks for an address; it never raises."""


IpAddress = IPv4Address | IPv6Address


def addresses(ask: Ask, name: str) -> Answer:
    """Return the addresses of a host, of both kinds; found if there is one."""
    both = ask(name, "A"), ask(name, "AAAA")
    values = tuple(value for one in both for value in one.values)
    canonical = next((one.canonical for one in both if one.canonical), "")
    if values:
        return Answer(outcome="found", values=values, canonical=canonical)
    worst = next((one for one in both if one.outcome == "failed"), both[0])
    return Answer(outcome=worst.outcome, canonical=canonical, why=worst.why)


def address_of(text: str) -> IpAddress | None:
    """Return an IP address, None where the text is none."""
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None


def shortened(text: str, most: int = 100) -> str:
    """Return the beginning of what DNS says, which anybody may have written."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"
