"""DMARC: what a domain asks of servers that get mail in its name (RFC 9989)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publisher.doctor.answers import Ask, shortened
from publisher.doctor.dmarc_walk import STRENGTH, DmarcRecord, Walk, walk
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked
from publisher.doctor.tags import Tags, begins

KINDS = Kinds("DMARC", {
    "dmarc-missing": Kind(
        "error", "A domain of the sender without a DMARC record, at itself or above.",
        "Gmail, Yahoo and Microsoft refuse bulk mail from a domain without one; `p=none` will do.",
        "Type this record into DNS. Reports go to `rua`: name a mailbox that exists."),
    "dmarc-several": Kind(
        "error", "More than one DMARC record at one name.",
        "With two records neither counts (RFC 9989 §4.10).",
        "Keep one of them."),
    "dmarc-nearly": Kind(
        "error", "A text at `_dmarc` that is no DMARC record.",
        "A record begins with exactly `v=DMARC1` (RFC 9989 §4.7); servers see no other.",
        "Mend its beginning."),
    "dmarc-syntax": Kind(
        "warning", "A DMARC record with tags that cannot be read.",
        "Servers skip what they cannot read, or the whole record.",
        "Mend the tag, or take it out."),
    "dmarc-policy": Kind(
        "error", "No `p=`, or a policy (`p=`, `sp=`, `np=`) that there is not.",
        "Then the record counts as `p=none` where `rua` names somebody, and else not at all "
        "(RFC 9989 §4.10.1).",
        "Write p=none, p=quarantine or p=reject; sp= and np= as well, or leave them out."),
    "dmarc-none": Kind(
        "note", "`p=none`: servers are asked for reports, and for nothing else.",
        "It meets what Gmail, Yahoo and Microsoft require; anybody can still send in your name, "
        "and there is no logo (BIMI).",
        "Once the reports show that your own mail passes: p=quarantine, later p=reject."),
    "dmarc-testing": Kind(
        "note", "`t=y`: the policy is being tried, and servers take the next milder one.",
        "reject is taken as quarantine, and quarantine as none (RFC 9989 §4.7).",
        "Take t=y out when the reports are as you want them."),
    "dmarc-weaker-below": Kind(
        "warning", "A policy for names below the domain that is milder than the domain's.",
        "Who forges takes a name below yours: sp= and np= are for those.",
        "Take sp= and np= out, or make them as strict as p=."),
    "dmarc-no-reports": Kind(
        "note", "A DMARC record without `rua`.",
        "Nobody tells you who sends in your name, and whether your own mail passes. Yahoo asks for "
        "it.",
        "Add rua=mailto: and a mailbox of yours."),
    "dmarc-reports-refused": Kind(
        "warning", "Reports that go to an organisation that does not say that it takes them.",
        "Without its record servers send no reports there (RFC 9990 §4).",
        "Have whoever keeps that domain add the record, or name a mailbox of your own."),
    "dmarc-removed": Kind(
        "note", "Tags that DMARC no longer has: `pct`, `rf`, `ri`.",
        "RFC 9989 took them out; servers that know it skip them.",
        "Take them out."),
    "dmarc-psd": Kind(
        "note", "A domain with `psd=y`: one below which others register theirs.",
        "Its record is for all who are below it, and each of them is an organisation of its own.",
        "Take psd=y out, unless you are a registry."),
    "dmarc-unanswered": Kind(
        "warning", "DNS servers that did not answer when the record was asked for.",
        "Servers that get no answer put mail off, or take it without DMARC.",
        "Ask again later; if it stays, tell whoever keeps the DNS of that name."),
})  # fmt: skip

_REMOVED = ("pct", "rf", "ri")
_MOST_REPORTS = 4


def dmarc(ask: Ask, domain: str, found: Walk) -> Looked:
    """Look at what is in force for the sender's domain."""
    record = found.in_force
    findings = [*_of_walk(found)]
    if record is None:
        if not findings:
            findings.append(
                KINDS.found("dmarc-missing", f"{domain} has no DMARC record", proposed(domain))
            )
        is_seen = not found.unanswered
        shown = "no record" if is_seen else "no answer"
        return Looked(subject="DMARC", shown=shown, findings=tuple(findings), seen=is_seen)
    findings += [*_of_record(record, found), *_of_reports(ask, record)]
    above = "" if record.domain == domain else f" (of {record.domain})"
    return Looked(
        subject="DMARC", shown=f"{shortened(record.text, 60)}{above}", findings=tuple(findings)
    )


def proposed(domain: str, policy: str = "none") -> DnsLine:
    """Return the record for a domain that has none; RFC 5321 §4.5.1 gives each a postmaster."""
    value = f"v=DMARC1; p={policy}; rua=mailto:postmaster@{domain}"
    return DnsLine(name=f"_dmarc.{domain}", type="TXT", value=value)


def _of_walk(found: Walk) -> Iterator[Finding]:
    for name in found.several[:2]:
        yield KINDS.found("dmarc-several", f"_dmarc.{name} has more than one DMARC record")
    for name, why in found.unanswered[:2]:
        yield KINDS.found("dmarc-unanswered", f"DNS does not tell _dmarc.{name}: {why}")
    for name, text in found.nearly[:2]:
        yield KINDS.found(
            "dmarc-nearly",
            f"the text of _dmarc.{name} is no DMARC record: “{shortened(text, 60)}”",
            proposed(name),
        )


def _of_record(record: DmarcRecord, found: Walk) -> Iterator[Finding]:
    where = f"the DMARC record of {record.domain}"
    for fault in [*record.tags.faults[:3], *_odd(record.tags)]:
        yield KINDS.found("dmarc-syntax", f"{where}: {fault}")
    policy = record.policy("p")
    for name in record.broken:
        given = shortened(record.tags.get(name), 20)
        said = f"{name}={given}" if name in record.tags.values else f"no {name}="
        yield KINDS.found("dmarc-policy", f"{where} has {said}")
    if found.policy == "none" and policy == "none" and not record.broken:
        yield KINDS.found("dmarc-none", f"{where} says p=none")
    if record.tags.get("t").lower() == "y":
        yield KINDS.found("dmarc-testing", f"{where} says t=y")
    below = [name for name in ("sp", "np") if _is_weaker(record, name)]
    if below:
        said = " and ".join(f"{name}={record.tags.get(name)}" for name in below)
        yield KINDS.found("dmarc-weaker-below", f"{where} says p={policy}, and {said}")
    if removed := [f"{name}=" for name in _REMOVED if name in record.tags.values]:
        yield KINDS.found("dmarc-removed", f"{where} has {', '.join(removed)}")
    if record.psd == "y":
        yield KINDS.found("dmarc-psd", f"{where} says psd=y")


def _is_weaker(record: DmarcRecord, name: str) -> bool:
    value = record.tags.get(name).lower()
    own = record.policy("p")
    return own is not None and value in STRENGTH and STRENGTH[value] < STRENGTH[own]


_ALLOWED = {
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "t": ("y", "n"),
    "psd": ("y", "n", "u"),
}


def _odd(tags: Tags) -> list[str]:
    """Tags whose value is none that they may have."""
    return [
        f"{name}={shortened(tags.get(name), 20)} is none of {', '.join(allowed)}"
        for name, allowed in _ALLOWED.items()
        if name in tags.values and tags.get(name).lower() not in allowed
    ]


def _of_reports(ask: Ask, record: DmarcRecord) -> Iterator[Finding]:
    where = f"the DMARC record of {record.domain}"
    if "rua" not in record.tags.values:
        value = f"{record.text.rstrip('; ')}; rua=mailto:postmaster@{record.domain}"
        line = DnsLine(name=f"_dmarc.{record.domain}", type="TXT", value=value)
        yield KINDS.found("dmarc-no-reports", f"{where} has no rua", line)
        return
    if not record.reports:
        yield KINDS.found(
            "dmarc-syntax",
            f"{where}: rua={shortened(record.tags.get('rua'), 40)} is no address; "
            "it is written rua=mailto:NAME@DOMAIN",
        )
    for host in _others(record)[:_MOST_REPORTS]:
        if walk(ask, host).organisation == walk(ask, record.domain).organisation:
            continue
        name = f"{record.domain}._report._dmarc.{host}"
        answer = ask(name, "TXT")
        if answer.outcome != "failed" and not any(begins(one, "DMARC1") for one in answer.values):
            yield KINDS.found(
                "dmarc-reports-refused",
                f"reports on {record.domain} go to {shortened(host, 60)}, "
                "which does not say that it takes them",
                DnsLine(name=name, type="TXT", value="v=DMARC1"),
            )


def _others(record: DmarcRecord) -> Sequence[str]:
    """The hosts of addresses for reports that are not the domain itself."""
    hosts = []
    for uri in record.reports:
        scheme, _, rest = uri.partition(":")
        if scheme.lower() == "mailto":
            hosts.append(rest.partition("?")[0].partition("!")[0].rpartition("@")[2].lower())
    return [host for host in dict.fromkeys(hosts) if host and host != record.domain]
