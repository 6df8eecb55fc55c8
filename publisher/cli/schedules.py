"""schedule add · list · log · explain · pause · resume · remove · edit · rewind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from publisher.cli.options import at_option, day, days, json_option, moment
from publisher.cli.output import counted, emit, fields_of, heading, table, talk, tell, typed
from publisher.cli.rules import clock_given, rule_given, rule_options
from publisher.cli.session import ask, workspace
from publisher.cli.subject_tests import as_data, show_test
from publisher.cli.verbs import Verbs
from publisher.errors import ConfigError, UsageError
from publisher.model import (
    Schedule,
)
from publisher.pipeline.choice import newsletter_or_only, only, schedule_or_only
from publisher.pipeline.reports.status import keeper
from publisher.pipeline.sends.subject_tests import all_tested
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


@click.group("schedule", cls=Verbs)
def schedule_() -> None:
    """When newsletters go out: in publisher.toml, or added here."""


@schedule_.command("add")
@click.argument("newsletter", required=False)
@rule_options
@at_option
@click.option(
    "--name", default="", help="It is called NEWSLETTER.NAME; NEWSLETTER.1 and so on by default."
)
@click.option("-n", "--dry-run", is_flag=True, help="Only show when it would fire.")
@json_option
def add(
    newsletter: str | None, name: str, dry_run: bool, at: str | None, as_json: bool, **given: Any
) -> None:
    """Let NEWSLETTER go out by itself: weekdays at seven, every second Thursday, once."""
    space = workspace(clock_given(at, given), writing=not dry_run)
    newsletter = newsletter_or_only(space, newsletter)
    target = space.newsletter(newsletter)
    rule = rule_given(target, given, space.now)
    if dry_run:
        fires, first = try_schedule(space, newsletter, rule)
        _shown(fires, as_json)
        if not fires and not as_json:
            click.echo(f"  first: {_local(first.local)}, {first.instant:%Y-%m-%d %H:%M} UTC")
        return
    made = add_schedule(space, newsletter, rule, name)
    if as_json:
        emit(made)
        return
    click.echo(f"{made.name}: {rule.words} ({rule.place})")
    _next(space, made)
    if others := [one.name for one in space.timetable.of(newsletter) if one.name != made.name]:
        talk(
            f"{newsletter} goes out by {' and '.join(others)} as well, each time an edition of its "
            f"own. To stop one of them: {typed(f'schedule pause {others[0]}')}"
        )


def _next(space: Workspace, one: Schedule) -> None:
    try:
        first = next(space.timetable.slots(one, space.now), None)
    except ConfigError as error:  # of its calendar: what was done is done
        tell([error.problem])
        return
    if first:
        click.echo(f"  first: {_local(first.local)}, {first.instant:%Y-%m-%d %H:%M} UTC")
    talk(f"See all: {typed(f'schedule explain {one.name}')}")


def _local(local: datetime) -> str:
    return f"{_WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"


@schedule_.command("edit")
@click.argument("name", required=False)
@rule_options
@at_option
@json_option
def edit(name: str | None, at: str | None, as_json: bool, **given: Any) -> None:
    """Change an added schedule from now on; `--except none` clears its excluded days."""
    space = workspace(clock_given(at, given), writing=True)
    name = schedule_or_only(space, name)
    found = space.timetable.named(name)
    own = [one for one in found if not one.declared] or found
    if all(value in (None, ()) for value in given.values()):
        raise UsageError("change what?", todo="Give an option of those that `add` has.")
    rule = rule_given(space.newsletter(own[0].newsletter), given, space.now, own[0].rule)
    made = edit_schedule(space, name, rule)
    if as_json:
        emit(made)
        return
    click.echo(f"{made.name}: {rule.words} ({rule.place})")
    _next(space, made)


@schedule_.command("remove")
@click.argument("name", required=False)
@at_option
def remove(name: str | None, at: str | None) -> None:
    """Take an added schedule away."""
    space = workspace(at, writing=True)
    added = [one.name for one in space.timetable.all() if not one.declared]
    one = remove_schedule(space, name or only("schedule", added, "none was added by command"))
    click.echo(f"{one.name}: removed ({one.rule.words})")


@schedule_.command("pause")
@click.argument("name", required=False)
@at_option
def pause(name: str | None, at: str | None) -> None:
    """Let the slots of a schedule, or of all of a newsletter, pass until it is resumed."""
    space = workspace(at, writing=True)
    name = schedule_or_only(space, name)
    for one in pause_schedule(space, name):
        click.echo(f"{one.name}: paused")
    talk(f"Go on: {typed(f'schedule resume {name}')}")


@schedule_.command("resume")
@click.argument("name", required=False)
@at_option
def resume(name: str | None, at: str | None) -> None:
    """Let a paused schedule go on, with its next slot."""
    space = workspace(at, writing=True)
    for one in resume_schedule(space, schedule_or_only(space, name)):
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
@click.option(
    "--days", "days_", default="14", show_default=True, help="So many days ahead: 14, 2w."
)
@click.option("--ics", "as_ics", is_flag=True, help="Print a calendar (RFC 5545).")
@at_option
@json_option
def list_(days_: str, as_ics: bool, at: str | None, as_json: bool) -> None:
    """Show all coming sends as a calendar, and the schedules they come from."""
    ahead = days(days_)
    space = workspace(at)
    entries = coming(space, ahead)
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
    shown = None
    for entry in entries:
        if entry.local.date() != shown:
            shown = entry.local.date()
            heading(f"{_WEEKDAYS[shown.weekday()]} {shown}")
        table([(f"{entry.local:%H:%M}", entry.edition, entry.source, entry.note)])
    tell(space.timetable.unread())
    if not schedules:
        talk(f"Add one: {typed('schedule add NEWSLETTER --every weekday --time 07:00')}")
    elif not entries:
        click.echo(f"Nothing goes out in {counted(ahead, 'day')}.")
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
    first = _midnight(since, "--since", space, zone, past=True) if since else space.now - _MONTH
    records = slot_log(space, first, newsletter or "")
    tests = {one.test.edition: one for one in all_tested(space)}
    if as_json:
        emit([
            {**fields_of(one), "reason": one.why, "test": as_data(tests[one.edition])}
            if one.edition in tests
            else one
            for one in records
        ])  # fmt: skip
        return
    table((one.edition, one.state, one.why) for one in records)
    for one in records:
        if one.edition in tests:
            show_test(tests[one.edition])
    if not records:
        click.echo("No slot was settled in that time.")


def _midnight(
    text: str, option: str, space: Workspace, zone: str, *, past: bool = False
) -> datetime:
    """When a day begins in a zone (UTC)."""
    today = space.now.astimezone(ZoneInfo(zone)).date()
    return moment(f"{day(text, today, option, past=past)} 00:00", zone, space.now)


_MONTH = timedelta(days=30)


@schedule_.command("explain")
@click.argument("name", required=False)
@click.option("--from", "first", metavar="DATE", help="From this day on; today by default.")
@click.option("--days", "days_", default="14", show_default=True, help="So many days: 14, 2w.")
@click.option("--year", is_flag=True, help="A year.")
@at_option
@json_option
def explain(
    name: str | None, first: str | None, days_: str, year: bool, at: str | None, as_json: bool
) -> None:
    """Print every time at which NAME, a schedule or a newsletter, fires, and what is odd about it.

    Local time and UTC; gaps and overlaps of the clock, excluded days, other newsletters at the
    same minute.
    """
    space = workspace(at)
    name = schedule_or_only(space, name)
    zone = space.timetable.named(name)[0].rule.zone
    after = _midnight(first, "--from", space, zone) if first else space.now
    until = after + timedelta(days=366 if year else days(days_))
    just_before = after - timedelta(microseconds=1)
    fires = fires_of(space, name, just_before, until)
    _shown(fires, as_json)
    if not fires and not as_json:
        talk("Look further: --year, or --from DATE")


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
