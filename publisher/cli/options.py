"""The options that commands share, and how a time or a length of time is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from publisher.errors import UsageError
from publisher.model import (
    CLOCK_EXAMPLE,
    DAY_EXAMPLE,
    SPAN_EXAMPLE,
    TIME_EXAMPLE,
    clock_of,
    day_of,
    moment_of,
    span_of,
    why_no_time,
)

_F = TypeVar("_F", bound=Callable[..., Any])


def at_option(command: _F) -> _F:
    """Add `--at`."""
    return click.option(
        "--at",
        metavar="TIME",
        help="Act as if it were TIME, now by default: what is published, due or late is judged "
        'by it. "tomorrow 7:00", 7pm or "2026-11-24 07:00", in the publication\'s zone; see '
        "`publisher help times`.",
    )(command)


def jobs_option(command: _F) -> _F:
    """Add `--jobs`."""
    return click.option(
        "--jobs",
        type=click.IntRange(1, 256),
        metavar="N",
        help="Do much work with N processes side by side, one a core by default. What is made is "
        "the same with any number.",
    )(command)


def json_option(command: _F) -> _F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def moment(
    text: str, zone: str, now: datetime, option: str = "--at", *, past: bool = False
) -> datetime:
    """Return a time given on the command line as UTC; one without an offset is in `zone`.

    The grammar is `model.moment_of`'s. Where the clock jumps over a time it is the first instant
    after, as for a schedule. With `past` a day of the week is the last one.
    """
    from publisher.schedule import instant

    local = now.astimezone(ZoneInfo(zone))
    if text.strip().lower() == "now":
        return now
    parsed = moment_of(text, local.replace(tzinfo=None), past=past)
    if parsed is None:
        raise UsageError(
            f"{option} {text!r} is no time",
            why=why_no_time(text),
            todo=f"Write it as {TIME_EXAMPLE}.",
        )
    if not 1900 <= parsed.year <= 2200:
        raise UsageError(f"{option} {text!r} is out of all bounds")
    return parsed.astimezone(UTC) if parsed.tzinfo else instant(parsed, zone)


def day(text: str, today: date, option: str, *, past: bool = False) -> date:
    """Return a day given on the command line; raise UsageError."""
    found = day_of(text, today, past=past)
    if found is None or not 1900 <= found.year <= 2200:
        raise UsageError(
            f"{option} {text!r} is no day",
            why=why_no_time(text),
            todo=f"Write it as {DAY_EXAMPLE}.",
        )
    return found


def clock_time(text: str, option: str) -> str:
    """Return a time of day given on the command line as HH:MM; raise UsageError."""
    found = clock_of(text)
    if found is None:
        raise UsageError(
            f"{option} {text!r} is no time of day",
            why=why_no_time(text),
            todo=f"Write it as {CLOCK_EXAMPLE}.",
        )
    return found


def span(text: str, option: str) -> timedelta:
    """Return a length of time such as `5min`; raise UsageError."""
    found = span_of(text)
    if found is None:
        raise UsageError(
            f"{option} {text!r} is no length of time", todo=f"Write it as {SPAN_EXAMPLE}."
        )
    return found


def days(text: str, option: str = "--days") -> int:
    """Return a number of days given as `14` or `2w`; raise UsageError."""
    found = span(f"{text.strip()}d" if text.strip().isdecimal() else text, option)
    if found % timedelta(days=1):
        raise UsageError(f"{option} {text!r} are no whole days", todo="Write it as 14 or 2w.")
    if not 1 <= found.days <= 3660:
        raise UsageError(f"{option} must be 1 to 3660")
    return found.days
