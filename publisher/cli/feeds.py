"""feeds build · feeds check · feeds adopt · feeds diff."""

from __future__ import annotations

import click

from publisher.cli import feed_ids
from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline.editions.build import build_feeds
from publisher.pipeline.reports.verify import check_feeds


@click.group("feeds", cls=Verbs)
def feeds_() -> None:
    """Build and check the feeds."""


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
@at_option
@json_option
def check(at: str | None, as_json: bool) -> int:
    """Look at every feed file as a feed reader would; exits with 1 if there are faults."""
    found = check_feeds(workspace(at))
    if as_json:
        emit(found)
    else:
        table((name, fault) for name, faults in found.items() for fault in faults)
        bad = sum(bool(faults) for faults in found.values())
        talk(f"{counted(len(found), 'file')}, {bad} with faults.")
        if not found:
            talk(f"Build them: {typed('feeds build')}")
    return int(any(found.values()))
