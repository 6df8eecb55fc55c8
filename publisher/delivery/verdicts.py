"""Replies → verdicts: what is tried again, what has failed, and what it says of the reader.

Two circuits break on runs of them: that of a domain, where servers err by whole domains, and that
of all readers, where the server refuses us.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from datetime import timedelta
from typing import Generic, Literal, TypeVar

from publisher.delivery.refusals import blame, mailbox
from publisher.model import Reply, Verdict

BACK_OFF = (1, 5, 15, 60)
"""Minutes until a deferred delivery is tried again, by the number of tries; then every hour."""

BACK_OFF_OF_US = (60, 240)
"""The same after a 5yz that refuses us: it says not to ask again soon, and time may mend it."""

_DEAD = re.compile(r"5\.1\.(1|6|10)$")  # RFC 3463 §3.2, RFC 7505 §4.2 (null MX)
# Beside these the words decide. 5.2.0 is none of them: Japan's carriers say "unknown user" with it
# to what a reader's own filter takes away.
_SAYS_LITTLE = re.compile(r"5\.(?:0\.0|1\.(?:0|[2-6]|\d\d+)|2\.1|3\.0|5\.0)$")
_FULL = re.compile(r"[45]\.2\.2(?!\d)|quota", re.IGNORECASE)
POLICY = re.compile(r"[45]\.7\.|spam|block|policy|reputation|dmarc|spf|dkim", re.IGNORECASE)


_ACCEPTED = Verdict(state="accepted")


def judge(reply: Reply) -> Verdict:
    """Return what a reply means (RFC 5321 §4.2.1, RFC 3463).

    Only 250 to the final dot is an acceptance (RFC 5321 §4.3.2). A code of 0 is a connection
    that was lost: before that dot nothing was accepted, after it nobody knows; so it is with an
    answer that is neither a yes nor a no. A refusal of us defers, whatever its code: no reader
    has failed by it. "dead" needs the server to say that there is no such
    mailbox; everything that smells of policy is "refused", whatever its code.
    """
    if reply.code == 250 and reply.stage == "dot":
        return _ACCEPTED
    if not 400 <= reply.code < 600:
        state: Literal["uncertain", "deferred"] = (
            "uncertain" if reply.stage == "dot" else "deferred"
        )
        return Verdict(state=state, about="transient")
    words = f"{reply.status} {reply.text}"
    if blame(reply) == "us":
        return Verdict(state="deferred", about="us")
    if reply.code < 500:
        return Verdict(state="deferred", about="full" if _is_full(words) else "transient")
    return _permanent(reply, words)


def _is_full(words: str) -> bool:
    return _FULL.search(words) is not None or mailbox(words) == "full"


def _permanent(reply: Reply, words: str) -> Verdict:
    if _is_full(words):
        return Verdict(state="failed", about="full")
    says_policy = reply.status.startswith("5.7.") or (
        not _DEAD.match(reply.status) and POLICY.search(words)
    )
    if says_policy:
        return Verdict(state="failed", about="refused")
    says_nothing = not reply.status or _SAYS_LITTLE.match(reply.status)
    if reply.stage in ("rcpt", "dot") and (
        _DEAD.match(reply.status) or (says_nothing and mailbox(reply.text) == "none")
    ):
        return Verdict(state="bounced", about="dead")
    return Verdict(state="failed", about="unknown")


def back_off(attempts: int, *, refused: bool = False) -> timedelta:
    """Return how long to wait after a number of tries, from 1; `refused` by a 5yz of us."""
    minutes = BACK_OFF_OF_US if refused else BACK_OFF
    return timedelta(minutes=minutes[min(attempts, len(minutes)) - 1])


Key = TypeVar("Key", bound=Hashable)


class Runs(Generic[Key]):
    """Watches for runs of "dead" or refused readers at one domain: servers err by whole domains.

    Gmail once answered "no such user" for hours, to everyone; a policy that refuses one message
    refuses the edition. Not safe for threads by itself.
    """

    def __init__(self, longest: int) -> None:
        """A run of `longest` without an acceptance in between breaks the circuit; 0 never does."""
        self._longest, self._noted = longest, 0
        self._runs: dict[str, list[tuple[int, Key]]] = {}

    def note(self, domain: str, key: Key, verdict: Verdict, since: int | None = None) -> list[Key]:
        """Note a verdict; return the whole run where this one makes it too long, else nothing.

        `since` is how many were noted before its delivery began: an acceptance says nothing of
        what was refused meanwhile, on other connections.
        """
        self._noted += 1
        if verdict.about not in ("dead", "refused", "us"):
            if verdict.state == "accepted" and domain in self._runs:
                self._runs[domain] = _later(self._runs[domain], since)
            return []
        run = self._runs.setdefault(domain, [])
        run.append((self._noted, key))
        if self._longest and len(run) >= self._longest:
            return [key for _, key in self._runs.pop(domain)]
        return []


MANY_DOMAINS = 3
"""A run over so many domains is about us; over fewer it is a domain's, and breaks its circuit."""

_OF_THEM = 4
"""So many times longer must a run be in which the readers are said to be at fault."""


class Refusals(Generic[Key]):
    """Watches for a server that refuses every reader, of whatever domain: that is one fault, ours.

    Not safe for threads by itself.
    """

    def __init__(self, longest: int, *, doubtful: bool = False) -> None:
        """A run of `longest` without an acceptance in between breaks the circuit; 0 never does.

        `doubtful` begins after a break: until something is accepted, one refusal is enough.
        """
        self._longest, self._is_doubtful = longest, doubtful
        self.noted = 0  # verdicts
        self._run: list[tuple[int, tuple[Key, str, bool]]] = []

    def note(
        self, domain: str, key: Key, reply: Reply, verdict: Verdict, since: int | None = None
    ) -> list[tuple[Key, str]]:
        """Note a verdict; return the whole run, with its domains, where it is too long by now.

        `since` is how many were `noted` before its delivery began, as of `Runs.note`.
        """
        self.noted += 1
        if verdict.state == "accepted":
            self._run = _later(self._run, since)
            self._is_doubtful = False
        elif verdict.about == "us" or verdict.state in ("failed", "bounced"):
            is_ours = verdict.about == "us" or blame(reply) != "them"
            self._run.append((self.noted, (key, domain, is_ours)))
            if self._is_broken():
                run = [(key, domain) for _, (key, domain, _) in self._run]
                self._run.clear()
                return run
        return []

    def _is_broken(self) -> bool:
        if not self._longest:
            return False
        ours = [domain for _, (_, domain, is_ours) in self._run if is_ours]
        if self._is_doubtful and ours:
            return True
        for domains, longest in (
            (ours, self._longest),
            ([domain for _, (_, domain, _) in self._run], self._longest * _OF_THEM),
        ):
            if len(domains) >= longest and len(set(domains)) >= MANY_DOMAINS:
                return True
        return False


_Noted = TypeVar("_Noted")


def _later(run: list[tuple[int, _Noted]], since: int | None) -> list[tuple[int, _Noted]]:
    """What of a run came after so many verdicts; None for nothing."""
    return [] if since is None else [one for one in run if one[0] > since]


class Losses:
    """Watches for a server that leaves message after message without an answer, or talks nonsense.

    Not safe for threads by itself.
    """

    def __init__(self, longest: int) -> None:
        """A run of `longest` without any real answer in between is one fault; 0 never is."""
        self._longest, self._run = longest, 0

    def note(self, reply: Reply, verdict: Verdict) -> int:
        """Note a reply; return how long the run is where it is too long, else 0."""
        is_lost = verdict.state != "accepted" and not 400 <= reply.code < 600
        self._run = self._run + 1 if is_lost else 0
        return self._run if self._longest and self._run >= self._longest else 0
