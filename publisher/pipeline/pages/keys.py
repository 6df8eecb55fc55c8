"""Keys of pages: digests of all that a page is made from, so that the same is not made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from publisher import __version__
from publisher.model import Related
from publisher.pipeline.pages.context import SiteContext
from publisher.pipeline.pages.notes import FORMAT
from publisher.pipeline.workspace import Workspace
from publisher.site import Page


@dataclass(frozen=True, slots=True)
class PageKeys:
    """Keys of a site's pages. `settings` is a digest of what all of them depend on.

    With `has_small` templates show pictures of articles that a page names.
    """

    context: SiteContext
    settings: str
    has_small: bool

    def of(self, page: Page, related: Sequence[Related]) -> str:
        """Return the key of a page whose articles have their pictures."""
        around = self.context
        shown: list[tuple[object, ...]] = [
            (other.article.id, other.article.title, other.article.url) for other in related
        ]
        shown += [(other.relation, other.part) for other in related if other.relation]
        others = (*page.values.get("articles", ()), *(other.article for other in related))
        small = [sorted(one.pictures.items()) for one in others] if self.has_small else []
        is_choice = page.template == "follow"
        feeds = sorted(around.feeds) if is_choice else page.feed in around.feeds
        pictures = sorted(page.article.pictures.items()) if page.article else []
        about = (
            self.settings, page.template, page.key, page.title, page.description, page.language,
            page.indexed, shown, feeds, pictures, small, page.translations,
            around.front(page.language), around.logo, around.search(page.language),
        )  # fmt: skip
        return hashlib.sha256(repr(about).encode()).hexdigest()[:32]


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
