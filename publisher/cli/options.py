"""The options that commands share, and how a time or a length of time is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from publisher import config
from publisher.errors import UsageError

_F = TypeVar("_F", bound=Callable[..., Any])


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
