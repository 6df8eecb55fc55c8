"""From where mails leave, and the SPF record that would allow it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from publisher.doctor.answers import Ask, IpAddress, address_of, addresses
from publisher.doctor.finding import DnsLine

_INCLUDES = {
    "amazonaws.com": "amazonses.com",
    "brevo.com": "spf.brevo.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "mailgun.org": "mailgun.org",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
    "postmarkapp.com": "spf.mtasv.net",
    "resend.com": "amazonses.com",
    "sendgrid.net": "sendgrid.net",
}
"""What a provider asks to be included, by the end of its server's name (their own pages, 2026)."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """From where mails leave: `addresses`, which are taken for granted where `is_sure`.

    Else they are those of the server that takes them from us, which may pass them on.
    """

    addresses: tuple[IpAddress, ...] = ()
    is_sure: bool = False
    server: str = ""
    ehlo: str = ""


def origin_of(ask: Ask, server: str, ehlo: str, given: Sequence[IpAddress]) -> Origin:
    """Return from where mails leave: as given, else from where our own name or the server is."""
    if given:
        return Origin(addresses=tuple(given), is_sure=True, server=server, ehlo=ehlo)
    if not server and not ehlo:
        return Origin()
    host = server or ehlo
    literal = address_of(host)
    values = [str(literal)] if literal else addresses(ask, host).values
    found = [one for one in map(address_of, values[:8]) if one is not None]
    public = tuple(one for one in found if one.is_global)
    return Origin(addresses=public, server=host, ehlo=ehlo)


def proposed(domain: str, origin: Origin) -> DnsLine:
    """Return the record for a domain that has none."""
    host = origin.server
    include = next((v for k, v in _INCLUDES.items() if f".{host}".endswith(f".{k}")), "")
    allowed = [f"ip{one.version}:{one}" for one in origin.addresses[:6]]
    words = [f"include:{include}"] if include else allowed or ["mx"]
    return DnsLine(name=domain, type="TXT", value=" ".join(["v=spf1", *words, "~all"]))
