"""schedule add · list · log · explain · pause · resume · remove · edit · rewind."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from publisher.cli.options import at_option, json_option, moment
from publisher.cli.output import counted, emit, heading, table, talk, tell, typed
from publisher.cli.session import ask, workspace
from publisher.errors import UsageError
from publisher.model import PER_READER, Newsletter, Rule, Schedule
from publisher.pipeline.reports.status import keeper
from publisher.pipeline.slots.calendar import Fire, calendar_file, coming, slot_log
from publisher.pipeline.slots.calendar import explain as fires_of
from publisher.pipeline.slots.schedules import (
    add_schedule,
    edit_schedule,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    try_schedule,
)
from publisher.pipeline.slots.schedules import rewind as rewound
from publisher.pipeline.workspace import Workspace

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@click.group("schedule")
def schedule_() -> None:
    """When newsletters go out: in publisher.toml, or added here."""


def _rule_options(command: Any) -> Any:
    """Add the options that make a rule."""
    options = (
        click.option("--every", metavar="DAYS", help="day, weekday, mon,thu, week, 2weeks, month."),
        click.option(
            "--on",
            metavar="DAYS",
            help='Days of a week or month: mon,thu; 15, "last day", "first monday".',
        ),
        click.option("--time", metavar="HH:MM", help="Local time of day; 07:00 by default."),
        click.option("--cron", metavar="EXPR", help='A cron expression: "30 6 * * 1-5".'),
        click.option("--once", metavar="TIME", help='Once: "2026-11-24 17:00".'),
        click.option(
            "--tz",
            metavar="ZONE",
            help="Time zone; the newsletter's by default; subscriber for each reader's own.",
        ),
        click.option("--from", "starts", metavar="DATE", help="No slot before this day."),
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


@schedule_.command("add")
@click.argument("newsletter")
@_rule_options
@at_option
@click.option(
    "--name", default="", help="It is called NEWSLETTER.NAME; NEWSLETTER.1 and so on by default."
)
@click.option("-n", "--dry-run", is_flag=True, help="Only show when it would fire.")
@json_option
def add(
    newsletter: str, name: str, dry_run: bool, at: str | None, as_json: bool, **given: Any
) -> None:
    """Let NEWSLETTER go out by itself: weekdays at seven, every second Thursday, once."""
    space = workspace(_clock(at, given), writing=not dry_run)
    target = space.newsletter(newsletter)
    rule = _rule(target, given, space.now)
    if dry_run:
        with_it = try_schedule(space, newsletter, rule)
        _shown(with_it, as_json)
        return
    made = add_schedule(space, newsletter, rule, name)
    if as_json:
        emit(made)
        return
    click.echo(f"{made.name}: {rule.words} ({rule.place})")
    _next(space, made)


def _clock(at: str | None, given: dict[str, Any]) -> str | None:
    """The clock in force. A bare `--at HH:MM` was the time of day until 0.1, and still is."""
    if at is None or not re.fullmatch(r"\d\d:\d\d", at.strip()):
        return at
    if given["time"]:
        raise UsageError(
            f"--at {at} is no clock",
            why="--time is the time of day, --at the clock in force.",
            todo=f'Give the clock with its day: --at "today {at}"',
        )
    talk(f"--at {at} is taken as the time of day, which is --time {at} now: --at is the clock.")
    given["time"] = at.strip()
    return None


def _rule(
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
        rule = dataclasses.replace(
            rule,
            on="",
            every=given["every"] or "",
            cron=given["cron"] or "",
            once=_minute(given["once"]) if given["once"] else "",
        )
    if given["tz"] is not None:
        per_reader = given["tz"] == PER_READER
        zone = newsletter.zone if per_reader else given["tz"]
        rule = dataclasses.replace(rule, zone=zone, per_reader=per_reader)
    if given["on"] is not None:
        rule = dataclasses.replace(rule, on=given["on"])
    if given["time"]:
        if rule.cron or rule.once:
            raise UsageError(f"--time goes with --every; “{rule.words}” has its own time")
        rule = dataclasses.replace(rule, at=given["time"])
    if given["starts"]:
        rule = dataclasses.replace(rule, starts=_day(given["starts"], "--from"))
    if rule.starts is None and re.match(r"[2-9]|\d\d|week$", rule.every):
        rule = dataclasses.replace(rule, starts=now.astimezone(ZoneInfo(newsletter.zone)).date())
    if given["excluded"]:
        days = tuple(given["excluded"])
        rule = dataclasses.replace(rule, excluded=() if days == ("none",) else days)
    return rule


def _minute(text: str) -> str:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo or found.second or found.microsecond:
        raise UsageError(
            f"--once {text!r} is no local minute", todo='Write it as "2026-11-24 17:00".'
        )
    return found.isoformat(timespec="minutes")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no day", todo="Write it as 2026-11-24.") from None


def _next(space: Workspace, one: Schedule) -> None:
    first = next(space.timetable.slots(one, space.now), None)
    if first:
        click.echo(f"  first: {_local(first.local)}, {first.instant:%Y-%m-%d %H:%M} UTC")
    talk(f"See all: {typed(f'schedule explain {one.name}')}")


def _local(local: datetime) -> str:
    return f"{_WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"


@schedule_.command("edit")
@click.argument("name")
@_rule_options
@at_option
@json_option
def edit(name: str, at: str | None, as_json: bool, **given: Any) -> None:
    """Change an added schedule from now on; `--except none` clears its excluded days."""
    space = workspace(_clock(at, given), writing=True)
    found = space.timetable.named(name)
    own = [one for one in found if not one.declared] or found
    if all(value in (None, ()) for value in given.values()):
        raise UsageError("change what?", todo="Give an option of those that `add` has.")
    rule = _rule(space.newsletter(own[0].newsletter), given, space.now, own[0].rule)
    made = edit_schedule(space, name, rule)
    if as_json:
        emit(made)
        return
    click.echo(f"{made.name}: {rule.words} ({rule.place})")
    _next(space, made)


@schedule_.command("remove")
@click.argument("name")
@at_option
def remove(name: str, at: str | None) -> None:
    """Take an added schedule away."""
    one = remove_schedule(workspace(at, writing=True), name)
    click.echo(f"{one.name}: removed ({one.rule.words})")


@schedule_.command("pause")
@click.argument("name")
@at_option
def pause(name: str, at: str | None) -> None:
    """Let the slots of a schedule, or of all of a newsletter, pass until it is resumed."""
    for one in pause_schedule(workspace(at, writing=True), name):
        click.echo(f"{one.name}: paused")
    talk(f"Go on: {typed(f'schedule resume {name}')}")


@schedule_.command("resume")
@click.argument("name")
@at_option
def resume(name: str, at: str | None) -> None:
    """Let a paused schedule go on, with its next slot."""
    space = workspace(at, writing=True)
    for one in resume_schedule(space, name):
        click.echo(f"{one.name}: goes on")
        _next(space, one)


@schedule_.command("rewind")
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_option
def rewind(yes: bool, at: str | None) -> None:
    """Take back what a clock that was ahead has settled; those slots come again.

    What was sent stays sent, and what a person held or cancelled beforehand stays so.
    """
    space = workspace(at, writing=True)
    ask(f"Is it {space.now:%Y-%m-%d %H:%M} UTC, and was a clock ahead of that?", yes)
    found = rewound(space)
    table((one.edition, f"was {one.state}", one.why) for one in found[:8])
    click.echo(f"{counted(len(found), 'slot')} taken back")


@schedule_.command("list")
@click.option("--days", default=14, show_default=True, help="So many days ahead.")
@click.option("--ics", "as_ics", is_flag=True, help="Print a calendar (RFC 5545).")
@at_option
@json_option
def list_(days: int, as_ics: bool, at: str | None, as_json: bool) -> None:
    """Show all coming sends as a calendar, and the schedules they come from."""
    if not 1 <= days <= 3660:
        raise UsageError("--days must be 1 to 3660")
    space = workspace(at)
    entries = coming(space, days)
    if as_ics:
        tell(space.timetable.unread())
        click.echo(calendar_file(space, entries).decode(), nl=False)
        return
    schedules = space.timetable.all()
    if as_json:
        unread = space.timetable.unread()
        emit({"schedules": schedules, "coming": entries, "unread": unread})
        return
    heading("Schedules")
    table((one.name, one.rule.words, one.rule.place, _where(one)) for one in schedules)
    day = None
    for entry in entries:
        if entry.local.date() != day:
            day = entry.local.date()
            heading(f"{_WEEKDAYS[day.weekday()]} {day}")
        table([(f"{entry.local:%H:%M}", entry.edition, entry.source, entry.note)])
    tell(space.timetable.unread())
    if not schedules:
        talk(f"Add one: {typed('schedule add NEWSLETTER --every weekday --time 07:00')}")
    elif not entries:
        click.echo(f"Nothing goes out in {counted(days, 'day')}.")
    _kept(space)


def _where(one: Schedule) -> str:
    place = "publisher.toml" if one.declared else "added"
    return f"{place}, paused" if one.paused else place


def _kept(space: Workspace) -> None:
    """Say whether anybody keeps the schedules."""
    if not keeper(space):
        talk(f"Nobody keeps them now: {typed('run')}")


@schedule_.command("log")
@click.argument("newsletter", required=False)
@click.option("--since", metavar="DATE", help="From this day on; 30 days by default.")
@at_option
@json_option
def log(newsletter: str | None, since: str | None, at: str | None, as_json: bool) -> None:
    """What became of each slot, of NEWSLETTER or of all, and why."""
    space = workspace(at)
    zone = space.publication.zone
    first = (
        moment(f"{_day(since, '--since')} 00:00", zone, space.now) if since else space.now - _MONTH
    )
    records = slot_log(space, first, newsletter or "")
    if as_json:
        emit(records)
        return
    table((one.edition, one.state, one.why) for one in records)
    if not records:
        click.echo("No slot was settled in that time.")


_MONTH = timedelta(days=30)


@schedule_.command("explain")
@click.argument("name")
@click.option("--from", "first", metavar="DATE", help="From this day on; today by default.")
@click.option("--days", default=14, show_default=True, help="So many days.")
@click.option("--year", is_flag=True, help="A year.")
@at_option
@json_option
def explain(
    name: str, first: str | None, days: int, year: bool, at: str | None, as_json: bool
) -> None:
    """Print every time at which NAME, a schedule or a newsletter, fires, and what is odd about it.

    Local time and UTC; gaps and overlaps of the clock, excluded days, other newsletters at the
    same minute.
    """
    space = workspace(at)
    zone = space.timetable.named(name)[0].rule.zone
    after = moment(f"{_day(first, '--from')} 00:00", zone, space.now) if first else space.now
    if not 1 <= days <= 3660:
        raise UsageError("--days must be 1 to 3660")
    until = after + timedelta(days=366 if year else days)
    just_before = after - timedelta(microseconds=1)
    _shown(fires_of(space, name, just_before, until), as_json)


def _shown(fires: list[Fire], as_json: bool) -> None:
    if as_json:
        emit(fires)
        return
    names = {fire.schedule for fire in fires}
    if len({fire.zone for fire in fires}) == 1:
        heading(f"{', '.join(sorted(names))} ({fires[0].zone})")
    rows = (
        (
            _local(fire.local),
            f"{fire.instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if fire.instant else "-",
            *([fire.schedule] if len(names) > 1 else []),
            "; ".join(fire.notes),
        )
        for fire in fires
    )
    table(rows)
    if not fires:
        click.echo("It does not fire in that time.")
        talk("Look further: --year, or --from DATE")
