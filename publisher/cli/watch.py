"""watch."""

from __future__ import annotations

import sys
import time

import click

from publisher.cli.options import span
from publisher.cli.output import Progress, talk, tell
from publisher.cli.reports import by_state
from publisher.cli.session import workspace
from publisher.cli.subject_tests import show_test
from publisher.ledger import open_of
from publisher.model import FINAL, WAITING
from publisher.pipeline.choice import sent_or_newest
from publisher.pipeline.reports.working import jobs_of, working
from publisher.pipeline.sends.queued import standing
from publisher.pipeline.sends.subject_tests import tested
from publisher.pipeline.workspace import Workspace


@click.command("watch")
@click.argument("edition", required=False)
@click.option(
    "--every",
    default="1s",
    show_default=True,
    help="Time between two looks: 10s; a number alone is seconds.",
)
def watch_(edition: str | None, every: str) -> None:
    """Show how EDITION, the newest by default, goes out, until all is settled.

    With the rate and the time left.
    """
    space = workspace()
    edition = sent_or_newest(space, edition)
    if works := working(space):
        talk(f"{works.line}.")
        tell(works.problems)
    progress, begun, first = Progress(), time.monotonic(), None
    pause = span(f"{every}s" if _is_number(every) else every, "--every").total_seconds()
    while True:
        send, counts = standing(space, edition)
        settled = sum(counts.get(state, 0) for state in FINAL)
        first = settled if first is None else first
        seconds = time.monotonic() - begun
        rate = (settled - first) / seconds if seconds else 0.0
        left = f"{(send.readers - settled) / rate:,.0f} s left" if rate else send.state
        progress(f"{send.edition} {rate:,.0f}/s, {left}"[:60], settled, send.readers)
        if not any(counts.get(state) for state in (*WAITING, "sending")) or send.state != "sending":
            break
        stands = tested(space, edition)
        if stands and stands.waiting == open_of(counts):
            show_test(stands)  # the rest comes with its winner
            break
        if not sys.stderr.isatty():
            talk(
                f"{settled:,} of {send.readers:,} settled, {rate:,.0f} a second, {left}"
                f"{_jobs(space, edition)}"
            )
        time.sleep(pause)
    by_state(counts)


def _jobs(space: Workspace, edition: str) -> str:
    """How many jobs are left, where workers do them."""
    found = jobs_of(space, edition)
    return f"; {found.line}" if found else ""


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()
