"""The thread that drains the queue.

It has a workspace of its own and takes no lock that a build holds: mail goes on while an edition
is built, whatever becomes of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from math import inf
from typing import Any

from publisher.delivery import Clock, Sender, Stop, Transport
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.sends.circuits import refusal_now
from publisher.pipeline.sends.deliver import RETRY, deliver, sender_of
from publisher.pipeline.sends.subject_tests import hands_wanted
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.sends.worker import Delivered
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import Configuration
from publisher.service.events import Events

_TURN = 1.0  # seconds between two looks at the queue
_AGAIN = 5.0  # seconds until what failed is tried again
_MINUTE = 60.0
_LOOK = 10.0  # until it is asked again whether a sender died that had claimed some of what waits


class Delivery:
    """Sends what is due, by the newest publisher.toml."""

    def __init__(
        self,
        configuration: Configuration,
        events: Events,
        now: Callable[[], datetime],
        steady: Clock,
        stop: Stop,
    ) -> None:
        self._configuration, self._events = configuration, events
        self._now, self._steady, self._stop = now, steady, stop
        self._round = stop.part()  # ends when publisher.toml changes
        self._minute = steady.seconds(), now()  # when what came too late was sought
        self._looked = -inf  # when who had died was looked for
        self._way: tuple[Transport, Sender] | None = None  # by the publisher.toml of `run`

    def restart(self) -> None:
        """End the round after the messages at hand: the next one reads publisher.toml."""
        self._round.ask()

    def run(self) -> None:
        """Send what is due until the service stops: the body of a thread."""
        generation, space, begins = -1, None, 0.0
        while not self._stop.event.is_set():
            self._round = self._stop.part()
            try:
                if generation != self._configuration.generation:
                    newest = self._configuration.generation
                    fresh = self._configuration.open()
                    self._hang_up()
                    if space is not None:
                        space.close()
                    generation, space, begins = newest, fresh, 0.0
                assert space is not None
                space.now = self._now()
                if begins <= self._steady.seconds():
                    pause = self._deliver(space)
                    begins = self._steady.seconds() + pause
                    if not pause:
                        self._events.well("delivery")
            except Exception as error:  # of a disk, a database, or ours: the queue waits
                self._events.complain("delivery", error)
                begins = self._steady.seconds() + _AGAIN
            self._stop.event.wait(_TURN)
        self._hang_up()
        if space is not None:
            space.close()

    def once(self, space: Workspace) -> bool:
        """Send what is due now; return whether some of it still waits, or came too late.

        Raises what `deliver` does where the publication cannot send.
        """
        self._mail_signups(space)
        if refused := refusal_now(space):
            raise refused
        late = self._fail_late(space)
        if space.ledger.queue.next_due(space.now) is None:
            return late > 0
        # What waits may be a sender's that has died: it is looked for even where nothing is due.
        delivered = deliver(space, transport_of(space), self._now, self._stop)
        report(self._events, space, delivered)
        if delivered.down is not None:
            raise delivered.down
        left = delivered.next_due is not None and delivered.next_due <= self._now()
        return left or bool(delivered.problems) or late + delivered.expired > 0

    def _deliver(self, space: Workspace) -> float:
        """Send what is due now; return for how many seconds there is nothing to look for."""
        self._expire(space)
        self._mail_signups(space)
        if refusal_now(space):
            return RETRY  # it was said when it happened, and nothing goes right again yet
        due = space.ledger.queue.next_due(space.now)
        if due is None or (due > space.now and not self._looks_for_dead()):
            self._rest(inf if due is None else (due - space.now).total_seconds())
            return 0.0
        if self._way is None:
            transport = transport_of(space)
            self._way = transport, sender_of(space, transport, self._steady)
        transport, sender = self._way
        delivered = deliver(space, transport, self._now, self._round, sender=sender)
        report(self._events, space, delivered)
        if delivered.down is not None:
            self._events.complain("delivery", delivered.down)
            return RETRY
        return _AGAIN if delivered.limited else 0.0

    def _looks_for_dead(self) -> bool:
        """Whether it is time to take over what senders had claimed that died: at first, and then
        now and again. Else it would wait until their leases end.
        """
        seconds = self._steady.seconds()
        is_time = seconds >= self._looked + _LOOK
        if is_time:
            self._looked = seconds
        return is_time

    def _rest(self, seconds: float) -> None:
        """Keep what connections a server would keep for so long: for a pace, mostly."""
        if self._way is not None:
            self._way[1].rest(seconds)

    def _hang_up(self) -> None:
        """End the connections; the next mail goes by the publisher.toml of its time."""
        if self._way is not None:
            self._way[1].close()
        self._way = None

    def _mail_signups(self, space: Workspace) -> None:
        """Ask who signed up whether it was they; what goes wrong there stops no newsletter."""
        try:
            mail_signups(space, transport_of(space), space.now, self._stop)
            self._events.well("sign-ups")
        except Exception as error:  # of a server, or ours: sent with the next
            self._events.complain("sign-ups", error)

    def _expire(self, space: Workspace) -> None:
        """Each minute, fail what could not be sent in time; not by a clock that has just jumped."""
        (steady, wall), seconds = self._minute, self._steady.seconds()
        if seconds - steady < _MINUTE:
            return
        self._minute = seconds, space.now
        has_jumped = abs((space.now - wall).total_seconds() - (seconds - steady)) >= _AGAIN
        if not has_jumped:
            self._fail_late(space)

    def _fail_late(self, space: Workspace) -> int:
        """Fail what could not be sent in time, and say so; return how many."""
        if count := space.ledger.sends.expire(space.now):
            say_late(self._events, count)
        return count


def report(events: Events, space: Workspace, delivered: Delivered, *, part: bool = False) -> None:
    """Say what was sent, what waits for a person, and what could not be.

    Of a `part` of a large edition its own counts are said, and all of them with the last part.
    """
    for test in delivered.decided:
        text = f"the rest gets {test.winner} “{test.subject(test.winner)}”: {test.how}"
        events.say("test", text, test.edition)
    for edition in delivered.editions:
        if part and space.ledger.sends.is_open(edition):
            events.say("delivered", _shown(delivered.counts), edition)
            continue
        counts = space.ledger.sends.counts(edition)
        send = space.ledger.sends.get(edition)
        closed = send is not None and send.standing(counts) == "sent"
        events.say("delivered", f"{'all out: ' if closed else ''}{_shown(counts)}", edition)
    for one in hands_wanted(space):
        if one.test.edition in delivered.editions:
            todo = f"publisher send {one.test.edition} --winner A, or B"
            text = f"{one.waiting:,} wait for you to choose a subject: {todo}"
            events.say("test", text, one.test.edition)
    for problem in delivered.problems:
        events.say("error", str(problem))


def _shown(counts: Mapping[Any, int]) -> str:
    """Counts by state, in words."""
    return ", ".join(f"{count:,} {state}" for state, count in sorted(counts.items()))


def say_late(events: Events, count: int) -> None:
    """Say how many messages could not be sent in time."""
    noun = "message" if count == 1 else "messages"
    events.say("error", f"{count:,} {noun} could not be sent in time: failed")
