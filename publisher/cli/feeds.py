"""feeds build · feeds check · feeds lengths · feeds adopt · feeds diff · feeds poll."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from publisher.cli import feed_ids
from publisher.cli.invocation import invocation
from publisher.cli.options import at_option, json_option, moment
from publisher.cli.output import counted, emit, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.feeds.rules import RULES, Finding
from publisher.pipeline.editions.build import build_feeds
from publisher.pipeline.lengths import FILE as LENGTHS
from publisher.pipeline.polling import Polled, poll
from publisher.pipeline.reports.lengths import learn_lengths
from publisher.pipeline.reports.verify import check_feed_file, check_feeds


@click.group("feeds", cls=Verbs)
def feeds_() -> None:
    """Build and check the feeds, and ask for those that are sources."""


feeds_.add_command(feed_ids.adopt)
feeds_.add_command(feed_ids.diff)


@feeds_.command("build")
@at_option
@json_option
def build(at: str | None, as_json: bool) -> None:
    """Build every feed; files that would be the same are not rewritten."""
    space = workspace(at, writing=True)
    built = build_feeds(space)
    if as_json:
        emit(built)
        return
    for path in built.written:
        name = path.relative_to(space.feeds_folder).as_posix()
        cut = (
            f"  ({counted(built.cut[name], 'older entry', 'older entries')} cut to size)"
            if name in built.cut
            else ""
        )
        click.echo(f"{name}{cut}")
    talk(
        f"{counted(built.feeds, 'feed')}: {len(built.written)} files written, {built.unchanged} "
        f"unchanged, {len(built.removed)} removed. Next: {typed('feeds check')}"
    )


@feeds_.command("check")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@at_option
@json_option
def check(files: Sequence[Path], at: str | None, as_json: bool) -> int:
    """Look at every feed file as a feed reader would, and say whom a fault hurts.

    A FILE is any feed: RSS 2.0, Atom or JSON Feed, yours or anybody's. It exits with 1 if there
    are faults; what is merely unwise is a warning.
    """
    found: dict[str, list[Finding]] = {}
    if files:
        machine = invocation().now()
        now = moment(at, "UTC", machine) if at else machine
        for path in files:
            found |= check_feed_file(path, now)
    else:
        found = check_feeds(workspace(at))
    if as_json:
        emit({name: [_shown(one) for one in faults] for name, faults in found.items()})
    else:
        _tell(found)
    return int(any(one.severity == "error" for faults in found.values() for one in faults))


def _tell(found: dict[str, list[Finding]]) -> None:
    table(
        (name, "" if one.severity == "error" else one.severity, one.what, f"[{one.rule}]")
        for name, faults in found.items()
        for one in faults
    )
    seen = dict.fromkeys(one.rule for faults in found.values() for one in faults)
    if seen:
        click.echo()
    for name in seen:
        click.echo(f"{name}: {RULES[name].hurts}")
    bad = sum(bool(faults) for faults in found.values())
    talk(f"{counted(len(found), 'file')}, {bad} with faults.")
    if not found:
        talk(f"Build them: {typed('feeds build')}")


def _shown(one: Finding) -> dict[str, str]:
    return {"rule": one.rule, "severity": one.severity, "what": one.what, "hurts": one.hurts}


@feeds_.command("lengths")
@at_option
@json_option
def lengths(at: str | None, as_json: bool) -> int:
    """Ask other people's servers how large the sounds are whose length is not known.

    What they say is kept in enclosures.csv beside publisher.toml; builds read it and ask nobody.
    """
    learnt = learn_lengths(workspace(at))
    if as_json:
        emit(learnt)
    else:
        table((url, f"{length:,} bytes") for url, length in learnt.found.items())
        table(learnt.unknown.items())
        talk(
            f"{counted(len(learnt.found), 'length')} kept in {LENGTHS}, {len(learnt.unknown)} not "
            f"told. Next: {typed('feeds build')}"
        )
    return int(bool(learnt.unknown))


@feeds_.command("poll")
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@at_option
@json_option
def poll_(feeds: tuple[str, ...], at: str | None, as_json: bool) -> int:
    """Ask for the feeds that are sources, and write their new stories as articles.

    Those that are due, as `run` does; or the named ones now, by address, name or folder. What has
    not changed is not sent again. Exits with 1 if one could not be had.
    """
    space = workspace(at)
    found = poll(space.root, space.publication, space.now, names=feeds)
    if as_json:
        emit(found)
    else:
        _tell_polled(found)
    return int(any(one.state in ("failed", "gone") for one in found))


def _tell_polled(found: list[Polled]) -> None:
    table((one.state, len(one.added), len(one.changed), one.folder, one.feed) for one in found)
    tell([problem for one in found for problem in one.problems])
    new, changed = (sum(len(getattr(one, key)) for one in found) for key in ("added", "changed"))
    stories = counted(new, "new story", "new stories")
    talk(f"{counted(len(found), 'feed')}: {stories}, {changed} changed.")
    if not found:
        talk("There is none in publisher.toml: [[sources.feeds]]")
