"""Which feeds a publication has, what each holds, and where its files lie."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from publisher.feeds.entry import Entry, Feed
from publisher.feeds.formats import ATOM, FILES, FORMATS, LIST, Format
from publisher.model import Article, Bodies, Publication, elements, in_range, names

FORMAT = 5
"""Raise it whenever the same articles would give other bytes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = ("section", "tag", "author", "language")


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPlan:
    """A feed before it is written: its articles, newest first, and a key of all it depends on.

    `name` is "" for the publication's own, else `section/world`, `tag/japan`, `author/…`.
    """

    name: str
    title: str
    articles: tuple[Article, ...]
    key: str
    publication: Publication

    @property
    def paths(self) -> list[str]:
        """Where its files lie below the feeds folder."""
        return [f"{self.name}/{file}" if self.name else file for file in FILES]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedFile:
    """One file of a feed; `path` is relative to the feeds folder; `cut` entries did not fit.

    `updated` (UTC) is when the newest of its entries changed.
    """

    path: str
    data: bytes
    entries: int
    updated: datetime
    cut: int = 0


def feed_plans(
    publication: Publication,
    articles: Sequence[Article],
    now: datetime,
    first_seen: Mapping[str, datetime] | None = None,
) -> list[FeedPlan]:
    """Return every feed in use at `now`; `articles` are newest first, hidden ones are left out,
    and what is no news for want of a date.

    `first_seen` tells by id when an article was first seen: of names that could have one
    address, the first one has it.
    """
    visible = [article for article in articles if article.news and not article.hidden(now)]
    groups: dict[str, tuple[str, list[Article]]] = {"": (publication.title, visible)}
    for kind in publication.feeds.by:
        for name, title, members in _grouped(kind, visible, first_seen or {}):
            groups[f"{kind}/{name}"] = (f"{publication.title}: {title}", members)
    most = publication.feeds.entries
    return [
        _plan(publication, name, title, members[:most]) for name, (title, members) in groups.items()
    ]


def _grouped(
    kind: str, articles: Sequence[Article], first_seen: Mapping[str, datetime]
) -> Iterator[tuple[str, str, list[Article]]]:
    """(address part, title, members) of each group; names that differ only in writing are one."""
    spoken = sorted({article.language for article in articles})
    held = [(article, name) for article in articles for name in _values(kind, article, spoken)]
    shown = {one.id: names.first_shown(one, first_seen) for one in articles}
    parts = names.names((name, shown[article.id]) for article, name in held)
    titles: dict[str, str] = {}
    members: dict[str, dict[str, Article]] = defaultdict(dict)
    for article, name in held:
        key = names.same(name)
        titles.setdefault(key, name)
        members[key][article.id] = article
    for key in sorted(titles, key=lambda one: parts[one]):
        yield parts[key], titles[key], list(members[key].values())


def _values(kind: str, article: Article, spoken: Sequence[str]) -> tuple[str, ...]:
    if kind == "tag":
        return article.tags
    if kind == "author":
        return article.authors
    if kind == "language":
        return tuple(one for one in spoken if in_range(article.language, one))
    return (article.section,) if article.section else ()


def _plan(publication: Publication, name: str, title: str, articles: Sequence[Article]) -> FeedPlan:
    own = replace(publication, newsletters=(), feeds=replace(publication.feeds, by=()))
    about = (FORMAT, name, title, own)  # more than it depends on, so that nothing is forgotten
    digest = hashlib.sha256(repr(about).encode())
    for article in articles:
        digest.update(f"{article.id} {article.version}\n".encode())
    return FeedPlan(
        name=name,
        title=title,
        articles=tuple(articles),
        key=digest.hexdigest(),
        publication=publication,
    )


def feed_url(publication: Publication, name: str, file: str = "") -> str:
    """Return the address of a feed's file."""
    place = f"{quote(name)}/" if name else ""
    return f"{publication.base_url}feeds/{place}{file}"


def files_of(plan: FeedPlan, bodies: Bodies) -> list[FeedFile]:
    """Render a feed in every format, each within the byte cap."""
    settings = plan.publication.feeds
    full = settings.full and plan.name not in settings.summaries_for
    entries = tuple(
        Entry.of(a, elements.without_ids(bodies(a)) if full else "") for a in plan.articles
    )
    feed = Feed(
        id=_feed_id(plan),
        title=plan.title,
        description=plan.publication.description,
        author=plan.publication.author or plan.publication.title,
        home=plan.publication.base_url,
        hub=settings.hub,
        entries=entries,
        urls={file: feed_url(plan.publication, plan.name, file) for file in FILES},
        language=_language(plan),
        since=plan.publication.since,
        logo=plan.publication.logo,
    )
    return [
        _capped(form, feed, path, settings.bytes)
        for form, path in zip(FORMATS, plan.paths, strict=True)
    ]


def _language(plan: FeedPlan) -> str:
    """The language whose range holds all entries, else the publication's."""
    languages = {article.language for article in plan.articles}
    shared = (one for one in sorted(languages, key=len) if all(in_range(x, one) for x in languages))
    return next(shared, plan.publication.language)


def _capped(form: Format, feed: Feed, path: str, limit: int) -> FeedFile:
    """Render; while the file is over the limit, older entries give way (never the newest)."""
    count = len(feed.entries)
    while True:
        data = form.writer.render(feed, form)
        entries = feed.entries
        if len(data) <= limit or len(entries) <= 1:
            return FeedFile(
                path=path,
                data=data,
                entries=len(entries),
                cut=count - len(entries),
                updated=feed.updated,
            )
        keep = min(len(entries) - 1, max(1, int(len(entries) * limit / len(data))))
        feed = replace(feed, entries=entries[:keep])


def _feed_id(plan: FeedPlan) -> str:
    """The feed's own id (RFC 4287 §4.2.6): of its name, whatever its address becomes."""
    own = plan.publication
    if own.since is None:
        return feed_url(own, plan.name)
    return f"tag:{urlsplit(own.base_url).hostname},{own.since}:feed/{quote(plan.name)}"


def opml_of(publication: Publication, plans: Sequence[FeedPlan]) -> FeedFile:
    """Return the list of all feeds."""
    from publisher.feeds import opml

    feeds = [(plan.title, feed_url(publication, plan.name, ATOM.file)) for plan in plans]
    data = opml.render(publication.title, publication.base_url, feeds)
    newest = max((a.updated for plan in plans for a in plan.articles), default=_EPOCH)
    return FeedFile(path=LIST, data=data, entries=len(feeds), updated=newest)
