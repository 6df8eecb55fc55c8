"""A feed's plan → its files: the same entries in every format, each within the byte cap."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from publisher.feeds import partners
from publisher.feeds.categories import categories_of
from publisher.feeds.entry import Entry, Feed
from publisher.feeds.formats import FILES, FORMATS
from publisher.feeds.site import FeedFile, FeedPlan, feed_url
from publisher.feeds.stylesheet import NAME as STYLE
from publisher.model import Article, Bodies, PodcastSettings, Publication, elements, in_range


def files_of(plan: FeedPlan, bodies: Bodies) -> list[FeedFile]:
    """Render a feed in every format, with the same entries in each, all within the byte cap.

    An archived document holds what it holds: who reads it asked for everything.
    """
    feed, most = feed_of(plan, bodies), _most_bytes(plan)
    count = len(feed.entries)
    while True:
        rendered = [form.writer.render(feed, form) for form in FORMATS]
        largest, held = max(map(len, rendered)), len(feed.entries)
        if largest <= most or held <= 1:
            return list(_files(plan, feed, rendered, count - held))
        keep = min(held - 1, max(1, int(held * most / largest)))
        feed = replace(feed, entries=feed.entries[:keep])


def _files(plan: FeedPlan, feed: Feed, rendered: Sequence[bytes], cut: int) -> list[FeedFile]:
    return [
        FeedFile(path=path, data=data, entries=len(feed.entries), cut=cut, updated=feed.updated)
        for path, data in zip(plan.paths, rendered, strict=True)
    ]


def _most_bytes(plan: FeedPlan) -> float:
    if plan.archive and plan.archive.is_past:
        return float("inf")
    partner = plan.partner
    return partner.bytes if partner and partner.bytes else plan.publication.feeds.bytes


def feed_of(plan: FeedPlan, bodies: Bodies) -> Feed:
    """Return the feed that a plan makes, before any entry gives way."""
    own = plan.publication
    told = podcast_of(plan)
    return Feed(
        id=_feed_id(plan),
        title=(told.title if told else "") or plan.title,
        description=(told.description if told else "") or own.description,
        author=own.author or own.title,
        home=plan.home,
        site=own.base_url,
        hub="" if plan.is_quiet else own.feeds.hub,
        entries=tuple(_entry(plan, article, bodies, told) for article in plan.articles),
        urls={file: feed_url(own, plan.name, file) for file in FILES},
        language=_language(plan),
        since=own.since,
        logo=own.logo,
        podcast=told,
        archive=plan.archive,
        page=subscribe_url(own),
        style=feed_url(own, "", STYLE) if own.feeds.stylesheet else "",
    )


def _entry(plan: FeedPlan, article: Article, bodies: Bodies, told: PodcastSettings | None) -> Entry:
    html = elements.without_ids(bodies(article)) if _is_full(plan) else ""
    entry = Entry.of(article, html, categories_of(article, plan.publication))
    if told and not entry.is_played:  # a picture is no episode
        entry = replace(entry, enclosure=article.enclosure)
    if plan.partner:
        entry = partners.adapted(entry, article, plan.partner, plan.publication, plan.note)
    return entry


def _is_full(plan: FeedPlan) -> bool:
    settings = plan.publication.feeds
    if plan.partner and plan.partner.full is not None:
        return plan.partner.full
    return settings.full and plan.of not in settings.summaries_for


def podcast_of(plan: FeedPlan) -> PodcastSettings | None:
    """Return what players are told of a feed, None where it is no podcast."""
    if plan.partner:
        return None
    podcasts = plan.publication.feeds.podcast
    return next((one for one in podcasts if one.feed == plan.of), None)


def subscribe_url(publication: Publication) -> str:
    """Return the page that says what a feed is, "" where no pages are made."""
    return "" if publication.web.pages == "none" else f"{publication.base_url}subscribe/"


def _language(plan: FeedPlan) -> str:
    """The language whose range holds all entries, else the publication's."""
    languages = {article.language for article in plan.articles}
    shared = (one for one in sorted(languages, key=len) if all(in_range(x, one) for x in languages))
    return next(shared, plan.publication.language)


def _feed_id(plan: FeedPlan) -> str:
    """The feed's own id (RFC 4287 §4.2.6): of its name, whatever its address becomes.

    Archived documents are parts of one feed (RFC 5005 §4).
    """
    own = plan.publication
    if own.since is None:
        return feed_url(own, plan.of)
    return f"tag:{urlsplit(own.base_url).hostname},{own.since}:feed/{quote(plan.of)}"


def held_surely(plan: FeedPlan, bodies: Bodies) -> int:
    """Return how many entries a feed will hold at least, without rendering it.

    What it may not hold must be found in an archived document (RFC 5005 §4).
    """
    most, size = _most_bytes(plan), float(_HEAD)
    for place, article in enumerate(plan.articles):
        size += _ENTRY + 2 * len(article.summary.encode())
        size += _GROWTH * len(bodies(article).encode()) if _is_full(plan) else 0
        if size > most:
            return max(place, 1)
    return len(plan.articles)


_HEAD, _ENTRY = 4_000, 4_000  # bytes, of which names and addresses need less
_GROWTH = 2.5  # of a body that is all tags, in Atom
