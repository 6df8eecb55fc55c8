"""Which pages are not as they should be, each with what it is to be made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.model import Related
from publisher.outbox import Tree
from publisher.pipeline.pages.illustrations import Illustrations
from publisher.pipeline.pages.keys import PageKeys
from publisher.pipeline.pages.related import RelatedOnPages
from publisher.site import Page
from publisher.sources import Progress


@dataclass(frozen=True, slots=True)
class StalePage:
    """A page that is to be made, its related stories, and the key of it all."""

    page: Page
    related: Sequence[Related]
    key: str


@dataclass(frozen=True, slots=True)
class StalePages:
    """Finds the pages that are to be made, and puts the pictures on any there."""

    tree: Tree
    keys: PageKeys
    related: RelatedOnPages
    illustrations: Illustrations
    progress: Progress

    def among(self, pages: Sequence[Page]) -> Iterator[StalePage]:
        """Yield those of some pages, in their order."""
        for done, page in enumerate(pages):
            self.progress("Making pages", done, len(pages))
            related = self.related.of(page.article, page.path) if page.article else ()
            page, related = self.illustrations.of_page(page), self.illustrations.of_related(related)
            key = self.keys.of(page, related)
            if not self.tree.holds(page.path, key):
                yield StalePage(page, related, key)
        self.progress("Making pages", len(pages), len(pages))
