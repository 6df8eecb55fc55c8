"""The one model that all formats are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape, unescape

from publisher.model import Article, Enclosure, Image
from publisher.model.languages import direction
from publisher.model.names import same


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
    image: Image | None = None

    @classmethod
    def of(cls, article: Article, html: str) -> Entry:
        """Return an article's entry; its picture is the enclosure where it has no other.

        A picture whose size and type nobody knows would be offered as a download: it is named as
        the entry's picture alone. Some readers show only what stands in the text, so that it
        stands there as well.
        """
        image = article.image
        if image and html and image.url not in unescape(html):
            html = f'<p><img src="{escape(image.url)}" alt="{escape(image.alt)}"></p>\n{html}'
        if (
            html and direction(article.language) == "rtl"
        ):  # a feed reader shows it in its own direction
            html = f'<div lang="{escape(article.language)}" dir="rtl">\n{html}\n</div>'
        picture = None
        if image and image.length and image.type.startswith("image/"):
            picture = Enclosure(url=image.url, type=image.type, length=image.length)
        tags = {same(tag): tag for tag in reversed(article.tags)}
        return cls(
            id=article.id,
            title=article.title,
            url=article.url,
            published=article.published,
            updated=article.updated,
            summary=article.summary,
            html=html,
            language=article.language,
            authors=article.authors,
            tags=tuple(reversed(tags.values())),
            enclosure=article.enclosure or picture,
            image=image,
        )


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it was read back from a feed file: "" or None for what is not there."""

    id: str
    title: str
    url: str
    published: datetime | None
    html: str


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
    logo: str = ""

    @property
    def updated(self) -> datetime:
        """The newest change of an entry: never "now", or no rebuild would be the same."""
        start = self.since or date(1970, 1, 1)
        first = datetime(start.year, start.month, start.day, tzinfo=UTC)
        return max((entry.updated for entry in self.entries), default=first)
