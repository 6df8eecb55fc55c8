"""A planned edition with its related stories, its variants and links: what a bundle holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import replace

from publisher import editions
from publisher.errors import BodyError
from publisher.model import Article, Edition, Newsletter, Plan, Related, Rendition
from publisher.outbox import Bundle, FitRecord, Links, Variants
from publisher.pipeline.editions.fit import Fitted, bytes_of, fitted
from publisher.pipeline.editions.illustrate import illustrated
from publisher.pipeline.editions.plan import is_breaking
from publisher.pipeline.exclusions import excluded
from publisher.pipeline.urls import counted_prefix
from publisher.pipeline.workspace import Workspace
from publisher.rendering import counted_links
from publisher.site import edition_url

T = TypeVar("T")

_BREAKING = timedelta(days=14)  # so long a reader remembers what was breaking news


_MOST_BREAKING = 3  # stories of one edition: eight variants


def composed(space: Workspace, planned: Plan, until: datetime | None = None) -> Edition:
    """Return the planned edition with its related stories.

    A story that stands in the slot's bundle already, in the same version, keeps the related
    stories it had there: what arrived since must not change an edition. What an editor excluded
    after `until`, if given, does not count.
    """
    articles = planned.articles
    step = f"Related stories: {planned.newsletter.name}"
    at = (planned.slot.instant, max(planned.slot.instant, space.now))
    shown = _shown_before(space, planned.id)
    resting = unwanted(space, planned.newsletter, planned.slot.instant, planned.id, until)

    def related(article: Article, k: int, without: Iterable[str]) -> tuple[Related, ...]:
        if k <= 0:  # who wants none needs no index, and no model
            return ()
        space.progress(step, articles.index(article), len(articles))
        keep = shown.get((article.id, article.version))
        taken = resting | dict.fromkeys(without, "it stands in this edition")
        most = k if keep is not None else k + editions.SPARE
        return space.related.of(article, most, at=at, without=taken, keep=keep)

    edition = editions.edition(planned, related)
    space.progress(step, len(articles), len(articles))
    return edition


def unwanted(
    space: Workspace,
    newsletter: Newsletter,
    instant: datetime,
    but: str = "",
    until: datetime | None = None,
) -> dict[str, str]:
    """Return, by article id, why a newsletter does not show it as related.

    What an editor excluded is nowhere in an edition, and what went out lately is not said again.
    """
    return {
        **rested(space, newsletter, instant, but),
        **excluded(space, newsletter.name, until),
    }


def rested(
    space: Workspace, newsletter: Newsletter, instant: datetime, but: str = ""
) -> dict[str, str]:
    """Return, by article id, why a newsletter does not show it as related: it went out lately."""
    within = (instant - space.publication.related.rest, instant)
    sent = space.ledger.editions.sent(newsletter.name, but, within=within)
    renamed = space.archive.renamed
    return {
        renamed.get(article, article): f"its readers had it in {edition}"
        for article, edition in sent.items()
    }


def _shown_before(space: Workspace, edition: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By (article id, version): the related stories in the edition's bundle, with their reasons."""
    return {
        (story["id"], story["version"]): story.get("unshown", story["related"])
        for story in _manifest_before(space, edition).get("stories", ())
    }


def _asked_before(space: Workspace, edition: str) -> bool | None:
    """Whether somebody asked for it to be shortened, or not to be, when it was built before."""
    asked: bool | None = _manifest_before(space, edition).get("fit_asked")
    return asked


def _manifest_before(space: Workspace, edition: str) -> Mapping[str, Any]:
    """The manifest of the edition's bundle; empty where there is none, or it is not ours."""
    if edition not in space.outbox.ids() or space.outbox.faults(edition):
        return {}
    bundle = space.outbox.read(edition)
    record = space.ledger.editions.get(edition)
    if record is None or record.seal != bundle.seal:  # somebody else wrote in it
        return {}
    return bundle.manifest


def bundled(
    space: Workspace,
    planned: Plan,
    until: datetime | None = None,
    fit: bool | None = None,
) -> tuple[Bundle, Rendition]:
    """Return a planned edition as it goes into the outbox, and as most readers get it.

    What an editor excluded after `until`, if given, does not count. `fit` says whether it is
    shortened; None is what was asked for when it was built before, else its newsletter's.
    """
    links = list[str]()
    asked = _asked_before(space, planned.id) if fit is None else fit
    planned = _asking(planned, asked)
    made = rendered(space, composed(space, planned, until), links)
    variants = _variants(space, planned, links, until)
    counted = Links(prefix=counted_prefix(space.publication, planned.id), addresses=links)
    is_usual = asked is None or asked == space.newsletter(planned.newsletter.name).fit
    record = FitRecord(fit=made.fit, asked=None if is_usual else asked)
    return Bundle.of(made.edition, made.rendition, variants, counted, record), made.rendition


def looked_for(space: Workspace, planned: Plan, fit: bool | None = None) -> Fitted:
    """Return a planned edition as it would be built, and shown to most readers."""
    asked = _asked_before(space, planned.id) if fit is None else fit
    return rendered(space, composed(space, _asking(planned, asked)))


def _asking(planned: Plan, fit: bool | None) -> Plan:
    if fit is None:
        return planned
    return replace(planned, newsletter=replace(planned.newsletter, fit=fit))


def rendered(space: Workspace, edition: Edition, links: list[str] | None = None) -> Fitted:
    """Return an edition as it is shown, shortened where its newsletter wants that.

    Links that are counted are added to `links`.
    """
    own = space.publication
    url = edition_url(own, edition.newsletter, edition.id) if own.web.link_in_mails else ""

    def counted(rendition: Rendition, links: list[str]) -> Rendition:
        return counted_links(rendition, counted_prefix(own, edition.id), links)

    def bytes_for(rendition: Rendition) -> int:
        return bytes_of(counted(rendition, [*links]) if links is not None else rendition)

    if not own.web.clicks:
        links = None
    render = partial(illustrated, space, page_url=url)
    if edition.newsletter.fit:
        made = fitted(edition, render, bytes_for)
    else:
        made = Fitted(edition=edition, rendition=render(edition))
    return made if links is None else replace(made, rendition=counted(made.rendition, links))


def without_lost(space: Workspace, made: Callable[[], T]) -> T:
    """Return what is planned and rendered by `made`, without articles that no mail can be made of.

    Such an article is left out of every plan from now on, as it is now; a mended one is tried.
    """
    while True:
        try:
            return made()
        except BodyError as error:
            found = [one for one in space.archive.articles if one.id == error.article]
            if not found or (found[0].id, found[0].version) in space.lost:
                raise  # somebody wants it who plans nothing: there would be no end
            space.lost[found[0].id, found[0].version] = error.problem


def _variants(
    space: Workspace, planned: Plan, links: list[str], until: datetime | None
) -> Variants | None:
    """The edition without the stories that some readers had as breaking news.

    Nothing stands in their place: it would come to these readers a second time. Of many such
    stories the first few count.
    """
    if is_breaking(planned.newsletter):
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
            renditions[number] = rendered(space, composed(space, rest, until), links).rendition
    return Variants(without=without, renditions=renditions) if without else None
