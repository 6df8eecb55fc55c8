"""What stops sending where a server is at fault: to one domain, or to everybody.

A circuit breaks on a run of refusals, holds what it is about for an hour, and lets who was refused
in the run wait as well: it is more often the server's mistake, or ours, than theirs.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from publisher.delivery import Losses, Refusals, Runs, Stop
from publisher.errors import AddressRefused, SenderRefused, TransportDown
from publisher.ledger import EVERY_DOMAIN
from publisher.model import Reply, State, Verdict
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from collections import Counter

HOLD = timedelta(hours=1)  # of a domain whose circuit is broken, or of all

Key = tuple[str, int, State]
"""An edition, a reader, and what became of that delivery."""


class Circuits:
    """The circuits of one run of `deliver`.

    `was_refused` is whether the server refused us last: one connection tries then, until a message
    is accepted. `counts` are the run's, by state. `writing` is the lock of our threads' writes.
    """

    def __init__(
        self,
        space: Workspace,
        counts: Counter[str],
        writing: threading.Lock,
        now: datetime,
        *,
        retry: bool,
    ) -> None:
        """`retry` lifts a hold of everybody: a person asks."""
        breaker = space.publication.delivery.breaker
        self._queue, self._counts, self._writing = space.ledger.queue, counts, writing
        before = self._queue.hold_of(EVERY_DOMAIN)
        self.was_refused = before is not None
        if before is not None and before[0] > now and retry:
            self._queue.lift(EVERY_DOMAIN, now)
        self._runs: Runs[Key] = Runs(breaker)
        self._refusals: Refusals[Key] = Refusals(breaker, doubtful=self.was_refused)
        self._losses = Losses(breaker)
        self._held: dict[str, datetime] = {}
        self._reasons: dict[str, str] = {}
        self._since: dict[tuple[str, int], int] = {}

    def held(self, domain: str, verdict: Verdict, now: datetime) -> datetime | None:
        """Return until when a reader waits who was refused after the circuit broke."""
        if verdict.state not in ("bounced", "failed"):
            return None
        until = self._held.get(EVERY_DOMAIN, now)
        if until <= now and verdict.about in ("dead", "refused"):
            until = self._held.get(domain, now)
        return until if until > now else None

    def begun(self, edition: str, reader: int, since: int | None = None) -> None:
        """A delivery begins: what is refused from now on it says nothing of, should it succeed.

        `since` is when it began where its server was told of it before: with the one before it.
        """
        self._since[edition, reader] = self._refusals.noted if since is None else since

    def note(
        self, key: Key, domain: str, reply: Reply, verdict: Verdict, now: datetime, stop: Stop
    ) -> int | None:
        """Note a verdict; a circuit that breaks by it holds, or asks `stop`.

        Returns how many verdicts there were when its delivery began, None where nobody said.
        """
        since = self._since.pop(key[:2], None)
        if self._broke_meanwhile(key, domain, verdict, now):
            return since
        self._note_all(key, domain, reply, verdict, now, stop, since)
        if run := self._runs.note(domain, key, verdict, since):
            said = f"{reply.code} {reply.status}".strip()
            self._hold(domain, run, f"{len(run)} readers in a row were refused ({said})", now)
        return since

    def _broke_meanwhile(self, key: Key, domain: str, verdict: Verdict, now: datetime) -> bool:
        """Let a reader wait who was marked as refused along with the one that broke a circuit.

        Threads record together: what one record holds was judged before any of it was noted.
        """
        if key[2] not in ("bounced", "failed") or self.held(domain, verdict, now) is None:
            return False
        whole = self._held.get(EVERY_DOMAIN, now) > now
        broken = EVERY_DOMAIN if whole else domain
        self._hold(broken, [key], self._reasons[broken], now)
        return True

    def _note_all(
        self,
        key: Key,
        domain: str,
        reply: Reply,
        verdict: Verdict,
        now: datetime,
        stop: Stop,
        since: int | None,
    ) -> None:
        """Stop where the server refuses us, or answers nobody: no reader is at fault then."""
        if verdict.state == "accepted" and self.was_refused:
            self.was_refused = False
            with self._writing:
                self._queue.lift(EVERY_DOMAIN, now)
            stop.ask()  # this was the one connection that tried
        if run := self._refusals.note(domain, key, reply, verdict, since):
            domains = len({name for _, name in run})
            readers = f"{len(run)} readers in a row, at {domains} domains, were refused"
            if len(run) == 1:
                readers = "the next reader was refused as well"
            reason = f"{readers} ({str(reply)[:200]})"
            self._hold(EVERY_DOMAIN, [one for one, _ in run], reason, now)
            self.was_refused = True
            stop.because(refusal(reason))
        elif lost := self._losses.note(reply, verdict):
            stop.because(
                TransportDown(
                    f"the server left {lost} messages in a row without an answer: {reply}",
                    why="Nothing is lost: they are tried again, or listed as uncertain.",
                    todo="Try again later: publisher deliver",
                )
            )

    def stopped(self, error: AddressRefused, now: datetime) -> None:
        """The server takes nothing from our address: all that is left waits."""
        self._hold(EVERY_DOMAIN, (), error.reason, now)
        self.was_refused = True

    def _hold(self, domain: str, run: Sequence[Key], reason: str, now: datetime) -> None:
        """Send nothing there for an hour; who was refused in the run waits as well."""
        self._held[domain], self._reasons[domain] = now + HOLD, reason
        undone = [(edition, reader) for edition, reader, _ in run]
        with self._writing:
            self._queue.hold_domain(domain, now, now + HOLD, reason, undone)
        self._counts.subtract(state for _, _, state in run)
        self._counts["deferred"] += len(run)


def refusal(reason: str) -> SenderRefused:
    """What there is to say where the server refuses us."""
    return SenderRefused(
        f"the server refuses us: {reason}",
        why="No reader has failed by it: they and all that is left wait.",
        todo="Mend it with who runs the server, or let its quota pass; then: publisher deliver",
    )


def refusal_now(space: Workspace) -> SenderRefused | None:
    """What there is to say while nothing is sent because the server refused us."""
    held = space.ledger.queue.held_domains(space.now).get(EVERY_DOMAIN)
    return refusal(held[1]) if held else None
