"""What a sender works on: deliveries of a claim, what became of them, and who records it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from publisher.delivery.message import Messages
from publisher.model import Envelope, Recipient, Reply


class Delivery(NamedTuple):
    """A delivery that may start at `at`: seconds of the same clock as `Clock.seconds`.

    `date` is the same instant, aware, for its message; None for that of the batch's messages. It is
    a tuple, as is what else there is of each message: three times as fast to make.
    """

    recipient: Recipient
    envelope: Envelope
    attempts: int = 0
    at: float = 0.0
    date: datetime | None = None
    messages: Messages | None = None  # another than the batch's


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The deliveries of one claim, of one edition; after `until` the claim may be another's."""

    claim: int
    edition: str
    messages: Messages
    until: float
    deliveries: tuple[Delivery, ...]


class Outcome(NamedTuple):
    """What a sender tells: a delivery starts (`reply` None), was answered, or never left."""

    batch: Batch
    delivery: Delivery
    reply: Reply | None = None
    unsent: bool = False


class Worker(Protocol):
    """What a sender needs of the ledger; `claim` and `finish` may be called by several threads."""

    def claim(self, connections: int) -> Batch | float | None:
        """Claim a batch that so many connections share; None where nothing is due soon.

        A number is the seconds to wait before asking again, for the sake of the pace.
        """
        ...

    def record(self, outcomes: Sequence[Outcome]) -> Collection[int]:
        """Record what happened, committed on return; return the places of who may not start.

        One thread at a time calls it.
        """
        ...

    def finish(self, batch: Batch) -> None:
        """End a claim; what never started goes back."""
        ...


def together(
    told: Sequence[Sequence[Outcome]], record: Callable[[Sequence[Outcome]], Collection[int]]
) -> list[bool]:
    """Record what several tell in one commit; return for each whether all that starts may start."""
    refused = record([one for outcomes in told for one in outcomes])
    if not refused:
        return [True] * len(told)
    answers, place = [], 0
    for outcomes in told:
        places = range(place, place + len(outcomes))
        answers.append(not any(one in refused for one in places))
        place = places.stop
    return answers


class Taken(NamedTuple):
    """One delivery in one connection's hands."""

    batch: Batch
    delivery: Delivery


class Feed:
    """Hands out the deliveries of claims, one after the other, to the connections of one thread.

    A claim is ended when all of it has been told.
    """

    def __init__(self, worker: Worker, connections: int) -> None:
        self._worker, self._connections = worker, connections
        self._batch: Batch | None = None
        self._place = 0
        self._returned: list[Taken] = []
        self._out: dict[int, int] = {}  # by claim: how many are in a connection's hands
        self._claims: dict[int, Batch] = {}
        self.opening = 0  # connections that are being opened

    @property
    def left(self) -> int:
        """How many are claimed and in nobody's hands."""
        batch = self._batch
        return len(self._returned) + (len(batch.deliveries) - self._place if batch else 0)

    def take(self) -> Taken | float | None:
        """Return the next delivery; None where nothing is due soon, a number as `claim` does."""
        if self._returned:
            return self._returned.pop()
        while self._batch is None or self._place == len(self._batch.deliveries):
            found = self._worker.claim(self._connections)
            if not isinstance(found, Batch):
                return found
            self._batch, self._place = found, 0
            self._claims[found.claim], self._out[found.claim] = found, 0
        batch, place = self._batch, self._place
        self._place += 1
        self._out[batch.claim] += 1
        return Taken(batch, batch.deliveries[place])

    def give_back(self, taken: Taken) -> None:
        """Let another connection have it, which never started."""
        self._returned.append(taken)

    def told(self, batch: Batch) -> None:
        """One of its deliveries is settled, or never starts; the last one ends the claim."""
        self._out[batch.claim] -= 1
        is_over = batch is not self._batch or self._place == len(batch.deliveries)
        if is_over and not self._out[batch.claim]:
            self._end(batch)

    def drop(self, batch: Batch) -> None:
        """Start none of it any more: the claim may be another's."""
        if batch is self._batch:
            self._place = len(batch.deliveries)

    def close(self) -> None:
        """End all claims: what never started goes back."""
        for batch in list(self._claims.values()):
            self._end(batch)

    def _end(self, batch: Batch) -> None:
        del self._claims[batch.claim], self._out[batch.claim]
        if batch is self._batch:
            self._batch = None
        self._worker.finish(batch)
