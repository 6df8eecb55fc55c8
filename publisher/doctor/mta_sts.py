"""MTA-STS: that mail to a domain comes by TLS alone (RFC 8461). It is about replies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from publisher.doctor.answers import Ask, Fetch, Fetched, shortened
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked
from publisher.doctor.tags import begins, tags_of

KINDS = Kinds("MTA-STS", {
    "mta-sts-missing": Kind(
        "note", "A domain without MTA-STS.",
        "It guards replies on their way to you; nobody requires it of senders.",
        "Leave it, unless you run your own server, or your provider has it for you."),
    "mta-sts-record": Kind(
        "warning", "A record that cannot be read, or more than one.",
        "Servers then act as if there were no MTA-STS (RFC 8461 §3.1).",
        "Keep one record: v=STSv1; id= and letters and digits that change with the policy."),
    "mta-sts-policy": Kind(
        "warning", "A policy that cannot be fetched, or read, from its https address.",
        "Servers then act as if there were no MTA-STS, or by what they kept (RFC 8461 §3.3).",
        "Put the policy there as plain text, with a certificate that holds and no redirect."),
    "mta-sts-hosts": Kind(
        "error", "A policy in force that does not name a host of the domain's MX.",
        "Servers that know MTA-STS send nothing to that host: replies are lost.",
        "Name the host in the policy (mx:), and give `id` in DNS another value."),
    "mta-sts-testing": Kind(
        "note", "A policy that is being tried, or switched off: `mode: testing`, `mode: none`.",
        "Servers tell of faults, and send in clear text all the same.",
        "Write mode: enforce once the reports (TLS-RPT) are clean."),
    "mta-sts-unanswered": Kind(
        "warning", "DNS servers that did not answer when the record was asked for.",
        "Servers that get no answer act by what they kept.",
        "Ask again later."),
})  # fmt: skip

_MODES = ("enforce", "testing", "none")
_LONGEST = 31_557_600  # seconds, §3.2


def address_of_policy(domain: str) -> str:
    """Where a policy stands (§3.2)."""
    return f"https://mta-sts.{domain}/.well-known/mta-sts.txt"


def mta_sts(ask: Ask, fetch: Fetch, domain: str, hosts: Sequence[str]) -> Looked:
    """Look at the record and the policy of a domain, `hosts` being those of its MX."""
    answer = ask(f"_mta-sts.{domain}", "TXT")
    records = [one for one in answer.values if begins(one, "STSv1")]
    if answer.outcome == "failed":
        found = KINDS.found(
            "mta-sts-unanswered", f"DNS does not tell _mta-sts.{domain}: {answer.why}"
        )
        return Looked(subject="MTA-STS", shown="no answer", findings=(found,), seen=False)
    if not records:
        what = f"{domain} has no MTA-STS"
        found = KINDS.found("mta-sts-missing", what)
        return Looked(subject="MTA-STS", shown="none (nobody requires it)", findings=(found,))
    findings = [*_of_records(domain, records)]
    policy: Mapping[str, Sequence[str]] = {}
    if not findings:
        fetched = fetch(address_of_policy(domain))
        policy = policy_of(fetched.body)
        findings += _of_policy(domain, fetched, policy, hosts)
    mode = shortened(" ".join(policy.get("mode", ())), 20)
    shown = f"mode {mode}" if mode else "no policy"
    return Looked(subject="MTA-STS", shown=shown, findings=tuple(findings))


def policy_of(body: bytes) -> Mapping[str, Sequence[str]]:
    """Take a policy apart: what is given more than once is there more than once (§3.2)."""
    values: dict[str, list[str]] = {}
    for line in body.decode("utf-8", "replace").splitlines()[:500]:
        name, colon, value = line.partition(":")
        if colon:
            values.setdefault(name.strip(), []).append(value.strip())
    return values


def _of_records(domain: str, records: Sequence[str]) -> Iterator[Finding]:
    line = DnsLine(name=f"_mta-sts.{domain}", type="TXT", value="v=STSv1; id=1")
    if len(records) > 1:
        yield KINDS.found("mta-sts-record", f"_mta-sts.{domain} has {len(records)} records", line)
        return
    tags = tags_of(records[0])
    faults = list(tags.faults[:2])
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", tags.get("id"), re.ASCII):
        faults.append("id= is missing, or no letters and digits")
    for fault in faults:
        yield KINDS.found("mta-sts-record", f"the record of _mta-sts.{domain}: {fault}", line)


def _of_policy(
    domain: str, fetched: Fetched, policy: Mapping[str, Sequence[str]], hosts: Sequence[str]
) -> Iterator[Finding]:
    url = address_of_policy(domain)
    faults = list(_faults(url, fetched, policy))
    for fault in faults[:3]:
        yield KINDS.found("mta-sts-policy", f"{url}: {fault}")
    if faults:
        return
    mode = policy["mode"][0]
    if mode != "enforce":
        yield KINDS.found("mta-sts-testing", f"the policy of {domain} says mode: {mode}")
    left = [host for host in hosts if not any(is_named(host, one) for one in policy.get("mx", ()))]
    if left and mode != "none":
        names = shortened(", ".join(left), 80)
        yield KINDS.found(
            "mta-sts-hosts",
            f"the policy of {domain} does not name {names}",
            severity=None if mode == "enforce" else "warning",
        )


def _faults(url: str, fetched: Fetched, policy: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if fetched.why:
        yield fetched.why
    elif fetched.url and fetched.url != url:
        yield "it leads elsewhere, and nobody follows (RFC 8461 §3.3)"
    elif fetched.status != 200:
        yield f"the server says {fetched.status}"
    else:
        kind = fetched.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() not in ("", "text/plain"):
            yield f"its type is {shortened(kind, 40)}, not text/plain"
        age = policy.get("max_age", [""])[0]
        if policy.get("version", [""])[0] != "STSv1":
            yield "it has no version: STSv1"
        if policy.get("mode", [""])[0] not in _MODES:
            yield "it has no mode: enforce, testing or none"
        elif policy["mode"][0] != "none" and not policy.get("mx"):
            yield "it names no mx:"
        if not re.fullmatch(r"[0-9]{1,10}", age, re.ASCII) or int(age) > _LONGEST:
            yield "it has no max_age: of seconds"


def is_named(host: str, pattern: str) -> bool:
    """Whether a pattern of a policy names a host: `*.` stands for one label (§4.1)."""
    host, pattern = host.lower().rstrip("."), pattern.lower().rstrip(".")
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return host == pattern
