"""Articles for which no date is found: how many, what becomes of them, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.errors import Problem
from publisher.pipeline.workspace import Workspace


def undated_problems(space: Workspace) -> Iterator[Problem]:
    """One line with the count, then the places.

    Those that count from when they were first seen, and were not built yet, are told apart: `check`
    remembers nothing.
    """
    articles = [one for one in space.archive.articles if one.undated and not one.draft]
    articles.sort(key=lambda article: article.path)
    folder = str(space.publication.articles)
    kept_back = [one for one in articles if not one.news]
    if kept_back:
        yield Problem(
            what=f"{_counted(len(kept_back))} without a date: on the site, in no edition and feed",
            why="What has no date could be of any year: it is never news.",
            todo="Write on top of each file: date: 2026-11-24. Or under [sources]: history = true, "
            'for the day of its first commit; undated = "first-seen", for that of its first sight.',
            path=folder,
            severity="warning",
        )
    known = {row[0] for row in space.ledger.articles.all()}
    if count := sum(one.news and one.id not in known for one in articles):
        yield Problem(
            what=f"{_counted(count)} without a date, and not built yet",
            why="check remembers nothing: the first build or send is when they are first seen, "
            "and so their date.",
            todo="Write their dates, or: publisher build",
            path=folder,
            severity="note",
        )
    for one in kept_back:
        yield Problem(what="no date", path=f"{folder}/{one.path}", severity="note")


def _counted(count: int) -> str:
    return f"{count} {'article' if count == 1 else 'articles'}"
