"""The one model that all formats are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from publisher.model import Article, Enclosure


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One article as feed readers see it.

    `html` is the body with absolute addresses, or "" where the feed holds summaries. Nothing in
    it changes unless the article does: no related block, no tracking.
    """

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str
    html: str
    language: str
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    enclosure: Enclosure | None = None
    image: str = ""

    @classmethod
    def of(cls, article: Article, html: str) -> Entry:
        """Return an article's entry; its picture is the enclosure where it has no other."""
        image = article.image
        picture = Enclosure(url=image.url, type=image.type, length=image.length) if image else None
        return cls(
            id=article.id, title=article.title, url=article.url, published=article.published,
            updated=article.updated, summary=article.summary, html=html,
            language=article.language, authors=article.authors, tags=article.tags,
            enclosure=article.enclosure or picture, image=image.url if image else "",
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A feed: newest entries first. `urls` gives its own address in each format by file name."""

    id: str
    title: str
    description: str
    author: str
    home: str
    urls: dict[str, str]
    language: str
    hub: str
    entries: tuple[Entry, ...]
    since: date | None = None

    @property
    def updated(self) -> datetime:
        """The newest change of an entry: never "now", or no rebuild would be the same."""
        start = self.since or date(1970, 1, 1)
        first = datetime(start.year, start.month, start.day, tzinfo=UTC)
        return max((entry.updated for entry in self.entries), default=first)
