"""All subjects in their order, and what becomes of them: the one place where they meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from publisher.doctor.alignment import alignment
from publisher.doctor.answers import Ask, Fetch
from publisher.doctor.bimi import bimi
from publisher.doctor.dkim import dkim
from publisher.doctor.dmarc import dmarc
from publisher.doctor.dmarc_walk import walk
from publisher.doctor.exchangers import Mailbox, exchangers, hosts_of
from publisher.doctor.finding import DnsLine, Finding, Looked, Subject
from publisher.doctor.links import links, one_click
from publisher.doctor.mta_sts import mta_sts
from publisher.doctor.origin import Origin, origin_of
from publisher.doctor.requirements import Line, judged
from publisher.doctor.reverse import reverse
from publisher.doctor.sending import KINDS, Sending, domain_of
from publisher.doctor.server import ServerAsked, server
from publisher.doctor.spf import by_provider, spf
from publisher.doctor.tls_rpt import tls_rpt
from publisher.model import is_impersonating

ORDER: tuple[Subject, ...] = (
    "SPF", "DKIM", "DMARC", "Alignment", "MX", "PTR", "TLS", "MTA-STS", "TLS-RPT", "BIMI", "Links",
    "One-click",
)  # fmt: skip

Examinations = Mapping[Subject, Callable[[], Looked]]


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, in order, and what the large providers would say to it."""

    domain: str
    subjects: tuple[Looked, ...]
    requirements: tuple[Line, ...]

    @property
    def findings(self) -> list[Finding]:
        """Everything found, the worst first, else in the order of subjects."""
        rank = {"error": 0, "warning": 1, "note": 2}
        found = [one for looked in self.subjects for one in looked.findings]
        return sorted(found, key=lambda one: rank[one.severity])

    @property
    def lines(self) -> list[DnsLine]:
        """What to type into DNS, where it is an error."""
        errors = [one for one in self.findings if one.severity == "error"]
        return list(dict.fromkeys(line for one in errors for line in one.lines))

    @property
    def is_healthy(self) -> bool:
        """Whether nothing is an error, and no requirement is broken."""
        errors = any(one.severity == "error" for one in self.findings)
        return not errors and all(one.standing != "not met" for one in self.requirements)


def examinations(
    sending: Sending, ask: Ask, fetch: Fetch, probe: Callable[[], ServerAsked], now: datetime
) -> Examinations:
    """Return what is to be looked at, by subject; they may be done side by side.

    Alignment comes after them, in `concluded`.
    """
    back, replies = domain_of(sending.back), [domain_of(one) for one in sending.replies]
    mailboxes = [
        *(Mailbox(domain=one, purpose="replies") for one in replies),
        Mailbox(domain=back, purpose="bounces"),
    ]
    first = (replies or [sending.domain])[0]

    server_host = "" if sending.is_direct else sending.host

    def origin() -> Origin:
        return origin_of(ask, server_host, sending.ehlo, sending.addresses)

    return {
        "SPF": lambda: (
            by_provider(sending.provider)
            if sending.provider
            else spf(ask, back, sending.back, origin())
        ),
        "DKIM": lambda: dkim(ask, sending.keys),
        "DMARC": lambda: dmarc(ask, sending.domain, walk(ask, sending.domain)),
        "MX": lambda: exchangers(ask, mailboxes),
        "PTR": lambda: reverse(ask, origin(), is_ours=sending.is_direct),
        "TLS": lambda: server(probe(), now),
        "MTA-STS": lambda: mta_sts(ask, fetch, first, hosts_of(ask, first)),
        "TLS-RPT": lambda: tls_rpt(ask, first),
        "BIMI": lambda: bimi(ask, walk(ask, sending.domain)),
        "Links": lambda: links(fetch, sending.links),
        "One-click": lambda: one_click(fetch, sending.links),
    }


def concluded(sending: Sending, ask: Ask, done: Sequence[Looked]) -> Diagnosis:
    """Return the diagnosis; what is asked here was asked before."""
    by_subject = {one.subject: one for one in done}
    aligned = alignment(
        walk(ask, sending.domain),
        walk(ask, domain_of(sending.back)),
        [(key, walk(ask, key.domain)) for key in sending.keys if key.signs],
        by_subject["SPF"],
        by_subject["DKIM"],
    )
    if is_impersonating(sending.domain, sending.host):
        found = KINDS.found(
            "sender-impersonates", f"the sender is at {sending.domain}, and another server sends"
        )
        aligned = replace(aligned, findings=(*aligned.findings, found))
    by_subject["Alignment"] = aligned
    subjects = tuple(by_subject[name] for name in ORDER)
    return Diagnosis(domain=sending.domain, subjects=subjects, requirements=tuple(judged(subjects)))
