"""Keys of pages: digests of all that a page is made from, so that the same is not made anew.

An article's page is not planned for its key: what is told of it is enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from publisher import __version__
from publisher.model import Article, Related
from publisher.pipeline.pages.context import SiteContext
from publisher.pipeline.pages.notes import FORMAT
from publisher.pipeline.workspace import Workspace
from publisher.site import Page, PlannedList

_SHORT, _LONG = 16, 24  # of a digest in a key: of what many share, or that is one; of all else


class PageKeys:
    """Keys of a site's pages. `settings` is a digest of what all of them depend on.

    With `has_small` templates show pictures of articles that a page names.
    """

    def __init__(self, context: SiteContext, settings: str, has_small: bool) -> None:
        self._context, self._settings, self._has_small = context, settings, has_small
        self._known: dict[tuple[str, bool, bool], str] = {}

    def of(self, page: Page) -> str:
        """Return the key of a page that is no article's, whose articles have their pictures."""
        named = page.named if self._has_small else ()
        small = [sorted(one.pictures.items()) for one in named]
        about = (
            page.template, page.key, page.title, page.description, page.indexed, small,
            page.translations,
        )  # fmt: skip
        around = self._around(page.language, page.feed, is_follow=page.template == "follow")
        return _key(around, repr(about))

    def of_list(self, page: PlannedList, small: str) -> str:
        """Return the key of a page that lists articles; `small` tells of their small pictures."""
        about = f"list {page.key}"
        if page.translations:
            about = f"{about} {page.translations}"
        if small:
            about = f"{about} pictures {small}"
        return _key(self._around(page.language, page.feed), about)

    def of_article(self, article: Article, told: str, feed: str, related: Sequence[Related]) -> str:
        """Return the key of an article's page, of which all is `told` but its pictures and those
        of related stories; they have them. `feed` is the name of that of its section.
        """
        about = told
        if related:
            shown: list[tuple[object, ...]] = [
                (other.article.id, other.article.title, other.article.url) for other in related
            ]
            shown += [(other.relation, other.part) for other in related if other.relation]
            small: list[Any] = []
            if self._has_small:
                small = [sorted(other.article.pictures.items()) for other in related]
            about = f"{about} {shown!r} {small!r}"
        if article.pictures:
            about = f"{about} pictures {sorted(article.pictures.items())!r}"
        return _key(self._around(article.language, feed), about)

    def _around(self, language: str, feed: str, *, is_follow: bool = False) -> str:
        """The digest of what a page has in common with others."""
        around = self._context
        asked = language, is_follow, feed in around.feeds
        if asked not in self._known:
            feeds = sorted(around.feeds) if asked[1] else asked[2]
            about = (
                self._settings, language, feeds, around.front(language), around.logo,
                around.search(language),
            )  # fmt: skip
            self._known[asked] = hashlib.sha256(repr(about).encode()).hexdigest()[:_SHORT]
        return self._known[asked]


def _key(around: str, about: str) -> str:
    """What a page has in common with others, and what is told of it; a digest, where that is long.

    Of most articles it is their version alone. No key of a digest is as long as one without.
    """
    if len(about) > _SHORT:
        about = hashlib.sha256(about.encode()).hexdigest()[:_LONG]
    return around + about


def settings_digest(space: Workspace) -> str:
    """Return a digest of what all pages depend on."""
    own = space.publication
    newsletters = [
        (
            one.name,
            one.title,
            one.archive,
            one.public,
            one.instead_of,
            one.language,
            one.description,
        )
        for one in own.newsletters
    ]
    about = (
        FORMAT,
        __version__,
        replace(own, newsletters=(), segments=(), domains=()),
        newsletters,
        space.theme.digest("web/", "words/"),
    )
    return hashlib.sha256(repr(about).encode()).hexdigest()
