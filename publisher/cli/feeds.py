"""feeds build · feeds check · feeds poll · feeds import."""

from __future__ import annotations

import click

from publisher.cli.import_rss import rss
from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline.editions.build import build_feeds
from publisher.pipeline.polling import Polled, poll
from publisher.pipeline.reports.verify import check_feeds


@click.group("feeds", cls=Verbs)
def feeds_() -> None:
    """Build and check the feeds, and ask for those that are sources."""


feeds_.add_command(rss, "import")


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
        _show(found)
    return int(any(one.state in ("failed", "gone") for one in found))


def _show(found: list[Polled]) -> None:
    table((one.state, len(one.added), len(one.changed), one.folder, one.feed) for one in found)
    tell([problem for one in found for problem in one.problems])
    new, changed = (sum(len(getattr(one, key)) for one in found) for key in ("added", "changed"))
    stories = counted(new, "new story", "new stories")
    talk(f"{counted(len(found), 'feed')}: {stories}, {changed} changed.")
    if not found:
        talk("There is none in publisher.toml: [[sources.feeds]]")
