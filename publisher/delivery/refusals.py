"""Whom a server refuses: us, who send, or them, to whom a message goes.

Servers say the one with the codes of the other: 5.7.1 for "no such user", 5.2.2 for the sender's
own quota, "mailbox unavailable" before everything. So words go before most codes. Where nothing
fits, nothing is said: a run of such answers is still one fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from publisher.delivery import wordings
from publisher.model import Reply

Blame = Literal["us", "them", ""]
Mailbox = Literal["none", "full", "no host", ""]


def _lines(text: str) -> str:
    """The lines of a table as one expression."""
    return "|".join(line for line in text.splitlines() if line and not line.startswith("#"))


_NAMES = {
    "BEFORE": r"(?:such )?(?:or \w+ )?(?:(?:local|virtual|e-?mail|mailbox|recipient) )*",
    "WHO": f"(?:{_lines(wordings.WHO)})",
    "NEAR": wordings.NEAR,
    "OFTEN": r"(?:\bper|\ban?|\beach|\bevery|\bthis|\bin the last|/) ?(?:\d+ )?"
    r"(?:second|minute|hour|day|month)",
}


def _table(text: str) -> re.Pattern[str]:
    whole = _lines(text)
    for name, pattern in _NAMES.items():
        whole = whole.replace(name, pattern)
    return re.compile(whole, re.IGNORECASE)


# Made when the first refusal is read: a twentieth of what a command imports that reads none.


@cache
def _words() -> Sequence[tuple[Blame, re.Pattern[str]]]:
    return (
        ("them", _table(wordings.THEM_FOR_SURE)),
        ("us", _table(wordings.US_FOR_SURE)),
    )


@cache
def _fewer_words() -> Sequence[tuple[Blame, re.Pattern[str]]]:
    of_mailboxes = wordings.NO_SUCH_MAILBOX + wordings.FULL_SERVER + wordings.FULL_MAILBOX
    return (
        ("them", _table(wordings.NO_HOST + of_mailboxes)),
        ("them", _table(wordings.CLOSED_MAILBOX + wordings.NO_MAIL_THERE)),
        ("us", _table(wordings.MESSAGE)),
    )


@cache
def _mailbox() -> Sequence[tuple[Mailbox, re.Pattern[str]]]:
    return (
        ("", _table(wordings.FULL_SERVER)),
        ("full", _table(wordings.FULL_MAILBOX)),
        ("no host", _table(wordings.NO_HOST)),
        ("none", _table(wordings.NO_SUCH_MAILBOX)),
    )


# RFC 3463 §3 and its registry, and what Exchange has beside it.
_STATUSES: tuple[tuple[Blame, re.Pattern[str]], ...] = (
    ("us", re.compile(r"\.1\.(?:[78]|90)$")),  # the sender's address; a day's limit
    ("them", re.compile(r"\.1\.|\.2\.")),
    ("us", re.compile(r"\.3\.4$|\.4\.5$")),  # too large for the system; its own limits
    ("them", re.compile(r"\.4\.|\.6\.7$")),  # no way to there; no SMTPUTF8 there
    ("us", re.compile(r"\.7\.")),
)
_DEAD = re.compile(r"5\.1\.(?:[1236]|10)$")
_SENDER = re.compile(r"5\.1\.[78]$")  # RFC 3463 §3.2: the sender's address

# What stands before the reason, whatever that is: RFC 5321 §4.2.2, and Postfix for its policies.
_NO_MAILBOX = re.compile(r"mailbox (?:name )?(?:unavailable|not (?:available|allowed))", re.I)
_BOILERPLATE = re.compile(
    r"requested (?:mail )?action (?:not taken|aborted)(?: or not taken)?[:;,.]?"
    rf"(?:\s*{_NO_MAILBOX.pattern})?"
    r"|recipient address rejected:(?=.*(?:polic|limit|quota|rate|spf|spam|block|auth))"
    r"|transaction failed",
    re.IGNORECASE,
)
_QUERY = re.compile(r"(?<=\S)[?#]\S*")  # of an address to read more at


def blame(reply: Reply) -> Blame:
    """Return whom a refusal (4yz or 5yz) is about, "" where nothing tells.

    A 4yz must say in words that it is us: its status alone may be a greylist's.
    """
    if reply.stage == "mail" and reply.code >= 500:  # no reader has been named yet
        return "us"
    words = _BOILERPLATE.sub(" ", _QUERY.sub("", reply.text))
    if sure := _first(_words(), words):
        return sure
    if _SENDER.match(reply.status):
        return "us"
    if _DEAD.match(reply.status):
        return "them"
    if said := _first(_fewer_words(), words):
        return said
    if _NO_MAILBOX.search(reply.text):
        return "them"
    return _first(_STATUSES, reply.status) if reply.code >= 500 else ""


def mailbox(words: str) -> Mailbox:
    """Return what a server's words say of a reader's mailbox: there is none, no room, no domain.

    "" is also what they say of the server alone, whose disk is full.
    """
    return next((what for what, pattern in _mailbox() if pattern.search(words)), "")


def _first(rows: Sequence[tuple[Blame, re.Pattern[str]]], text: str) -> Blame:
    return next((who for who, pattern in rows if pattern.search(text)), "")
