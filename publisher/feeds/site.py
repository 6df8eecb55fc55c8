"""Which feeds a publication has, what each holds, and where its files lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from publisher.feeds.entry import Archived, picture_of
from publisher.feeds.formats import ATOM, FILES, LIST
from publisher.model import Article, PartnerSettings, Publication, Visible, in_range, names

FORMAT = 9
"""Raise it whenever the same articles would give other bytes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = ("section", "tag", "author", "language")


class FeedPlan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A feed before it is written: its articles, newest first, and a key of all it depends on.

    `name` is "" for the publication's own, else `section/world`, `tag/japan`, `author/…`.
    `partner` is whose feed it is, if anybody's; `note` says by language where an article first
    appeared; `archive` leads to what is kept of older ones; `page` is the page of the site that
    lists the same, "" where there is none.
    """

    name: str
    title: str
    articles: tuple[Article, ...]
    publication: Publication
    partner: PartnerSettings | None = None
    note: Mapping[str, str] = msgspec.field(default_factory=dict)
    archive: Archived | None = None
    page: str = ""

    @property
    def of(self) -> str:
        """The name of the feed that it is, or of which it is an archived document."""
        return "" if self.archive and self.archive.is_past else self.name

    @property
    def home(self) -> str:
        """The page that readers show as the feed's: where people find what it holds."""
        return self.page or self.publication.base_url

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is told its address: neither the list of feeds nor a hub."""
        return self.partner is not None and not self.partner.public

    @cached_property
    def key(self) -> str:
        """A digest of all that it depends on, and more, so that nothing is forgotten."""
        own = replace(
            self.publication, newsletters=(), feeds=replace(self.publication.feeds, by=())
        )
        about = (
            FORMAT,
            self.name,
            self.title,
            own,
            self.partner,
            self.note,
            self.archive,
            self.page,
        )
        digest = hashlib.sha256(repr(about).encode())
        for article in self.articles:
            # What no version tells of: names as they are written, lengths that were asked for, and
            # how many pixels a picture's file has.
            besides = (
                article.categories, article.enclosure, article.enclosures, picture_of(article),
            )  # fmt: skip
            told = f" {besides!r}" if any(besides) else ""
            digest.update(f"{article.id} {article.version}{told}\n".encode())
        return digest.hexdigest()

    @property
    def paths(self) -> list[str]:
        """Where its files lie below the feeds folder."""
        return [f"{self.name}/{file}" if self.name else file for file in FILES]


class FeedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a feed; `path` is relative to the feeds folder; `cut` entries did not fit.

    `updated` (UTC) is when the newest of its entries changed; `packed` is it by content coding,
    where that was done already.
    """

    path: str
    data: bytes
    entries: int
    updated: datetime
    cut: int = 0
    packed: Mapping[str, bytes] = msgspec.field(default_factory=dict)


def feed_plans(
    publication: Publication, visible: Visible, pages: Mapping[str, str] | None = None
) -> list[FeedPlan]:
    """Return every feed in use; what is no news for want of a date is left out.

    `pages` are the addresses of pages that list what a feed holds, by its name.
    """
    news, most = visible.news, publication.feeds.entries
    articles = news.articles
    groups = {"": (publication.title, tuple(articles[:most]))}
    for kind in publication.feeds.by:
        for one in sorted(_grouped(kind, news).values(), key=lambda one: one.slug):
            held = tuple([articles[at] for at in one.at[:most]])
            groups[f"{kind}/{one.slug}"] = (f"{publication.title}: {one.title}", held)
    return [
        FeedPlan(
            name=name,
            title=title,
            articles=members,
            publication=publication,
            page=(pages or {}).get(name, ""),
        )
        for name, (title, members) in groups.items()
    ]


def _grouped(kind: str, news: Visible) -> Mapping[str, names.Borne]:
    """The groups of a kind; names that differ only in writing are one."""
    if kind != "language":
        return news.borne(kind)
    tags = sorted({article.language for article in news.articles})
    spoken = {tag: tuple(one for one in tags if in_range(tag, one)) for tag in tags}
    return names.borne((spoken[article.language] for article in news.articles), news.shown)


def feed_url(publication: Publication, name: str, file: str = "") -> str:
    """Return the address of a feed's file."""
    place = f"{quote(name)}/" if name else ""
    return f"{publication.base_url}feeds/{place}{file}"


def opml_of(publication: Publication, plans: Sequence[FeedPlan]) -> FeedFile:
    """Return the list of all feeds."""
    from publisher.feeds import opml

    feeds = [(plan.title, feed_url(publication, plan.name, ATOM.file), plan.home) for plan in plans]
    data = opml.render(publication.title, feeds)
    newest = max((a.updated for plan in plans for a in plan.articles), default=_EPOCH)
    return FeedFile(path=LIST, data=data, entries=len(feeds), updated=newest)
