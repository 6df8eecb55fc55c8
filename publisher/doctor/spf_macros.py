"""Macros of SPF: `exists:%{ir}.sbl.example` asks for an address backwards (RFC 7208 §7)."""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

from publisher.doctor.answers import IpAddress

_MACRO = re.compile(r"%(?:\{([a-zA-Z])([0-9]*)(r?)([.\-+,/_=]*)\}|([%_-]))", re.ASCII)
_LITERAL = {"%": "%", "_": " ", "-": "%20"}


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """Who hands a message over: what macros stand for; `name` is the address's own (PTR)."""

    address: IpAddress
    sender: str
    ehlo: str
    name: str = "unknown"


def has_macros(text: str) -> bool:
    """Whether a domain is not what it seems to be."""
    return "%" in text


def asks_for_name(text: str) -> bool:
    """Whether a domain holds the name of the address, which has to be asked for."""
    return "%{p" in text.lower()


def expanded(text: str, domain: str, connection: Connection) -> str:
    """Return a domain with its macros filled in, at most 253 characters of its end (§7.3)."""
    filled = _MACRO.sub(lambda found: _value(found, domain, connection), text)
    while len(filled) > 253 and "." in filled:
        filled = filled.partition(".")[2]
    return filled


def _value(found: re.Match[str], domain: str, connection: Connection) -> str:
    if found[5]:
        return _LITERAL[found[5]]
    local, _, sender_domain = connection.sender.rpartition("@")
    address = connection.address
    dotted = str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))
    value = {
        "s": connection.sender,
        "l": local or "postmaster",
        "o": sender_domain,
        "d": domain,
        "i": dotted,
        "p": connection.name,
        "v": "in-addr" if address.version == 4 else "ip6",
        "h": connection.ehlo,
        "c": str(address),
        "r": "unknown",
        "t": "0",
    }[found[1].lower()]
    parts = re.split(f"[{re.escape(found[4] or '.')}]", value)
    if found[3]:
        parts.reverse()
    if found[2]:
        parts = parts[-(int(found[2]) or 1) :]
    shown = ".".join(parts)
    return quote(shown, safe="@") if found[1].isupper() else shown
