"""The pages of articles: each with where its section, tags and authors are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from publisher.model import Article, Publication, names
from publisher.site.groups import Groups
from publisher.site.lists import Listing, headed
from publisher.site.page import Link, Page, Translation, is_listed, translations_of
from publisher.site.places import place_of
from publisher.site.translations import Translations


class ArticlePages:
    """Makes the page of any article that may be seen."""

    def __init__(
        self, publication: Publication, groups: Groups, articles: Sequence[Article]
    ) -> None:
        """`articles` are all, hidden ones as well: they may be what others translate."""
        self._own, self._groups = publication, groups
        self._translations = Translations(articles, publication.language)
        self._visible = groups.visible.by_id
        self._feeds: dict[str, str] = {}  # by the name of a section as it is written
        self._urls: dict[tuple[str, str], str] = {}  # of lists, by their first place and a language

    @property
    def lost(self) -> Sequence[tuple[Article, str]]:
        """Articles that say of what they are translations, where that is no article."""
        return self._translations.lost

    def page(self, article: Article, path: str) -> Page:
        """Return the page of an article at its place."""
        others = self._others(article)
        section = self._section(article)
        return Page(
            path=path,
            url=article.url,
            template="article",
            title=article.title,
            description=article.summary,
            language=article.language,
            key=self.told(article),
            updated=article.updated,
            article=article,
            shows=tuple([one.id for one in others]),
            values=_Later(lambda: self._values(article, section)),
            feed=section.feed if section else "",
            indexed=is_listed(article),
            translations=_translations_of(others),
        )

    def told(self, article: Article) -> str:
        """Return all that its page depends on, besides the settings and what it is shown with."""
        told = article.version  # by which articles, and their ids, are told apart
        if not self._paged.issuperset(article.tags):
            told += f" {[tag for tag in article.tags if tag in self._paged]}"
        if self._translations and len(others := self._others(article)) > 1:
            told += f" {_translations_of(others)}"
        return told if is_listed(article) else f"{told} noindex"

    def feed(self, article: Article) -> str:
        """Return the name of the feed that follows its page, "" where none does."""
        name = article.section
        if name not in self._feeds:
            section = self._section(article)
            self._feeds[name] = section.feed if section else ""
        return self._feeds[name]

    def _section(self, article: Article) -> Listing | None:
        return self._groups.by_section.get(names.same(article.section))

    def _others(self, article: Article) -> Sequence[Article]:
        """An article in all languages that search engines may list, itself among them."""
        others = self._translations.of(article, self._visible)
        if len(others) == 1:
            return others
        shown = [one for one in others if self._is_shown(one)]
        # Search engines leave it out: it is nobody's translation.
        return shown if article in shown else [article]

    def _values(self, article: Article, section: Listing | None) -> Mapping[str, Any]:
        return {
            "section": self._section_of(article, section),
            "tags": self._links_of(self._groups.tags, article.tags, article),
            "authors": self._links_of(self._groups.authors, article.authors, article),
        }

    def _is_shown(self, article: Article) -> bool:
        """Whether an article has a page that search engines may list."""
        return place_of(article.url, self._own) is not None and is_listed(article)

    @cached_property
    def _paged(self) -> set[str]:
        """Which tags have pages: they may get one long after an article was published."""
        written = {tag for article in self._visible.values() for tag in article.tags}
        return {tag for tag in written if names.same(tag) in self._groups.tags}

    def _links_of(
        self, groups: Mapping[str, Listing], held: Sequence[str], article: Article
    ) -> list[Link]:
        """Links to the pages of some names; without an address where a name has no page."""
        found = [(name, groups.get(names.same(name))) for name in held]
        return [
            Link(title=name, url=self._in_language(listing, article) if listing else "")
            for name, listing in found
        ]

    def _in_language(self, listing: Listing, article: Article) -> str:
        """Where a list stands in an article's language."""
        first = next(iter(listing.places.values()))
        asked = first, article.language
        if asked not in self._urls:
            place = listing.places.get(self._groups.languages.of(asked[1]), first)
            self._urls[asked] = self._groups.url(place)
        return self._urls[asked]

    def _section_of(self, article: Article, section: Listing | None) -> Link | None:
        if section is None:
            return None
        return Link(title=headed(section.title), url=self._in_language(section, article))


def _translations_of(others: Sequence[Article]) -> tuple[Translation, ...]:
    return translations_of({one.language: one.url for one in others})


class _Later(Mapping[str, Any]):
    """What a template is told, made when it is asked for: of most pages it never is."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __reduce__(self) -> tuple[Any, ...]:
        """Whoever gets it in another process gets what is in it."""
        return dict, (dict(self._made),)

    def __getitem__(self, name: str) -> Any:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
