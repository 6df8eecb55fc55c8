"""worker: does the jobs that `run` asks for."""

from __future__ import annotations

import signal

import click

from publisher.cli.invocation import invocation
from publisher.cli.options import at_option
from publisher.cli.output import talk
from publisher.cli.service import teller
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.delivery import Stop
from publisher.errors import UsageError
from publisher.model.job import LANES, Lane


@click.command("worker")
@click.option(
    "--lanes",
    "named",
    metavar="LANES",
    default=",".join(LANES),
    show_default=True,
    help="Whose jobs it does, with commas between them.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="So many jobs of each lane at a time; each that sends has `[delivery] connections`.",
)
@click.option(
    "--health",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help="A port for `/livez`, `/readyz` and `/metrics`, at `[web] health_host`; none by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON, one a line.")
@at_option
def worker_(named: str, concurrency: int, health: int, as_json: bool, at: str | None) -> int:
    """Do what `run` asks for: build, send, make pages, read what comes back.

    For `[engine] kind = "procrastinate"`, on any number of hosts that share the ledger. Lanes:
    breaking (breaking news), editions (built and frozen), mail (their mails, and who signed up),
    pages (feeds, pages, what comes back). SIGTERM ends it after the messages at hand; what it
    leaves another worker does.
    """
    from publisher.engine.worker import work

    space = workspace(at)
    now = clock(space) if at else invocation().now
    stop = Stop()
    before = ends_on_signals(stop)
    try:
        return work(
            space.root,
            now,
            stop,
            lanes=lanes_of(named),
            concurrency=concurrency,
            health=health,
            say=teller(as_json, space.publication.zone),
            talk=talk,
        )
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def lanes_of(text: str) -> list[Lane]:
    """Return the lanes that are named, in their order; raise UsageError for what is none."""
    named = [one.strip() for one in text.split(",") if one.strip()]
    for one in named:
        if one not in LANES:
            raise UsageError(f"--lanes: {one!r} is no lane", todo=f"They are {', '.join(LANES)}.")
    if not named:
        raise UsageError("--lanes names none", todo=f"They are {', '.join(LANES)}.")
    return [one for one in LANES if one in named]
