"""TLS-RPT: who is told when mail to a domain could not be encrypted (RFC 8460)."""

from __future__ import annotations

from publisher.doctor.answers import Ask, shortened
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked
from publisher.doctor.tags import begins, tags_of

KINDS = Kinds("TLS-RPT", {
    "tls-rpt-missing": Kind(
        "note", "A domain without TLS-RPT.",
        "It tells you of replies that could not be encrypted; nobody requires it of senders.",
        "Leave it, unless you have MTA-STS."),
    "tls-rpt-record": Kind(
        "warning", "A record that cannot be read, more than one, or one without `rua`.",
        "No server sends reports by it (RFC 8460 §3).",
        "Keep one record: v=TLSRPTv1; rua=mailto: and a mailbox of yours."),
    "tls-rpt-unanswered": Kind(
        "warning", "DNS servers that did not answer when the record was asked for.",
        "No reports are sent meanwhile.",
        "Ask again later."),
})  # fmt: skip


def tls_rpt(ask: Ask, domain: str) -> Looked:
    """Look at the record of a domain that takes mail."""
    name = f"_smtp._tls.{domain}"
    answer = ask(name, "TXT")
    records = [one for one in answer.values if begins(one, "TLSRPTv1")]
    if answer.outcome == "failed":
        found = KINDS.found("tls-rpt-unanswered", f"DNS does not tell {name}: {answer.why}")
        return Looked(subject="TLS-RPT", shown="no answer", findings=(found,), seen=False)
    if not records:
        found = KINDS.found("tls-rpt-missing", f"{domain} has no TLS-RPT")
        return Looked(subject="TLS-RPT", shown="none (nobody requires it)", findings=(found,))
    line = DnsLine(name=name, type="TXT", value=f"v=TLSRPTv1; rua=mailto:postmaster@{domain}")
    faults = [f"it has {len(records)} records"] if len(records) > 1 else _faults(records[0])
    findings: list[Finding] = [
        KINDS.found("tls-rpt-record", f"the record of {name}: {fault}", line)
        for fault in faults[:3]
    ]
    return Looked(subject="TLS-RPT", shown=shortened(records[0], 60), findings=tuple(findings))


def _faults(record: str) -> list[str]:
    tags = tags_of(record)
    goals = [one.strip().lower() for one in tags.get("rua").split(",")]
    faults = list(tags.faults)
    if not all(one.startswith(("mailto:", "https://")) for one in goals):
        faults.append("rua= names nobody by mailto: or https:")
    return faults
