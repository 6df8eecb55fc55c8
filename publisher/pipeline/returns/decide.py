"""What follows from what came back: one pure function over evidence; `RULES` says it in words.

What has no proof changes nothing. Many dead ones, or complaints, within an hour are a server's
fault or ours: all of them are held.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from publisher.model import Consequence, Crowd, Evidence, Proof, ReturnedClass, has_gone

RULES: Mapping[ReturnedClass, str] = {
    "dead": "suppressed (bounced) the second time, three days later, with no life between",
    "full": "counted: it never suppresses by itself",
    "refused": "counted: a policy says nothing about the reader",
    "transient": "counted: it may pass by itself",
    "complaint": "suppressed (complained) at once",
    "auto-reply": "counted, as a sign of life",
    "unsubscribe": "leaves the newsletter, by the token or from the reader's own return path",
    "personal": "waits for a person",
    "unknown": "counted; where it has no status it waits for a person",
}
"""By class what follows, where it is proven whom it is about."""

SHARE = 0.1
"""Of those who were mailed: where so many are dead within an hour, somebody errs."""

Flood = Literal["", "domain", "all"]

MANY_DOMAINS = 3  # a flood over so many is everybody's; over fewer it is a domain's

_MAY_LEAVE: tuple[Proof, ...] = ("token", "return path")

_OF_ALL = 4  # so many times larger must it be, as among a server's refusals


def decide(evidence: Evidence, breaker: int) -> Consequence:
    """Return what follows; `breaker` is how many readers of a domain make a flood, 0 for never."""
    e = evidence
    if e.is_unread:
        return Consequence(followed="unread")
    if e.what == "personal":
        return Consequence(followed="for a person")
    if e.what == "unsubscribe":
        return _leaving(e)
    if e.what == "auto-reply":  # it changes nothing, whoever wrote it; with a proof it is life
        return Consequence(followed="counted")
    if not e.proof:
        return Consequence(followed="unread" if e.what == "unknown" else "forged")
    if not e.is_reader or e.what not in ("dead", "complaint"):
        return Consequence(followed="counted")
    if flood := flooded(e.of_domain, e.of_all, breaker):
        return Consequence(followed="held", flood=flood)
    return judged(e)


def judged(evidence: Evidence) -> Consequence:
    """Return what follows of a dead reader, or a complaint, that is no part of a flood."""
    e = evidence
    if e.is_suppressed:
        return Consequence(followed="counted")
    if e.what == "complaint":
        return Consequence(followed="suppressed", suppress="complained")
    if e.what == "dead" and has_gone(e.signs):
        return Consequence(followed="suppressed", suppress="bounced")
    return Consequence(followed="counted")


def flooded(of_domain: Crowd, of_all: Crowd, breaker: int) -> Flood:
    """Return "domain" or "all" where a crowd is a flood, else ""."""
    if not breaker:
        return ""
    if of_domain.readers >= _least(of_domain, breaker):
        return "domain"
    is_wide = of_all.domains >= MANY_DOMAINS
    return "all" if is_wide and of_all.readers >= _least(of_all, breaker * _OF_ALL) else ""


def _least(crowd: Crowd, breaker: int) -> int:
    """How many make a flood: a share of those who were mailed, and never a handful."""
    return max(breaker, math.ceil(crowd.mailed * SHARE))


def _leaving(evidence: Evidence) -> Consequence:
    """A mail that asks to leave: whoever sent it must have the reader's own mail before them.

    A Message-ID stands in every answer that somebody quotes or forwards: a person looks.
    """
    if evidence.proof not in _MAY_LEAVE:
        return Consequence(followed="for a person")
    if not evidence.is_reader:
        return Consequence(followed="counted")
    return Consequence(followed="left", leave=True)


def wants_copy(what: ReturnedClass, proof: Proof, is_unread: bool) -> bool:
    """Whether a message is kept, for what follows from it is not all that it says.

    It waits for a person, nobody could read it, or it proves nothing.
    """
    if what == "auto-reply":
        return is_unread
    if what == "unsubscribe":
        return is_unread or proof not in _MAY_LEAVE
    return is_unread or what == "personal" or not proof
