"""What commands share: the options, the open workspace, tables, JSON, progress."""

from __future__ import annotations

import _thread
import contextlib
import dataclasses
import json
import re
import shlex
import shutil
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from publisher import config
from publisher.errors import Problem, UsageError
from publisher.pipeline import Workspace

if TYPE_CHECKING:
    from publisher.delivery import Stop

_F = TypeVar("_F", bound=Callable[..., Any])

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Invocation:
    """What a command was started with: `-C`, and the machine's clock (aware UTC)."""

    folder: str
    now: Callable[[], datetime]


def invocation() -> Invocation:
    """Return what the command at hand was started with."""
    found: Invocation = click.get_current_context().find_root().obj
    return found


def at_option(command: _F) -> _F:
    """Add `--at`."""
    return click.option(
        "--at",
        metavar="TIME",
        help='The clock in force: "2026-11-24 07:00" or "tomorrow 07:00" in the publication\'s '
        "zone, 2026-11-23T22:00Z; now by default.",
    )(command)


def json_option(command: _F) -> _F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def workspace(at: str | None = None, *, writing: bool = False) -> Workspace:
    """Open the publication that the command was started in."""
    started = invocation()
    root = config.find(Path(started.folder))
    space = Workspace(root, started.now(), writing=writing, progress=Progress())
    click.get_current_context().call_on_close(space.close)
    if at is not None:
        space.now = moment(at, space.publication.zone, space.now)
    return space


def clock(space: Workspace) -> Callable[[], datetime]:
    """The clock in force: it began when the workspace was opened, at its `now`, and goes on."""
    machine, start = invocation().now, space.now
    begun = machine()
    return lambda: start + (machine() - begun)


def moment(text: str, zone: str, now: datetime, option: str = "--at") -> datetime:
    """Return a time given on the command line as UTC; one without an offset is in `zone`.

    `now` is now, `07:00` today's, `tomorrow 07:00` tomorrow's, by `now`. Where the clock jumps
    over a time it is the first instant after, as for a schedule.
    """
    from publisher.schedule import instant

    if text.strip() == "now":
        return now
    words = re.fullmatch(r"(?:(yesterday|today|tomorrow) )?(\d\d:\d\d)", text.strip())
    if words:
        days = {"yesterday": -1, "tomorrow": 1}.get(words[1] or "", 0)
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        text = f"{day.isoformat()} {words[2]}"
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is no time",
            todo='Write it as "2026-11-24 07:00", or "tomorrow 07:00".',
        ) from None
    if not 1900 <= parsed.year <= 2200:
        raise UsageError(f"{option} {text!r} is out of all bounds")
    return parsed.astimezone(UTC) if parsed.tzinfo else instant(parsed, zone)


def span(text: str, option: str) -> timedelta:
    """Return a length of time such as `5min`; raise UsageError."""
    found = config.span_of(text)
    if found is None:
        raise UsageError(f"{option} {text!r} is no length of time", todo='Write it as "5min".')
    return found


class Progress:
    """A bar on stderr for work that takes longer than a blink; silent without a terminal."""

    def __init__(self) -> None:
        self._shown = False
        self._last = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how far a step is; a finished step that was shown leaves its line behind."""
        if not self._is_terminal or total == 0:
            return
        now = time.monotonic()
        if done < total and now - self._last < 0.06:
            return
        self._last = now
        filled = 24 * done // total
        bar = "█" * filled + "░" * (24 - filled)
        sys.stderr.write(f"\r\x1b[K{what:<30} {bar} {done:,}/{total:,}")
        sys.stderr.write("\n" if done >= total else "")
        sys.stderr.flush()


def emit(value: Any) -> None:
    """Print JSON to stdout: dataclasses as objects, instants as ISO 8601."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def table(rows: Iterable[Sequence[object]], indent: str = "  ") -> None:
    """Print rows in columns as wide as they need to be."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        click.echo(indent + "  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def heading(text: str) -> None:
    """Print a line above a table."""
    click.secho(text, bold=True)


def typed(words: str) -> str:
    """A command as it can be typed here: with the path and the `-C` that this one was given."""
    folder = invocation().folder
    place = f" -C {shlex.quote(folder)}" if folder != "." else ""
    return f"{_program()}{place} {words}"


def _program() -> str:
    given = Path(sys.argv[0])
    if given.name == "__main__.py":
        return "python -m publisher"
    on_path = shutil.which("publisher")
    is_it = on_path is not None and Path(on_path).resolve() == given.resolve()
    return "publisher" if is_it or given.name == str(given) else str(given)


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


def talk(text: str) -> None:
    """Print to stderr, where it is in no pipe's way; where nobody can read it, do not."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


def tell(problems: Iterable[Problem], *, err: bool = True) -> None:
    """Print problems, each with why and what to do."""
    for problem in problems:
        label = click.style(f"{problem.severity}:", fg=_COLOURS[problem.severity])
        click.echo(f"{label} {problem}", err=err)


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
