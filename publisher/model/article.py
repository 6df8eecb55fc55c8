"""An article: one story from one source file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

import msgspec

from publisher.model.podcast import Episode


def file_url(url: str) -> str:
    """Return an address without query and fragment, which name no other file.

    >>> file_url("https://a.example/b.png?w=600#top")
    'https://a.example/b.png'
    """
    return url.partition("#")[0].partition("?")[0]


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that stands for the article; `url` is absolute, `length` in bytes where known."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    type: str = ""
    length: int | None = None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was made of a picture: its address, kind, pixels and bytes."""

    url: str
    type: str
    width: int
    height: int
    length: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a picture that an article shows: pixels (0 where unknown) and bytes.

    `made` is what is shown of it, where something was made; `better` are smaller ones for browsers
    that know them, the smallest first; `thumbnail` is a small one of one shape for all. `unfit`
    says why it cannot be shown at all.
    """

    width: int
    height: int
    length: int
    made: Made | None = None
    better: tuple[Made, ...] = ()
    thumbnail: Made | None = None
    unfit: str = ""


class Enclosure(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to the article (audio, a PDF); RSS 2.0 `<enclosure>`."""

    url: str
    type: str
    length: int | None = None


class Hint(msgspec.Struct, frozen=True, kw_only=True):
    """What an editor wrote under `newsletter:` in the article's front matter.

    `related` and `unrelated`, `updates` and `corrects` name articles by id, slug or title. `pin`
    and `exclude` name newsletters; "*" means all of them.
    """

    related: tuple[str, ...] = ()
    unrelated: tuple[str, ...] = ()
    pin: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    corrects: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of all that an editor wants to stand under it."""
        return (*self.corrects, *self.updates, *self.related)


class Article(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One story from one source file, without its body (see `Bodies`).

    A build may know 100,000 of them: it is decoded in a third of a dataclass's time, takes
    two thirds of its memory, and Python's search for garbage passes it over.

    `path` is relative to the articles folder, with `/`. `url` and all links are absolute.
    `published` is when the article becomes visible, `updated` when it last changed; both UTC.
    `version` is a digest of all that a reader can see. `undated` tells that nothing names its
    date, so that `published` is the instant at which the article was first seen; `news` whether
    it may stand in editions and feeds: an undated one does so only where that instant is its date.
    `pictures` are those that lie beside the article, by address.
    `enclosures` are the files that belong to it besides `enclosure`, `episode` is what players of
    podcasts are told. `categories` are its categories as they were written, the section's first.
    `extra` holds front matter keys that are not ours, as plain values. `hidden_by` says in words
    what makes it a `draft`, "" where it is just that.
    """

    id: str
    path: str
    slug: str
    url: str
    title: str
    summary: str
    language: str
    published: datetime
    updated: datetime
    version: str
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""
    image: Image | None = None
    enclosure: Enclosure | None = None
    enclosures: tuple[Enclosure, ...] = ()
    episode: Episode | None = None
    categories: tuple[str, ...] = ()
    draft: bool = False
    embargo: datetime | None = None
    expires: datetime | None = None
    undated: bool = False
    news: bool = True
    hint: Hint = Hint()
    pictures: Mapping[str, Picture] = msgspec.field(default_factory=dict)
    extra: Mapping[str, Any] = msgspec.field(default_factory=dict)
    hidden_by: str = ""

    def but(self, **changes: Any) -> Article:
        """Return it with some of its fields changed."""
        return msgspec.structs.replace(self, **changes)

    def in_full(self, body: str) -> str:
        """Return its body, HTML; its summary where it has none, better than a bare title."""
        if body or not self.summary:
            return body
        return f"<p>{escape(self.summary, quote=False)}</p>"

    def hidden(self, *instants: datetime) -> str:
        """Return why nobody may see the article at one of `instants` (aware), or "" if all may."""
        if self.draft:
            return self.hidden_by or "draft"
        first = last = instants[0]
        if len(instants) > 1:
            first, last = min(instants), max(instants)
        if self.published > first:
            return f"not before {self.published:%Y-%m-%d %H:%M} UTC"
        if self.embargo is not None and self.embargo > first:
            return f"under embargo until {self.embargo:%Y-%m-%d %H:%M} UTC"
        if self.expires is not None and self.expires <= last:
            return f"expired {self.expires:%Y-%m-%d %H:%M} UTC"
        return ""


Bodies = Callable[[Article], str]
"""Gives an article's body: sanitised HTML with absolute links, read only when it is needed."""
