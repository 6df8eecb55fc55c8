"""run: the service's command, its signals, and what it prints."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import click

from publisher.cli.invocation import invocation
from publisher.cli.options import at_option
from publisher.cli.output import safe, talk
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.delivery import Stop
from publisher.pipeline.sends.transports import no_server
from publisher.service import Event, Service
from publisher.service.run import run


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
    waits = space.publication.service.stand_by if stand_by is None else stand_by
    now = clock(space) if at else invocation().now
    if said := no_server(space):
        talk(said)
    if at is not None:
        talk(
            f"It acts as if it were {now():%Y-%m-%d %H:%M} UTC now. What falls due by that is sent "
            "for good: try it on a copy of the folder."
        )
    stop = Stop()
    with _signals(stop):
        return run(
            space.root,
            now,
            stop,
            once=once,
            waits=waits,
            say=teller(as_json, space.publication.zone),
            talk=talk,
            started=_reloads,
        )


def teller(as_json: bool, zone: str) -> Callable[[Event], None]:
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
        click.echo(safe(line))
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


def _reloads(service: Service) -> None:
    """SIGHUP reads everything anew."""
    signal.signal(signal.SIGHUP, lambda *_: service.reload())
