"""MX: whether replies and bounces reach anybody (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from publisher.doctor.answers import Ask, address_of, addresses, shortened
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked
from publisher.fetching import is_public

KINDS = Kinds("MX", {
    "mx-missing": Kind(
        "error", "A domain without MX that has no address either.",
        "No reply and no bounce can arrive, and servers refuse senders who cannot be answered.",
        "Name the server that takes the domain's mail, as your provider calls it."),
    "mx-none": Kind(
        "warning", "A domain without MX, whose own address takes the mail.",
        "It works by an old rule (RFC 5321 §5.1); some servers take such a domain for one that "
        "gets no mail.",
        "Name the server that takes the domain's mail."),
    "mx-null": Kind(
        "error", "A domain that says it gets no mail: the null MX.",
        "Replies and bounces are refused (RFC 7505), and servers refuse senders who cannot be "
        "answered.",
        "Take the record away, or use addresses of a domain that gets mail."),
    "mx-null-among-others": Kind(
        "error", "A null MX beside others.",
        "RFC 7505 §3 forbids it: some servers send nothing.",
        "Take the record with the dot away."),
    "mx-no-such-host": Kind(
        "error", "An MX that names a host without an address; a warning where others are there.",
        "What is sent to it waits for days, and comes back.",
        "Mend the name of the host, or take the record away."),
    "mx-address": Kind(
        "error", "An MX that names an IP address rather than a host.",
        "An MX names a host (RFC 5321 §5.1): servers find none by this name.",
        "Give the host a name with an A record, and name that."),
    "mx-alias": Kind(
        "warning", "An MX that names an alias (CNAME).",
        "RFC 2181 §10.3 forbids it: some servers send nothing.",
        "Name the host that the alias leads to."),
    "mx-private": Kind(
        "error", "An MX whose host is in a private network.",
        "Nobody out there can reach it.",
        "Give the host a public address, or name one that has."),
    "mx-unanswered": Kind(
        "warning", "DNS servers that did not answer when the MX was asked for.",
        "Replies and bounces are put off until they do.",
        "Ask again later; if it stays, tell whoever keeps the DNS of that name."),
})  # fmt: skip

_MOST = 10  # hosts that are looked at


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that must take mail, and for what: "replies", "bounces"."""

    domain: str
    purpose: str


def exchangers(ask: Ask, mailboxes: Sequence[Mailbox]) -> Looked:
    """Look at each domain that mails come back to."""
    findings: list[Finding] = []
    shown: list[str] = []
    is_seen = True
    for domain in dict.fromkeys(one.domain for one in mailboxes):
        purposes = " and ".join(
            dict.fromkeys(one.purpose for one in mailboxes if one.domain == domain)
        )
        found = list(_of_domain(ask, domain, purposes))
        is_seen = is_seen and not any(one.name == "mx-unanswered" for one in found)
        findings += found
        hosts = hosts_of(ask, domain)
        shown.append(f"{domain}: {', '.join(hosts[:2]) or 'none'}{' …' if len(hosts) > 2 else ''}")
    return Looked(
        subject="MX", shown=shortened("; ".join(shown)), findings=tuple(findings), seen=is_seen
    )


def hosts_of(ask: Ask, domain: str) -> list[str]:
    """Return the hosts of a domain's MX, those first that are asked first; none for a null MX."""
    pairs = [value.partition(" ") for value in ask(domain, "MX").values]
    ranked = sorted(pairs, key=lambda pair: int(pair[0]) if pair[0].isdecimal() else 0)
    return [host for _, _, host in ranked if host not in ("", ".")]


def _of_domain(ask: Ask, domain: str, purposes: str) -> Iterator[Finding]:
    answer = ask(domain, "MX")
    if answer.outcome == "failed":
        yield KINDS.found(
            "mx-unanswered", f"DNS does not tell who takes mail of {domain}: {answer.why}"
        )
        return
    hosts = hosts_of(ask, domain)
    if answer.values and not hosts:
        yield KINDS.found(
            "mx-null", f"{domain}, where {purposes} go, says that it gets no mail (null MX)"
        )
    elif len(hosts) < len(answer.values):
        yield KINDS.found("mx-null-among-others", f"{domain} has a null MX beside others")
    if not answer.values:
        yield from _without(ask, domain, purposes)
    by_host = [list(_of_host(ask, domain, host)) for host in hosts[:_MOST]]
    is_reached = not all(any(one.severity == "error" for one in found) for found in by_host)
    for one in (one for found in by_host for one in found):
        is_spared = is_reached and one.severity == "error"
        yield replace(one, severity="warning") if is_spared else one


def _without(ask: Ask, domain: str, purposes: str) -> Iterator[Finding]:
    line = DnsLine(name=domain, type="MX", value="10 YOUR-MAIL-SERVER.")
    has_address = addresses(ask, domain)
    if has_address.outcome == "found":
        yield KINDS.found("mx-none", f"{domain}, where {purposes} go, has no MX", line)
    elif has_address.outcome != "failed":
        yield KINDS.found(
            "mx-missing",
            f"{domain}, where {purposes} go, takes no mail: it has neither MX nor address",
            line,
        )


def _of_host(ask: Ask, domain: str, host: str) -> Iterator[Finding]:
    shown = shortened(host, 60)
    if address_of(host) is not None:
        yield KINDS.found("mx-address", f"the MX of {domain} is an address: {shown}")
        return
    found = addresses(ask, host)
    if found.outcome == "failed":
        yield KINDS.found(
            "mx-unanswered",
            f"DNS does not tell where {shown} is, which takes mail of {domain}: {found.why}",
        )
    elif found.is_void:
        yield KINDS.found(
            "mx-no-such-host", f"the MX of {domain} names {shown}, which has no address"
        )
    elif not any(is_public(one) for one in found.values):
        yield KINDS.found(
            "mx-private",
            f"the MX of {domain} names {shown}, whose address is private: {found.values[0]}",
        )
    if found.canonical:
        yield KINDS.found(
            "mx-alias",
            f"the MX of {domain} names {shown}, an alias of {shortened(found.canonical, 60)}",
        )
