"""What a command was started with: the folder, the clock, signals, the open workspace."""

from __future__ import annotations

import _thread
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from publisher import config
from publisher.cli.invocation import invocation
from publisher.cli.options import moment
from publisher.cli.output import Progress, talk, tell
from publisher.errors import UsageError
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.delivery import Stop


def workspace(
    at: str | None = None, *, writing: bool = False, jobs: int | None = None
) -> Workspace:
    """Open the publication that the command was started in."""
    started = invocation()
    root = config.find(Path(started.folder))
    space = Workspace(
        root,
        started.now(),
        writing=writing,
        progress=Progress(),
        tell=lambda one: tell([one]),
        jobs=jobs,
    )
    click.get_current_context().call_on_close(space.close)
    if at is not None:
        space.machine = space.now
        space.now = moment(at, space.publication.zone, space.now)
    return space


def clock(space: Workspace) -> Callable[[], datetime]:
    """The clock in force: it began when the workspace was opened, at its `now`, and goes on."""
    machine, start = invocation().now, space.now
    begun = machine()
    return lambda: start + (machine() - begun)


def ask(question: str, yes: bool) -> None:
    """Ask before what cannot be taken back; without a terminal only `--yes` is an answer."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(question, why="There is nobody to ask.", todo="Answer it with --yes.")
    if not click.confirm(question, err=True):
        raise click.Abort


def ends_on_signals(
    stop: Stop, said: str = "Ending after the messages at hand … (once more ends it at once)"
) -> dict[int, Any]:
    """Let SIGTERM and Ctrl-C end work in order, once more at once; return what was before."""

    def asked(number: int, _frame: FrameType | None) -> None:
        # In a thread: the one that a signal interrupts may hold what setting an event needs.
        _thread.start_new_thread(stop.ask, ())
        signal.signal(number, signal.SIG_DFL)
        talk(said)

    return {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
