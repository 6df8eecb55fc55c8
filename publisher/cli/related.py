"""related."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk
from publisher.cli.session import workspace
from publisher.model import Article, Related
from publisher.pipeline.reports.related import related, why_related
from publisher.related import Relation, said, sentence

if TYPE_CHECKING:
    from publisher.related import Why


_FALLBACK = "nothing is related, and a fallback is wanted"


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
        _explain(*why_related(space, article, other, count, newsletter), as_json)
        return
    shown = related(space, article, count, newsletter)
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
    if story.relation:
        told = said(Relation(story.relation, story.part))
        return f"{told}{', picked by hand' if story.picked else ''} · {days}"
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
        "relation": story.relation,
        "part": story.part,
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
        same = why.relation
        emit({"id": other.id, "title": other.title, "url": other.url, "place": why.place,
              "why": sentence(article, other, why), "left_out": why.left_out, "picked": why.picked,
              "fallback": why.fallback, "relation": same.kind if same else "",
              "part": same.part if same else 0, "linked": why.linked,
              **measured, "terms": terms, "tags": why.tags})  # fmt: skip
        return
    heading(f"{article.title} → {other.title}")
    if why.place:
        how = ", picked by hand" if why.picked else f", for {_FALLBACK}" if why.fallback else ""
        click.echo(f"  number {why.place}{how}")
    else:
        click.echo(f"  not shown: {why.left_out}")
    click.echo(f"  {sentence(article, other, why)}")
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
