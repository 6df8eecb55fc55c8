"""check · status · related · feeds check · outbox verify: what looks and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from publisher.errors import Problem, PublisherError, suggestion
from publisher.pipeline.editions.compose import composed, rendered, without_lost
from publisher.pipeline.editions.plan import plan
from publisher.pipeline.freshness import stale_problems
from publisher.pipeline.pages.faults import page_problems
from publisher.pipeline.pages.logo import logo_problems
from publisher.pipeline.pages.pictures import picture_problems
from publisher.pipeline.sender import sender_problems
from publisher.pipeline.sends.transports import no_server
from publisher.pipeline.workspace import Workspace
from publisher.rendering import findings


def check(space: Workspace) -> list[Problem]:
    """Return all that is wrong or decided for the editor: articles, picks, editions."""
    problems = [*space.archive.problems, *_picks(space), *_hints(space), *_hidden(space)]
    problems += _unseen(space)
    problems += [
        *space.theme.odd_files(),
        *_queries(space),
        *space.timetable.unread(),
        *page_problems(space),
    ]
    problems += [*picture_problems(space), *logo_problems(space)]
    for newsletter in space.publication.newsletters:
        if not space.timetable.knows(newsletter.name):
            continue
        try:
            problems += without_lost(space, partial(_findings, space, newsletter.name))
        except PublisherError as error:  # the other findings are wanted all the same
            problems.append(error.problem)
    problems += [*space.lost.values(), *stale_problems(space), *_server(space)]
    return [*problems, *sender_problems(space.publication)]


def _findings(space: Workspace, newsletter: str) -> list[Problem]:
    """What is to be said about a newsletter's next edition, as it would look."""
    planned = plan(space, newsletter)
    if planned.skipped:
        return []
    edition = composed(space, planned)
    return findings(rendered(space, edition), edition.id)


def _picks(space: Workspace) -> Iterator[Problem]:
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        for name in space.names.unknown(article.hint.related):
            yield Problem(
                what=f"no article is called {name!r}",
                why="It is named as a related story, and left out: it would be a dead link.",
                todo="Write its id, slug or title as it stands in the archive.",
                path=f"{space.publication.articles}/{article.path}",
                severity="warning",
            )


def _hints(space: Workspace) -> Iterator[Problem]:
    known = {newsletter.name for newsletter in space.publication.newsletters} | {"*"}
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        for name in (*article.hint.pin, *article.hint.exclude):
            if name not in known:
                yield Problem(
                    what=f"there is no newsletter {name!r}",
                    why=suggestion(name, known - {"*"}),
                    path=f"{space.publication.articles}/{article.path}",
                    severity="warning",
                )


def _queries(space: Workspace) -> Iterator[Problem]:
    """Names in sections of newsletters that no article has."""
    articles = space.archive.articles
    had = {
        "sections": {article.section for article in articles},
        "tags": {tag for article in articles for tag in article.tags},
        "authors": {author for article in articles for author in article.authors},
    }
    for newsletter in space.publication.newsletters:
        for query in newsletter.sections:
            for key, names in had.items():
                for name in sorted(set(getattr(query, key)) - names):
                    yield Problem(
                        what=f"newsletters.{newsletter.name}: no article is of {key} {name!r}",
                        why=suggestion(name, names),
                        path="publisher.toml",
                        severity="warning",
                    )


def _unseen(space: Workspace) -> Iterator[Problem]:
    """That `check` remembers nothing: an article without a date has none until it is built."""
    known = {row[0] for row in space.ledger.articles.all()}
    count = sum(one.undated and one.id not in known for one in space.archive.articles)
    if count:
        articles = "article" if count == 1 else "articles"
        yield Problem(
            what=f"{count} {articles} without a date, and not built yet",
            why="check remembers nothing: the first build or send is when they are first seen, "
            "and so their date.",
            todo="Write their dates, or: publisher build",
            path=str(space.publication.articles),
            severity="note",
        )


def _hidden(space: Workspace) -> Iterator[Problem]:
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        if reason := article.hidden(space.now):
            yield Problem(
                what=f"hidden: {reason}",
                path=f"{space.publication.articles}/{article.path}",
                severity="note",
            )


def _server(space: Workspace) -> Iterator[Problem]:
    """That mails become files: said where there are readers who wait for some."""
    if (said := no_server(space)) and space.ledger.counts.active():
        yield Problem(
            what=said,
            why="What is written there counts as filed, not as sent; nobody gets it.",
            todo="Name a server, then: publisher send EDITION --resend-filed",
            path="publisher.toml",
            severity="warning",
        )
