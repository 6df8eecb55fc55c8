"""Which pages are not as they should be, each with what it is to be made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from publisher.model import Article, Related
from publisher.outbox import Tree
from publisher.pipeline.pages.illustrations import Illustrations
from publisher.pipeline.pages.keys import PageKeys
from publisher.pipeline.pages.related import RelatedOnPages
from publisher.site import Page, PlannedList, Site
from publisher.sources import Progress


class StalePage(msgspec.Struct, frozen=True):
    """A page that is to be made, its related stories, and the key of it all."""

    page: Page
    related: Sequence[Related]
    key: str


class StalePages(msgspec.Struct, frozen=True):
    """Finds the pages that are to be made, and puts the pictures on any there."""

    tree: Tree
    keys: PageKeys
    related: RelatedOnPages
    illustrations: Illustrations
    progress: Progress

    def of(self, site: Site) -> Iterator[StalePage]:
        """Yield those of a site; of an article whose page is as it was, none is planned."""
        count = site.count
        for done, page in enumerate(site.others):
            self.progress("Making pages", done, count)
            shown, key = self.shown(page)
            if not self.tree.holds(page.path, key):
                yield StalePage(shown, (), key)
        for done, planned in enumerate(site.lists, len(site.others)):
            self.progress("Making pages", done, count)
            key = self.listed(planned)
            if not self.tree.holds(planned.path, key):
                yield StalePage(self.illustrations.of_page(planned.page()), (), key)
        for done, (article, path) in enumerate(site.placed, len(site.others) + len(site.lists)):
            self.progress("Making pages", done, count)
            if stale := self._of_article(site, article, path):
                yield stale
        self.progress("Making pages", count, count)

    def listed(self, planned: PlannedList) -> str:
        """Return the key of a page that lists articles."""
        return self.keys.of_list(planned, self.illustrations.told(planned))

    def shown(self, page: Page) -> tuple[Page, str]:
        """Return a page that is neither a list nor an article's with its pictures, and its key."""
        page = self.illustrations.of_page(page)
        return page, self.keys.of(page)

    def shown_article(
        self, site: Site, article: Article, path: str
    ) -> tuple[Article, Sequence[Related], str]:
        """Return an article as its page has it, its related stories, and the key of it all."""
        pages = site.of_articles
        related = self.illustrations.of_related(self.related.of(article, path))
        shown = self.illustrations.of_article(article)
        key = self.keys.of_article(shown, pages.told(article), pages.feed(article), related)
        return shown, related, key

    def _of_article(self, site: Site, article: Article, path: str) -> StalePage | None:
        shown, related, key = self.shown_article(site, article, path)
        if self.tree.holds(path, key):
            return None
        page = site.of_articles.page(article, path)
        return StalePage(replace(page, article=shown), related, key)
