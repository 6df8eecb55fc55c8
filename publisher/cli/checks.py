"""check: all that is wrong, and all that was decided for the editor."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.pipeline.reports.check import check, write_sarif


@click.command("check")
@at_option
@click.option("--list", "listing", is_flag=True, help="List every article first.")
@click.option(
    "--links",
    is_flag=True,
    help="Ask other people's servers for what the coming editions lead to, and show.",
)
@click.option(
    "--sarif",
    "sarif_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the findings as SARIF 2.1.0 as well, for code hosts and editors.",
)
@json_option
def check_(
    at: str | None, listing: bool, links: bool, sarif_file: Path | None, as_json: bool
) -> int:
    """Tell all that is wrong, and all that was decided for you.

    Articles, templates, and the next edition of each newsletter as its readers would see it; the
    rules are in docs/reference/checks.md. Exits with 1 if there are errors: articles left out.
    """
    space = workspace(at)
    problems = check(space, links=links)
    if sarif_file:
        write_sarif(sarif_file, problems)
    counts = Counter(problem.severity for problem in problems)
    if as_json:
        articles = {"articles": space.archive.articles} if listing else {}
        emit({**articles, "problems": problems})
        return int(counts["error"] > 0)
    if listing:
        table(
            (
                f"{a.published:%Y-%m-%d}" if a.news else "no date",
                a.language,
                a.section or "-",
                a.path,
                a.title,
            )
            for a in space.archive.articles
        )
    tell(problems, err=False)
    found = ", ".join(
        counted(counts[severity], severity) for severity in ("error", "warning", "note")
    )
    click.echo(f"{counted(len(space.archive.articles), 'article')}: {found}.")
    if counts["error"]:
        talk(f"Articles with an error are left out. Mend them, then: {typed('check')}")
    return int(counts["error"] > 0)
