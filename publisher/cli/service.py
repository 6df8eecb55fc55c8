"""run: the service, its signals, its lock, and its word to systemd."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from publisher.cli.invocation import invocation
from publisher.cli.options import at_option
from publisher.cli.output import talk
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.delivery import Stop
from publisher.errors import Locked, PublisherError
from publisher.ledger import locked
from publisher.pipeline.sends.transports import no_server
from publisher.pipeline.workspace import Workspace
from publisher.service.service import Event, Service

_AGAIN = 5.0  # seconds until the web is tried again
_ENDED_HARD = 70  # a message was on the wire for longer than the grace


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, and end: for cron.")
@click.option(
    "--stand-by/--no-stand-by",
    default=None,
    help="Wait for another `run` of this publication to end, or stop with code 5.",
)
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON, one a line.")
@at_option
def run_(once: bool, stand_by: bool | None, as_json: bool, at: str | None) -> int:
    """Keep the schedules: build, send and deliver what is due, and keep the feeds up to date.

    What other commands do, and what is written in articles and publisher.toml, takes effect
    within two seconds. SIGHUP reads everything anew, SIGTERM ends it after the messages at hand.
    With --at its clock begins there and goes on.
    """
    space = workspace(at)
    root, state, zone = space.root, space.state, space.publication.zone
    waits = space.publication.service.stand_by if stand_by is None else stand_by
    now = clock(space) if at else invocation().now
    if said := no_server(space):
        talk(said)
    if at is not None:
        talk(
            f"The clock in force begins at {now():%Y-%m-%d %H:%M} UTC. What falls due by it is "
            "sent for good: try it on a copy of the folder."
        )
    stop = Stop()
    say = _teller(as_json, zone)
    with _signals(stop), ExitStack() as ours:
        alone = ours.enter_context(_alone(state / "run.lock", waits and not once, stop))
        if stop.event.is_set():
            return 0
        service = Service(root, now, say, stop)
        ours.callback(service.close)
        if not once:
            return _always(service, now, stop)
        service.tick()
        alone.close()  # a long delivery makes no later slot wait: cron's next call decides it
        try:
            with locked(state / "deliver.lock"):
                return service.deliver_once()
        except Locked:
            return service.standing()  # the call before this one delivers still


def _teller(as_json: bool, zone: str) -> Callable[[Event], None]:
    """Print what happens, a line each."""

    def say(event: Event) -> None:
        if as_json:
            fields = {
                "at": event.at.isoformat(),
                "what": event.what,
                "edition": event.edition,
                "text": event.text,
            }
            line = json.dumps(fields, ensure_ascii=False)
        else:
            name = f"{event.edition}: " if event.edition else ""
            label = "error: " if event.what == "error" else ""
            line = f"{event.at.astimezone(ZoneInfo(zone)):%H:%M:%S} {label}{name}{event.text}"
        click.echo(line)
        sys.stdout.flush()

    return say


@contextmanager
def _signals(stop: Stop) -> Iterator[None]:
    """SIGTERM and Ctrl-C end it in order; once more ends it at once."""
    before = ends_on_signals(stop)
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: None)  # while standing by
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _alone(path: Path, waits: bool, stop: Stop) -> Iterator[ExitStack]:
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


def _answer(service: Service, now: Callable[[], datetime], stop: Stop) -> None:
    """Answer readers on the web, anew whenever publisher.toml has changed: a thread's body.

    Whatever goes wrong here ends no schedule: it is said, and tried again in some seconds.
    """
    where: dict[tuple[str, int], socket.socket] = {}
    while not stop.event.is_set():
        generation = service.generation
        try:
            _serve(service, now, where, partial(_ends, service, stop, generation))
        except Exception as error:
            service.complain("web", error)
            stop.event.wait(_AGAIN)
    for one in where.values():
        one.close()


def _ends(service: Service, stop: Stop, generation: int) -> bool:
    return stop.event.is_set() or service.generation != generation


def _serve(
    service: Service,
    now: Callable[[], datetime],
    where: dict[tuple[str, int], socket.socket],
    ends: Callable[[], bool],
) -> None:
    """Serve as publisher.toml says until that changes; the socket stays while its address does."""
    space = Workspace(service.root, now(), writing=True)
    try:
        web = space.publication.web
        readers, operator = (web.host, web.port), ("127.0.0.1", web.health)
        wanted = ({readers} if web.serve else set()) | ({operator} if web.health else set())
        for address in where.keys() - wanted:
            where.pop(address).close()
        if wanted:
            from publisher.web import listening, serve  # a quarter of a second

            if web.serve and readers not in where:
                where[readers] = listening(*readers)
            service.well("web")
            if web.health and operator not in where:
                try:
                    where[operator] = listening(*operator, todo="Name another one: [web] health")
                    service.well("health")
                except PublisherError as error:  # it must not keep readers from leaving
                    service.complain("health", error)
            serve(
                space,
                now,
                ends,
                readers=where.get(readers),
                operator=where.get(operator),
                complain=lambda error: service.complain("web", _nameless(error)),
                told=service.answered,
                is_well=lambda: service.is_well,
            )
        while not ends():
            time.sleep(0.5)
    finally:
        space.close()


def _nameless(error: Exception) -> Exception:
    """An error without its text, which may hold an address."""
    return RuntimeError(type(error).__name__)


def _always(service: Service, now: Callable[[], datetime], stop: Stop) -> int:
    from publisher.schedule.clock import ring  # APScheduler is slow to import

    died: list[str] = []

    def kept(work: Callable[[], None]) -> None:
        try:
            work()
        finally:  # it ends when it was asked to, or for a mistake of ours: then all of it does
            if not stop.event.is_set():
                died.append(work.__name__)
                stop.ask()

    def answer() -> None:
        _answer(service, now, stop)

    threads = [
        threading.Thread(target=kept, args=(work,), name=work.__name__, daemon=True)
        for work in (service.deliver, service.watch, answer)
    ]
    signal.signal(signal.SIGHUP, lambda *_: service.reload())
    threading.Thread(target=_end_in_time, args=(service, stop), daemon=True).start()
    service.tick()
    for thread in threads:
        thread.start()
    _notify("READY=1")
    ring(service.tick, stop.event)
    _notify("STOPPING=1")
    for thread in threads:
        thread.join()
    return 1 if died else 0


def _end_in_time(service: Service, stop: Stop) -> None:
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
