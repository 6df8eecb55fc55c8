"""SPF: which servers may send for the domain of the return path (RFC 7208)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address

from publisher.doctor.answers import Ask, IpAddress, shortened
from publisher.doctor.finding import DnsLine, Finding, Looked
from publisher.doctor.origin import Origin, proposed
from publisher.doctor.spf_check import MOST_LOOKUPS, MOST_VOIDS, Cost, cost, texts, verdict
from publisher.doctor.spf_kinds import KINDS
from publisher.doctor.spf_macros import Connection
from publisher.doctor.spf_record import SpfRecord, parsed

_STRANGER = IPv4Address("240.0.0.1")
"""An address that nobody has (RFC 1112 §4): who lets it send lets everybody."""


def spf(ask: Ask, domain: str, sender: str, origin: Origin) -> Looked:
    """Look at the record of the domain of a return path; `sender` is the whole address."""
    answer = ask(domain, "TXT")
    if answer.outcome == "failed":
        what = f"DNS does not tell the texts of {domain}: {answer.why}"
        found = KINDS.found("spf-unanswered", what)
        return Looked(subject="SPF", shown="no answer", findings=(found,), seen=False)
    records = texts(answer)
    if len(records) != 1:
        findings = tuple(_none_or_several(domain, records, answer.values, origin))
        shown = f"{len(records)} records" if records else "no record"
        return Looked(subject="SPF", shown=f"{shown} at {domain}", findings=findings)
    record = parsed(records[0])
    price = cost(ask, domain, record)
    findings = (
        *_of_record(ask, domain, record),
        *_of_cost(domain, price),
        *_of_origin(ask, domain, record, sender, origin),
    )
    shown = f"{shortened(record.text, 60)} ({price.lookups} of {MOST_LOOKUPS} look-ups)"
    return Looked(subject="SPF", shown=shown, findings=findings)


def by_provider(name: str) -> Looked:
    """Tell that a provider's interface takes the mails, and chooses the return path."""
    found = KINDS.found("spf-unseen", f"mails leave by {name}, with a return path of its own")
    return Looked(
        subject="SPF", shown=f"{name} chooses the return path", findings=(found,), seen=False
    )


def _none_or_several(
    domain: str, records: Sequence[str], values: Sequence[str], origin: Origin
) -> Iterator[Finding]:
    if records:
        yield KINDS.found(
            "spf-several", f"{domain} has {len(records)} SPF records", _joined(domain, records)
        )
        return
    nearly = [one for one in values if _is_nearly(one)]
    for one in nearly[:3]:
        yield KINDS.found(
            "spf-nearly",
            f"the text of {domain} is no SPF record: “{shortened(one)}”",
            proposed(domain, origin),
        )
    if not nearly:
        yield KINDS.found("spf-missing", f"{domain} has no SPF record", proposed(domain, origin))


def _is_nearly(text: str) -> bool:
    start = text[:24].lower().replace(" ", "").lstrip("\"'“”\ufeff")
    return start.startswith(("v=spf", "spf1", "spf=", "v:spf", "vspf", "spf2"))


def _joined(domain: str, records: Sequence[str]) -> DnsLine:
    """One record of several: their terms in order, each once, and the milder end."""
    terms = [term for record in records for term in record[6:].split()]
    ends = [term for term in terms if term.lower().lstrip("+-~?") == "all"]
    kept = list(dict.fromkeys(term for term in terms if term not in ends))
    end = "-all" if ends and set(ends) == {"-all"} else "~all"
    return DnsLine(name=domain, type="TXT", value=" ".join(["v=spf1", *kept, end])[:2000])


def _of_record(ask: Ask, domain: str, record: SpfRecord) -> Iterator[Finding]:
    for fault in record.faults[:5]:
        yield KINDS.found("spf-syntax", f"the SPF record of {domain}: {fault}")
    end = record.all
    stranger = Connection(address=_STRANGER, sender=f"postmaster@{domain}", ehlo="unknown")
    if verdict(ask, domain, record, stranger) == "pass":
        yield KINDS.found("spf-all-pass", f"the SPF record of {domain} lets everybody send")
    elif not record.redirect and (end is None or end.qualifier == "?"):
        how = "?all" if end else "no all"
        yield KINDS.found("spf-all-missing", f"the SPF record of {domain} has {how}")
    if end:
        after = record.mechanisms[record.mechanisms.index(end) + 1 :]
        words = [one.text for one in after] + [f"redirect={record.redirect}"] * bool(
            record.redirect
        )
        if words:
            yield KINDS.found(
                "spf-after-all",
                f"the SPF record of {domain} goes on after "
                f"{end.text}: {shortened(' '.join(words), 60)}",
            )
    if any(one.name == "ptr" for one in record.mechanisms):
        yield KINDS.found("spf-ptr", f"the SPF record of {domain} uses ptr")
    if len(record.text) > 450:
        yield KINDS.found(
            "spf-long", f"the SPF record of {domain} has {len(record.text):,} characters"
        )


def _of_cost(domain: str, price: Cost) -> Iterator[Finding]:
    for fault, name, what in price.faults[:5]:
        shown = shortened(name, 60)
        match fault:
            case "syntax":
                yield KINDS.found(
                    "spf-syntax", f"the SPF record of {shown}, which {domain} includes: {what}"
                )
            case "several":
                yield KINDS.found(
                    "spf-several",
                    f"{shown}, which {domain} includes, has more than one SPF record",
                    todo="Tell whoever keeps that domain, or take the include out.",
                )
            case "include-without":
                yield KINDS.found(
                    "spf-include-missing", f"{domain} includes {shown}, which has no SPF record"
                )
            case "loop":
                yield KINDS.found("spf-loop", f"the SPF record of {domain} comes back to {shown}")
            case "unanswered":
                yield KINDS.found(
                    "spf-unanswered", f"DNS does not tell {shown}, which {domain} uses: {what}"
                )
            case "lookups":
                yield KINDS.found(
                    "spf-lookups", f"the SPF record of {domain} asks for too much: {what}"
                )
            case _:
                pass  # endless: it is counted below
    yield from _counted(domain, price)


def _counted(domain: str, price: Cost) -> Iterator[Finding]:
    if price.lookups > MOST_LOOKUPS:
        heaviest = sorted(price.by_include, key=lambda one: -one[1])[:3]
        by = ", ".join(f"{shortened(name, 50)} {count}" for name, count in heaviest)
        count = f"{price.lookups}" if price.lookups < 40 else "40 and more"
        yield KINDS.found(
            "spf-lookups",
            f"the SPF record of {domain} costs {count} look-ups, and "
            f"{MOST_LOOKUPS} are allowed" + (f": {by}" if by else ""),
        )
    elif price.lookups >= MOST_LOOKUPS - 1:
        yield KINDS.found(
            "spf-near-limit", f"the SPF record of {domain} costs {price.lookups} look-ups of 10"
        )
    names = ", ".join(shortened(one, 50) for one in dict.fromkeys(price.voids))
    if len(price.voids) > MOST_VOIDS:
        yield KINDS.found(
            "spf-voids",
            f"{len(price.voids)} names in the SPF record of {domain} "
            f"lead to nothing: {shortened(names, 160)}",
        )
    elif price.voids and not any(fault == "include-without" for fault, _, _ in price.faults):
        yield KINDS.found(
            "spf-void", f"the SPF record of {domain} names what leads to nothing: {names}"
        )


def _of_origin(
    ask: Ask, domain: str, record: SpfRecord, sender: str, origin: Origin
) -> Iterator[Finding]:
    if record.faults:
        return
    for address in origin.addresses[:6]:
        connection = Connection(address=address, sender=sender, ehlo=origin.ehlo or "unknown")
        result = verdict(ask, domain, record, connection)
        if result not in ("fail", "softfail", "neutral"):
            continue
        line = DnsLine(name=domain, type="TXT", value=_with(record, address))
        if origin.is_sure:
            yield KINDS.found(
                "spf-uncovered",
                f"SPF of {domain} says {result} to {address}, which mails leave from",
                line,
            )
        else:
            yield KINDS.found(
                "spf-uncovered",
                f"SPF of {domain} says {result} to {address}, an address of {origin.server}",
                line,
                why="It is the server that takes your mails; perhaps they leave from another.",
                todo="If mails leave from it, put it into the record. If not, name the addresses "
                "that they leave from: publisher doctor --ip ADDRESS",
                severity="warning",
            )


def _with(record: SpfRecord, address: IpAddress) -> str:
    """The record with one more address, before its end."""
    words = record.text.split()
    at = next(
        (
            n
            for n, word in enumerate(words)
            if word.lower().lstrip("+-~?") == "all" or word.lower().startswith("redirect=")
        ),
        len(words),
    )
    return " ".join([*words[:at], f"ip{address.version}:{address}", *words[at:]])
