"""plan · preview · build · replay."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from publisher.cli.invocation import invocation
from publisher.cli.options import at_option, jobs_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk, tell, typed
from publisher.cli.session import ends_on_signals, workspace
from publisher.errors import UsageError
from publisher.model import Article, EditionId, Plan
from publisher.pipeline.built import Built, Edited
from publisher.pipeline.standstill import Standstill, Still
from publisher.pipeline.workspace import Workspace

_ERRORS_SHOWN = 10  # of a build; `check` tells all


_fit_option = click.option(
    "--fit/--no-fit",
    default=None,
    help="Shorten the ends of long sections so that Gmail does not clip the mail, or leave them; "
    "by default as `fit` in publisher.toml says. An edition that is built again keeps to it.",
)


@click.command("plan")
@click.argument("newsletter", required=False)
@click.option("--all", "whole", is_flag=True, help="List what is too old for it, too.")
@at_option
@json_option
def plan_(newsletter: str | None, whole: bool, at: str | None, as_json: bool) -> None:
    """What goes into NEWSLETTER's next edition, what is left out and why.

    Of what is too old for any of its sections it says how much there is. Writes nothing. The only
    newsletter there is need not be named.
    """
    from publisher.pipeline.choice import newsletter_or_only
    from publisher.pipeline.editions.plan import plan, plan_of_recent

    space = workspace(at)
    newsletter = newsletter_or_only(space, newsletter)
    planned = (plan if whole else plan_of_recent)(space, newsletter)
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
    if planned.left_out or planned.older:
        heading("left out")
        table((out.reason, out.article.title) for out in planned.left_out)
    if planned.older:
        click.echo(f"  {counted(planned.older, 'older article')} left out: --all says why")
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
        "older": planned.older,
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
@_fit_option
@at_option
def preview_(
    name: str | None,
    reader: str,
    serve: bool | None,
    port: int,
    show: bool | None,
    fit: bool | None,
    at: str | None,
) -> None:
    """Show a newsletter's next edition, and follow every change of files, pins and schedules.

    The first newsletter by default; an edition's id shows what lies in the outbox. The page
    shows the mail at 600 and 375 px, in light, dark and inverted, with and without pictures, its
    text, its size, and what the checks found, each with its place. Served, it also has a sheet of
    all templates, a comparison with the last edition, and the pages of the site; `?` lists its
    keys. It is for this machine alone.
    """
    is_terminal = sys.stdout.isatty()
    show = is_terminal if show is None else show
    space = workspace(at)
    if serve or (serve is None and is_terminal):
        now = (lambda: space.now) if at else invocation().now
        _serve_preview(space, name or "", reader, port, show, now, fit)
        return
    from publisher.pipeline.editions.preview import preview

    path, problems = preview(space, name or "", reader, fit=fit)
    click.echo(path)
    tell(problems)
    if show:
        click.launch(path.absolute().as_uri())


def _serve_preview(
    space: Workspace,
    name: str,
    reader: str,
    port: int,
    show: bool,
    now: Callable[[], datetime],
    fit: bool | None,
) -> None:
    from publisher.delivery import Stop
    from publisher.web import Server, listening, preview_application

    stop = Stop()
    ends_on_signals(stop, "Ending.")

    app = preview_application(space.root, now, name, reader, stop.event.is_set, fit)
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
@click.option(
    "--from-here",
    is_flag=True,
    help="With workers and git: make feeds and pages of this folder's commit from now on, "
    "though it does not come after the one that they were made of.",
)
@_fit_option
@jobs_option
@json_option
def build_(
    newsletter: str | None,
    at: str | None,
    dry_run: bool,
    from_here: bool,
    fit: bool | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Build the editions that are due, all feeds and pages, or NEWSLETTER's edition alone.

    What would be the same is not touched.
    """
    if from_here and (newsletter or dry_run):
        raise UsageError("--from-here is of a build of all: of feeds and pages")
    if dry_run:
        _dry_run(workspace(at), newsletter, as_json)
        return
    space = workspace(at, writing=True, jobs=jobs)
    if from_here:
        from publisher.pipeline.commits import begin_anew  # late: it is seldom meant

        begin_anew(space)
    standstill = Standstill(space)
    still = standstill.found() if newsletter is None and fit is None else None
    built = still.built if still else _built(space, newsletter, fit, standstill)
    if as_json:
        emit(built)
        return
    if at and (later := _dated_later(space, still)):
        talk(
            f"{counted(later, 'article')} dated after {at} {'is' if later == 1 else 'are'} left "
            "out: --at says what time it is for this command."
        )
    errors = [problem for problem in built.problems if problem.severity == "error"]
    tell(errors[:_ERRORS_SHOWN])
    if len(errors) > _ERRORS_SHOWN:
        talk(f"… and {counted(len(errors) - _ERRORS_SHOWN, 'error')} more: {typed('check')}")
    report(space, built)


def _built(
    space: Workspace, newsletter: str | None, fit: bool | None, standstill: Standstill
) -> Built:
    from publisher.pipeline.editions.build import build  # most of what there is

    return build(space, newsletter, fit, standstill)


def _dated_later(space: Workspace, still: Still | None) -> int:
    """How many articles are out by now, and were not at the time that `--at` named."""
    now = invocation().now()
    if still:
        return still.dated_later(space.now, now)
    articles = space.archive.articles
    return sum(space.now < one.published <= now and not one.hidden(now) for one in articles)


def _dry_run(space: Workspace, newsletter: str | None, as_json: bool) -> None:
    from publisher.pipeline.editions.plan import decided

    plans = decided(space, newsletter)
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
    outbox = space.outbox.store or f"{_shown(space.outbox.folder)}/"
    hidden = f", {built.hidden} of them hidden" if built.hidden else ""
    undated = f", {built.undated} without a date and so no news" if built.undated else ""
    heading(f"{space.publication.title}: {counted(built.articles, 'article')}{hidden}{undated}")
    table(_edition_row(edited) for edited in built.editions)
    for edited in built.editions:
        if edited.fit:
            click.echo(f"  {edited.id}: {edited.fit.words}")
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
    for edited in built.editions:
        if edited.what in ("skipped", "not due", "sent"):
            _say_when(space, EditionId(edited.id).newsletter)
    if not made and not built.editions:
        talk(f"See what the next edition will hold: {typed('preview')}")
    if built.changed and made:
        click.echo(f"Made in {outbox}. Look at it: {typed('outbox list')}")
    elif built.changed:
        click.echo(f"Made in {outbox}.")
    else:
        click.echo(f"Nothing changed: not one byte of {outbox} is other than before.")
    unsent = [edited.id for edited in built.editions if edited.path and edited.what != "sent"]
    if unsent:
        talk(f"Next: {typed(f'preview {unsent[0]}')}, then {typed(f'send {unsent[0]}')}")


def _say_when(space: Workspace, newsletter: str) -> None:
    """Say when a newsletter's next edition comes, where none is to be built now; what to type."""
    from publisher.pipeline.editions.at_once import outlook

    found = outlook(space, newsletter)
    if found.coming:
        slot = found.coming.slot
        stories = counted(len(found.coming.articles), "story", "stories")
        talk(
            f"The next of {newsletter} is for {slot.local:%Y-%m-%d %H:%M} {slot.zone}, so far with "
            f"{stories}. To build it now: "
            + typed(f"build {newsletter} --at {slot.instant:%Y-%m-%dT%H:%MZ}")
        )
    if found.now:
        verb = "is" if found.now == 1 else "are"
        talk(
            f"{counted(found.now, 'story', 'stories')} {verb} due at this minute. To send "
            f"{'it' if found.now == 1 else 'them'} now: {typed(f'send {newsletter} --now')}"
        )


def _edition_row(edited: Edited) -> tuple[str, str, str]:
    if edited.what in ("skipped", "not due", "sent"):
        return edited.id, edited.what, edited.why
    return (
        edited.id,
        edited.what,
        f"{counted(edited.stories, 'story', 'stories')}: {edited.subject}",
    )


def _shown(path: Path) -> Path:
    """A path as short as it can be typed."""
    whole = path.resolve()
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


@click.command("replay")
@click.argument("edition", required=False)
@click.option("--commit", default="", metavar="REV", help="Only from this commit of git.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the edition's files into this folder, which must not be there.",
)
@json_option
def replay_(edition: str | None, commit: str, to: Path | None, as_json: bool) -> int:
    """Make a past EDITION again, and compare it byte for byte with what was sealed.

    From the folder as it is or, under git, as it was then. Exits with 1 if it is not the same.
    """
    if to and to.exists():
        raise UsageError(f"{to} is there already", todo="Name another folder.")
    space = workspace()
    from publisher.outbox import put
    from publisher.pipeline.choice import built_or_newest
    from publisher.pipeline.editions.replay import replay

    found = replay(space, built_or_newest(space, edition), commit)
    if to and found.bundle:
        for name, data in found.bundle.files.items():
            put(to / name, data)
    if as_json:
        emit({"edition": found.edition, "same": found.is_same, "source": found.source,
              "seal": found.seal, "differences": found.differences,
              "failed": dict(found.failed)})  # fmt: skip
        return int(not found.is_same)
    for source, reason in found.failed:
        talk(f"From {_source(source)}: {reason}")
    if found.is_same:
        click.echo(f"{found.edition}: the same, byte for byte, from {_source(found.source)}")
        return 0
    nearest = f"; nearest is {_source(found.source)}" if found.bundle else ""
    click.echo(f"{found.edition}: cannot be made again as it was{nearest}")
    table((one,) for one in found.differences)
    where = counted(found.tried - 1, "commit") if found.tried > 1 else "no commit: there is no git"
    talk("Articles, templates, settings, pins or publisher itself have changed since.")
    if not commit:
        talk(f"Tried: the folder as it is, and {where}.")
    if found.tried > 1:
        talk(f"Another commit: {typed('replay')} {found.edition} --commit REV")
    return 1


def _source(source: str) -> str:
    return source if " " in source else f"commit {source[:12]}"
