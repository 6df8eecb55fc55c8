"""PTR: whether the address that mails leave from has a name, and the name that address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.doctor.answers import Ask, IpAddress, address_of, shortened
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked, Severity
from publisher.doctor.origin import Origin

KINDS = Kinds("PTR", {
    "ptr-unseen": Kind(
        "note", "Which address mails leave from is not known.",
        "Your server, or your provider, sends from addresses that cannot be seen from here.",
        "Look into a mail that arrived for the address that handed it over. Then: "
        "publisher doctor --ip ADDRESS"),
    "ptr-missing": Kind(
        "error", "An address without a name (PTR).",
        "Gmail refuses mail from such an address, Yahoo and others as well.",
        "Whoever rents out the address sets its name: ask for this record, in the provider's "
        "panel under “reverse DNS”."),
    "ptr-unconfirmed": Kind(
        "error", "A name (PTR) that does not lead back to the address.",
        "Gmail and Yahoo want both: the address has a name, and the name that address.",
        "Give the name an A (AAAA) record with the address, or set another PTR."),
    "ptr-generic": Kind(
        "warning", "A name that is made of the address, as dial-up lines have it.",
        "Many servers take it for a home computer, and refuse it.",
        "Set the PTR to a name of your own, such as mail.YOUR-DOMAIN."),
    "ehlo-no-such-host": Kind(
        "error", "A name of ours (`smtp.ehlo`) that has no address.",
        "RFC 5321 §4.1.4 asks for a name that exists; servers refuse others.",
        "Give it an A (AAAA) record, or set [smtp] ehlo to a name that has."),
    "ehlo-elsewhere": Kind(
        "warning", "A name of ours (`smtp.ehlo`) that leads to another address.",
        "Servers compare the name with the address that speaks.",
        "Give the name the address, or set [smtp] ehlo to the address's own name."),
    "ptr-unanswered": Kind(
        "warning", "DNS servers that did not answer when the name of an address was asked for.",
        "Servers that get no answer put mail off.",
        "Ask again later; if it stays, tell whoever rents out the address."),
})  # fmt: skip

_GENERIC = re.compile(
    r"(^|[.-])(dsl|adsl|dial(up)?|dyn(amic)?|pool|dhcp|cable|ppp|cust(omer)?s?|client)([.-]|\d)"
)


def reverse(ask: Ask, origin: Origin, *, is_ours: bool) -> Looked:
    """Look at the addresses that mails leave from.

    `is_ours` is whether `origin.ehlo` is the name that readers' servers see: nobody passes the
    mails on.
    """
    if not origin.addresses:
        found = KINDS.found("ptr-unseen", "which address mails leave from is not known")
        return Looked(
            subject="PTR", shown="the address is not known", findings=(found,), seen=False
        )
    findings: list[Finding] = []
    shown: list[str] = []
    for address in origin.addresses[:6]:
        names = [one.rstrip(".") for one in ask(address.reverse_pointer, "PTR").values]
        findings += _of_address(ask, address, names, origin)
        shown.append(f"{address} {names[0] if names else 'without a name'}")
    if origin.ehlo and is_ours:
        findings += _of_ehlo(ask, origin)
    is_seen = origin.is_sure and not any(one.name == "ptr-unanswered" for one in findings)
    return Looked(
        subject="PTR",
        shown=shortened(", ".join(shown)),
        findings=tuple(findings),
        seen=is_seen or any(one.severity == "error" for one in findings),
    )


def _of_address(
    ask: Ask, address: IpAddress, names: list[str], origin: Origin
) -> Iterator[Finding]:
    severity: Severity | None = None if origin.is_sure else "warning"
    answer = ask(address.reverse_pointer, "PTR")
    if answer.outcome == "failed":
        yield KINDS.found(
            "ptr-unanswered", f"DNS does not tell the name of {address}: {answer.why}"
        )
        return
    if not names:
        name = f"{origin.ehlo or 'mail.YOUR-DOMAIN'}."
        line = DnsLine(name=f"{address.reverse_pointer}.", type="PTR", value=name)
        yield KINDS.found("ptr-missing", f"{address} has no name (PTR)", line, severity=severity)
        return
    kind = "A" if address.version == 4 else "AAAA"
    confirmed = [
        name
        for name in names[:10]
        if address in map(address_of, ask(name, "A" if kind == "A" else "AAAA").values)
    ]
    if not confirmed:
        line = DnsLine(name=names[0], type=kind, value=str(address))
        yield KINDS.found(
            "ptr-unconfirmed",
            f"{address} is called {shortened(names[0], 60)}, which does not lead back to it",
            line,
            severity=severity,
        )
    elif all(_is_generic(name, address) for name in confirmed):
        yield KINDS.found(
            "ptr-generic",
            f"{address} is called {shortened(confirmed[0], 60)}, as home computers are",
        )


def _is_generic(name: str, address: IpAddress) -> bool:
    if _GENERIC.search(name.lower()):
        return True
    if address.version != 4:
        return False
    octets = str(address).split(".")
    numbers = re.findall(r"\d+", name)
    return sum(octet in [number.lstrip("0") or "0" for number in numbers] for octet in octets) >= 4


def _of_ehlo(ask: Ask, origin: Origin) -> Iterator[Finding]:
    found = [
        *ask(origin.ehlo, "A").values,
        *ask(origin.ehlo, "AAAA").values,
    ]
    if not found:
        if ask(origin.ehlo, "A").outcome != "failed":
            yield KINDS.found(
                "ehlo-no-such-host",
                f"{origin.ehlo}, our name in smtp.ehlo, has no address",
                *(
                    DnsLine(
                        name=origin.ehlo, type="A" if one.version == 4 else "AAAA", value=str(one)
                    )
                    for one in origin.addresses[:2]
                ),
            )
    elif not set(origin.addresses) & set(map(address_of, found)):
        yield KINDS.found(
            "ehlo-elsewhere",
            f"{origin.ehlo}, our name in smtp.ehlo, is at {found[0]}, and mails "
            f"leave from {origin.addresses[0]}",
        )
