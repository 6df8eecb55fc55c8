"""The options that make a schedule's rule."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
import msgspec

from publisher.cli.options import clock_time, day
from publisher.cli.output import talk
from publisher.errors import UsageError
from publisher.model import (
    PER_READER,
    TIME_EXAMPLE,
    Newsletter,
    Rule,
    clock_of,
    day_of,
    moment_of,
    why_no_time,
)


def rule_options(command: Any) -> Any:
    """Add the options that make a rule."""
    options = (
        click.option("--every", metavar="DAYS", help="day, weekday, mon,thu, week, 2weeks, month."),
        click.option(
            "--on",
            metavar="DAYS",
            help='Days of a week or month: mon,thu; 15, "last day", "first monday".',
        ),
        click.option(
            "--time", metavar="TIME", help="Local time of day: 7:00, 7pm; 07:00 by default."
        ),
        click.option("--cron", metavar="EXPR", help='A cron expression: "30 6 * * 1-5".'),
        click.option(
            "--once",
            metavar="TIME",
            help='Once: "2026-11-24 17:00", "tomorrow 5pm"; a day alone at the usual time.',
        ),
        click.option(
            "--tz",
            metavar="ZONE",
            help="Time zone; the newsletter's by default; subscriber for each reader's own.",
        ),
        click.option(
            "--from", "starts", metavar="DATE", help="No slot before this day: 2026-11-24, monday."
        ),
        click.option(
            "--except",
            "excluded",
            metavar="DAYS",
            multiple=True,
            help="Days without an edition: 2026-12-24, 2026-12-24..2027-01-01, or a file .ics "
            "beside publisher.toml. May be given again.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def clock_given(at: str | None, given: dict[str, Any]) -> str | None:
    """The clock in force. A bare `--at HH:MM` was the time of day until 0.1, and still is."""
    if at is None or clock_of(at) is None:
        return at
    if given["time"]:
        raise UsageError(
            f"--at {at} is no clock",
            why="--time is the time of day; --at acts as if it were another time.",
            todo=f'Give the clock with its day: --at "today {at}"',
        )
    talk(f"--at {at} is taken as the time of day, which is --time {at} now: --at is the clock.")
    given["time"] = at
    return None


def rule_given(
    newsletter: Newsletter, given: dict[str, Any], now: datetime, before: Rule | None = None
) -> Rule:
    """The rule that options make, over the one that was there before."""
    kinds = [key for key in ("every", "cron", "once") if given[key] is not None]
    if empty := [key for key in kinds if not given[key].strip()]:
        raise UsageError(f"--{empty[0]} is empty")
    if len(kinds) > 1:
        raise UsageError(f"--{kinds[0]} and --{kinds[1]} cannot stand together")
    if not kinds and before is None:
        raise UsageError("when?", todo="Say --every weekday --time 07:00, --cron or --once.")
    if given["time"] and ("cron" in kinds or "once" in kinds):
        raise UsageError(f"--time goes with --every; --{kinds[0]} has its own time")
    rule = before or Rule(zone=newsletter.zone, at=newsletter.at, per_reader=newsletter.per_reader)
    if kinds:
        rule = msgspec.structs.replace(
            rule,
            on="",
            every=given["every"] or "",
            cron=given["cron"] or "",
            once=_minute(given["once"], now.astimezone(ZoneInfo(newsletter.zone)), newsletter.at)
            if given["once"]
            else "",
        )
    if given["tz"] is not None:
        per_reader = given["tz"] == PER_READER
        zone = newsletter.zone if per_reader else given["tz"]
        rule = msgspec.structs.replace(rule, zone=zone, per_reader=per_reader)
    if given["on"] is not None:
        rule = msgspec.structs.replace(rule, on=given["on"])
    if given["time"]:
        if rule.cron or rule.once:
            raise UsageError(f"--time goes with --every; “{rule.words}” has its own time")
        rule = msgspec.structs.replace(rule, at=clock_time(given["time"], "--time"))
    today = now.astimezone(ZoneInfo(newsletter.zone)).date()
    if given["starts"]:
        rule = msgspec.structs.replace(rule, starts=day(given["starts"], today, "--from"))
    if rule.starts is None and re.match(r"[2-9]|\d\d|week$", rule.every):
        rule = msgspec.structs.replace(rule, starts=today)
    if given["excluded"]:
        out = tuple(_excluded(one, today) for one in given["excluded"])
        rule = msgspec.structs.replace(rule, excluded=() if out == ("none",) else out)
    return rule


def _minute(text: str, local: datetime, at: str) -> str:
    """A local minute as the ledger keeps it; of a day alone `at`, and `in 2h` cut to its minute."""
    found = moment_of(
        f"{text} {at}" if day_of(text, local.date()) else text, local.replace(tzinfo=None)
    )
    if found and re.match(r"\s*(now|in |\+)", text, re.IGNORECASE):
        found = found.replace(second=0, microsecond=0)
    if found is None or found.tzinfo or found.second or found.microsecond:
        raise UsageError(
            f"--once {text!r} is no local minute",
            why=why_no_time(text),
            todo=f"Write it as {TIME_EXAMPLE}.",
        )
    return found.isoformat(timespec="minutes")


def _excluded(text: str, today: date) -> str:
    """Days without an edition as a rule keeps them; a calendar, or a span, is left as it is."""
    found = day_of(text, today)
    return found.isoformat() if found else text
