"""What commands print: data to stdout, talk to stderr, tables, JSON, progress."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import json
import os
import re
import shlex
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from publisher.cli.invocation import invocation
from publisher.errors import Problem
from publisher.model import Reasoned, concealed, no_controls

_STEERS = re.compile("[\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]")
"""What JSON leaves as it is, and a terminal obeys: C1 controls, and what turns text around."""

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""By them a name of a file shows as another (UTS #55 §3)."""

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


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
    """Print JSON to stdout: dataclasses and structs as objects, instants as ISO 8601."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    click.echo(_STEERS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))  # the same value


def fields_of(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass or struct, each as it is."""
    names = getattr(value, "__struct_fields__", None)
    if names is None:
        names = [one.name for one in dataclasses.fields(value)]
    return {name: getattr(value, name) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, Reasoned):  # the code for programs, the words for people
        return {**fields_of(value), "reason": value.why}
    is_noun = dataclasses.is_dataclass(value) or hasattr(value, "__struct_fields__")
    if is_noun and not isinstance(value, type):
        return fields_of(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def table(rows: Iterable[Sequence[object]], indent: str = "  ") -> None:
    """Print rows in columns as wide as they need to be."""
    cells = [[_TURNS.sub("", no_controls(str(cell))) for cell in row] for row in rows]
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


def talk(text: str, **style: Any) -> None:
    """Print to stderr, where it is in no pipe's way; where nobody can read it, do not."""
    with contextlib.suppress(OSError, ValueError):
        click.secho(safe(text), err=True, **style)


def tell(problems: Iterable[Problem], *, err: bool = True) -> None:
    """Print problems, each with why and what to do."""
    for problem in problems:
        label = click.style(f"{problem.severity}:", fg=_COLOURS[problem.severity])
        click.echo(f"{label} {safe(str(problem))}", err=err)


_OF_THE_DISK = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)


def of_files(error: OSError) -> str:
    """Say what is wrong with a file or a folder, and what to do where its disk is at fault."""
    what = f"{error.filename}: " if error.filename else ""
    todo = "\n  Look at the disk's space and rights, then run it again."
    return f"{what}{error.strerror or error}{todo if error.errno in _OF_THE_DISK else ''}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 story`, `2 stories`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


_GIVEN = (
    "PUBLISHER_SMTP_PASSWORD",
    "PUBLISHER_IMAP_PASSWORD",
    "PUBLISHER_PROVIDER_KEY",
    "PUBLISHER_WEBHOOK_SECRET",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCOUNT_KEY",
)
"""Variables whose values nothing that is printed may hold."""


def safe(text: str) -> str:
    """Return a message without passwords, those in it and those that we were given.

    Nor with what steers a terminal: it may quote a file. Its own line ends stay.
    """
    shown = _TURNS.sub("", "\n".join(map(no_controls, text.split("\n"))))
    return concealed(shown, *(os.environ.get(name, "") for name in _GIVEN))
