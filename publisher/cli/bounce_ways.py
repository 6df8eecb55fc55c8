"""bounces fetch."""

from __future__ import annotations

from contextlib import closing

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, talk
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.delivery import Stop
from publisher.pipeline.returns.ways import fetch, recorded, taking, to_fetch
from publisher.returns.ways import Kind

_IN_WORDS: dict[Kind, str] = {
    "read": "read",
    "unread": "that nobody can read",
    "personal": "for a person",
}


@click.command("fetch")
@click.option("-n", "--dry-run", is_flag=True, help="Only say how many messages lie there.")
@json_option
@at_option
def fetch_(dry_run: bool, as_json: bool, at: str | None) -> int:
    """Read what lies in the mailbox or the Maildir that [returns] names, once.

    `run` does it all the time; this is for cron, and to try a mailbox. Each message is moved when
    it has been recorded. Exits with 1 if some could not be fetched, and with 75 if the server does
    not answer.
    """
    if dry_run:
        return _count(as_json)
    space = workspace(at, writing=True)
    now, stop = clock(space), Stop()
    ends_on_signals(stop)
    found = fetch(to_fetch(space), lambda way: taking(space, way, now, recorded), stop.event.is_set)
    if as_json:
        emit({"messages": dict(found.kinds), "problems": found.problems})
    else:
        parts = ", ".join(
            f"{found.kinds[kind]} {words}" for kind, words in _IN_WORDS.items() if found.kinds[kind]
        )
        click.echo(f"{counted(found.kinds.total(), 'message')}{': ' if parts else ''}{parts}")
    for problem in found.problems:
        talk(problem)
    return 1 if found.problems else 0


def _count(as_json: bool) -> int:
    """Print how many messages lie in each place; all of them would be read, and moved."""
    counts = {}
    for way in to_fetch(workspace()):
        with closing(way):
            counts[way.name] = way.waiting()
    if as_json:
        emit(counts)
    for name, count in counts.items() if not as_json else ():
        click.echo(f"{name}: {counted(count, 'message')} would be read, and moved")
    return 0
