"""plan · preview · build · pin · exclude."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from publisher import pipeline
from publisher.cli.common import (
    at_option,
    counted,
    emit,
    ends_on_signals,
    heading,
    invocation,
    json_option,
    table,
    talk,
    tell,
    typed,
    workspace,
)
from publisher.model import Article, Plan
from publisher.pipeline import Built, Edited, Workspace

_ERRORS_SHOWN = 10  # of a build; `check` tells all


@click.command("plan")
@click.argument("newsletter")
@at_option
@json_option
def plan_(newsletter: str, at: str | None, as_json: bool) -> None:
    """What goes into NEWSLETTER's next edition, what is left out and why.

    Writes nothing.
    """
    space = workspace(at)
    planned = pipeline.plan(space, newsletter)
    if as_json:
        emit(_plan_row(planned))
        return
    heading(planned.id)
    if planned.skipped:
        click.echo(f"  would be skipped: {planned.skipped}")
    zone = ZoneInfo(planned.newsletter.zone)
    for block in planned.blocks:
        heading(f"{block.query.name} ({len(block.articles)} of at most {block.query.max})")
        table((f"{a.published.astimezone(zone):%Y-%m-%d %H:%M}", a.title) for a in block.articles)
    if planned.left_out:
        heading("left out")
        table((out.reason, out.article.title) for out in planned.left_out)
    talk(f"Next: {typed(f'preview {newsletter}')}")


def _plan_row(planned: Plan) -> dict[str, object]:
    return {
        "edition": planned.id,
        "slot": planned.slot,
        "skipped": planned.skipped,
        "sections": [
            {"name": block.query.name, "stories": [_article_row(a) for a in block.articles]}
            for block in planned.blocks
        ],
        "left_out": [
            {"reason": out.reason, **_article_row(out.article)} for out in planned.left_out
        ],
    }


def _article_row(article: Article) -> dict[str, object]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "published": article.published,
        "path": article.path,
    }


@click.command("preview")
@click.argument("name", metavar="[NEWSLETTER|EDITION]", required=False)
@click.option("--as", "reader", default="", metavar="ADDRESS", help="As this reader sees it.")
@click.option(
    "--serve/--once",
    default=None,
    help="Serve it, following every change, until Ctrl-C; or write one page and print its path. "
    "From a terminal it is served.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port; any that is free by default.",
)
@click.option(
    "--open/--no-open",
    "show",
    default=None,
    help="Open it in the browser; by default only from a terminal.",
)
@at_option
def preview_(
    name: str | None, reader: str, serve: bool | None, port: int, show: bool | None, at: str | None
) -> None:
    """Show a newsletter's next edition, and follow every change of its articles and templates.

    The first newsletter by default; an edition's id shows what lies in the outbox. The page
    shows the mail at 600 and 375 px, in light and dark, with and without pictures, its text, its
    size, and what the checks found. It is for this machine alone.
    """
    is_terminal = sys.stdout.isatty()
    show = is_terminal if show is None else show
    space = workspace(at)
    if serve or (serve is None and is_terminal):
        now = (lambda: space.now) if at else invocation().now
        _serve_preview(space, name or "", reader, port, show, now)
        return
    path, problems = pipeline.preview(space, name or "", reader)
    click.echo(path)
    tell(problems)
    if show:
        click.launch(path.absolute().as_uri())


def _serve_preview(
    space: Workspace, name: str, reader: str, port: int, show: bool, now: Callable[[], datetime]
) -> None:
    from publisher.delivery import Stop
    from publisher.web import Server, listening, preview_application

    stop = Stop()
    ends_on_signals(stop, "Ending.")

    app = preview_application(space.root, now, name, reader, stop.event.is_set)
    with listening("127.0.0.1", port, todo="Name another one: --port") as where:
        server = Server(app, where)
        address = f"http://127.0.0.1:{server.port}/"
        click.echo(address)
        sys.stdout.flush()
        talk("Shows every change as it is saved; Ctrl-C ends it.")
        if show:
            click.launch(address)
        server.run(stop.event.is_set)


@click.command("build")
@click.argument("newsletter", required=False)
@at_option
@click.option("-n", "--dry-run", is_flag=True, help="Only say which editions would be built.")
@json_option
def build_(newsletter: str | None, at: str | None, dry_run: bool, as_json: bool) -> None:
    """Build the editions that are due, all feeds and pages, or NEWSLETTER's edition alone.

    What would be the same is not touched.
    """
    if dry_run:
        _dry_run(workspace(at), newsletter, as_json)
        return
    space = workspace(at, writing=True)
    built = pipeline.build(space, newsletter)
    if as_json:
        emit(built)
        return
    errors = [problem for problem in built.problems if problem.severity == "error"]
    tell(errors[:_ERRORS_SHOWN])
    if len(errors) > _ERRORS_SHOWN:
        talk(f"… and {counted(len(errors) - _ERRORS_SHOWN, 'error')} more: {typed('check')}")
    report(space, built)


def _dry_run(space: Workspace, newsletter: str | None, as_json: bool) -> None:
    plans = pipeline.decided(space, newsletter)
    if as_json:
        emit([_plan_row(planned) for planned in plans])
        return
    table(
        (
            p.id,
            f"skipped: {p.skipped}" if p.skipped else counted(len(p.articles), "story", "stories"),
        )
        for p in plans
    )


def report(space: Workspace, built: Built) -> None:
    """Print what a build made, where it lies and what to type next."""
    outbox = _shown(space.outbox.folder)
    hidden = f", {built.hidden} of them hidden" if built.hidden else ""
    heading(f"{space.publication.title}: {counted(built.articles, 'article')}{hidden}")
    table(_edition_row(edited) for edited in built.editions)
    for edited in built.editions:
        tell(edited.problems)
    if built.feeds:
        files = len(built.written) + built.unchanged
        changes = f"{len(built.written)} written, {built.unchanged} unchanged"
        changes += f", {len(built.removed)} removed" if built.removed else ""
        click.echo(f"  {counted(built.feeds, 'feed')} in {files} files: {changes}")
    if built.pages and built.pages.count:
        changes = f"{built.pages.written} files written, {built.pages.unchanged} unchanged"
        changes += f", {built.pages.removed} removed" if built.pages.removed else ""
        click.echo(f"  {counted(built.pages.count, 'page')}: {changes}")
        tell(built.pages.problems[:_ERRORS_SHOWN])
    for name, cut in list(built.cut.items())[:3]:
        click.echo(f"  {name}: {counted(cut, 'older entry', 'older entries')} cut to size")
    made = [edited.id for edited in built.editions if edited.path]
    if not made:
        talk(f"See what the next edition will hold: {typed('preview')}")
    if built.changed and made:
        click.echo(f"Made in {outbox}/. Look at it: {typed('outbox list')}")
    elif built.changed:
        click.echo(f"Made in {outbox}/.")
    else:
        click.echo(f"Nothing changed: not one byte of {outbox}/ is other than before.")
    unsent = [edited.id for edited in built.editions if edited.path and edited.what != "sent"]
    if unsent:
        talk(f"Next: {typed(f'preview {unsent[0]}')}, then {typed(f'send {unsent[0]}')}")


def _edition_row(edited: Edited) -> tuple[str, str, str]:
    if edited.what in ("skipped", "not due", "sent"):
        return edited.id, edited.what, edited.reason
    return (
        edited.id,
        edited.what,
        f"{counted(edited.stories, 'story', 'stories')}: {edited.subject}",
    )


def _shown(path: Path) -> Path:
    """A path as short as it can be typed."""
    whole = path.resolve()
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


@click.command("pin")
@click.argument("newsletter")
@click.argument("article")
@click.option("--undo", is_flag=True, help="Take it back.")
@at_option
def pin_(newsletter: str, article: str, undo: bool, at: str | None) -> None:
    """Put ARTICLE first in its section of NEWSLETTER's next edition, however old it is."""
    space = workspace(at, writing=True)
    found = pipeline.set_hand(space, newsletter, article, None if undo else "pin")
    click.echo(f"{found.title}: {'no longer pinned' if undo else 'pinned'} in {newsletter}")
    if edition := space.ledger.sent(newsletter, but="").get(found.id):
        talk(f"It was in {edition} already, and goes out once only.")
    if undo and {"*", newsletter} & set(found.hint.pin):
        talk(f"Its front matter still pins it: {space.publication.articles}/{found.path}")
    talk(f"See it: {typed(f'plan {newsletter}')}")


@click.command("exclude")
@click.argument("newsletter")
@click.argument("article")
@click.option("--undo", is_flag=True, help="Take it back.")
@at_option
def exclude_(newsletter: str, article: str, undo: bool, at: str | None) -> None:
    """Keep ARTICLE out of NEWSLETTER."""
    space = workspace(at, writing=True)
    found = pipeline.set_hand(space, newsletter, article, None if undo else "exclude")
    click.echo(f"{found.title}: {'no longer excluded' if undo else 'excluded'} from {newsletter}")
    talk(f"See it: {typed(f'plan {newsletter}')}")
