"""adopt: a site of Hugo, Jekyll and the like becomes a publication."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from publisher import config
from publisher.adoption import READERS
from publisher.cli.invocation import invocation
from publisher.cli.options import at_option, json_option, moment
from publisher.cli.output import Progress, counted, emit, fields_of, heading, table, talk, tell
from publisher.pipeline.feed_ids import entries_of
from publisher.pipeline.from_site import Adopted, adopt_site
from publisher.related import has_packaged

_MOST_ROWS = 25
_MOST_REASONS = 15


@click.command("adopt")
@click.argument("path")
@click.option(
    "--generator",
    default="",
    metavar="NAME",
    help=f"What made the site, where that is not clear: {', '.join(READERS)}.",
)
@click.option(
    "--feed",
    default="",
    metavar="FEED",
    help="Keep the ids of the live feed, a file or an address.",
)
@click.option("--from-html", "rendered", is_flag=True, help="PATH holds the site's rendered HTML.")
@click.option("--inside", is_flag=True, help="Put publisher.toml into the site's own folder.")
@click.option("-n", "--dry-run", "trial", is_flag=True, help="Write nothing: show what is read.")
@at_option
@json_option
def adopt_(
    path: str,
    generator: str,
    feed: str,
    rendered: bool,
    inside: bool,
    trial: bool,
    at: str | None,
    as_json: bool,
) -> None:
    """Start a publication here whose articles are those of the site in PATH.

    Its configuration is read, and nothing of it is run; nothing is written into its folder.
    """
    adopt(
        Path(invocation().folder),
        path,
        generator=generator,
        feed=feed,
        rendered=rendered,
        inside=inside,
        trial=trial,
        at=at,
        as_json=as_json,
    )


def adopt(
    target: Path,
    path: str,
    *,
    generator: str = "",
    title: str = "",
    theme: str = "",
    feed: str = "",
    rendered: bool = False,
    inside: bool = False,
    trial: bool = False,
    at: str | None = None,
    as_json: bool = False,
) -> None:
    """Adopt a site and print what became of it."""
    now = invocation().now()
    found = adopt_site(
        Path(invocation().folder) / path,
        target,
        moment(at, "UTC", now) if at else now,
        Progress(),
        generator=generator,
        title=title,
        theme=theme,
        inside=inside,
        feed=entries_of(feed) if feed else (),
        rendered=rendered,
        trial=trial,
        has_model=has_packaged(),
    )
    if as_json:
        emit(_data(found))
        return
    for written in found.files:
        click.echo(written)
    if trial:
        click.echo(found.text)
    _show(found)
    tell(found.notes)
    if feed:
        _show_ids(found)
    place = f" -C {shlex.quote(str(target))}" if str(target) != "." else ""
    base = found.publication.base_url.rstrip("/")
    said = str(found.site.base_url.value).rstrip("/") if found.site.base_url else ""
    if base == said and found.site.feeds and not feed:  # where theirs could be taken
        talk(
            "If its feed is live, take over its ids before the first build, or readers see every "
            f"story again: publisher{place} feeds adopt {base}/{found.site.feeds[0].value}"
        )
    talk(f"Look through {config.FILE}, then: publisher{place} check")


def _show_ids(found: Adopted) -> None:
    heading("Its live feed")
    for one in found.unmatched:
        click.echo(f"  left over: {one.entry.title or one.entry.url or one.entry.id}: {one.why}")
    count = len(found.ids) + len(found.unmatched)
    click.echo(f"  {counted(len(found.ids), 'id')} of {counted(count, 'entry', 'entries')} kept")


def _show(found: Adopted) -> None:
    total = found.total
    where = found.publication.articles
    kind = found.site.generator or ("rendered HTML" if found.site.rendered else "texts")
    heading(f"{kind}: {counted(total.found, 'file')} in {where}")
    rows = sorted(found.rows, key=lambda row: -row.found)
    shown = sorted(rows[:_MOST_ROWS], key=lambda row: row.folder)
    head = ("", "found", "read", "hidden", "left out", "undated")
    cells = [(r.folder, r.found, r.read, r.hidden, r.left_out, r.undated) for r in shown]
    whole = (total.found, total.read, total.hidden, total.left_out, total.undated)
    if len(rows) > _MOST_ROWS:
        cells.append((f"and {len(rows) - _MOST_ROWS} more", "", "", "", "", ""))  # type: ignore[arg-type]
    table([head, *cells, ("all", *whole)])
    if found.reasons:
        heading("Left out")
        reasons = list(found.reasons.items())
        table((f"{count:>9,}", reason) for reason, count in reasons[:_MOST_REASONS])
        if more := sum(count for _, count in reasons[_MOST_REASONS:]):
            click.echo(f"  {more:>9,}  for other reasons")


def _data(found: Adopted) -> dict[str, object]:
    rows = [fields_of(row) for row in found.rows]
    return {
        "generator": found.site.generator,
        "articles": str(found.publication.articles),
        "files": [str(path) for path in found.files],
        "text": found.text,
        "folders": rows,
        "all": fields_of(found.total),
        "left_out": found.reasons,
        "ids": found.ids,
        "unmatched": found.unmatched,
        "notes": found.notes,
    }
