"""import wordpress · ghost · substack · medium · blogger."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

import click

from publisher import __version__
from publisher.cli.import_rss import rss
from publisher.cli.options import json_option
from publisher.cli.output import counted, emit, fields_of, heading, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.errors import UsageError
from publisher.exports import SYSTEMS, System
from publisher.pipeline.illustrating import illustrator_of
from publisher.pipeline.importing import Report, Wish, import_export
from publisher.pipeline.recognising import system_of

_SHOWN = 20  # problems; --json has all


class _Imports(Verbs):
    """The verbs of `import`; a file alone is one of readers, as it was before there were others."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        given = args[0] if args else ""
        if not given or given in self.commands or given[0] == "-" or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        path = Path(given)
        is_folder = path.is_dir()
        if (is_folder or "." in given) and (found := system_of(path)):
            raise click.UsageError(
                f"{given} is an export of {SYSTEMS[found].title}. Bring its articles: "
                f"{typed(f'import {found} {shlex.quote(given)}')}"
            )
        if is_folder:
            raise click.UsageError(_of_no_system(given))
        if "." in given:
            from publisher.cli.readers import subscribers_

            talk("publisher: import is subscribers import")
            ctx.info_name = subscribers_.name  # what its usage is a line of
            return "import", subscribers_.commands["import"], args
        return super().resolve_command(ctx, args)


def _of_no_system(folder: str) -> str:
    """What is said of a folder that is given without saying whose export it is."""
    quoted = shlex.quote(folder)
    return (
        f"{folder} is a folder, and no export that is known by its files. "
        f"Say whose it is ({', '.join(SYSTEMS)}): "
        f"{typed(f'import wordpress {quoted}')}\n"
        f"A site's own folder: {typed(f'adopt {quoted}')}"
    )


@click.group("import", cls=_Imports)
def import_() -> None:
    """Bring articles from another system, as files that you can edit.

    Each becomes a file of HTML with front matter, with the id that the live feed gives it: readers
    of that feed get nothing twice. A second import of the same export changes nothing.
    """


_HELP = {
    "wordpress": """Bring articles from an export of WordPress (Tools → Export).

    FILE is one .xml file or several, an archive of them, or a folder; pictures of uploads/ in it
    are copied. Shortcodes and blocks of WordPress become HTML, those of plugins are counted.
    """,
    "ghost": """Bring articles from an export of Ghost (Settings → Import/Export).

    FILE is the .json file, or the archive or folder with content/images beside it. Posts for
    members are brought, and stay hidden.
    """,
    "substack": """Bring articles from an export of Substack (Settings → Exports).

    FILE is the archive, or its folder with posts.csv and posts/. Substack does not say in it where
    it was: --site does.
    """,
    "medium": """Bring articles from an export of Medium (Settings → Download your information).

    FILE is the archive, or its folder with posts/. Medium keeps its addresses, so articles have
    new ones here, and the old one under `aliases`.
    """,
    "blogger": """Bring articles from an export of Blogger (its settings' backup, or Takeout).

    FILE is the .xml file, the feed.atom of Takeout, or the archive.
    """,
}


def _add(system: System) -> None:
    """Add the verb of a system."""

    @import_.command(system.name, help=_HELP[system.name])
    @click.argument(
        "paths",
        metavar="FILE...",
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path),
    )
    @click.option("--to", "folder", default="", metavar="FOLDER", help="Below the articles folder.")
    @click.option(
        "--site",
        default="",
        metavar="URL",
        help="Where the old site is or was; base_url of publisher.toml by default.",
    )
    @click.option(
        "--type",
        "kinds",
        multiple=True,
        default=("post",),
        show_default=True,
        metavar="KIND",
        help="What is brought: post, page, or a kind of the site's own. May be given again.",
    )
    @click.option("--pictures", is_flag=True, help="Fetch pictures that are not in the export.")
    @click.option(
        "--allow-private",
        is_flag=True,
        help="With --pictures: ask this machine and its neighbours as well.",
    )
    @click.option("--replace", is_flag=True, help="Write over articles that were edited here.")
    @click.option("-n", "--dry-run", is_flag=True, help="Only say what would be brought.")
    @json_option
    def _command(
        paths: tuple[Path, ...],
        folder: str,
        site: str,
        kinds: tuple[str, ...],
        pictures: bool,
        allow_private: bool,
        replace: bool,
        dry_run: bool,
        as_json: bool,
    ) -> int:
        if missing := next((path for path in paths if not path.exists()), None):
            raise UsageError(f"there is no file {missing}")
        space = workspace()
        agent = f"publisher/{__version__} (+{space.publication.base_url})"
        fetching = illustrator_of(agent, private=allow_private) if pictures else None
        wish = Wish(folder=folder, site=site, kinds=kinds, replace=replace, dry=dry_run)
        report = import_export(space, system, paths, wish, fetching)
        _show(report, system, wish, as_json=as_json, has_site=bool(site))
        return int(any(one.severity == "error" for one in report.problems))


for _system in SYSTEMS.values():
    _add(_system)


def _show(report: Report, system: System, wish: Wish, *, as_json: bool, has_site: bool) -> None:
    if as_json:
        emit({"found": report.found, "dry_run": wish.dry, **fields_of(report)})
        return
    tell(report.problems[:_SHOWN])
    if len(report.problems) > _SHOWN:
        talk(f"… and {len(report.problems) - _SHOWN:,} more: --json lists all")
    done = " (nothing is written: --dry-run)" if wish.dry else ""
    heading(f"{system.title}: {counted(report.found, 'article')} found{done}")
    table(_rows(report))
    _part("Left out:", report.left_out)
    _part("Not taken over from texts:", report.lost)
    _part("Pictures:", report.pictures)
    _part("Decided for you:", report.notes)
    _next(report, system, wish, has_site=has_site)


def _rows(report: Report) -> list[tuple[str, str]]:
    rows = [(f"{number:,}", what) for what, number in report.counts.most_common()]
    rows += [(f"{report.drafts:,}", "of them are drafts")] if report.drafts else []
    hidden = "of them are for members, or private: nobody sees them here"
    rows += [(f"{report.hidden:,}", hidden)] if report.hidden else []
    return rows or [("0", "articles")]


def _part(title: str, counts: Counter[str]) -> None:
    if counts:
        click.echo(title)
        table([(f"{number:,}", what) for what, number in counts.most_common(30)])


def _next(report: Report, system: System, wish: Wish, *, has_site: bool) -> None:
    if kinds := sorted(set(report.left_out) & {"page", "podcast", "thread"}):
        talk(f"Take them as well: --type post --type {kinds[0]}")
    if report.counts["edited here since, and left so"]:
        talk("To write over what was edited here: --replace")
    if report.example:
        talk(f"Ids are such as {report.example}: they must be those of the live feed.")
    if system.needs_site and not has_site and report.found:
        talk("The export does not say where the site was: base_url is taken for it. Else: --site")
    if report.found and not wish.dry:
        talk(f"Next: {typed('check')}")
    for path in report.readers[:3]:
        talk(f"Readers are in {path}: {typed('subscribers import FILE.csv')}")


import_.add_command(rss)
