"""breaking."""

from __future__ import annotations

import click

from publisher.cli.options import at_option, span
from publisher.cli.output import counted, talk, typed
from publisher.cli.sends import bulk_options, deliver_next, state_of
from publisher.cli.session import ask, workspace
from publisher.pipeline.editions.breaking import announced, breaking, target_of
from publisher.pipeline.sends.freeze import check_way, readers_of


@click.command("breaking")
@click.argument("article")
@click.option(
    "--newsletter",
    default="",
    help="Whose readers get it; the newsletter with the template breaking by default.",
)
@bulk_options
@at_option
def breaking_(
    article: str, newsletter: str, undo: str, dry_run: bool, yes: bool, at: str | None
) -> None:
    """Send ARTICLE (an id, slug, title or path) now, past the schedule, before all else.

    The next editions leave it out for those who got it.
    """
    space = workspace(at, writing=not dry_run)
    target = target_of(space, newsletter)
    readers = readers_of(space, target)
    title = announced(space, article, target).articles[0].title
    if dry_run:
        click.echo(f"{counted(readers, 'reader')} of {target.name} would get “{title}”")
        return
    window = span(undo, "--undo")
    check_way(space, target, breaking=True)
    ask(f"Send “{title}” to {counted(readers, 'reader')} of {target.name} now?", yes)
    record = breaking(space, article, target.name, window)
    click.echo(
        f"{record.edition}: {state_of(record, 'queued')} for {counted(record.readers, 'reader')}"
    )
    if window:
        talk(f"Until then: {typed(f'cancel {record.edition}')}")
    deliver_next(space)
