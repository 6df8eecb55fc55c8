"""init · new."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from publisher import config
from publisher.cli.invocation import invocation
from publisher.cli.options import at_option, moment
from publisher.cli.output import talk
from publisher.pipeline.scaffold import init, new


@click.command("init")
@click.argument("folder", default="")
@click.option("--title", help="Its name; `My publication` by default.")
@click.option("--theme", default="", help="How mails and pages look: `publisher themes list`.")
@click.option("--from", "site", metavar="PATH", help="Of the articles of a site: as `adopt` does.")
@click.option("--from-html", "pages", metavar="PATH", help="Of a site's rendered HTML, likewise.")
@at_option
def init_(
    folder: str,
    title: str | None,
    theme: str,
    site: str | None,
    pages: str | None,
    at: str | None,
) -> None:
    """Start a publication in FOLDER (this one by default)."""
    target, now = Path(invocation().folder) / folder, invocation().now()
    source = site if site is not None else pages
    if source is not None:
        from publisher.cli.adoption import adopt

        adopt(target, source, title=title or "", theme=theme, rendered=site is None, at=at)
        return
    written = init(
        target,
        "My publication" if title is None else title,
        moment(at, "UTC", now) if at else now,
        theme,
    )
    for path in written:
        click.echo(path)
    place = f" -C {shlex.quote(str(target))}" if folder or str(target) != "." else ""
    talk(f"Edit {config.FILE}, then: publisher{place} preview")


@click.command("new")
@click.argument("title")
@click.option("--section", default="", help="Its section: a folder of the articles folder.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--language", default="", help="Its language, where not the publication's.")
@at_option
def new_(title: str, section: str, tags: tuple[str, ...], language: str, at: str | None) -> None:
    """Write the first lines of an article called TITLE, as a draft."""
    root, now = config.find(Path(invocation().folder)), invocation().now()
    publication = config.load(root)
    now = moment(at, publication.zone, now) if at else now
    path = new(root, publication, title, now, section=section, tags=tags, language=language)
    click.echo(path)
    talk("It is a draft: take `draft: true` out when it is ready.")
