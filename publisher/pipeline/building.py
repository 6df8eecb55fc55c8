"""plan · build · feeds build · pin · exclude."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from publisher import editions, schedule
from publisher.errors import Held, Problem, UsageError
from publisher.ledger import EditionRecord, SendRecord
from publisher.model import (
    Article,
    Edition,
    Newsletter,
    Plan,
    Related,
    Rendition,
    Slot,
    edition_id,
)
from publisher.outbox import Bundle, Links, Variants
from publisher.pipeline import witness
from publisher.pipeline.built import Built, Edited, What
from publisher.pipeline.feeding import put_feeds
from publisher.pipeline.letters import counted_prefix
from publisher.pipeline.publishing import put_pages
from publisher.pipeline.workspace import Workspace
from publisher.rendering import counted_links, findings, render
from publisher.site import edition_url

_BREAKING = timedelta(days=14)  # so long a reader remembers what was breaking news
_MOST_BREAKING = 3  # stories of one edition: eight variants


def due(space: Workspace, newsletter: Newsletter) -> Slot:
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
    newsletter = space.newsletter(name)
    slots = space.timetable.upcoming(name, space.now, 1)
    slot = slots[0] if slots else schedule.exact(newsletter.zone, space.now)
    return _planned(space, newsletter, slot, max(slot.instant, space.now))


def _planned(space: Workspace, newsletter: Newsletter, slot: Slot, now: datetime) -> Plan:
    hands = space.ledger.hands(newsletter.name)
    # Who had a story as breaking news gets an edition without it; the others get it.
    sent = space.ledger.sent(
        newsletter.name, edition_id(newsletter.name, slot), breaking=_is_breaking(newsletter)
    )
    renamed = space.archive.renamed  # ids that the ledger may not have heard of yet
    return editions.plan(
        newsletter,
        space.archive.articles,
        slot,
        now=now,
        sent={renamed.get(article, article): edition for article, edition in sent.items()},
        hand=editions.Hand(pinned=hands["pin"], excluded=frozenset(hands["exclude"])),
    )


def composed(space: Workspace, planned: Plan) -> Edition:
    """Return the planned edition with its related stories.

    A story that stands in the slot's bundle already, in the same version, keeps the related
    stories it had there: what arrived since must not change an edition.
    """
    articles = planned.articles
    step = f"Related stories: {planned.newsletter.name}"
    at = (planned.slot.instant, max(planned.slot.instant, space.now))
    shown = _shown_before(space, planned.id)
    resting = rested(space, planned.newsletter, planned.slot.instant, planned.id)

    def related(article: Article, k: int, without: Iterable[str]) -> tuple[Related, ...]:
        if k <= 0:  # who wants none needs no index, and no model
            return ()
        space.progress(step, articles.index(article), len(articles))
        keep = shown.get((article.id, article.version))
        taken = resting | dict.fromkeys(without, "it stands in this edition")
        return space.related.of(article, k, at=at, without=taken, keep=keep)

    edition = editions.edition(planned, related)
    space.progress(step, len(articles), len(articles))
    return edition


def rested(
    space: Workspace, newsletter: Newsletter, instant: datetime, but: str = ""
) -> dict[str, str]:
    """Return, by article id, why a newsletter does not show it as related: it went out lately."""
    within = (instant - space.publication.related.rest, instant)
    sent = space.ledger.sent(newsletter.name, but, within=within)
    renamed = space.archive.renamed
    return {
        renamed.get(article, article): f"its readers had it in {edition}"
        for article, edition in sent.items()
    }


def _shown_before(space: Workspace, edition: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By (article id, version): the related stories in the edition's bundle, with their reasons."""
    if edition not in space.outbox.ids() or space.outbox.faults(edition):
        return {}
    bundle = space.outbox.read(edition)
    record = space.ledger.edition(edition)
    if record is None or record.seal != bundle.seal:  # somebody else wrote in it
        return {}
    stories = bundle.manifest["stories"]
    return {(story["id"], story["version"]): story["related"] for story in stories}


def decided(space: Workspace, name: str | None = None) -> list[Plan]:
    """Return what `build` would make editions of, or skip, and write nothing."""
    everyone = (one for one in scheduled(space) if space.timetable.knows(one.name))
    wanted = [space.newsletter(name)] if name else list(everyone)
    slots = [(newsletter, due(space, newsletter)) for newsletter in wanted]
    return [
        _planned(space, newsletter, slot, space.now)
        for newsletter, slot in slots
        if not _is_before_the_first(space, slot)
    ]


def _is_before_the_first(space: Workspace, slot: Slot) -> bool:
    since = space.publication.since
    return since is not None and slot.local.date() < since


def build(space: Workspace, name: str | None = None) -> Built:
    """Build the edition that is due of one newsletter, or of all of them and every feed.

    Already sealed bundles that would be the same are not touched. Newsletters without a rule
    are built by name only.
    """
    with space.alone():
        witness.remember(space)
        built = _started(space)
        if name is not None:
            built.editions.append(_build_one(space, space.newsletter(name)))
            return built
        due = [one for one in scheduled(space) if space.timetable.knows(one.name)]
        built.problems = [*built.problems, *space.timetable.unread()]
        _all(
            *(partial(_append, space, built, newsletter) for newsletter in due),
            partial(put_feeds, space, built),
            partial(put_pages, space, built),
        )
        return built


def _append(space: Workspace, built: Built, newsletter: Newsletter) -> None:
    built.editions.append(_build_one(space, newsletter))


def _all(*work: Callable[[], object]) -> None:
    """Do all of it, whatever fails, and raise the first failure afterwards.

    What is hidden must leave feeds and pages although an edition cannot be built.
    """
    failed = []
    for one in work:
        try:
            one()
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]


def _started(space: Workspace) -> Built:
    articles = space.archive.articles
    if not articles and space.outbox.ids() and space.ledger.articles():
        raise Held(
            f"there is not one article in {space.publication.articles}, and there were some",
            why="An empty folder is more often a checkout half-way, or a disk that is not there.",
            todo="If it is meant, empty the outbox by hand: " + str(space.outbox.folder),
        )
    hidden = sum(bool(article.hidden(space.now)) for article in articles)
    return Built(articles=len(articles), hidden=hidden, problems=space.archive.problems)


def _build_one(space: Workspace, newsletter: Newsletter) -> Edited:
    slot = due(space, newsletter)
    if _is_before_the_first(space, slot):
        return Edited(id=newsletter.name, what="not due", reason=_first_slot(space, newsletter))
    known = space.ledger.schedules.slot(edition_id(newsletter.name, slot))
    if known and known.state in ("cancelled", "missed"):  # its stories are for the next one
        return Edited(id=known.edition, what="not due", reason=f"{known.state}: {known.reason}")
    return build_slot(space, newsletter, slot)


def build_slot(
    space: Workspace, newsletter: Newsletter, slot: Slot, *, again: bool = False
) -> Edited:
    """Build the edition of one slot; before it has come, as it will be then.

    One that the outbox knows as sent is left alone but `again`, for whoever sends it once more.
    Only the holder of the publication's lock may.
    """
    edition = edition_id(newsletter.name, slot)
    if send := space.ledger.sends.send(edition):
        return _sent_already(space, newsletter, slot, send)
    if witness.of(space, edition).exists() and not again:
        return Edited(id=edition, what="sent", reason=witness.FORGOTTEN)
    planned = _planned(space, newsletter, slot, max(slot.instant, space.now))
    if planned.skipped:
        return _skip(space, planned)
    return put_edition(space, planned)


def put_edition(space: Workspace, planned: Plan) -> Edited:
    """Render a planned edition and put it into the outbox."""
    bundle, rendition = bundled(space, planned)
    return Edited(
        id=bundle.id,
        what=_seal(space, planned, bundle),
        stories=len(bundle.stories),
        subject=rendition.subject.filled(),
        path=space.outbox.editions / bundle.id,
        problems=findings(rendition, bundle.id),
    )


def bundled(space: Workspace, planned: Plan) -> tuple[Bundle, Rendition]:
    """Return a planned edition as it goes into the outbox, and as most readers get it."""
    edition, links = composed(space, planned), list[str]()
    rendition = rendered(space, edition, links)
    variants = _variants(space, planned, links)
    counted = Links(prefix=counted_prefix(space.publication, edition.id), addresses=links)
    return Bundle.of(edition, rendition, variants, counted), rendition


def rendered(space: Workspace, edition: Edition, links: list[str] | None = None) -> Rendition:
    """Return an edition's rendition; links that are counted are added to `links`."""
    own = space.publication
    url = edition_url(own, edition.newsletter, edition.id) if own.web.link_in_mails else ""
    rendition = render(edition, own, space.archive.body, space.theme, page_url=url)
    if not own.web.clicks or links is None:
        return rendition
    return counted_links(rendition, counted_prefix(own, edition.id), links)


def _is_breaking(newsletter: Newsletter) -> bool:
    return newsletter.template == "breaking"


def _variants(space: Workspace, planned: Plan, links: list[str]) -> Variants | None:
    """The edition without the stories that some readers had as breaking news.

    Nothing stands in their place: it would come to these readers a second time. Of many such
    stories the first few count.
    """
    if _is_breaking(planned.newsletter):
        return None
    since = planned.slot.instant - _BREAKING
    articles = [article.id for article in planned.articles]
    found = space.ledger.sends.breaking(articles, since, max(planned.slot.instant, space.now))
    without = tuple(found[:_MOST_BREAKING])
    renditions = {}
    for number in range(1, 1 << len(without)):
        gone = {article for bit, article in enumerate(without) if number >> bit & 1}
        blocks = tuple(
            replace(block, articles=tuple(a for a in block.articles if a.id not in gone))
            for block in planned.blocks
        )
        rest = replace(planned, blocks=blocks)
        if rest.articles:
            renditions[number] = rendered(space, composed(space, rest), links)
    return Variants(without=without, renditions=renditions) if without else None


def _sent_already(space: Workspace, newsletter: Newsletter, slot: Slot, send: SendRecord) -> Edited:
    """An edition whose audience is frozen stays as it is, whatever the articles say now.

    A bundle that was damaged or lost is put back, if the same bytes can be made again.
    """
    path = space.outbox.editions / send.edition
    is_whole = send.edition in space.outbox.ids() and not space.outbox.faults(send.edition)
    if is_whole and space.outbox.read(send.edition).seal == send.seal:
        return Edited(
            id=send.edition,
            what="sent",
            path=path,
            reason="its audience is frozen: it stays as it is",
        )
    planned = _planned(space, newsletter, slot, space.now)
    if not planned.skipped:
        bundle, _ = bundled(space, planned)
        if bundle.seal == send.seal:
            space.outbox.seal(bundle)
            return Edited(
                id=send.edition,
                what="sent",
                path=path,
                reason=f"it was damaged or lost, and is back: publisher release {send.edition}",
            )
    lost = Problem(
        what="its bundle is damaged or lost, and cannot be made again as it was",
        path=send.edition,
        why="Articles, theme or settings have changed since it was sent.",
        todo=f"Put it back from a backup, or make it from git: publisher replay {send.edition} "
        f"--to {path}",
    )
    return Edited(id=send.edition, what="sent", reason="damaged", problems=[lost])


def _seal(space: Workspace, planned: Plan, bundle: Bundle) -> What:
    """Put a bundle into the outbox, recorded before and after: its stories go out once only.

    Should we die in between, the next run finds what became of it (`Workspace.alone`).
    """
    is_new = bundle.id not in space.outbox.ids()
    if not is_new and space.outbox.holds(bundle) and _is_recorded(space, planned, bundle.seal):
        return "unchanged"
    _record(space, planned, "sealing", bundle.stories, seal=bundle.seal)
    changed = space.outbox.seal(bundle)
    _record(space, planned, "built", bundle.stories, seal=bundle.seal)
    return ("made" if is_new else "replaced") if changed else "unchanged"


def _first_slot(space: Workspace, newsletter: Newsletter) -> str:
    """When a publication that has just begun sends for the first time."""
    slots = space.timetable.upcoming(newsletter.name, space.now, 1)
    return f"first {slots[0].local:%Y-%m-%d %H:%M} {slots[0].zone}" if slots else "no slot to come"


def _skip(space: Workspace, planned: Plan) -> Edited:
    """Record why a slot has no edition; a bundle built for it before is taken out of the outbox."""
    _take_out(space, planned.id)
    if not _is_recorded(space, planned, "", planned.skipped):
        _record(space, planned, "skipped", [], reason=planned.skipped)
    return Edited(
        id=planned.id, what="skipped", reason=planned.skipped, stories=len(planned.articles)
    )


def _is_recorded(space: Workspace, planned: Plan, seal: str, reason: str = "") -> bool:
    record = space.ledger.edition(planned.id)
    if record is None or record.state == "sealing":
        return False
    return (record.seal, record.reason) == (seal, reason)


def _record(
    space: Workspace,
    planned: Plan,
    state: Literal["sealing", "built", "skipped"],
    stories: Sequence[tuple[str, str]],
    *,
    seal: str = "",
    reason: str = "",
) -> None:
    record = EditionRecord(
        id=planned.id,
        newsletter=planned.newsletter.name,
        slot=planned.slot.local.isoformat(timespec="minutes"),
        instant=planned.slot.instant,
        state=state,
        reason=reason,
        seal=seal,
        recorded=space.now,
    )
    space.ledger.record(record, stories)


def build_feeds(space: Workspace) -> Built:
    """Build every feed; files that would be the same are not rewritten."""
    with space.alone():
        built = _started(space)
        put_feeds(space, built)
        return built


def build_web(space: Workspace) -> Built:
    """Build every feed and page; files that would be the same are not rewritten."""
    with space.alone():
        built = _started(space)
        _all(partial(put_feeds, space, built), partial(put_pages, space, built))
        return built


def remove(space: Workspace, name: str) -> str:
    """Take an edition out of the outbox and forget it, so that its stories are free again.

    Returns its id. Raises UsageError for one that was sent: it stays.
    """
    with space.alone():
        edition = space.outbox.find(name)
        if space.ledger.sends.send(edition):
            raise UsageError(
                f"{edition} was sent, and stays",
                todo=f"To send no more of it: publisher cancel {edition}",
            )
        withdraw(space, edition)
    return edition


def withdraw(space: Workspace, edition: str) -> None:
    """Take an edition that nobody was sent out of the outbox, and forget it."""
    _take_out(space, edition)
    space.ledger.forget(edition)


def _take_out(space: Workspace, edition: str) -> None:
    """Remove a bundle, if there is one, so that the next run knows should we die (`alone`)."""
    if edition in space.outbox.ids():
        space.ledger.unsettle(edition)
        space.outbox.remove(edition)


def set_hand(
    space: Workspace, name: str, article: str, verb: Literal["pin", "exclude"] | None
) -> Article:
    """Pin an article to a newsletter's next edition, keep it out of all, or take either back."""
    newsletter = space.newsletter(name)
    with space.alone():
        found = space.article(article)
        space.ledger.set_hand(newsletter.name, found.id, verb, space.now)
    return found
