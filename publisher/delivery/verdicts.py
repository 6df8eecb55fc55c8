"""Replies → verdicts: what is tried again, what has failed, and what it says of the reader."""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import timedelta
from typing import Generic, Literal, TypeVar

from publisher.model import Reply, Verdict

BACK_OFF = (1, 5, 15, 60)
"""Minutes until a deferred delivery is tried again, by the number of tries; then every hour."""

_DEAD = re.compile(r"5\.1\.(1|6|10)$")  # RFC 3463 §3.2, RFC 7505 §4.2 (null MX)
_DEAD_WORDS = re.compile(
    r"user unknown|unknown user|no such (user|recipient|mailbox|address)|does not exist"
    r"|recipient (address )?unknown|unknown recipient|mailbox not found|invalid mailbox",
    re.IGNORECASE,
)
_FULL = re.compile(r"[45]\.2\.2$|quota|mailbox (is )?full", re.IGNORECASE)
_POLICY = re.compile(r"[45]\.7\.|spam|block|policy|reputation|dmarc|spf|dkim", re.IGNORECASE)


def judge(reply: Reply) -> Verdict:
    """Return what a reply means (RFC 5321 §4.2.1, RFC 3463).

    Only 250 to the final dot is an acceptance (RFC 5321 §4.3.2). A code of 0 is a connection
    that was lost: before that dot nothing was accepted, after it nobody knows; so it is with an
    answer that is neither a yes nor a no. "dead" needs the server to say that there is no such
    mailbox; everything that smells of policy is "refused", whatever its code.
    """
    if reply.code == 250 and reply.stage == "dot":
        return Verdict(state="accepted")
    if not 400 <= reply.code < 600:
        state: Literal["uncertain", "deferred"] = (
            "uncertain" if reply.stage == "dot" else "deferred"
        )
        return Verdict(state=state, about="transient")
    words = f"{reply.status} {reply.text}"
    if reply.code < 500:
        return Verdict(state="deferred", about="full" if _FULL.search(words) else "transient")
    return _permanent(reply, words)


def _permanent(reply: Reply, words: str) -> Verdict:
    if _FULL.search(words):
        return Verdict(state="failed", about="full")
    says_policy = reply.status.startswith("5.7.") or (
        not _DEAD.match(reply.status) and _POLICY.search(words)
    )
    if says_policy:
        return Verdict(state="failed", about="refused")
    if reply.stage in ("rcpt", "dot") and (
        _DEAD.match(reply.status) or (not reply.status and _DEAD_WORDS.search(reply.text))
    ):
        return Verdict(state="bounced", about="dead")
    return Verdict(state="failed", about="unknown")


def back_off(attempts: int) -> timedelta:
    """Return how long to wait after a number of tries, from 1."""
    return timedelta(minutes=BACK_OFF[min(attempts, len(BACK_OFF)) - 1])


Key = TypeVar("Key", bound=Hashable)


class Runs(Generic[Key]):
    """Watches for runs of "dead" or refused readers at one domain: servers err by whole domains.

    Gmail once answered "no such user" for hours, to everyone; a policy that refuses one message
    refuses the edition. Not safe for threads by itself.
    """

    def __init__(self, longest: int) -> None:
        """A run of `longest` without an acceptance in between breaks the circuit; 0 never does."""
        self._longest = longest
        self._runs: dict[str, list[Key]] = {}

    def note(self, domain: str, key: Key, verdict: Verdict) -> list[Key]:
        """Note a verdict; return the whole run where this one makes it too long, else nothing."""
        if verdict.about not in ("dead", "refused"):
            if verdict.state == "accepted":
                self._runs.pop(domain, None)
            return []
        run = self._runs.setdefault(domain, [])
        run.append(key)
        if self._longest and len(run) >= self._longest:
            return self._runs.pop(domain)
        return []
