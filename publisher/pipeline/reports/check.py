"""check · status · related · feeds check · outbox verify: what looks and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from publisher.checks import (
    Mail,
    answered,
    findings,
    known_clients,
    sarif,
    silence_of,
    to_ask,
)
from publisher.errors import Problem, PublisherError, UsageError, suggestion
from publisher.fetching import Fetcher
from publisher.outbox import put
from publisher.pipeline.editions.compose import looked_for, without_lost
from publisher.pipeline.editions.fit import Fitted
from publisher.pipeline.editions.looked_at import looked_at, opened
from publisher.pipeline.editions.plan import plan
from publisher.pipeline.freshness import stale_problems
from publisher.pipeline.pages.faults import page_problems
from publisher.pipeline.pages.logo import logo_problems
from publisher.pipeline.pages.pictures import picture_problems
from publisher.pipeline.pages.podcasts import podcast_problems
from publisher.pipeline.recognising import exports_among, unnamed_generator
from publisher.pipeline.reports.links import Politeness, asked, fetcher_of
from publisher.pipeline.reports.undated import undated_problems
from publisher.pipeline.sender import sender_problems
from publisher.pipeline.sends.transports import no_server
from publisher.pipeline.signing import signing_problems
from publisher.pipeline.urls import links_of
from publisher.pipeline.workspace import Workspace

_READERS = ("unsubscribe/", "preferences/")  # where a reader's own links lead


def check(space: Workspace, *, links: bool = False) -> list[Problem]:
    """Return all that is wrong or decided for the editor: articles, picks, editions.

    Each names its rule (docs/reference/checks.md); those that are silenced are left out. With
    `links` other people's servers are asked for what the coming editions lead to, and show.
    """
    problems = [
        *_named("archive", space.archive.problems),
        *_named("archive", exports_among(space.root, space.publication)),
        *_named("archive", unnamed_generator(space.publication)),
        *_named("name", _picks(space), _hints(space)),
        *_named("article", _hidden(space)),
        *_named("undated", undated_problems(space)),
        *_named("template", space.theme.odd_files()),
        *_named("name", _queries(space)),
        *_named("schedule", space.timetable.unread(), _endless(space)),
        *_named("pages", page_problems(space)),
        *_named("picture", picture_problems(space), logo_problems(space)),
        *_named("feed", podcast_problems(space)),
        *_named("name", _clients(space)),
    ]
    coming: list[Mail] = []
    mails: list[Problem] = []
    for newsletter in space.publication.newsletters:
        if not space.timetable.knows(newsletter.name):
            continue
        try:
            looked = without_lost(space, partial(_looked, space, newsletter.name))
        except PublisherError as error:  # the other findings are wanted all the same
            mails += _named("edition", [error.problem])
            continue
        if looked:
            coming.append(looked[0])
            mails += looked[1]
    problems += _named("article", space.lost.values())
    problems += _named("edition", stale_problems(space))
    problems += _named("sender", _server(space), _signed_by(space))
    if links:
        problems += link_problems(space, coming, fetcher_of(space.publication))
    return list(dict.fromkeys([*_wanted(space, problems), *mails]))


def _signed_by(space: Workspace) -> list[Problem]:
    """What a sender lacks, and its signatures."""
    return [*sender_problems(space.publication), *signing_problems(space)]


def link_problems(
    space: Workspace, mails: Sequence[Mail], fetcher: Fetcher, politeness: Politeness | None = None
) -> list[Problem]:
    """Return what other people's servers say to the addresses in some mails.

    Not asked for: pages of ours that `build` makes, which may not be out yet, and readers' links.
    """
    own = space.publication
    ours = [own.base_url + word for word in _READERS] if own.web.pages == "none" else [own.base_url]
    wanted = to_ask(mails, [*ours, f"{links_of(own)}/"] if own.delivery.links else ours)
    said = asked(wanted, fetcher, space.progress, politeness)
    problems = list(dict.fromkeys(one for mail in mails for one in answered(mail, said)))
    if missing := len(wanted) - len(said):
        problems.append(
            Problem(
                what=f"{missing} of {len(wanted)} addresses were not asked for",
                why="Each server is asked one question a second, and nobody waits for hours.",
                severity="note",
            )
        )
    return _named("link", problems)


def write_sarif(path: Path, problems: Sequence[Problem]) -> None:
    """Write what was found as SARIF; raise UsageError where that cannot be."""
    try:
        put(path, (json.dumps(sarif(problems), ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _named(rule: str, *several: Iterable[Problem]) -> list[Problem]:
    """The problems with the rule by which they can be silenced."""
    return [
        problem if problem.rule else replace(problem, rule=rule)
        for problems in several
        for problem in problems
    ]


def _wanted(space: Workspace, problems: Sequence[Problem]) -> list[Problem]:
    """The problems that nobody silenced, and what is wrong with the silences."""
    silence = silence_of(space.publication, opened(space, {one.path or "" for one in problems}))
    return [*silence.wanted(problems), *silence.faults()]


def _clients(space: Workspace) -> Iterator[Problem]:
    """Mail programs of `[check]` that the data do not know."""
    for name in space.publication.check.clients:
        if name not in known_clients():
            yield Problem(
                what=f"check.clients: there is no mail program {name!r}",
                why=suggestion(name, known_clients()),
                path="publisher.toml",
                severity="warning",
            )


def _looked(space: Workspace, newsletter: str) -> tuple[Mail, list[Problem]] | None:
    """A newsletter's next edition as it would look, and what is to be said of it; None without."""
    planned = plan(space, newsletter)
    if planned.skipped:
        return None
    made = looked_for(space, planned)
    edition = made.edition
    mail = looked_at(space, edition.id, edition.newsletter, made.rendition, edition.sections)
    fitted = silence_of(mail.publication, mail.files).wanted(_fitted(edition.id, made))
    return mail, [*fitted, *findings(mail)]


def _fitted(name: str, made: Fitted) -> Iterator[Problem]:
    """What will be shown shorter, so that no mail program clips the mail."""
    if made.fit:
        yield Problem(
            what=made.fit.words,
            path=name,
            why="Gmail hides what is beyond its limit; so the last of each section are shorter.",
            todo="Show fewer stories (`max`), or less of each (`show`), to choose them yourself.",
            severity="note",
            rule="fit",
        )


def _endless(space: Workspace) -> Iterator[Problem]:
    """Days off that have no end: before they were named, they were taken for one day."""
    for one in space.timetable.all():
        for text in one.rule.excluded:
            if text.endswith(".."):
                yield Problem(
                    what=f"{text!r} of {one.name} has no end, and is one day",
                    todo=f"Write its last day as well, such as {text}2027-01-01, or the day alone.",
                    severity="warning",
                )


def _picks(space: Workspace) -> Iterator[Problem]:
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        for name in space.names.unknown(article.hint.shown):
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
