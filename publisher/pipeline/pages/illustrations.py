"""The pictures on pages: of their articles, of those they name, and of authors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from msgspec.structs import replace

from publisher.model import Article, Related, file_url
from publisher.outbox import Tree
from publisher.pipeline.gallery import FOLDER, Lacking
from publisher.pipeline.pages.portraits import Portraits
from publisher.pipeline.workspace import Workspace
from publisher.site import Page, PlannedList, Site


class Illustrations:
    """Gives articles their pictures as pages show them, and puts those there."""

    def __init__(self, space: Workspace, tree: Tree) -> None:
        self._space, self._gallery, self._tree = space, space.gallery, tree
        self._put: set[str] = set()
        self._told: dict[str, str] = {}

    def of_page(self, page: Page) -> Page:
        """Return a page that is no article's, and whose articles have their pictures.

        Those of the first page are as large as on their own pages.
        """
        if not self.has_small or not page.named:
            return page
        return page.naming(self.of_article if page.template == "home" else self._small)

    def told(self, planned: PlannedList) -> str:
        """Return what tells apart the small pictures on a page that lists articles, "" if none."""
        if not self.has_small:
            return ""
        found = [self._told_of(article) for article in planned.articles]
        return " ".join(found) if any(found) else ""

    def of_article(self, article: Article) -> Article:
        """Return an article with the pictures of its page."""
        if not (article.pictures or self.has_small):
            return article
        small = self._small(article)  # first: it is known by the file that was written
        found = self._gallery.for_page(small)
        return small if found is small else self._shown(found, small)

    def of_related(self, related: Sequence[Related]) -> Sequence[Related]:
        """Return related stories with their thumbnails."""
        if not self.has_small:
            return related
        return [replace(other, article=self._small(other.article)) for other in related]

    def make_ahead(self, site: Site) -> None:
        """Make the pictures of articles' pages, where many are lacking, by several processes.

        As soon as those of an article are made they are put there: no more are held at once.
        """
        shown = [article for article, _ in site.placed if article.pictures]
        lacking = (one for article in shown for one in self._lacking(article))
        made = groupby(self._gallery.made_together(lacking), lambda one: one.article.id)
        for done, (_, some) in enumerate(made):
            self._space.progress("Making pictures", done, len(shown))
            *_, last = some
            self.of_article(last.article)

    def _lacking(self, article: Article) -> Iterator[Lacking]:
        """Those of an article's page of which nobody knows what comes of them."""
        small = file_url(article.image.url) if article.image and self._has_thumbnails else ""
        for url in article.pictures:
            if url == small:
                yield from self._gallery.lacking(article, url, "thumbnail")
            yield from self._gallery.lacking(article, url, "page")

    @cached_property
    def has_small(self) -> bool:
        """Whether templates show any picture of an article that a page names."""
        return self._has_thumbnails or bool(self._portraits)

    def made(self, site: Site) -> Iterator[str]:
        """Yield which of the pictures that were made are those of articles as they are now."""
        articles = (article for article, _ in site.placed if article.pictures)
        keys = {key for article in articles for key in self._gallery.keys(article)}
        keys |= self._portraits.keys()
        for place in self._tree.below(FOLDER):
            if place.rpartition("/")[2].partition(".")[0] in keys:
                yield place

    def _told_of(self, article: Article) -> str:
        """What tells the pictures of an article, which several lists name, where it has any."""
        if article.id not in self._told:
            small = sorted(self._small(article).pictures.items())
            found = hashlib.sha256(repr(small).encode()).hexdigest()[:32] if small else ""
            self._told[article.id] = found
        return self._told[article.id]

    @cached_property
    def _portraits(self) -> Portraits:
        return Portraits(self._space, "web/")

    @cached_property
    def _has_thumbnails(self) -> bool:
        return self._gallery.is_open and self._space.theme.mentions("thumbnail(", "web/")

    def _small(self, article: Article) -> Article:
        """An article with its thumbnail and its authors, where templates show any."""
        found = self._portraits.of(article, mailed=False) if self._portraits else article
        if article.image and self._has_thumbnails:
            found = self._gallery.with_thumbnail(found, mailed=False)
        return found if found is article else self._shown(found, article)

    def _shown(self, article: Article, before: Article) -> Article:
        """The article with what was made of its pictures, put there; without, where that fails."""
        for place in self._gallery.places(article):
            if place in self._put:
                continue
            self._put.add(place)
            if self._tree.holds(place, place):
                continue
            try:
                data = self._gallery.data(place)
            except OSError:  # it was changed this moment: the next build shows it
                self._put.remove(place)
                return before
            # When the article is hidden, the picture goes along.
            self._tree.put(place, place, data, {"shows": [article.id]}, packing=False)
        return article
