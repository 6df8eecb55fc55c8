"""BIMI: a logo beside mails, for those whose DMARC is strict enough."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from publisher.doctor.answers import Ask, shortened
from publisher.doctor.dmarc_walk import Walk
from publisher.doctor.finding import Finding, Kind, Kinds, Looked
from publisher.doctor.tags import Tags, begins, tags_of

KINDS = Kinds("BIMI", {
    "bimi-missing": Kind(
        "note", "A domain without BIMI.",
        "It shows your logo beside mails; Gmail and Apple want a certificate for it (VMC or CMC), "
        "which is bought each year. Nobody requires it.",
        "Leave it, or put it last: it needs p=quarantine or p=reject first."),
    "bimi-policy": Kind(
        "warning", "A logo whose domain has no DMARC policy of quarantine or reject.",
        "Then nobody shows it.",
        "Bring DMARC to p=quarantine or p=reject, without sp=none and t=y."),
    "bimi-record": Kind(
        "warning", "A record that cannot be read, several, or a logo that is no SVG by https.",
        "Then nobody shows it.",
        "v=BIMI1; l= the https address of an SVG (Tiny PS); a= that of the certificate."),
    "bimi-no-certificate": Kind(
        "note", "A logo without a certificate (`a=`).",
        "Yahoo shows it; Gmail and Apple do not.",
        "Buy a certificate (VMC or CMC), if you want it there."),
    "bimi-unanswered": Kind(
        "warning", "DNS servers that did not answer when the record was asked for.",
        "No logo is shown meanwhile.",
        "Ask again later."),
})  # fmt: skip


def bimi(ask: Ask, found: Walk) -> Looked:
    """Look at the record of the sender's domain, or of its organisation."""
    domains = dict.fromkeys((found.start, found.organisation))
    for domain in domains:
        name = f"default._bimi.{domain}"
        answer = ask(name, "TXT")
        records = [one for one in answer.values if begins(one, "BIMI1")]
        if answer.outcome == "failed":
            problem = KINDS.found("bimi-unanswered", f"DNS does not tell {name}: {answer.why}")
            return Looked(subject="BIMI", shown="no answer", findings=(problem,), seen=False)
        if records:
            findings = tuple(_of_records(name, records, found))
            return Looked(subject="BIMI", shown=shortened(records[0], 60), findings=findings)
    problem = KINDS.found("bimi-missing", f"{found.start} has no BIMI")
    return Looked(subject="BIMI", shown="none (nobody requires it)", findings=(problem,))


def _of_records(name: str, records: list[str], found: Walk) -> Iterator[Finding]:
    if len(records) > 1:
        yield KINDS.found("bimi-record", f"{name} has {len(records)} records")
        return
    tags = tags_of(records[0])
    if not tags.get("l") and not tags.get("a") and "l" in tags.values:
        return  # it declines
    for fault in [*tags.faults[:2], *_faults(tags)]:
        yield KINDS.found("bimi-record", f"the record of {name}: {fault}")
    if asked := _too_mild(found):
        yield KINDS.found("bimi-policy", f"{name} names a logo, and DMARC asks for {asked}")
    if not tags.get("a"):
        yield KINDS.found("bimi-no-certificate", f"{name} has no certificate (a=)")


def _too_mild(found: Walk) -> str:
    """What DMARC asks for where that is too little for a logo, "" where it is enough."""
    record = found.in_force
    if record is None:
        return "" if found.unanswered else "nothing"
    if found.policy in (None, "none"):
        return found.policy or "nothing"
    return "sp=none below" if record.policy("sp") == "none" else ""


def _faults(tags: Tags) -> Iterator[str]:
    for name, ends in (("l", (".svg", ".svgz", ".svg.gz")), ("a", (".pem",))):
        value = tags.get(name)
        if not value and name == "a":
            continue
        try:
            parts = urlsplit(value)
            is_right = parts.scheme == "https" and parts.path.lower().endswith(ends)
        except ValueError:
            is_right = False
        if not is_right:
            said = shortened(value, 50) or "empty"
            yield f"{name}= is no https address of a file {ends[0]}: {said}"
