"""The life of a service: alone in its publication, its threads, its word to systemd, its end.

Signals are the command's: it asks `stop`, and `Service.reload`.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from publisher.delivery import Stop
from publisher.errors import Locked, StateUnavailable
from publisher.ledger import Hold, locked
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Event
from publisher.service.service import Service

_TURN = 1.0  # seconds that a tick waits for what it began
_LOOK = 0.5  # seconds between two looks of who stands by
_ENDED_HARD = 70  # a message was on the wire for longer than the grace


def run(
    root: Path,
    now: Callable[[], datetime],
    stop: Stop,
    *,
    once: bool,
    waits: bool,
    say: Callable[[Event], None],
    talk: Callable[[str], None],
    started: Callable[[Service], object],
) -> int:
    """Keep a publication until `stop`, or do what is due `once`; return the exit code.

    `waits` for another one to end, or raises Locked. `say` is told what happens, `talk` what the
    person who started it wants to know; `started` gets a service that goes on, before it begins.
    """
    with ExitStack() as ours:
        space = ours.enter_context(closing(Workspace(root, now(), writing=True)))
        if space.publication.engine.has_workers:
            alone = ours.enter_context(Alone())  # any number of hosts: nobody is elected
        else:
            alone = ours.enter_context(_alone(space, stop, talk, waits, once))
        if stop.event.is_set():
            return 0
        service = Service(root, now, say, stop)
        ours.callback(service.close)
        if not once:
            started(service)
            return _always(service, alone, stop, talk)
        service.tick()
        alone.close()  # a long delivery makes no later slot wait: cron's next call decides it
        try:
            with locked(space.state / "deliver.lock"):
                return service.deliver_once()
        except Locked:
            return service.standing()  # the call before this one delivers still


class Alone(ExitStack):
    """Being the one `run` of a publication, until it is closed."""

    hold: Hold | None = None

    @property
    def is_over(self) -> bool:
        """Whether another one has taken over: this one gave no sign of life for too long."""
        return self.hold is not None and not self.hold.is_ours


@contextmanager
def _alone(
    space: Workspace, stop: Stop, talk: Callable[[str], None], waits: bool, once: bool
) -> Iterator[Alone]:
    """Be the one `run` of a publication; or wait, for another one where that is wanted.

    For a ledger that does not answer every `run` waits that goes on.
    """
    with Alone() as alone:
        told = ""
        while not stop.event.is_set():
            try:
                alone.hold = alone.enter_context(space.locks.held("run.lock"))
                break
            except Locked as error:
                if once or not waits:
                    what = error.problem.what.replace("run is at work on", "run keeps")
                    raise Locked(
                        what,
                        todo="It does what is due. To wait for its end: publisher run --stand-by",
                    ) from None
                says = "another run keeps this publication"
            except StateUnavailable as error:
                if once:
                    raise
                says = error.problem.what
            if says != told:
                talk(f"Standing by: {says}.")
            told = says
            stop.event.wait(_LOOK)
        else:
            told = ""
        if told:
            talk("Taking over.")
        yield alone


def _always(service: Service, alone: Alone, stop: Stop, talk: Callable[[str], None]) -> int:
    """Tick each second, with a thread for each part that has one.

    Return 1 if one died, 5 if another `run` has taken over.
    """
    from publisher.schedule.clock import ring  # APScheduler is slow to import

    died: list[str] = []

    def kept(name: str, work: Callable[[], None]) -> None:
        try:
            work()
        finally:  # it ends when it was asked to, or for a mistake of ours: then all of it does
            if not stop.event.is_set():
                died.append(name)
                stop.ask()

    def tick() -> None:
        if not alone.is_over:
            service.tick(_TURN)
        elif not stop.event.is_set():
            talk("Another run has taken over this publication: this one ends.")
            stop.ask()

    threads = [
        threading.Thread(target=kept, args=(name, work), name=name, daemon=True)
        for name, work in service.threads.items()
    ]
    ends = (lambda: service.grace, stop, talk)
    threading.Thread(target=end_in_time, args=ends, daemon=True).start()
    tick()
    for thread in threads:
        thread.start()
    _notify("READY=1")
    ring(tick, stop.event, offer=service.offer)
    _notify("STOPPING=1")
    for thread in threads:
        thread.join()
    return 1 if died else Locked.exit_code if alone.is_over else 0


def end_in_time(grace: Callable[[], timedelta], stop: Stop, talk: Callable[[str], None]) -> None:
    """End the process when it was asked to end and a server does not let go of it: a thread's body.

    Nothing is lost: what was on the wire is uncertain, and the next run knows it.
    """
    stop.event.wait()
    threading.Event().wait(max(1.0, grace().total_seconds()))
    talk("A message is still on the wire: it is left as uncertain.")
    os._exit(_ENDED_HARD)


def _notify(state: str) -> None:
    """Tell systemd (sd_notify(3)), where it started us."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    address = f"\0{place[1:]}" if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(state.encode(), address)
