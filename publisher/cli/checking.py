"""check · status · related."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import click

from publisher import pipeline
from publisher.cli.common import (
    at_option,
    counted,
    emit,
    heading,
    json_option,
    table,
    talk,
    tell,
    typed,
    workspace,
)
from publisher.model import Related, State


@click.command("check")
@at_option
@click.option("--list", "listing", is_flag=True, help="List every article first.")
@json_option
def check_(at: str | None, listing: bool, as_json: bool) -> int:
    """Tell all that is wrong, and all that was decided for you.

    Exits with 1 if there are errors: articles left out.
    """
    space = workspace(at)
    problems = pipeline.check(space)
    counts = Counter(problem.severity for problem in problems)
    if as_json:
        articles = {"articles": space.archive.articles} if listing else {}
        emit({**articles, "problems": problems})
        return int(counts["error"] > 0)
    if listing:
        table(
            (f"{a.published:%Y-%m-%d}", a.language, a.section or "-", a.path, a.title)
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


@click.command("status")
@at_option
@json_option
def status_(at: str | None, as_json: bool) -> None:
    """Where the publication stands: articles, editions, coming sends."""
    space = workspace(at)
    status = pipeline.status(space)
    if as_json:
        emit(status)
        return
    heading(status.title)
    languages = ", ".join(f"{count} {language}" for language, count in status.languages.items())
    table(
        [
            ("visible", f"{status.visible} ({languages})" if languages else status.visible),
            ("hidden", f"{status.hidden} (drafts, future, embargoed, expired)"),
            ("left out", counted(status.errors, "error")),
        ]
    )
    if status.readers:
        heading("Readers")
        table((name or "suppressed", _counts(counts)) for name, counts in status.readers.items())
    if status.editions:
        heading("Editions")
        table(
            (
                e.id,
                *(
                    (status.standing[e.id], _counts(status.sending[e.id]))
                    if e.id in status.sending
                    else (e.state, e.reason)
                ),
            )
            for e in status.editions[-8:]
        )
    if status.waiting:
        heading("Waiting for you")
        table(status.waiting[-8:])
    if status.coming:
        heading("Coming")
        table((name, pipeline.slot_shown(slot)) for name, slot in status.coming[:8])
    tell(status.unread)
    if status.keeper:
        ago = (space.now - status.keeper.looked).total_seconds()
        click.echo(f"A service keeps the schedules; it last looked {ago:.0f} s ago.")
    talk(f"Next: {typed(status.next)}")


def _counts(counts: Mapping[str, int] | Mapping[State, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items()))


@click.command("related")
@click.argument("article")
@click.option("-k", "count", default=5, show_default=True, help="At most this many.")
@at_option
@json_option
def related_(article: str, count: int, at: str | None, as_json: bool) -> None:
    """The related stories of ARTICLE (an id, slug, title or path), with the reasons."""
    space = workspace(at)
    found, stories, unknown = pipeline.related(space, article, count)
    if as_json:
        emit([_row(story) for story in stories])
        return
    heading(found.title)
    for place, story in enumerate(stories, 1):
        click.echo(f"  {place}. {story.article.title}")
        click.echo(f"     {_reason(story, (found.published - story.article.published).days)}")
    if not stories:
        click.echo("  nothing related")
    for name in unknown:
        talk(f"Left out: no article is called {name!r}.")


def _reason(story: Related, age: int) -> str:
    days = f"{counted(abs(age), 'day')} {'earlier' if age >= 0 else 'later'}"
    if story.picked:
        return f"picked by hand · {days}"
    parts = [f"score {story.score:.2f}", f"text {story.text:.2f}"]
    parts += [f"words {', '.join(story.terms)}"] if story.terms else []
    parts += [f"tags {', '.join(story.tags)}"] if story.tags else []
    return " · ".join([*parts, f"{days} (× {story.age:.2f})"])


def _row(story: Related) -> dict[str, object]:
    return {
        "id": story.article.id,
        "title": story.article.title,
        "url": story.article.url,
        "picked": story.picked,
        "score": story.score,
        "text": story.text,
        "age": story.age,
        "terms": story.terms,
        "tags": story.tags,
    }
