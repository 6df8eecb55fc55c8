"""deliver: drain the queue through a transport."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Literal, TypeVar

from msgspec.structs import replace

from publisher.delivery import Clock, Maildir, Sender, Stop, Transport
from publisher.errors import (
    AddressRefused,
    LedgerUnavailable,
    Problem,
    SenderRefused,
    StoreUnavailable,
    TransportDown,
    TransportRefused,
)
from publisher.pipeline.sender import check_sender
from publisher.pipeline.sends.part import Part
from publisher.pipeline.sends.subject_tests import decide_due
from publisher.pipeline.sends.warm_up import spare
from publisher.pipeline.sends.worker import Delivered, Worker
from publisher.pipeline.workspace import Workspace

RETRY = 60.0  # seconds until `--wait` asks again for a server that does not answer
AGAIN = 2.0  # and for a ledger, or an object store, that does not

_Found = TypeVar("_Found")


def deliver(
    space: Workspace,
    transport: Transport,
    now: Callable[[], datetime],
    stop: Stop,
    *,
    wait: bool = False,
    retry: bool = False,
    part: Part | None = None,
    clock: Clock | None = None,
    say: Callable[[Problem], object] = lambda _: None,
    sender: Sender | None = None,
) -> Delivered:
    """Send all that is due, and with `wait` what falls due later, until all is settled.

    `now` is the clock of the ledger, aware UTC. Several may run at once. After `stop` each
    connection ends the message it is at. A transport that gives up is told in `Delivered.down`:
    what waits goes on waiting. A server that refused us is left alone for an hour, unless
    `retry`, which is a person's. It may be asked for a `part` alone. With `wait` it goes on once a
    ledger on a server, or the outbox's store, answers again, and `say` hears of it; else that is
    raised. The connections of a `sender` of the transport stay open where nothing goes wrong.
    """
    check_sender(space.publication)
    clock = clock or Clock()
    delivered = Delivered()
    started = clock.seconds()

    def drain() -> None:
        name, settles_as = _name(), _settles_as(transport)
        worker = Worker(
            space, name, now, clock, stop, delivered, settles_as, retry=retry, part=part
        )
        ours, is_kept = sender or sender_of(space, transport, clock), False
        try:
            with space.locks.present(name):
                _drain(space, ours, worker, now, stop, delivered, clock, wait=wait)
            is_kept = ours is sender
        finally:
            if not is_kept:
                ours.close()
            worker.rest()

    if wait:
        patiently(drain, stop, clock, say)
    else:
        drain()
    delivered.seconds = clock.seconds() - started
    return delivered


def sender_of(space: Workspace, transport: Transport, clock: Clock) -> Sender:
    """Return a sender with as many connections as publisher.toml allows."""
    publication = space.publication
    return Sender(
        transport,
        connections=max(1, publication.delivery.connections),
        per_connection=max(1, publication.smtp.messages_per_connection),
        clock=clock,
    )


def patiently(
    work: Callable[[], _Found], stop: Stop, clock: Clock, say: Callable[[Problem], object]
) -> _Found:
    """Begin a work again until what it needs answers: the ledger's server, the outbox's store.

    `say` hears once what does not. After `stop` that is raised.
    """
    said = ""
    while True:
        try:
            return work()
        except (LedgerUnavailable, StoreUnavailable) as error:
            if stop.event.is_set():
                raise
            if error.problem.what != said:
                said = error.problem.what
                say(replace(error.problem, todo="It is asked again until it does."))
            clock.wait(stop.event, AGAIN)


def _drain(
    space: Workspace,
    sender: Sender,
    worker: Worker,
    now: Callable[[], datetime],
    stop: Stop,
    delivered: Delivered,
    clock: Clock,
    *,
    wait: bool,
) -> None:
    """Be one of the senders until nothing is left to do."""
    while True:
        with space.locks.dead() as workers:
            worker.recover(workers)
        delivered.decided += decide_due(space, now())
        is_probe = worker.was_refused
        _run(sender, worker, delivered, stop)
        if is_probe and not worker.was_refused and not stop.event.is_set():
            continue  # it takes messages again: on all connections
        spare(space, now())
        delivered.expired += space.ledger.sends.expire(now())
        delivered.next_due = space.ledger.queue.next_due(now())
        refused = isinstance(delivered.down, TransportRefused | SenderRefused)
        if delivered.next_due is None or (delivered.next_due > now() and not refused):
            delivered.down = None  # what one connection could not do, the others did
        goes_on = wait or (delivered.down is None and worker.waits(delivered.next_due))
        if not goes_on or refused or stop.event.is_set() or delivered.next_due is None:
            break
        pause = _pause(delivered, now())
        sender.rest(pause)
        clock.wait(stop.event, pause)
    delivered.held = space.ledger.queue.held_domains(now())
    worker.close()


def _name() -> str:
    """A name that no other sender ever has."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _settles_as(transport: Transport) -> Literal["accepted", "filed"]:
    """What a message that was taken counts as: a file is not sent."""
    return "filed" if isinstance(transport, Maildir) else "accepted"


def _run(sender: Sender, worker: Worker, delivered: Delivered, stop: Stop) -> None:
    """Drain what is due now; what the transport says against it is told, not raised."""
    delivered.limited = None
    worker.stop = stop.part()  # what ends this round does not end those that `wait` asks for
    try:
        delivered.down = sender.run(worker, worker.stop, 1 if worker.was_refused else None)
    except AddressRefused as error:
        worker.stopped(error)
        delivered.down = error
    except (TransportRefused, TransportDown) as error:
        delivered.down = error


def _pause(delivered: Delivered, now: datetime) -> float:
    """Seconds until another look is worth it."""
    if delivered.down is not None:
        return RETRY
    due = max(filter(None, (delivered.next_due, delivered.limited)))
    return min(max((due - now).total_seconds(), 1.0), 30.0)
