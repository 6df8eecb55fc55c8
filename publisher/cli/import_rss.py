"""import rss: a feed, once, as articles."""

from __future__ import annotations

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, typed
from publisher.cli.session import workspace
from publisher.pipeline.importing_feed import FeedImport, import_feed


@click.command("rss")
@click.argument("source", metavar="FILE_OR_URL")
@click.option("--to", "folder", default="", metavar="FOLDER", help="Below the articles folder.")
@click.option("--allow-private", is_flag=True, help="Ask this machine and its neighbours as well.")
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be brought.")
@at_option
@json_option
def rss(
    source: str, folder: str, allow_private: bool, dry_run: bool, at: str | None, as_json: bool
) -> None:
    """Bring the stories of a feed once, as files that you can edit.

    FILE_OR_URL is RSS, Atom or JSON Feed. Each story keeps the id that its feed gives it: readers
    of that feed get nothing twice. A second import writes over nothing.
    """
    space = workspace(at)
    found = import_feed(
        space.root, space.publication, source, space.now,
        into=folder, private=allow_private, dry=dry_run,
    )  # fmt: skip
    if as_json:
        emit(found)
    else:
        _show(found, dry=dry_run)


def _show(found: FeedImport, *, dry: bool) -> None:
    for path in found.written:
        click.echo(path)
    for fault in found.faults:
        talk(f"The feed has a fault: {fault}")
    if found.lost:
        talk("Left out of texts:")
        table((f"{count:,}", what) for what, count in found.lost.items())
    if found.undated:
        talk(f"{counted(found.undated, 'story', 'stories')} without a date: none of them is news.")
    stories = counted(len(found.written), "story", "stories")
    there = f", {found.there:,} were there" if found.there else ""
    done = " (nothing is written: --dry-run)" if dry else ""
    talk(f"{stories} in {found.folder}{there}{done}. Next: {typed('check')}")
