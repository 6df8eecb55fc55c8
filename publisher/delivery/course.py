"""What one connection does, as a generator: it asks for what takes time, and is told the outcome.

It knows no thread and no database. What it promises: a message starts only after its mark is
committed, and nothing is forgotten when a connection or a transport fails. `threads` and `turns`
drive it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

from publisher.delivery.batches import Batch, Delivery, Feed, Outcome, Taken
from publisher.delivery.clock import Clock, Stop
from publisher.delivery.smtp import SmtpSession
from publisher.delivery.transport import Session, Transport
from publisher.delivery.wire import Need
from publisher.errors import AddressRefused, TransportDown
from publisher.model import Envelope, Reply

PATIENCE = (1.0, 5.0, 15.0)
"""Seconds between tries to open a connection, before a connection is given up."""

SOON = 0.2
"""Seconds until a connection that others may not need looks again."""

IDLE = 30.0
"""Seconds that a connection stays open with nothing to send. A server has to wait five minutes for
a command (RFC 5321 §4.5.3.2.7), but Exchange's Edge waits one, and Postfix under load ten seconds:
to ask with NOOP whether it is there would keep a place that others want. See `Line.is_there`."""


class Tell(NamedTuple):
    """Record these, committed; the answer is whether all that starts may start."""

    outcomes: list[Outcome]


class Rest(NamedTuple):
    """Go on after so many seconds, or a stop."""

    seconds: float


class Call(NamedTuple):
    """Do this, which may take long; what it raises is raised in the course."""

    work: Callable[[], None]


Course = Generator[Need | Tell | Rest | Call, Any, None]


class Line:
    """One course's connection: opened when needed, closed after so many messages.

    With `in_turns` its sessions of SMTP say when they wait for the network; see `wire.Need`.
    """

    def __init__(self, transport: Transport, most: int, *, in_turns: bool = False) -> None:
        self._transport, self._most = transport, most
        self._session: Session | None = None
        self._sent = 0
        self._in_turns = in_turns
        self._idle: float | None = None  # since when it has had nothing to send
        self._has_rested = False

    @property
    def is_open(self) -> bool:
        """Whether a message may go out now, as far as is known; if not, it must be opened first."""
        return self._session is not None and self._session.is_open

    def is_there(self) -> bool:
        """Whether a message may go out now: after a rest its server may have closed it."""
        if self._idle is not None:
            self._idle, self._has_rested = None, True
            if self._in_turns and isinstance(self._session, SmtpSession):
                self._session.look()
        return self.is_open

    def rest(self, now: float, seconds: float) -> Generator[Need, None, None]:
        """Have nothing to send for so long; what would be too long for a server is closed."""
        if self._idle is None:
            self._idle = now
        if now + seconds - self._idle > IDLE:
            yield from self.close()

    def open(self) -> None:
        """Open a session; raises what `Transport.connect` does."""
        self._session, self._sent = self._transport.connect(), 0
        self._idle, self._has_rested = None, False
        if self._in_turns and isinstance(self._session, SmtpSession):
            self._session.take_turns()

    @property
    def is_used(self) -> bool:
        """Whether the open connection has served a message, or rested, before."""
        return self._sent > 0 or self._has_rested

    def has_room(self) -> bool:
        """Whether one more message may follow on this connection after the one being sent."""
        return self._sent + 1 < self._most

    def send(
        self, envelope: Envelope, message: bytes, following: Envelope | None
    ) -> Generator[Need, None, Reply]:
        """Send on the open session; see `Session.send`. The last of a connection closes it."""
        assert self._session is not None
        if isinstance(self._session, SmtpSession):
            reply = yield from self._session.talk(envelope, message, following)
        else:
            reply = self._session.send(envelope, message, following)
        self._sent += 1
        if self._sent >= self._most:
            yield from self.close()
        return reply

    def skip(self) -> None:
        """What was announced does not come."""
        if self._session is not None:
            self._session.skip()

    def close(self) -> Generator[Need, None, None]:
        """Say goodbye."""
        session, self._session = self._session, None
        if isinstance(session, SmtpSession):
            yield from session.farewell()
        elif session is not None:
            session.close()


def course(feed: Feed, line: Line, stop: Stop, clock: Clock) -> Course:
    """Send what the feed hands out, one message after the other, until nothing is due soon.

    What was answered and what starts next are told together, so that a message costs one commit.
    Should anything unforeseen raise, what had started stays so: it is uncertain.
    """
    answered: list[Outcome] = []
    taken: Taken | float | None = None
    patience = iter(PATIENCE)
    try:
        while not stop.event.is_set():
            if not isinstance(taken, Taken):
                taken = feed.take()
            if answered and not (line.is_open and _is_due(taken, clock)):
                yield from _told(feed, answered)  # a reply must not wait for the next one's turn
            if taken is None:
                break
            if isinstance(taken, float):
                yield from line.rest(clock.seconds(), taken)
                # Who would have to open a connection looks later: those that are open come first.
                yield Rest(taken if line.is_open else taken + SOON)
                continue
            if not line.is_there():  # what cannot leave does not start: others may have it
                feed.give_back(taken)
                taken = None
                yield from _opened(feed, line, patience, stop)
                continue
            patience = iter(PATIENCE)
            if taken.delivery.at > clock.seconds():
                yield from _turn(line, taken.delivery, stop, clock)
                continue  # is the connection still there?
            message = _composed(taken.batch, taken.delivery)
            now, taken = taken, None
            taken = feed.take()  # before the mark as well: nothing takes time after it
            may_start = yield Tell([*answered, Outcome(now.batch, now.delivery)])
            _settled(feed, answered)
            if not may_start:
                line.skip()
                feed.told(now.batch)
            elif clock.seconds() >= now.batch.until:
                # We were stopped, and the lease has ended: another may be sending this now.
                line.skip()
                feed.drop(now.batch)
                answered.append(Outcome(now.batch, now.delivery, unsent=True))
            elif isinstance(message, Reply):
                line.skip()
                answered.append(Outcome(now.batch, now.delivery, message))
            else:
                following = _following(taken, line, stop, clock)
                reply = yield from _sent(line, now.delivery, message, following)
                answered.append(Outcome(now.batch, now.delivery, reply, unsent=reply is None))
                if reply is not None and reply.stage == "mail" and 500 <= reply.code < 600:
                    answered = [Outcome(now.batch, now.delivery, unsent=True)]
                    raise AddressRefused(now.delivery.envelope.sender, reply)
    finally:
        if isinstance(taken, Taken):
            feed.give_back(taken)
        if answered:
            yield from _told(feed, answered)


def _is_due(taken: Taken | float | None, clock: Clock) -> bool:
    return isinstance(taken, Taken) and taken.delivery.at <= clock.seconds()


def _opened(
    feed: Feed, line: Line, patience: Iterator[float], stop: Stop
) -> Generator[Rest | Call, Any, None]:
    """Try to open a line, where there is more to send than lines are being opened for."""
    if feed.opening >= feed.left:
        yield Rest(SOON)
        return
    feed.opening += 1
    try:
        yield Call(line.open)
    except TransportDown:
        seconds = next(patience, None)
        if seconds is None or stop.event.is_set():
            raise
        yield Rest(seconds)
    finally:
        feed.opening -= 1


def _told(feed: Feed, answered: list[Outcome]) -> Generator[Tell, Any, None]:
    yield Tell(list(answered))
    _settled(feed, answered)


def _settled(feed: Feed, answered: list[Outcome]) -> None:
    """What was told is forgotten."""
    told = list(answered)
    answered.clear()
    for one in told:
        feed.told(one.batch)


def _turn(
    line: Line, delivery: Delivery, stop: Stop, clock: Clock
) -> Generator[Need | Rest, Any, None]:
    now = clock.seconds()
    yield from line.rest(now, delivery.at - now)
    while (early := delivery.at - clock.seconds()) > 0 and not stop.event.is_set():
        yield Rest(min(early, 1.0))


def _composed(batch: Batch, delivery: Delivery) -> bytes | Reply:
    """The message, or the reply that one deserves which cannot be made."""
    try:
        return (delivery.messages or batch.messages).message(delivery.recipient, delivery.date)
    except ValueError as error:
        return Reply(code=550, status="5.6.0", stage="rcpt", text=f"not made: {error}")


def _sent(
    line: Line, delivery: Delivery, message: bytes, following: Envelope | None
) -> Generator[Need, None, Reply | None]:
    """Send one message; None where a connection that served others ended before this one.

    That is no answer to this message: it goes back, and is claimed, and asked for consent, anew.
    """
    was_used = line.is_used
    reply = yield from line.send(delivery.envelope, message, following)
    ended = reply.code in (0, 421) and reply.stage != "dot"
    return None if ended and was_used else reply


def _following(
    taken: Taken | float | None, line: Line, stop: Stop, clock: Clock
) -> Envelope | None:
    """The envelope that a session may announce: of the next delivery, if it is to go at once."""
    if stop.event.is_set() or not line.has_room() or not isinstance(taken, Taken):
        return None
    return taken.delivery.envelope if _is_due(taken, clock) else None
