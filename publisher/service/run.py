"""The life of a service: alone in its publication, its threads, its word to systemd, its end.

Signals are the command's: it asks `stop`, and `Service.reload`.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from publisher.delivery import Stop
from publisher.errors import Locked
from publisher.ledger import locked
from publisher.pipeline.workspace import STATE
from publisher.service.events import Event
from publisher.service.service import Service

_TURN = 1.0  # seconds that a tick waits for what it began
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
    state = root / STATE
    with ExitStack() as ours:
        alone = ours.enter_context(_alone(state / "run.lock", waits and not once, stop, talk))
        if stop.event.is_set():
            return 0
        service = Service(root, now, say, stop)
        ours.callback(service.close)
        if not once:
            started(service)
            return _always(service, stop, talk)
        service.tick()
        alone.close()  # a long delivery makes no later slot wait: cron's next call decides it
        try:
            with locked(state / "deliver.lock"):
                return service.deliver_once()
        except Locked:
            return service.standing()  # the call before this one delivers still


@contextmanager
def _alone(path: Path, waits: bool, stop: Stop, talk: Callable[[str], None]) -> Iterator[ExitStack]:
    """Be the one `run` of a publication, until what is yielded is closed; or wait until we are."""
    with ExitStack() as held:
        told = False
        while not stop.event.is_set():
            try:
                held.enter_context(locked(path))
                break
            except Locked as error:
                if not waits:
                    what = error.problem.what.replace("run is at work on", "run keeps")
                    raise Locked(
                        what,
                        todo="It does what is due. To wait for its end: publisher run --stand-by",
                    ) from None
            if not told:
                talk("Standing by: another run keeps this publication.")
                told = True
            stop.event.wait(0.5)
        else:
            told = False
        if told:
            talk("Taking over.")
        yield held


def _always(service: Service, stop: Stop, talk: Callable[[str], None]) -> int:
    """Tick each second, with a thread for each part that has one; return 1 if one died."""
    from publisher.schedule.clock import ring  # APScheduler is slow to import

    died: list[str] = []

    def kept(name: str, work: Callable[[], None]) -> None:
        try:
            work()
        finally:  # it ends when it was asked to, or for a mistake of ours: then all of it does
            if not stop.event.is_set():
                died.append(name)
                stop.ask()

    threads = [
        threading.Thread(target=kept, args=(name, work), name=name, daemon=True)
        for name, work in service.threads.items()
    ]
    threading.Thread(target=_end_in_time, args=(service, stop, talk), daemon=True).start()
    service.tick(_TURN)
    for thread in threads:
        thread.start()
    _notify("READY=1")
    ring(partial(service.tick, _TURN), stop.event)
    _notify("STOPPING=1")
    for thread in threads:
        thread.join()
    return 1 if died else 0


def _end_in_time(service: Service, stop: Stop, talk: Callable[[str], None]) -> None:
    """End the process when it was asked to end and a server does not let go of it.

    Nothing is lost: what was on the wire is uncertain, and the next run knows it.
    """
    stop.event.wait()
    threading.Event().wait(max(1.0, service.grace.total_seconds()))
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
