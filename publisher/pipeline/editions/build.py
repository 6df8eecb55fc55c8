"""build · feeds build: the editions that are due, all feeds and pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from publisher import garbage
from publisher.errors import Held
from publisher.model import EditionId, Newsletter
from publisher.outbox import Memory
from publisher.pipeline import commits, sent_marks
from publisher.pipeline.built import Built, Edited
from publisher.pipeline.editions.plan import due_slot, is_before_the_first, scheduled
from publisher.pipeline.editions.seal import build_slot, rehearse
from publisher.pipeline.freshness import fresh_seals
from publisher.pipeline.pages.feeds import put_feeds
from publisher.pipeline.pages.sharing import Sharing
from publisher.pipeline.pages.site import put_pages
from publisher.pipeline.standstill import Standstill
from publisher.pipeline.surveyed import surveyed
from publisher.pipeline.turns import alone, alone_on_the_web
from publisher.pipeline.workspace import Workspace


def build(
    space: Workspace,
    name: str | None = None,
    fit: bool | None = None,
    standstill: Standstill | None = None,
) -> Built:
    """Build the edition that is due of one newsletter, or of all of them and every feed.

    Already sealed bundles that would be the same are not touched. Newsletters without a rule
    are built by name only. `fit` says whether editions are shortened so that no mail program clips
    them; None is as it was asked for before, or as their newsletters want it. A `standstill` keeps
    how all stood, where all of it was built.
    """
    is_whole = name is None and fit is None
    if name is None:
        commits.begin(space)
    if name or space.publication.web.pages != "none":
        space.child.start()  # it gets ready while the articles are read
    with alone(space) as turn:
        if standstill and is_whole:
            standstill.begin()
        sent_marks.remember(turn, space)
    built = _started(space)
    with garbage.not_among_what_there_is():  # the archive above all
        if name is not None:
            built.editions.append(_build_one(space, space.newsletter(name), fit))
        else:
            _build_all(space, built, fit, standstill if is_whole else None)
    return built


def _build_all(
    space: Workspace, built: Built, fit: bool | None, standstill: Standstill | None
) -> None:
    due = [one for one in scheduled(space) if space.timetable.knows(one.name)]
    built.problems = [*built.problems, *space.timetable.unread()]
    known: list[tuple[Path, Memory | None]] = []
    _all(
        *(partial(_append, space, built, newsletter, fit) for newsletter in due),
        partial(_put_web, space, built, known),
    )
    if standstill:
        archive = space.archive
        survey = surveyed(archive.articles, archive.problems, space.now, fresh_seals(space))
        memories = ((folder, memory) for folder, memory in known if memory)
        standstill.keep(built, survey, memories)


def _append(space: Workspace, built: Built, newsletter: Newsletter, fit: bool | None) -> None:
    built.editions.append(_build_one(space, newsletter, fit))


def _put_web(
    space: Workspace,
    built: Built,
    known: list[tuple[Path, Memory | None]],
    *,
    distrust: bool = False,
    sharing: Sharing | None = None,
) -> None:
    """Put feeds and pages; what is known of their files is added to `known`, by folder."""

    def put(folder: Path, verb: Callable[..., Memory | None]) -> None:
        known.append((folder, verb(space, built, distrust=distrust, sharing=sharing)))

    with alone_on_the_web(space):
        _all(
            partial(put, space.feeds_folder, put_feeds),
            partial(put, space.pages_folder, put_pages),
        )


def _all(*work: Callable[[], object]) -> None:
    """Do all of it, whatever fails, and raise the first failure afterwards.

    What is hidden must leave feeds and pages although an edition cannot be built.
    """
    failed = []
    for one in work:
        try:
            one()
        except Exception as error:  # raised below, once the rest is done
            failed.append(error)
    if failed:
        raise failed[0]


def _started(space: Workspace) -> Built:
    articles = space.archive.articles
    if not articles and space.outbox.ids() and space.ledger.articles.any():
        raise Held(
            f"there is not one article in {space.publication.articles}, and there were some",
            why="An empty folder is more often a checkout half-way, or a disk that is not there.",
            todo="If it is meant, empty the outbox by hand: "
            + (space.outbox.store or str(space.outbox.folder)),
        )
    hidden = sum(bool(article.hidden(space.now)) for article in articles)
    problems = [*space.archive.problems, *space.theme.odd_files()]
    undated = sum(not article.news for article in articles)
    return Built(articles=len(articles), hidden=hidden, undated=undated, problems=problems)


def _build_one(space: Workspace, newsletter: Newsletter, fit: bool | None) -> Edited:
    slot = due_slot(space, newsletter)
    if is_before_the_first(space, slot):
        return Edited(id=newsletter.name, what="not due", reason=_first_slot(space, newsletter))
    known = space.ledger.slots.get(EditionId.of(newsletter.name, slot))
    if known and known.state in ("cancelled", "missed"):  # its stories are for the next one
        return Edited(id=known.edition, what="not due", reason=f"{known.state}: {known.why}")
    rehearse(space, newsletter, slot, fit)
    with alone(space) as turn:
        return build_slot(turn, space, newsletter, slot, fit=fit)


def _first_slot(space: Workspace, newsletter: Newsletter) -> str:
    """When a publication that has just begun sends for the first time."""
    slots = space.timetable.upcoming(newsletter.name, space.now, 1)
    return f"first {slots[0].local:%Y-%m-%d %H:%M} {slots[0].zone}" if slots else "no slot to come"


def build_feeds(space: Workspace) -> Built:
    """Build every feed; files that would be the same are not rewritten."""
    commits.begin(space)
    with alone_on_the_web(space):
        built = _started(space)
        put_feeds(space, built)
        return built


def build_web(space: Workspace, *, distrust: bool = False, sharing: Sharing | None = None) -> Built:
    """Build every feed and page; files that would be the same are not rewritten.

    With `distrust` the bytes of each file are looked at, whatever its size and times are.
    Raises Many where by `sharing` others are to make them: see what it asks for then.
    """
    commits.begin(space)
    built = _started(space)
    with garbage.not_among_what_there_is():
        _put_web(space, built, [], distrust=distrust, sharing=sharing)
    return built
