"""check · status · related."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

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
from publisher.model import Article, Related, State

if TYPE_CHECKING:
    from publisher.related import Why


_FALLBACK = "nothing is related, and a fallback is wanted"


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
@click.option(
    "-k", "count", type=click.IntRange(1), default=5, show_default=True, help="At most this many."
)
@click.option("--why", "other", metavar="OTHER", help="Why OTHER stands among them, or does not.")
@click.option(
    "--newsletter", default="", metavar="NAME", help="As in NAME, whose readers had some lately."
)
@at_option
@json_option
def related_(
    article: str, count: int, other: str | None, newsletter: str, at: str | None, as_json: bool
) -> None:
    """The related stories of ARTICLE (an id, slug, title or path), with the reasons."""
    space = workspace(at)
    if other is not None:
        _explain(*pipeline.why_related(space, article, other, count, newsletter), as_json)
        return
    shown = pipeline.related(space, article, count, newsletter)
    if as_json:
        emit([_row(story) for story in shown.found])
        return
    heading(shown.article.title)
    for place, story in enumerate(shown.found, 1):
        click.echo(f"  {place}. {story.article.title}")
        click.echo(f"     {_reason(story, shown.article)}")
    if not shown.found:
        click.echo("  nothing related")
    if shown.left_out:
        heading("Left out")
        table((one.article.title, one.reason) for one in shown.left_out)
    for name in shown.unknown:
        talk(f"Left out: no article is called {name!r}.")


def _reason(story: Related, article: Article) -> str:
    days = _days(article, story.article)
    if story.picked or story.fallback:
        why = "picked by hand" if story.picked else _FALLBACK
        return f"{why} · {days}"
    parts = [f"score {story.score:.3f}", f"shares {story.text:.0%}"]
    parts += [", ".join(story.terms)] if story.terms else []
    parts += [f"tags {', '.join(story.tags)}"] if story.tags else []
    parts += [counted(story.cited, "link") + " from related ones"] if story.cited else []
    return " · ".join([*parts, f"{days} (× {story.age:.2f})"])


def _days(article: Article, other: Article) -> str:
    age = (article.published - other.published).days
    return f"{counted(abs(age), 'day')} {'earlier' if age >= 0 else 'later'}"


def _row(story: Related) -> dict[str, object]:
    return {
        "id": story.article.id,
        "title": story.article.title,
        "url": story.article.url,
        "picked": story.picked,
        "fallback": story.fallback,
        "score": story.score,
        "text": story.text,
        "age": story.age,
        "terms": story.terms,
        "tags": story.tags,
        "cited": story.cited,
    }


def _explain(article: Article, other: Article, why: Why, as_json: bool) -> None:
    """Print why an article is related to another, or is not."""
    row = why.judged
    if as_json:
        measured = {
            "score": round(row.score, 4), "text": round(row.share, 4), "whole": round(row.whole, 4),
            "age": round(row.age, 4), "tagged": round(row.tagged, 4),
            "section": round(row.placed, 4), "cited": row.citing,
        } if row else {}  # fmt: skip
        terms = [{"term": term.text, "weight": term.weight} for term in why.terms]
        emit({"id": other.id, "title": other.title, "url": other.url, "place": why.place,
              "left_out": why.left_out, "picked": why.picked, "fallback": why.fallback,
              **measured, "terms": terms, "tags": why.tags})  # fmt: skip
        return
    heading(f"{article.title} → {other.title}")
    if why.place:
        how = ", picked by hand" if why.picked else f", for {_FALLBACK}" if why.fallback else ""
        click.echo(f"  number {why.place}{how}")
    else:
        click.echo(f"  not shown: {why.left_out}")
    if row is None:
        return
    tags = f" ({', '.join(why.tags)})" if why.tags else ""
    table((
        ("alike", f"{row.whole:.4f}", "of 1, the same text"),
        ("age", f"× {row.age:.3f}", _days(article, other)),
        ("tags", f"× {row.tagged:.3f}", f"{counted(len(why.tags), 'shared tag')}{tags}"),
        ("section", f"× {row.placed:.3f}", "the same" if row.placed != 1 else ""),
        ("links", f"+ {row.cited:.0%} of weight_links",
         f"{counted(row.citing, 'link')} from related ones"),
        ("score", f"{row.score:.4f}", ""),
        ("shares", f"{row.share:.0%}", "of what weighs most in it"),
    ))  # fmt: skip
    if why.terms:
        heading("In both, by weight")
        table((term.text, f"{term.weight:.4f}") for term in why.terms)
