"""The pages of lists: by section, tag, author and month, each in parts that a page can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from publisher.model import Article
from publisher.site.groups import Groups
from publisher.site.lists import Listing, headed, parts_of
from publisher.site.page import Page, Translation, key_of, translations_of


class List(msgspec.Struct, frozen=True, kw_only=True):
    """What the pages of a list in a language have in common; its first has the `translations`."""

    kind: str
    title: str
    language: str
    feed: str
    translations: tuple[Translation, ...]
    groups: Groups


class ListPage(NamedTuple):
    """A page of a list as far as it is known before it is made: most never are.

    `at` are the places of its articles among those that may be seen. An archive has as many of
    these as a third of its articles, so it is a tuple, and what is asked of few is made then.
    """

    path: str
    url: str
    at: Sequence[int]
    newer: str
    older: str
    of: List

    @property
    def key(self) -> str:
        """See `Page.key`. The versions of articles tell them, and their ids, apart."""
        of, versions = self.of, self.of.groups.versions
        told = " ".join([versions[at] for at in self.at])
        return key_of(f"{of.kind} {of.title!r} {self.newer} {self.older} {told}")

    @property
    def updated(self) -> datetime:
        """When one of its articles last changed."""
        updated = self.of.groups.updated
        return max([updated[at] for at in self.at])

    @property
    def language(self) -> str:
        """See `Page.language`."""
        return self.of.language

    @property
    def feed(self) -> str:
        """See `Page.feed`."""
        return self.of.feed

    @property
    def translations(self) -> tuple[Translation, ...]:
        """See `Page.translations`."""
        return () if self.newer else self.of.translations

    @property
    def articles(self) -> list[Article]:
        """What it lists, newest first."""
        seen = self.of.groups.seen
        return [seen[at] for at in self.at]

    def page(self) -> Page:
        """Return the page as it is made."""
        of, articles = self.of, self.articles
        return Page(
            path=self.path,
            url=self.url,
            template=of.kind,
            title=of.title,
            language=of.language,
            key=self.key,
            feed=of.feed,
            shows=tuple([one.id for one in articles]),
            updated=self.updated,
            values={"articles": articles, "rest": 0, "newer": self.newer, "older": self.older},
            translations=self.translations,
        )


def pages_of(kind: str, listing: Listing, groups: Groups) -> Iterator[ListPage]:
    """Yield the pages of a list: the first has the newest, and the others keep what they have."""
    translations = translations_of({tag: groups.url(at) for tag, at in listing.places.items()})
    for tag, members in listing.parted.items():
        parts, first = parts_of(members), listing.places[tag]
        places = [first, *[f"{first}{number}/" for number in range(len(parts) - 1, 0, -1)]]
        urls = ["", *map(groups.url, places), ""]
        of = List(
            kind=kind,
            title=headed(listing.title) if kind == "section" else listing.title,
            language=tag,
            feed=listing.feed,
            translations=translations,
            groups=groups,
        )
        for place, part, newer, url, older in zip(
            places, parts, urls, urls[1:], urls[2:], strict=False
        ):
            yield ListPage(f"{place}index.html", url, part, newer, older, of)
