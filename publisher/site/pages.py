"""Which pages a site has, what each shows, and a key of all that it depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from publisher.model import Article, Newsletter, Publication, Visible
from publisher.site.article_pages import ArticlePages
from publisher.site.edition_pages import EditionPages
from publisher.site.editions import Sent
from publisher.site.front import front_of
from publisher.site.groups import Groups
from publisher.site.list_pages import ListPage, pages_of
from publisher.site.lists import headed, versions_of
from publisher.site.page import Link, Page, Site, Translation, key_of, translations_of
from publisher.site.places import Claims

_LATEST = 20  # stories to choose those at the top of the first page from
_language = attrgetter("language")
_IN_SEARCH = 300  # titles on the page to search, for those without scripts
SEARCH_SCRIPT, SEARCH_INDEX = "search/search.js", "search/index.json"
"""What the page to search needs beside itself."""


def site_of(
    publication: Publication,
    visible: Visible,
    editions: Sequence[Sent],
    *,
    static: Collection[str] = (),
) -> Site:
    """Return the site of what may be seen.

    `editions` are those that were sent, `static` the places of the publisher's own files.
    """
    return site_with(Groups(publication, visible, static), editions)


def site_with(groups: Groups, editions: Sequence[Sent]) -> Site:
    """Return the site that has these lists; `editions` are those that were sent."""
    return _Site(groups, editions).site()


class _Site:
    def __init__(self, groups: Groups, editions: Sequence[Sent]) -> None:
        self.groups, self.own = groups, groups.own
        self.visible, self.seen = groups.visible, groups.seen
        self.languages, self.has_articles = groups.languages, groups.has_articles
        self.of_articles = ArticlePages(self.own, groups, self.visible.all)
        self.sent: dict[str, list[Sent]] = defaultdict(list)
        for one in sorted(editions, key=lambda sent: (sent.local, sent.id), reverse=True):
            if one.newsletter.archive != "none":
                self.sent[one.newsletter.name].append(one)

    def site(self) -> Site:
        claims, placed, without = Claims(), [], []
        pages = [page for page in self.ours() if claims.take(page.path)]
        lists = [page for page in self.lists() if claims.take(page.path)]
        places = self.groups.places if self.has_articles else ()
        for article, path in zip(self.seen, places, strict=False):
            if path is not None and claims.take(path):
                placed.append((article, path))
            else:
                without.append(article)
        for page in self.later():
            if not claims.take(page.path):
                break  # those in other languages need what lies beside the first
            pages.append(page)
            claims.take(SEARCH_SCRIPT)
            claims.take(SEARCH_INDEX)
        return Site(
            others=tuple(pages),
            lists=lists,
            placed=placed,
            of_articles=self.of_articles,
            without=tuple(without),
            claims=claims,
            languages=self.languages,
        )

    def ours(self) -> list[Page]:
        """Every page but lists and those of articles."""
        pages = [*self.homes(), *self.archives(), *self.subscriptions(), self.missing()]
        pages += [self.leaving("unsubscribe"), self.leaving("preferences")]
        if self.newsletters():
            pages.append(self.archive("newsletters/"))  # for who cuts an address short
        editions = EditionPages(self.own, self.sent, self.visible.by_id, self.page)
        for newsletter in self.newsletters():
            pages += editions.of(newsletter)
        if self.has_articles and self.groups.by_section:
            pages.append(self.archive("sections/"))
        return pages

    def lists(self) -> Iterator[ListPage]:
        """The pages that list articles by what these have in common."""
        groups = self.groups
        kinds = {
            "section": groups.by_section,
            "tag": groups.tags,
            "author": groups.authors,
            "month": groups.by_month,
        }
        for kind, found in kinds.items() if self.has_articles else ():
            for listing in found.values():
                yield from pages_of(kind, listing, groups)

    def later(self) -> list[Page]:
        """Pages that give way where an article has the address, for they came after articles."""
        if not self.has_articles:
            return []
        tags = self.languages.tags
        if len(tags) == 1 or tags != self.free_tags("search/"):
            return [self.search(tags[0], self.seen)]
        translations = self.translated(tags, "search/")
        parted = self.languages.parted(self.seen, _language)
        pages = [self.search(tag, parted.get(tag, ()), is_parted=True) for tag in tags]
        return [replace(page, translations=translations) for page in pages]

    # What there is

    def newsletters(self) -> list[Newsletter]:
        return [one for one in self.own.newsletters if one.archive != "none"]

    # Pages

    def page(
        self,
        place: str,
        template: str,
        about: Sequence[object] = (),
        *,
        address: str = "",
        **rest: Any,
    ) -> Page:
        """A page of ours at a place such as `archive/`; `about` is what its key is made of.

        `address` is the place of which it is a copy.
        """
        path = place if place.endswith(".html") else f"{place}index.html"
        rest = {"title": self.own.title, "language": self.own.language, **rest}
        values = rest.get("values", {})
        listed = [article.id for article in values.get("articles", ())]
        if "sections" in values or template == "follow":  # a section's name is that of its stories
            listed += self.groups.named_by
        rest = {"shows": tuple(listed), "key": _digest(template, *about), **rest}
        return Page(path=path, url=self.groups.url(address or place), template=template, **rest)

    def homes(self) -> list[Page]:
        """The first page, in each language."""
        parted = self.languages.parted(self.seen if self.has_articles else (), _language)
        translations = self.translated(self.languages.tags)
        pages = [self.home(tag, parted.get(tag, ())) for tag in self.languages.tags]
        return [replace(page, translations=translations) for page in pages]

    def translated(self, tags: Sequence[str], place: str = "") -> tuple[Translation, ...]:
        """Where a page stands in some languages, nowhere where that is one alone."""
        places = {tag: self.languages.place(tag, place) for tag in tags}
        return translations_of({tag: self.groups.url(at) for tag, at in places.items()})

    def home(self, tag: str, ours: Sequence[Article]) -> Page:
        latest = ours[:_LATEST]
        sections = [
            (
                headed(one.title),
                self.groups.url(one.places[tag]),
                map(self.seen.__getitem__, one.parted[tag]),
            )
            for one in self.groups.by_section.values()
            if tag in one.parted and self.has_articles
        ]
        front = front_of(latest, ours, sections, tag)
        newsletters, links = self.newsletter_links(tag), self.section_links(tag)
        values = {
            "articles": latest,
            "lead": front.lead,
            "top": front.top,
            "groups": front.groups,
            "newsletters": newsletters,
            "sections": links,
        }
        listed = {one.id: one for one in [*latest, *front.articles]}
        return self.page(
            self.languages.place(tag),
            "home",
            (*versions_of(list(listed.values())), *newsletters, *links, front.order),
            description=self.own.description,
            language=tag,
            feed="" if tag == self.languages.main else f"language/{tag.lower()}",
            updated=_newest(latest),
            values=values,
            shows=(*listed, *self.groups.named_by),
        )

    def archives(self) -> list[Page]:
        """What there is, in each language."""
        tags = self.free_tags("archive/")
        translations = self.translated(tags, "archive/")
        return [
            replace(
                self.archive(self.languages.place(tag, "archive/"), tag), translations=translations
            )
            for tag in tags
        ]

    def free_tags(self, place: str) -> list[str]:
        """The languages in which a page may stand; it came after articles and others' files."""
        places = {tag: self.languages.place(tag, place) for tag in self.languages.tags}
        return [tag for tag, at in places.items() if at == place or self.groups.is_free(at)]

    def archive(self, place: str = "archive/", tag: str = "") -> Page:
        tag = tag or self.languages.main
        months = self.groups.by_month if self.has_articles else {}
        links = [
            Link(title=month, url=self.groups.url(one.places[tag]), count=len(one.parted[tag]))
            for month, one in months.items()
            if tag in one.parted
        ]
        values = {
            "newsletters": self.newsletter_links(tag),
            "sections": self.section_links(tag),
            "months": links,
        }
        about = [value for found in values.values() for value in found]
        is_copy = place in ("sections/", "newsletters/")
        return self.page(
            place,
            "archive",
            about,
            values=values,
            language=tag,
            indexed=not is_copy,
            address="archive/" if is_copy else place,
        )

    def newsletter_links(self, tag: str) -> list[Link]:
        return [
            Link(
                title=one.title,
                url=self.groups.url(f"newsletters/{one.name}/"),
                description=one.description,
                count=len(self.sent[one.name]),
            )
            for one in self.newsletters()
            if self.languages.of(one.language) == tag
        ]

    def section_links(self, tag: str) -> list[Link]:
        found = self.groups.by_section if self.has_articles else {}
        return [
            Link(
                title=headed(one.title),
                url=self.groups.url(one.places[tag]),
                count=len(one.parted[tag]),
            )
            for one in found.values()
            if tag in one.parted
        ]

    def search(self, tag: str, ours: Sequence[Article], *, is_parted: bool = False) -> Page:
        newest = ours[:_IN_SEARCH]
        written = sorted({one.language for one in ours}) if is_parted else []
        values = {"articles": newest, "rest": len(ours) - len(newest), "written": written}
        about = (*versions_of(newest), len(ours), written)
        place = self.languages.place(tag, "search/")
        return self.page(place, "search", about, values=values, indexed=False, language=tag)

    def subscriptions(self) -> list[Page]:
        """The page to subscribe, in each language; the words of newsletters stay as they are."""
        tags = self.free_tags("subscribe/")
        translations = self.translated(tags, "subscribe/")
        pages = [self.subscribe(tag) for tag in tags]
        return [replace(page, translations=translations) for page in pages]

    def subscribe(self, tag: str) -> Page:
        offered = [one for one in self.own.newsletters if one.public]
        about = [(one.name, one.title, one.description, one.instead_of) for one in offered]
        place, values = self.languages.place(tag, "subscribe/"), {"newsletters": offered}
        return self.page(place, "follow", about, values=values, language=tag)

    def leaving(self, name: str) -> Page:
        """Where the links of an edition lead that stands on the web: nobody's in particular."""
        return self.page(f"{name}/", "leaving", indexed=False)

    def missing(self) -> Page:
        return self.page("404.html", "missing", indexed=False)


def _newest(articles: Sequence[Article]) -> datetime | None:
    return max([article.updated for article in articles], default=None)


def _digest(*about: object) -> str:
    return key_of("".join([f"{one!r}\n" for one in about]))
