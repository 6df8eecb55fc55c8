"""TLS: whether the server that takes our mails is who it says, and nobody listens (RFC 8314)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from publisher.delivery import Probed
from publisher.doctor.answers import shortened
from publisher.doctor.finding import Finding, Kind, Kinds, Looked

KINDS = Kinds("TLS", {
    "tls-unseen": Kind(
        "note", "Mails that no SMTP server takes, or one in a private network.",
        "How it goes on from there cannot be seen from here.",
        "Of Postfix, `postconf smtp_tls_security_level` tells: it should be `may` or stricter."),
    "server-unreachable": Kind(
        "warning", "A server that does not answer.",
        "No mail leaves while it does not; perhaps a firewall is in the way.",
        "Look at smtp.host and smtp.port; of providers it is 587, or 465 with "
        'smtp.security = "tls". Port 25 is blocked by most who rent out servers.'),
    "server-unknown": Kind(
        "error", "A server's name that DNS does not know.",
        "No mail leaves.",
        "Mend smtp.host."),
    "tls-untrusted": Kind(
        "error", "A certificate that does not hold: of another name, out of date, of nobody known.",
        "Nothing is sent to such a server: anybody could be it.",
        "Use the name that the certificate has, or renew it; for an authority of your own set "
        "smtp.ca."),
    "tls-missing": Kind(
        "error", "A server that offers no TLS.",
        "Nothing is sent to it: mails and the password would be readable on the way.",
        'Ask for one that does: port 587 with STARTTLS, or port 465 with smtp.security = "tls".'),
    "tls-off": Kind(
        "error", 'TLS that is switched off (`smtp.security = "none"`) to a server elsewhere.',
        "Mails and the password can be read on the way; Gmail wants TLS.",
        'Set smtp.security to "starttls" or "tls".'),
    "tls-failed": Kind(
        "error", "A server whose TLS is none that we speak.",
        "It is too old, or the port has another kind: nothing is sent.",
        'Port 465 wants smtp.security = "tls", port 587 "starttls".'),
    "tls-old": Kind(
        "warning", "A server that speaks no newer TLS than 1.1.",
        "RFC 8996 ended TLS 1.0 and 1.1.",
        "Have the server brought up to date."),
    "tls-ends-soon": Kind(
        "warning", "A certificate that ends within two weeks.",
        "From then on nothing is sent to the server.",
        "Have it renewed."),
    "server-refused": Kind(
        "warning", "A server that answers, and will not talk to us.",
        "Its words say why.",
        "Look at its words; try [smtp] ehlo with a full name."),
})  # fmt: skip

_SOON = timedelta(days=14)


class ServerAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A server, how we speak to it, and what came of trying; None where it was not asked."""

    host: str = ""
    port: int = 0
    security: str = ""
    probed: Probed | None = None


def server(asked: ServerAsked, now: datetime) -> Looked:
    """Tell what came of opening a connection."""
    probed = asked.probed
    if probed is None:
        what = "no SMTP server takes the mails"
        if asked.host:
            what = f"{asked.host} is in a private network, and was not asked"
        found = KINDS.found("tls-unseen", what)
        return Looked(subject="TLS", shown=what, findings=(found,), seen=False)
    findings = tuple(_of_server(asked, probed, now))
    said = probed.version or "no TLS"
    shown = f"{asked.host}:{asked.port}" + (f", {said}" if probed.outcome == "open" else "")
    is_seen = probed.outcome not in ("unreachable", "refused")
    return Looked(subject="TLS", shown=shown, findings=findings, seen=is_seen)


def _of_server(asked: ServerAsked, probed: Probed, now: datetime) -> Iterator[Finding]:
    where = f"{asked.host}:{asked.port}"
    why = shortened(probed.why, 120)
    match probed.outcome:
        case "unreachable":
            yield KINDS.found("server-unreachable", f"{where} does not answer: {why}")
        case "unknown":
            yield KINDS.found("server-unknown", f"DNS does not know {asked.host}: {why}")
        case "untrusted":
            yield KINDS.found(
                "tls-untrusted", f"the certificate of {where} is not to be trusted: {why}"
            )
        case "no-tls":
            yield KINDS.found("tls-missing", f"{where} offers no STARTTLS")
        case "tls-failed":
            yield KINDS.found("tls-failed", f"{where} speaks no TLS that we know: {why}")
        case "refused":
            yield KINDS.found("server-refused", f"{where} will not talk to us: {why}")
        case "open":
            yield from _of_session(probed, where, now)


def _of_session(probed: Probed, where: str, now: datetime) -> Iterator[Finding]:
    if not probed.version:
        yield KINDS.found("tls-off", f'mails go to {where} in clear text: smtp.security is "none"')
    elif probed.version in ("SSLv3", "TLSv1", "TLSv1.1"):
        yield KINDS.found("tls-old", f"{where} speaks {probed.version}")
    if probed.until and probed.until - now < _SOON:
        what = f"the certificate of {where} ends on {probed.until:%Y-%m-%d}"
        yield KINDS.found("tls-ends-soon", what)
