"""The one model that all formats are written from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape, unescape

import msgspec
from msgspec.structs import replace

from publisher.feeds.categories import Category
from publisher.model import Article, Enclosure, Episode, Image, PodcastSettings, file_url
from publisher.model.languages import direction


class Entry(msgspec.Struct, frozen=True, kw_only=True):
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
    categories: tuple[Category, ...] = ()
    enclosure: Enclosure | None = None
    enclosures: tuple[Enclosure, ...] = ()
    episode: Episode | None = None
    image: Image | None = None

    @property
    def files(self) -> tuple[Enclosure, ...]:
        """All files that belong to it, the first of them first."""
        return (self.enclosure, *self.enclosures) if self.enclosure else ()

    @property
    def is_played(self) -> bool:
        """Whether a player of podcasts can play it."""
        return any(one.type.startswith(("audio/", "video/")) for one in self.files)

    @classmethod
    def of(cls, article: Article, html: str, categories: tuple[Category, ...] = ()) -> Entry:
        """Return an article's entry; its picture is the enclosure where it has no other.

        A picture whose size and type nobody knows would be offered as a download: it is named as
        the entry's picture alone. Some readers show only what stands in the text, so that it
        stands there as well.
        """
        image = picture_of(article)
        if image and html and image.url not in unescape(html):
            html = f'<p><img src="{escape(image.url)}" alt="{escape(image.alt)}"></p>\n{html}'
        if (
            html and direction(article.language) == "rtl"
        ):  # a feed reader shows it in its own direction
            html = f'<div lang="{escape(article.language)}" dir="rtl">\n{html}\n</div>'
        picture = None
        if image and image.length and image.type.startswith("image/"):
            picture = Enclosure(url=image.url, type=image.type, length=image.length)
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
            categories=categories,
            enclosure=article.enclosure or picture,
            enclosures=article.enclosures,
            episode=article.episode,
            image=image,
        )


def picture_of(article: Article) -> Image | None:
    """Return the picture that stands for an article, with the pixels of its file where it has one.

    What the article says of them itself goes before.
    """
    image = article.image
    own = article.pictures.get(file_url(image.url)) if image else None
    if image is None or own is None or image.width or image.height:
        return image
    return replace(image, width=own.width or None, height=own.height or None)


class Item(msgspec.Struct, frozen=True):
    """An entry as it was read back from a feed file: "" or None for what is not there."""

    id: str
    title: str
    url: str
    published: datetime | None
    html: str
    enclosures: tuple[Enclosure, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    updated: datetime | None = None
    summary: str = ""


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """Where a feed's document stands among its archived ones (RFC 5005 §4), by format's file name.

    Each is "" where there is none; `current` is the feed itself, "" in that.
    """

    current: dict[str, str]
    older: dict[str, str]
    newer: dict[str, str]

    @property
    def is_past(self) -> bool:
        """Whether it is an archived document rather than the feed itself."""
        return bool(self.current)

    def links(self, file: str) -> list[tuple[str, str]]:
        """Return (relation, address) of the documents around it."""
        found = (("current", self.current), ("prev-archive", self.older))
        return [
            (rel, at[file]) for rel, at in (*found, ("next-archive", self.newer)) if at.get(file)
        ]


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed: newest entries first. `urls` gives its own address in each format by file name.

    `home` is the page that lists what it holds, `site` the publication's own address.
    `podcast` is what players are told, None where it is no podcast; `archive` what is kept of
    older entries, `page` the page that says how to subscribe, `style` that of a browser.
    """

    id: str
    title: str
    description: str
    author: str
    home: str
    site: str
    urls: dict[str, str]
    language: str
    hub: str
    entries: tuple[Entry, ...]
    since: date | None = None
    logo: str = ""
    podcast: PodcastSettings | None = None
    archive: Archived | None = None
    page: str = ""
    style: str = ""

    @property
    def is_played(self) -> bool:
        """Whether players of podcasts find anything in it."""
        return self.podcast is not None or any(entry.is_played for entry in self.entries)

    @property
    def updated(self) -> datetime:
        """The newest change of an entry: never "now", or no rebuild would be the same."""
        start = self.since or date(1970, 1, 1)
        first = datetime(start.year, start.month, start.day, tzinfo=UTC)
        return max((entry.updated for entry in self.entries), default=first)
