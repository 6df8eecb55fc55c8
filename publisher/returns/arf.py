"""Complaints: the abuse reporting format (RFC 5965), Microsoft's older way, and SpamCop's."""

from __future__ import annotations

import re

from publisher.model import Returned, ReturnedClass
from publisher.returns.making import make
from publisher.returns.mime import Part
from publisher.returns.ours import Ours, address, returned_in
from publisher.returns.servers import split_report

_MOST = 50
_TYPES: dict[str, ReturnedClass] = {
    "abuse": "complaint",
    "fraud": "complaint",  # a reader's word as well (RFC 5965 §7.3)
    "complaint": "complaint",
    "opt-out": "unsubscribe",
    "opt-out-list": "unsubscribe",
}
"""All others are no reader's word: auth-failure (RFC 6591), virus, not-spam (RFC 6430), other."""

_OF_MICROSOFT = re.compile(r"complaint about message from\b", re.IGNORECASE)
_REDACTED = re.compile(r"redact|undisclosed|\bhidden\b|^\W*$|x{4}|\*{2}", re.IGNORECASE)


def read_complaint(message: Part) -> tuple[Returned, ...]:
    """Return the complaint of each reader that a report names; nothing where a mail is none."""
    for part in message.walk():
        if part.kind == "message/feedback-report":
            return _report(message, part)
    if message.kind == "multipart/report" and message.parameter("report-type") == "feedback-report":
        return (make("unknown", words="a feedback report without its fields", server=_of(message)),)
    if _OF_MICROSOFT.match(message.get("subject")) and "staff@" in message.get("from"):
        return _of_jmrp(message)
    if _of(message) == "reports.spamcop.net" and message.get("subject").startswith("[SpamCop"):
        return _of_spamcop(message)
    return ()


def _report(message: Part, part: Part) -> tuple[Returned, ...]:
    rows = _fields(part.text)
    kind = next((value.lower() for name, value in rows if name == "feedback-type"), "")
    kind = kind.split(" ")[0].strip(";")
    agent = next((value for name, value in rows if name == "user-agent"), "")
    server = next((v for n, v in rows if n == "reporting-mta"), "").partition(";")[2].strip()
    named = [address(v) or v for n, v in rows if n in ("original-rcpt-to", "removal-recipient")]
    ours = returned_in(message)
    whom = [_open(one) for one in named] or [""]
    return tuple(
        make(
            _TYPES.get(kind, "unknown"),
            recipient=one or _reader(message, ours),
            ours=ours,
            words=f"feedback report: {kind or 'no type'}" + (f" ({agent})" if agent else ""),
            server=server or _of(message),
        )
        for one in list(dict.fromkeys(whom))[:_MOST]
    )


def _fields(text: str) -> list[tuple[str, str]]:
    rows = (one.partition(":") for one in text.split("\n")[:400])
    return [(name.strip().lower(), value.strip()) for name, colon, value in rows if colon]


def _open(recipient: str) -> str:
    """An address that a provider has not made unreadable, else "" (RFC 6590)."""
    recipient = recipient.strip("<> ")
    return recipient if "@" in recipient and not _REDACTED.search(recipient) else ""


def _reader(message: Part, ours: Ours) -> str:
    """To whom the message went that is complained about, as far as that is still readable."""
    for held in message.held():
        hidden = address(held.get("x-hmxmroriginalrecipient"))
        if hidden:
            return hidden
        break
    return next((found for one in (ours.to, *ours.through) if (found := _open(one))), "")


def _of_jmrp(message: Part) -> tuple[Returned, ...]:
    """Junk mail reports of Outlook.com: the message, the reader in a field of theirs."""
    ours = returned_in(message)
    reader = _reader(message, ours)
    if not (reader or ours.message_id or ours.token):
        return ()
    words = f"feedback report: {message.get('subject')}"
    return (make("complaint", recipient=reader, ours=ours, words=words, server=_of(message)),)


def _of_spamcop(message: Part) -> tuple[Returned, ...]:
    """SpamCop's reports: the message below a text, in words, and the reader unreadable in it."""
    _, quoted = split_report(message.words)
    ours = returned_in(message, quoted)
    words = f"feedback report: {message.get('subject')}"
    return (
        make("complaint", recipient=_open(ours.to), ours=ours, words=words, server=_of(message)),
    )


def _of(message: Part) -> str:
    return address(message.get("from")).rpartition("@")[2]
