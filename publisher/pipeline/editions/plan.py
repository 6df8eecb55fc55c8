"""plan: which slot is due, and what an edition for it would hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from publisher import editions, schedule
from publisher.model import Article, EditionId, Newsletter, Plan, Slot
from publisher.pipeline.standstill import Standstill
from publisher.pipeline.workspace import Workspace


def due_slot(space: Workspace, newsletter: Newsletter) -> Slot:
    """The newest slot that has come; without a schedule, the minute in which it is asked for."""
    found = space.timetable.latest(newsletter.name, space.now)
    return found or schedule.exact(newsletter.zone, space.now)


def scheduled(space: Workspace) -> list[Newsletter]:
    """The newsletters that have a schedule."""
    known = {one.newsletter for one in space.timetable.all()}
    return [newsletter for newsletter in space.publication.newsletters if newsletter.name in known]


def plan(space: Workspace, name: str) -> Plan:
    """Return what the newsletter's next edition would hold as things stand; write nothing.

    Articles that will be published until its slot are in it. At the minute of a slot, that slot
    is the next one.
    """
    newsletter, slot = _next(space, name)
    return plan_of(space, newsletter, slot, max(slot.instant, space.now))


def plan_of_recent(space: Workspace, name: str) -> Plan:
    """Return the same, and of what is too old for any section only how much there is.

    What may come into question is what the last build left, as long as no file is another since:
    then no article is read, and what grows with them is the look at their files.
    """
    newsletter, slot = _next(space, name)
    pins = _pins(space, newsletter)
    left = Standstill(space).coming()
    known = {*left.pinned, *(one.id for one in left.articles)} if left else set()
    articles, count, renamed = (
        (left.articles, left.count, MappingProxyType({}))
        if left and known.issuperset(pins.pinned)
        else (space.archive.articles, len(space.archive.articles), space.archive.renamed)
    )
    asked = editions.in_question(newsletter, articles, slot.instant, pins)
    planned = _planned(space, newsletter, slot, max(slot.instant, space.now), asked, pins, renamed)
    return replace(planned, older=count - len(asked))


def _next(space: Workspace, name: str) -> tuple[Newsletter, Slot]:
    """A newsletter and the slot that its next edition is for."""
    newsletter = space.newsletter(name)
    slot = next(going_out(space, name), None) or schedule.exact(newsletter.zone, space.now)
    return newsletter, slot


def going_out(space: Workspace, name: str) -> Iterator[Slot]:
    """A newsletter's next slots, without those that were cancelled."""
    for slot in space.timetable.upcoming(name, space.now, 10):
        said = space.ledger.slots.get(EditionId.of(name, slot))
        if said is None or said.state != "cancelled":
            yield slot


def plan_of(
    space: Workspace,
    newsletter: Newsletter,
    slot: Slot,
    now: datetime,
    besides: Collection[str] = (),
    *,
    whole: bool = True,
) -> Plan:
    """Return what an edition for a slot holds, as seen at an instant (UTC).

    What editions of `besides` have counts as had by none. If not `whole`, what is left out for its
    age is not told.
    """
    archive, pins = space.archive, _pins(space, newsletter)
    articles: Sequence[Article] = archive.articles
    if not whole:
        articles = editions.in_question(newsletter, articles, slot.instant, pins)
    asked = [one for one in articles if (one.id, one.version) not in space.lost]
    return _planned(space, newsletter, slot, now, asked, pins, archive.renamed, besides)


def _pins(space: Workspace, newsletter: Newsletter) -> editions.Pins:
    said = space.ledger.pins.of(newsletter.name)
    return editions.Pins(pinned=said["pin"], excluded=frozenset(said["exclude"]))


def _planned(
    space: Workspace,
    newsletter: Newsletter,
    slot: Slot,
    now: datetime,
    articles: Sequence[Article],
    pins: editions.Pins,
    renamed: Mapping[str, str],
    besides: Collection[str] = (),
) -> Plan:
    """What an edition holds of some articles; `renamed` are ids new to the ledger, by the old."""
    # Who had a story as breaking news gets an edition without it; the others get it.
    sent = space.ledger.editions.sent(
        newsletter.name,
        EditionId.of(newsletter.name, slot),
        breaking=is_breaking(newsletter),
        besides=besides,
    )
    had = {renamed.get(article, article): edition for article, edition in sent.items()}
    return editions.plan(newsletter, articles, slot, now=now, sent=had, pins=pins)


def decided(space: Workspace, name: str | None = None) -> list[Plan]:
    """Return what `build` would make editions of, or skip, and write nothing."""
    everyone = (one for one in scheduled(space) if space.timetable.knows(one.name))
    wanted = [space.newsletter(name)] if name else list(everyone)
    slots = [(newsletter, due_slot(space, newsletter)) for newsletter in wanted]
    return [
        plan_of(space, newsletter, slot, space.now)
        for newsletter, slot in slots
        if not is_before_the_first(space, slot)
    ]


def is_before_the_first(space: Workspace, slot: Slot) -> bool:
    """Whether a slot lies before the publication began."""
    since = space.publication.since
    return since is not None and slot.local.date() < since


def is_breaking(newsletter: Newsletter) -> bool:
    """Whether a newsletter is for breaking news."""
    return newsletter.template == "breaking"
