"""What senders need of the ledger: claims, marks, paces, circuits."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Container, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from publisher.delivery import (
    Batch,
    Clock,
    Delivery,
    Messages,
    Outcome,
    Stop,
    back_off,
    judge,
)
from publisher.errors import (
    AddressRefused,
    Held,
    OutboxError,
    Problem,
    PublisherError,
    StateUnavailable,
)
from publisher.ledger import ClaimedBatch, ClaimedDelivery, Limits, Mark
from publisher.model import Envelope, Group, Publication, State, SubjectTest, Verdict
from publisher.pipeline.freshness import Stories
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sends.circuits import Circuits
from publisher.pipeline.sends.leaving_word import LeavingWord
from publisher.pipeline.sends.messages import Addressing, messages_of
from publisher.pipeline.sends.part import Part
from publisher.pipeline.signing import signer_of
from publisher.pipeline.workspace import Workspace

CHUNK = 100  # deliveries of one claim
LEASE = timedelta(minutes=10)  # at least: a message may need an answer ten times
SOON = timedelta(minutes=1)  # a pace is waited for so long; the rest is for another run
MARGIN = timedelta(seconds=30)  # before a lease ends, nothing is started any more

Kind = tuple[int, Group | Literal[""]]
"""What readers get the same messages: the variant of the edition, and the group of a test."""
_PLAIN: Kind = (0, "")  # where nothing is tested, in the first variant


class Delivered(msgspec.Struct, kw_only=True):
    """What a run of `deliver` did: verdicts counted, what is uncertain, and what still waits.

    `uncertain` holds (edition, reader) of messages that a server may have accepted; `next_due`
    is when something is to be sent next, None where all is settled; `limited` is when the pace, or
    the day's limit, lets more go. `down` is why the transport gave up: nothing is lost. `decided`
    are the tests of subjects of which the rest goes now.
    """

    counts: Counter[str] = msgspec.field(default_factory=Counter)
    uncertain: list[tuple[str, int]] = msgspec.field(default_factory=list)
    expired: int = 0
    editions: list[str] = msgspec.field(default_factory=list)
    problems: list[Problem] = msgspec.field(default_factory=list)
    next_due: datetime | None = None
    limited: datetime | None = None
    down: PublisherError | None = None
    decided: list[SubjectTest] = msgspec.field(default_factory=list)
    held: dict[str, tuple[datetime, str]] = msgspec.field(default_factory=dict)
    seconds: float = 0.0


class Worker:
    """What senders need of the ledger; see `delivery.Worker`."""

    def __init__(
        self,
        space: Workspace,
        worker: str,
        now: Callable[[], datetime],
        clock: Clock,
        stop: Stop,
        delivered: Delivered,
        settles_as: Literal["accepted", "filed"] = "accepted",
        *,
        retry: bool = False,
        part: Part | None = None,
    ) -> None:
        publication = space.publication
        self._space, self._worker, self._now, self._clock = space, worker, now, clock
        self.stop, self._delivered, self._settles_as = stop, delivered, settles_as
        self._limits = limits_of(publication)
        self._lease = max(publication.smtp.timeout * 10, LEASE)
        self._resend = publication.delivery.on_uncertain == "resend"
        self._messages: dict[tuple[str, Kind], tuple[Messages, Addressing]] = {}
        self._signer = signer_of(space)
        self._stories: dict[str, Stories] = {}
        self._writing = threading.Lock()  # our threads take turns, rather than the database's lock
        self._circuits = Circuits(space, delivered.counts, self._writing, now(), retry=retry)
        self._word = LeavingWord(space, self._writing)
        self._total = 0
        self._part, self._edition = part, part.edition if part else ""

    @property
    def was_refused(self) -> bool:
        """Whether the server refused us last, and has accepted nothing since."""
        return self._circuits.was_refused

    def stopped(self, error: AddressRefused) -> None:
        """Nobody is sent to, for as long as the circuits say."""
        self._circuits.stopped(error, self._now())

    def recover(self, dead_workers: Sequence[str]) -> None:
        """Take over what dead senders left; fail what was not sent in time."""
        queue, now = self._space.ledger.queue, self._now()
        self._delivered.uncertain += queue.recover(now, dead_workers, resend=self._resend)
        self._delivered.expired += self._space.ledger.sends.expire(now)
        if self._part is None:  # of a part nobody watches the bar, and counting takes long
            self._total = self._space.ledger.sends.waiting()

    def claim(self, connections: int) -> Batch | float | None:
        size = chunk_size(self._space.publication, connections)
        with self._writing:
            if self._part:
                size = self._part.room(size, self._clock.seconds())
            claimed = self._claim(size) if size else None
            if self._part and isinstance(claimed, Batch):
                self._part.took(len(claimed.deliveries))
        if not isinstance(claimed, datetime):
            return claimed
        if claimed - self._now() > SOON:
            self._delivered.limited = claimed
            return None
        return max(0.01, (claimed - self._now()).total_seconds())

    def waits(self, due: datetime | None) -> bool:
        """Whether a part waits for what is due next; see `Part.waits`."""
        return self._part is not None and self._part.waits(due, self._now())

    def _claim(self, size: int) -> Batch | datetime | None:
        while True:
            self._look_at_keys()
            self._prepare()
            now, seconds, known = self._now(), self._clock.seconds(), len(self._messages)
            claimed = self._space.ledger.queue.claim(
                self._worker, now, size, self._lease, self._limits, self._edition
            )
            if not isinstance(claimed, ClaimedBatch):
                return claimed
            try:
                self._check(claimed.edition, now)
                self._word.claimed(claimed.edition, seconds)
                batch = self._batch(claimed, now, seconds)
                is_late = self._limits.per_second and len(self._messages) > known
                return self._without_late(batch) if is_late else batch
            except StateUnavailable:
                raise
            except PublisherError as error:  # for a person: a story withdrawn, a bundle changed
                self._delivered.problems.append(error.problem)
                self._space.ledger.sends.hold(claimed.edition, error.problem.what)
                self._space.ledger.queue.finish(claimed.claim, now)

    def _prepare(self) -> None:
        """Make a part's messages before it takes places of a pace, that none pass meanwhile."""
        if self._edition and self._limits.per_second and not self._messages:
            with suppress(PublisherError):  # it is said of those who are claimed
                self._check(self._edition, self._now())
                self._messages_of(self._edition, _PLAIN)

    def _without_late(self, batch: Batch) -> Batch:
        """A batch without the places that passed while its messages were made, so that none rush.

        Who had them is in the queue at once: a run that finds nobody there ends.
        """
        kept, now = _in_time(batch, self._clock.seconds(), self._limits.per_second), self._now()
        mine = {one.recipient.reader for one in kept}
        late = [
            Mark(batch.claim, batch.edition, one.recipient.reader, "unsent", now)
            for one in batch.deliveries
            if one.recipient.reader not in mine
        ]
        self._space.ledger.queue.mark(late, self._lease)
        return replace(batch, deliveries=kept)

    def _look_at_keys(self) -> None:
        """Sign by the keys as they are now; before a claim: a fault of theirs holds no edition."""
        signer = signer_of(self._space)
        if signer is not self._signer:
            self._messages.clear()
        self._signer = signer

    def _check(self, edition: str, now: datetime) -> None:
        """Raise Held for an edition that shows what was withdrawn: hidden stays hidden."""
        if edition not in self._stories:
            self._stories[edition] = Stories(self._space, edition)
        found = self._stories[edition].hidden(now)
        if found.hidden:
            raise Held(
                f"{edition} goes no further: {found.words}",
                why="It was withdrawn, or its time is over.",
                todo=f"Let it be seen again, then: publisher release {edition}; or: publisher "
                f"cancel {edition}",
            )

    def _batch(self, claimed: ClaimedBatch, now: datetime, seconds: float) -> Batch:
        """A claim as senders have it; `seconds` is what the steady clock was when it was `now`."""
        first = _kind(claimed.deliveries[0])
        made, addressing = self._messages_of(claimed.edition, first)

        def delivery(one: ClaimedDelivery) -> Delivery:
            kind = _kind(one)
            return Delivery(
                addressing.recipient(one),
                Envelope(addressing.return_path(one.reader), one.address, one.utf8),
                one.attempts,
                seconds if one.at == now else seconds + (one.at - now).total_seconds(),
                one.at,
                None if kind == first else self._messages_of(claimed.edition, kind)[0],
            )

        deliveries = tuple(map(delivery, claimed.deliveries))
        until = seconds + (min(claimed.until - MARGIN, claimed.expires) - now).total_seconds()
        return Batch(
            claim=claimed.claim,
            edition=claimed.edition,
            messages=made,
            until=until,
            deliveries=deliveries,
        )

    def _messages_of(self, edition: str, kind: Kind) -> tuple[Messages, Addressing]:
        """The messages of some readers. Who waits for a test's winner is claimed with it alone."""
        if (edition, kind) not in self._messages:
            send = self._space.ledger.sends.get(edition)
            bundle = sealed(self._space, edition)
            assert send is not None
            if bundle.seal != send.seal:
                raise OutboxError(f"{edition} is not the bundle whose audience was frozen")
            made = messages_of(
                self._space,
                bundle,
                send.start,
                variant=kind[0],
                subjects=self._space.ledger.subject_tests.get(edition),
                group=kind[1],
            )
            self._messages[edition, kind] = made, Addressing(self._space, edition)
        return self._messages[edition, kind]

    def finish(self, batch: Batch) -> None:
        with self._writing:
            self._space.ledger.queue.finish(batch.claim, self._now())

    def record(self, outcomes: Sequence[Outcome]) -> Collection[int]:
        """Record a batch in one transaction; return the places of those that may not start."""
        now = self._now()
        judged = [None if one.reply is None else judge(one.reply) for one in outcomes]
        marks = [
            self._mark(one, verdict, now) for one, verdict in zip(outcomes, judged, strict=True)
        ]
        with self._writing:
            refused = self._space.ledger.queue.mark(marks, self._lease)
        since: int | None = None  # what starts was announced to the server with the one before it
        for one, verdict, mark in zip(outcomes, judged, marks, strict=True):
            if verdict is not None:
                since = self._note(one, verdict, cast(State, mark.state), now)
            elif mark.state == "sending":
                self._circuits.begun(mark.edition, mark.reader, since)
                since = None
        self._show_progress()
        if not refused:
            return ()
        return [
            place
            for place, mark in enumerate(marks)
            if mark.state == "sending" and (mark.claim, mark.reader) in refused
        ]

    def _mark(self, outcome: Outcome, verdict: Verdict | None, now: datetime) -> Mark:
        batch, recipient = outcome.batch, outcome.delivery.recipient
        state: State | Literal["unsent"] = "unsent" if outcome.unsent else "sending"
        if verdict is None:
            return Mark(batch.claim, batch.edition, recipient.reader, state, now)
        state, reply = verdict.state, str(outcome.reply)
        if state == "accepted":
            state = self._settles_as
            return Mark(batch.claim, batch.edition, recipient.reader, state, now, "", reply)
        about: str = verdict.about
        refused = about == "us" and outcome.reply is not None and outcome.reply.code >= 500
        due = now + back_off(outcome.delivery.attempts + 1, refused=refused)
        if state == "uncertain":
            state, about = "deferred" if self._resend else "uncertain", "uncertain"
        elif held := self._circuits.held(recipient.domain, verdict, now):
            state, about, due = "deferred", "unknown", held
        return Mark(batch.claim, batch.edition, recipient.reader, state, now, about, reply, due)

    def _note(self, outcome: Outcome, verdict: Verdict, state: State, now: datetime) -> int | None:
        """Count a verdict, and tell the circuits; return what `Circuits.note` does."""
        reader = outcome.delivery.recipient.reader
        self._delivered.counts[state] += 1
        if outcome.batch.edition not in self._delivered.editions:
            self._delivered.editions.append(outcome.batch.edition)
        if verdict.state == "uncertain":
            self._delivered.uncertain.append((outcome.batch.edition, reader))
        assert outcome.reply is not None
        return self._circuits.note(
            (outcome.batch.edition, reader, state),
            outcome.delivery.recipient.domain,
            outcome.reply,
            verdict,
            now,
            self.stop,
        )

    def _show_progress(self) -> None:
        if done := sum(self._delivered.counts.values()):
            self._space.progress("Sending", min(done, self._total), max(self._total, done + 1))

    def rest(self) -> None:
        """Have nothing under way: what it works with may be closed now."""
        self._word.rest()

    def close(self) -> None:
        """Leave word of what was sent, and the bar's line behind."""
        self._word.close()
        done = sum(self._delivered.counts.values())
        if done:
            self._space.progress("Sending", done, done)


def _in_time(batch: Batch, seconds: float, rates: Container[str]) -> tuple[Delivery, ...]:
    """The deliveries of a batch whose places have not passed, and the first of each pace.

    `rates` are the domains that have a pace of their own, "" for one of all. The first goes all the
    same: its next place may be hours away.
    """
    kept, seen = [], set()
    for one in batch.deliveries:
        scope = one.recipient.domain if one.recipient.domain in rates else ""
        if one.at > seconds or scope not in rates or scope not in seen:
            kept.append(one)
        seen.add(scope)
    return tuple(kept)


def _kind(one: ClaimedDelivery) -> Kind:
    return one.variant, one.group


def limits_of(publication: Publication) -> Limits:
    """Return the pace that publisher.toml asks for."""
    rates = {domain.name: domain.per_second for domain in publication.domains}
    rates[""] = publication.delivery.per_second
    return Limits(
        per_second={name: rate for name, rate in rates.items() if rate > 0},
        per_day=publication.delivery.per_day,
        warm_up=publication.delivery.warm_up,
    )


def chunk_size(publication: Publication, sharers: int) -> int:
    """Return how many deliveries a claim takes, which so many connections share.

    After a power cut all of a claim is in doubt: those that share one take fewer together than
    each by itself would. Where the pace is slow it is few, so that all work.
    """
    rate, connections = publication.delivery.per_second, max(1, publication.delivery.connections)
    most = CHUNK * max(2, sharers) // 2
    return max(1, min(most, int(rate * sharers / connections))) if rate else most
