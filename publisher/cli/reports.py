"""status · report · why · audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import click

from publisher.cli.options import at_option, json_option, moment
from publisher.cli.output import counted, emit, fields_of, heading, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.cli.subject_tests import as_data, show_test
from publisher.model import EditionId, State
from publisher.pipeline.choice import sent_or_newest
from publisher.pipeline.reports.audit import audit, extent
from publisher.pipeline.reports.report import Report, report
from publisher.pipeline.reports.status import Status, slot_shown, status
from publisher.pipeline.reports.why import history
from publisher.pipeline.reports.working import Working
from publisher.pipeline.sends.warm_up import WarmUpState, in_days

_ORDER: tuple[State, ...] = (
    "accepted", "filed", "deferred", "queued", "claimed", "sending", "bounced", "failed",
    "suppressed", "cancelled", "uncertain",
)  # fmt: skip


def by_state(counts: Mapping[State, int]) -> None:
    """Print how many deliveries are in each state."""
    table((f"{counts[state]:>9,}", state) for state in _ORDER if counts.get(state))


@click.command("report")
@click.argument("edition", required=False)
@json_option
def report_(edition: str | None, as_json: bool) -> None:
    """What became of EDITION, the newest sent by default.

    By state, by domain, by zone, with the replies of servers.
    """
    space = workspace()
    found = report(space, sent_or_newest(space, edition))
    if as_json:
        values = fields_of(found)
        test = as_data(found.test) if found.test else None
        days = {str(day): count for day, count in found.warm_up.items()}
        if found.jobs is None:
            del values["jobs"]
        emit({**values, "standing": found.standing, "test": test, "warm_up": days})
        return
    send = found.send
    heading(f"{send.edition}: {found.standing}, {counted(send.readers, 'reader')}")
    by_state(found.counts)
    if found.first and found.last:
        verb = "accepted" if found.counts.get("accepted") else "filed"
        minutes = round((found.last - found.first).total_seconds() / 60)
        until = f" to {found.last:%H:%M} UTC, {minutes:,} min" if minutes else " UTC"
        since = "from" if minutes else "at"
        click.echo(f"  {verb} {since} {found.first:%Y-%m-%d %H:%M}{until}")
    if found.jobs and (found.jobs.waiting or found.jobs.doing):
        click.echo(f"  {found.jobs.line}")
    if found.twice:
        click.echo(
            f"  {counted(found.twice, 'message')} in doubt: sent again, they may arrive twice"
        )
    if found.warm_up:
        click.echo(f"  waiting in warm-up: {in_days(found.warm_up)}")
    if found.left:
        ways = ", ".join(f"{count:,} by {how}" for how, count in found.left.items())
        click.echo(f"  left since then, until the next edition: {ways}")
    if found.test:
        show_test(found.test)
    if found.clicks or found.set_aside:
        heading("Links followed")
        table((f"{count:>9,}", url) for url, count in found.clicks)
        click.echo(f"  {found.set_aside:>9,}  set aside, for they looked like mail scanners")
    if found.domains:
        heading("Domains")
        table(_by_state(found, found.domains))
    if found.zones:
        heading("Zones")
        table(_by_state(found, found.zones))
    if found.replies:
        heading("Not accepted")
        table((f"{count:>9,}", reply[:120]) for reply, count in found.replies.items())
    if found.returned:
        heading("Came back")
        table(_came_back(found))


def _came_back(found: Report) -> list[tuple[str, ...]]:
    """A row for all that came back, and one for each domain."""
    classes = list(found.came_back)
    rows = [("", *classes), ("all", *(f"{count:,}" for count in found.came_back.values()))]
    for domain, counts in found.returned.items():
        cells = (f"{counts.get(what, 0):,}" for what in classes)
        rows.append((domain or "(erased)", *cells))
    return rows


def _by_state(found: Report, groups: Mapping[str, Mapping[State, int]]) -> list[tuple[str, ...]]:
    states = [state for state in _ORDER if found.counts.get(state)]
    rows = [("", *states)]
    for name, counts in groups.items():
        cells = (f"{counts.get(state, 0):,}" for state in states)
        rows.append((name or "(erased)", *cells))
    return rows


@click.command("why")
@click.argument("address")
@click.argument("edition", required=False)
@at_option
@json_option
def why_(address: str, edition: str | None, at: str | None, as_json: bool) -> None:
    """Why the reader at ADDRESS did or did not get EDITION, step by step.

    EDITION is the newest sent by default.
    """
    space = workspace(at)
    if edition and EditionId(address).local and not EditionId(edition).local:
        address, edition = edition, address  # as many type it
    edition = sent_or_newest(space, edition)
    lines = history(space, address, edition)
    if as_json:
        emit([{"at": when, "what": what} for when, what in lines])
        return
    heading(f"{address}, {edition}")
    table((f"{when:%Y-%m-%d %H:%M:%S}" if when else "now", what) for when, what in lines)


@click.command("audit")
@click.option(
    "--since",
    metavar="TIME",
    help='Slots and stories from then on, "7 days ago"; 30 days by default.',
)
@at_option
@json_option
def audit_(since: str | None, at: str | None, as_json: bool) -> int:
    """Check that every slot, story, edition and reader is accounted for.

    Exits with 1 if one is not, and says which.
    """
    space = workspace(at)
    first = (
        moment(since, space.publication.zone, space.now, "--since", past=True) if since else None
    )
    problems = audit(space, first)
    if as_json:
        emit(problems)
    else:
        tell(problems, err=False)
        editions, readers = extent(space)
        counts = Counter(problem.severity for problem in problems)
        found = ", ".join(counted(counts[name], name) for name in ("error", "warning", "note"))
        deliveries = counted(readers, "delivery", "deliveries")
        click.echo(f"{counted(editions, 'edition')} sent, {deliveries}: {found}.")
    return int(any(problem.severity == "error" for problem in problems))


@click.command("status")
@at_option
@json_option
def status_(at: str | None, as_json: bool) -> None:
    """Where the publication stands: articles, editions, coming sends."""
    space = workspace(at)
    found = status(space)
    if as_json:
        waiting = [(w.edition, w.why) for w in found.waiting]
        tests = [as_data(one) for one in found.tests]
        values = fields_of(found)
        if found.working is None:
            del values["working"]
        emit({**values, "waiting": waiting, "tests": tests})
        return
    heading(found.title)
    languages = ", ".join(f"{count} {language}" for language, count in found.languages.items())
    table(
        [
            ("visible", f"{found.visible} ({languages})" if languages else found.visible),
            ("hidden", f"{found.hidden} (drafts, future, embargoed, expired)"),
            ("left out", counted(found.errors, "error")),
        ]
    )
    if found.readers:
        heading("Readers")
        table((name or "suppressed", _counts(counts)) for name, counts in found.readers.items())
    if found.editions or found.cancelled:
        heading("Editions")
        table(_editions(found)[-8:])
    if found.waiting:
        heading("Waiting for you")
        table((one.edition, one.why) for one in found.waiting[-8:])
    for one in found.tests[-3:]:
        show_test(one)
    if found.no_server:
        click.secho(found.no_server, fg="yellow", bold=True)
    if found.stale:
        heading("Changed since they were built")
        table((one.edition, one.words) for one in found.stale)
    if found.coming:
        heading("Coming")
        table(
            (name, slot_shown(slot), found.ahead.get(EditionId.of(name, slot), ""))
            for name, slot in found.coming[:8]
        )
    if found.warm_up:
        click.echo(_warm_up(found.warm_up))
    if found.working:
        heading("Workers")
        _workers(found.working)
    tell(found.held_up, err=False)
    tell(found.returned, err=False)
    tell(found.unread)
    if found.keeper:
        ago = (space.now - found.keeper.looked).total_seconds()
        click.echo(f"A service keeps the schedules; it last looked {ago:.0f} s ago.")
    talk(f"Next: {typed(found.next)}")


def _workers(found: Working) -> None:
    """Print who works, how much waits in each lane, and what keeps it waiting."""
    table((one.host, one.lanes, f"{one.concurrency} at a time of each") for one in found.workers)
    table(
        (
            lane.lane,
            f"{lane.waiting:,} waiting",
            f"{lane.later:,} later",
            f"{lane.doing:,} at work",
            f"oldest {lane.oldest:,.0f} s" if lane.waiting else "",
            f"{lane.given_up:,} given up" if lane.given_up else "",
        )
        for lane in found.lanes
    )
    if found.parts:
        talk(f"pages: {found.parts.done} of {found.parts.parts} parts")
    tell(found.problems, err=False)


def _editions(found: Status) -> list[tuple[str, ...]]:
    """A row for each edition, and for each slot that was cancelled before it had one; in order."""
    rows = [
        (one.instant, one.id, found.standing[one.id], _counts(found.sending[one.id]))
        if one.id in found.sending
        else (one.instant, one.id, one.state, one.why)
        for one in found.editions
        if one.id not in {slot.edition for slot in found.cancelled}
    ]
    rows += [(one.instant, one.edition, one.state, one.why) for one in found.cancelled]
    return [row[1:] for row in sorted(rows)]


def _warm_up(stands: WarmUpState) -> str:
    """How the day's ceiling stands, and until when somebody waits."""
    gone = f"Warm-up: {stands.used:,} of {stands.ceiling:,} messages have gone today (UTC)"
    if not stands.waiting:
        return f"{gone}."
    until = f"until {stands.last:%Y-%m-%d}" if stands.last else "for more than a year"
    return f"{gone}; {stands.waiting:,} wait, the last of them {until}."


def _counts(counts: Mapping[str, int] | Mapping[State, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))
