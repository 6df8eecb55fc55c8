"""What Gmail, Yahoo and Microsoft require of who sends in bulk, line by line, with its source.

A line is met, not met, or cannot be seen from here: by what was found, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from publisher.doctor.finding import DnsLine, Finding, Looked, Subject

Standing = Literal["met", "not met", "unseen"]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a provider publishes what it requires, and since when that holds."""

    provider: str
    title: str
    url: str
    since: str


GMAIL = Source(
    provider="Gmail",
    title="Email sender guidelines",
    url="https://support.google.com/mail/answer/81126",
    since="1 February 2024 for more than 5,000 messages a day to Gmail; what does not comply is "
    "refused since November 2025",
)
YAHOO = Source(
    provider="Yahoo",
    title="Sender Best Practices",
    url="https://senders.yahooinc.com/best-practices/",
    since="February 2024 for bulk senders, of whom it names no number; AOL as well",
)
MICROSOFT = Source(
    provider="Microsoft",
    title="Strengthening Email Ecosystem: Outlook's New Requirements for High-Volume Senders",
    url="https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/"
    "strengthening-email-ecosystem-outlook%E2%80%99s-new-requirements-for-high%E2%80%90volume-"
    "senders/4399730",
    since="5 May 2025 for more than 5,000 messages a day to outlook.com, hotmail.com and live.com "
    "(published 2 April 2025, changed on 30 April); what does not comply is junk, or refused with "
    "550 5.7.515",
)
SOURCES = (GMAIL, YAHOO, MICROSOFT)


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One line: it is broken by errors of `subjects`, and by findings named in `breaks`.

    It cannot be seen where one of `subjects` or of `hangs_on` cannot; `unseen` says how else to see
    it, where nothing of it can be seen from here.
    """

    source: Source
    text: str
    subjects: tuple[Subject, ...] = ()
    breaks: tuple[str, ...] = ()
    hangs_on: tuple[Subject, ...] = ()
    unseen: str = ""


_SPAM = (
    "How many readers mark your mail as spam: {where} shows it. Ask only those who want it, and "
    "let them leave."
)
_TLS = "It is the last server's affair: in Gmail, “Show original” of a mail that arrived tells TLS."
_FORM = "`publisher check` looks at each edition (rule `headers`)."
_BODY = "`publisher check` looks at each edition (rule `unsubscribe`)."
_LIST = "`publisher report` tells of addresses that are dead; those are mailed no more."

REQUIREMENTS = (
    Requirement(source=GMAIL, text="SPF for the domain", subjects=("SPF",)),
    Requirement(source=GMAIL, text="DKIM for the domain, 1,024 bits at least", subjects=("DKIM",)),
    Requirement(source=GMAIL, text="DMARC, p=none at least", subjects=("DMARC",)),
    Requirement(source=GMAIL, text="From aligned with SPF or DKIM", subjects=("Alignment",)),
    Requirement(source=GMAIL, text="forward and reverse DNS of the address", subjects=("PTR",)),
    Requirement(source=GMAIL, text="TLS on the way to Gmail", unseen=_TLS,
                breaks=("tls-off", "tls-missing")),
    Requirement(source=GMAIL, text="one click to unsubscribe", subjects=("One-click",)),
    Requirement(source=GMAIL, text="a link to unsubscribe that one sees", unseen=_BODY,
                breaks=("one-click-broken",)),
    Requirement(source=GMAIL, text="no gmail.com in From", breaks=("sender-impersonates",)),
    Requirement(source=GMAIL, text="messages as RFC 5322 has them", unseen=_FORM),
    Requirement(source=GMAIL, text="spam rate below 0.1 %, never 0.3 %",
                unseen=_SPAM.format(where="Postmaster Tools")),
    Requirement(source=YAHOO, text="SPF and DKIM, both", subjects=("SPF", "DKIM")),
    Requirement(source=YAHOO, text="DMARC, p=none at least", subjects=("DMARC",)),
    Requirement(source=YAHOO, text="From aligned with SPF or DKIM", subjects=("Alignment",)),
    Requirement(source=YAHOO, text="forward and reverse DNS of the address", subjects=("PTR",)),
    Requirement(source=YAHOO, text="one click to unsubscribe, heeded within two days",
                subjects=("One-click",)),
    Requirement(source=YAHOO, text="a link to unsubscribe that one sees", unseen=_BODY,
                breaks=("one-click-broken",)),
    Requirement(source=YAHOO, text="messages as RFC 5321 and 5322 have them", unseen=_FORM),
    Requirement(source=YAHOO, text="spam rate below 0.3 %",
                unseen=_SPAM.format(where="Sender Hub")),
    Requirement(source=MICROSOFT, text="SPF passes", subjects=("SPF",), hangs_on=("PTR",)),
    Requirement(source=MICROSOFT, text="DKIM passes", subjects=("DKIM",)),
    Requirement(source=MICROSOFT, text="DMARC, p=none at least", subjects=("DMARC",)),
    Requirement(source=MICROSOFT, text="From aligned with SPF or DKIM", subjects=("Alignment",)),
    Requirement(source=MICROSOFT, text="From and Reply-To that take replies (asked for)",
                subjects=("MX",)),
    Requirement(source=MICROSOFT, text="links to unsubscribe that work (asked for)",
                subjects=("One-click",)),
    Requirement(source=MICROSOFT, text="dead addresses taken out (asked for)", unseen=_LIST),
)  # fmt: skip


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How a requirement stands: by which findings it is broken, and what DNS should say."""

    provider: str
    requirement: str
    standing: Standing
    why: str = ""
    findings: tuple[str, ...] = ()
    lines: tuple[DnsLine, ...] = ()


def judged(looked: Sequence[Looked]) -> list[Line]:
    """Return how each requirement stands, by what was looked at."""
    by_subject = {one.subject: one for one in looked}
    return [_line(one, by_subject) for one in REQUIREMENTS]


def _line(one: Requirement, by_subject: Mapping[Subject, Looked]) -> Line:
    found = [finding for looked in by_subject.values() for finding in looked.findings]
    broken = [finding for finding in found if _is_broken(one, finding)]
    hidden = [
        by_subject[name]
        for name in (*one.subjects, *one.hangs_on)
        if name in by_subject and not by_subject[name].seen
    ]
    why = ""
    standing: Standing = "not met" if broken else "met"
    if broken:
        why = broken[0].what
    elif hidden:
        standing = "unseen"
        why = next((finding.what for finding in hidden[0].findings), hidden[0].shown)
    elif one.unseen:
        standing, why = "unseen", one.unseen
    return Line(
        provider=one.source.provider,
        requirement=one.text,
        standing=standing,
        why=why,
        findings=tuple(finding.name for finding in broken),
        lines=tuple(dict.fromkeys(line for finding in broken for line in finding.lines)),
    )


def _is_broken(one: Requirement, finding: Finding) -> bool:
    return finding.name in one.breaks or (
        finding.severity == "error" and finding.subject in one.subjects
    )
