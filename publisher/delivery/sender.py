"""The sender: one function sends one chunk; threads call it, each on its own connection.

It knows no database: an `Worker` claims and records. What it promises: a message starts only after
its mark is committed, and nothing is forgotten when a thread, a connection or a transport fails.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from publisher.delivery.message import Messages
from publisher.delivery.transport import Session, Transport
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope, Recipient, Reply

PATIENCE = (1.0, 5.0, 15.0)
"""Seconds between tries to open a connection, before a sender gives up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A delivery that may start at `at`: seconds of the same clock as `Clock.seconds`.

    `date` is the same instant, aware, for its message; None for that of the batch's messages.
    """

    recipient: Recipient
    envelope: Envelope
    attempts: int = 0
    at: float = 0.0
    date: datetime | None = None
    messages: Messages | None = None  # another than the batch's


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """The deliveries of one claim, of one edition; after `until` the claim may be another's."""

    claim: int
    edition: str
    messages: Messages
    until: float
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sender tells: a delivery starts (`reply` None), was answered, or never left."""

    batch: Batch
    delivery: Delivery
    reply: Reply | None = None
    unsent: bool = False


class Worker(Protocol):
    """What a sender needs of the ledger; every method may be called by several threads."""

    def claim(self) -> Batch | None:
        """Claim the next chunk, waiting for the pace; None where nothing is due soon."""
        ...

    def tell(self, outcomes: Sequence[Outcome]) -> bool:
        """Record what happened, committed on return; whether all that starts may start."""
        ...

    def finish(self, batch: Batch) -> None:
        """End a claim; what never started goes back."""
        ...


@dataclass(slots=True)
class Stop:
    """Asks every thread to end after the message it is at; remembers why.

    A part ends with the whole, and may end alone: a round of a service that goes on.
    """

    event: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    _part: Stop | None = None

    def ask(self) -> None:
        """Stop, with the newest part."""
        self.event.set()
        if self._part is not None:
            self._part.ask()

    def because(self, error: BaseException) -> None:
        """Stop for an error; the first one counts."""
        if self.error is None:
            self.error = error
        self.ask()

    def part(self) -> Stop:
        """Return a part; there is one at a time."""
        self._part = part = Stop()
        if self.event.is_set():  # looked at after the part is known: whoever asks now finds it
            part.ask()
        return part


def _seconds() -> float:
    """Seconds that go on while the machine sleeps, where it can tell them."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Time for a sender: `seconds` goes on while a process is stopped; `wait` may be woken."""

    seconds: Callable[[], float] = _seconds
    wait: Callable[[threading.Event, float], object] = threading.Event.wait


class Line:
    """One thread's connection: opened when needed, closed after so many messages."""

    def __init__(self, transport: Transport, most: int, stop: Stop, clock: Clock) -> None:
        self._transport, self._most, self._stop, self._clock = transport, most, stop, clock
        self._session: Session | None = None
        self._sent = 0

    def session(self) -> Session:
        """Return an open session; raises TransportDown after some patience, TransportRefused."""
        if self._session is not None and not self._session.is_open:
            self._session = None
        if self._session is None:
            self._session, self._sent = self._opened(), 0
        return self._session

    def _opened(self) -> Session:
        for seconds in PATIENCE:
            try:
                return self._transport.connect()
            except TransportDown:
                self._clock.wait(self._stop.event, seconds)
                if self._stop.event.is_set():
                    raise
        return self._transport.connect()

    @property
    def is_used(self) -> bool:
        """Whether the open connection has served a message before."""
        return self._sent > 0

    def has_room(self) -> bool:
        """Whether one more message may follow on this connection after the one being sent."""
        return self._sent + 1 < self._most

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Send on an open session; see `Session.send`. The last of a connection closes it."""
        reply = self.session().send(envelope, message, following)
        self._sent += 1
        if self._sent >= self._most:
            self.close()
        return reply

    def skip(self) -> None:
        """What was announced does not come."""
        if self._session is not None:
            self._session.skip()

    def close(self) -> None:
        """Say goodbye."""
        if self._session is not None:
            self._session.close()
            self._session = None


def send_chunk(batch: Batch, line: Line, worker: Worker, stop: Stop, clock: Clock) -> None:
    """Send the deliveries of a claim, one after the other, and end the claim.

    What was answered and what starts next are told together, so that a message costs one commit.
    Should anything unforeseen raise, what had started stays so: it is uncertain.
    """
    answered: list[Outcome] = []
    try:
        for place, delivery in enumerate(batch.deliveries):
            if answered and delivery.at > clock.seconds():
                worker.tell(answered)  # a reply must not wait for the next one's turn
                answered = []
            _await_turn(delivery, stop, clock)
            if stop.event.is_set():
                break
            message = _composed(batch, delivery)
            line.session()  # before the mark: what cannot leave does not start
            may_start = worker.tell([*answered, Outcome(batch, delivery)])
            answered = []
            if not may_start:
                line.skip()
                continue
            if clock.seconds() >= batch.until:
                # We were stopped, and the lease has ended: another may be sending this now.
                line.skip()
                answered = [Outcome(batch, delivery, unsent=True)]
                break
            if isinstance(message, Reply):
                line.skip()
                answered = [Outcome(batch, delivery, message)]
                continue
            reply = _sent(line, delivery, message, _following(batch, place, line, stop, clock))
            answered = [Outcome(batch, delivery, reply, unsent=reply is None)]
            if reply is not None and reply.stage == "mail" and 500 <= reply.code < 600:
                answered = [Outcome(batch, delivery, unsent=True)]
                raise TransportRefused(
                    f"the server does not take mail from {delivery.envelope.sender}: {reply}",
                    why="Nothing was sent to this reader, and nothing is lost.",
                    todo="Mend it with who runs the server, then: publisher deliver",
                )
    finally:
        try:
            if answered:
                worker.tell(answered)
        finally:
            worker.finish(batch)


def _await_turn(delivery: Delivery, stop: Stop, clock: Clock) -> None:
    while (early := delivery.at - clock.seconds()) > 0 and not stop.event.is_set():
        clock.wait(stop.event, min(early, 1.0))


def _composed(batch: Batch, delivery: Delivery) -> bytes | Reply:
    """The message, or the reply that one deserves which cannot be made."""
    try:
        return (delivery.messages or batch.messages).message(delivery.recipient, delivery.date)
    except ValueError as error:
        return Reply(code=550, status="5.6.0", stage="rcpt", text=f"not made: {error}")


def _sent(
    line: Line, delivery: Delivery, message: bytes, following: Envelope | None
) -> Reply | None:
    """Send one message; None where a connection that served others ended before this one.

    That is no answer to this message: it goes back, and is claimed, and asked for consent, anew.
    """
    was_used = line.is_used
    reply = line.send(delivery.envelope, message, following)
    ended = reply.code in (0, 421) and reply.stage != "dot"
    return None if ended and was_used else reply


def _following(batch: Batch, place: int, line: Line, stop: Stop, clock: Clock) -> Envelope | None:
    """The envelope that a session may announce: of the next delivery, if it is to go at once."""
    if place + 1 >= len(batch.deliveries) or stop.event.is_set() or not line.has_room():
        return None
    coming = batch.deliveries[place + 1]
    return coming.envelope if coming.at <= clock.seconds() else None


def run(
    transport: Transport,
    worker: Worker,
    *,
    connections: int,
    per_connection: int,
    stop: Stop,
    clock: Clock,
) -> TransportDown | None:
    """Send all that is due, on up to `connections` connections; return when nothing is.

    After `stop` each thread ends the message it is at. A connection that does not open leaves the
    work to the others, and is returned. Raises TransportRefused, and what else went wrong.
    """
    down: list[TransportDown] = []

    def work() -> None:
        line = Line(transport, per_connection, stop, clock)
        try:
            while not stop.event.is_set() and (batch := worker.claim()) is not None:
                send_chunk(batch, line, worker, stop, clock)
        except TransportDown as error:
            down.append(error)
        except BaseException as error:  # of the database, or ours: no thread dies in silence
            stop.because(error)
        finally:
            line.close()

    threads = [threading.Thread(target=work, name=f"sender {n}") for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():  # in steps, so that a signal is seen
            thread.join(0.2)
    if stop.error is not None:
        raise stop.error
    return down[0] if down else None


class Gathered:
    """Group commit: what threads tell while one commit runs goes out with the next one."""

    def __init__(self, commit: Callable[[Sequence[Outcome]], Collection[int]]) -> None:
        """`commit` records, and returns the places of those that may not start.

        It runs in one thread at a time.
        """
        self._commit = commit
        self._pending: list[_Slip] = []
        self._writing, self._adding = threading.Lock(), threading.Lock()

    def tell(self, outcomes: Sequence[Outcome]) -> bool:
        """Record, together with what others tell meanwhile; see `Worker.tell`."""
        slip = _Slip(outcomes)
        with self._adding:
            self._pending.append(slip)
        with self._writing:
            if not slip.is_done:  # nobody took it along
                with self._adding:
                    slips, self._pending = self._pending, []
                self._write(slips)
        if slip.error is not None:
            raise slip.error
        return slip.may_start

    def _write(self, slips: Sequence[_Slip]) -> None:
        try:
            refused = self._commit([one for slip in slips for one in slip.outcomes])
            place = 0
            for slip in slips:
                places = range(place, place + len(slip.outcomes))
                slip.may_start = not any(one in refused for one in places)
                place = places.stop
        except BaseException as error:
            for slip in slips:
                slip.error = error
        for slip in slips:
            slip.is_done = True


class _Slip:
    """What one thread tells, and the answer to it."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes, self.is_done, self.may_start = outcomes, False, True
        self.error: BaseException | None = None
