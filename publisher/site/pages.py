"""Which pages a site has, what each shows, and a key of all that it depends on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from publisher.model import Article, Newsletter, Publication, names
from publisher.site.editions import Sent, on_the_web
from publisher.site.front import front_of
from publisher.site.languages import Languages
from publisher.site.lists import Listing, Named, groups_of, parts_of
from publisher.site.page import Link, Page, Site, Translation
from publisher.site.places import Claims, edition_place, edition_url, place_of
from publisher.site.translations import Translations

_LATEST = 20  # stories to choose those at the top of the first page from
_IN_SEARCH = 300  # titles on the page to search, for those without scripts
SEARCH_SCRIPT, SEARCH_INDEX = "search/search.js", "search/index.json"
"""What the page to search needs beside itself."""


def site_of(
    publication: Publication,
    articles: Sequence[Article],
    editions: Sequence[Sent],
    now: datetime,
    *,
    first_seen: Mapping[str, datetime] | None = None,
    static: Collection[str] = (),
) -> Site:
    """Return the site as it stands at `now`.

    `articles` are newest first, hidden ones are left out; `editions` are those that were sent.
    `first_seen` tells by id when an article was first seen: of names that could have one address,
    the first one has it. `static` are the places of the publisher's own files.
    """
    return _Site(publication, articles, editions, now, first_seen or {}, static).site()


class _Site:
    def __init__(
        self,
        publication: Publication,
        articles: Sequence[Article],
        editions: Sequence[Sent],
        now: datetime,
        first_seen: Mapping[str, datetime],
        static: Collection[str],
    ) -> None:
        self.own, self.first_seen, self.static = publication, first_seen, static
        self.has_articles = publication.web.pages == "all"
        self.zone = ZoneInfo(publication.zone)
        self.where: dict[tuple[str, str], str] = {}  # lists, by their first place and a language
        self.seen = [article for article in articles if not article.hidden(now)]
        self.visible = {article.id: article for article in self.seen}
        self.languages = Languages(
            self.seen if self.has_articles else (), publication.language, self.is_free
        )
        self.translations = Translations(articles, publication.language)
        self.sent: dict[str, list[Sent]] = defaultdict(list)
        for one in sorted(editions, key=lambda sent: (sent.local, sent.id), reverse=True):
            if one.newsletter.archive != "none":
                self.sent[one.newsletter.name].append(one)

    def site(self) -> Site:
        claims, without = Claims(), []
        pages = [page for page in self.ours() if claims.take(page.path)]
        for article in self.seen if self.has_articles else ():
            path = place_of(article.url, self.own)
            if path is not None and claims.take(path):
                pages.append(self.article(article, path))
            else:
                without.append(article)
        for page in self.later():
            if not claims.take(page.path):
                break  # those in other languages need what lies beside the first
            pages.append(page)
            claims.take(SEARCH_SCRIPT)
            claims.take(SEARCH_INDEX)
        return Site(
            pages=tuple(pages),
            without=tuple(without),
            claims=claims,
            languages=self.languages,
            lost=tuple(self.translations.lost),
        )

    def ours(self) -> list[Page]:
        """Every page but those of articles."""
        pages = [*self.homes(), *self.archives(), *self.subscriptions(), self.missing()]
        pages += [self.leaving("unsubscribe"), self.leaving("preferences")]
        if self.newsletters():
            pages.append(self.archive("newsletters/"))  # for who cuts an address short
        for newsletter in self.newsletters():
            pages.append(self.newsletter(newsletter))
            theirs = self.sent[newsletter.name]  # newest first
            for sent, later, earlier in zip(
                theirs, [None, *theirs], [*theirs[1:], None], strict=False
            ):
                pages.append(self.edition(sent, earlier, later))
        if self.has_articles:
            pages += [self.archive("sections/")] if self.by_section else []
            for kind, groups in (
                ("section", self.by_section),
                ("tag", self.tags),
                ("author", self.authors),
                ("month", self.by_month),
            ):
                for listing in groups.values():
                    pages += self.listed(kind, listing)
        return pages

    def later(self) -> list[Page]:
        """Pages that give way where an article has the address, for they came after articles."""
        if not self.has_articles:
            return []
        tags = self.languages.tags
        if len(tags) == 1 or tags != self.free_tags("search/"):
            return [self.search(tags[0], self.seen)]
        translations = self.translated(tags, "search/")
        parted = self.languages.parted(self.seen)
        pages = [self.search(tag, parted.get(tag, ()), is_parted=True) for tag in tags]
        return [replace(page, translations=translations) for page in pages]

    # What there is

    def newsletters(self) -> list[Newsletter]:
        return [one for one in self.own.newsletters if one.archive != "none"]

    @cached_property
    def by_section(self) -> dict[str, Listing]:
        """By what writings of a name have in common: its pages, in order of title."""
        return self.placed("section", groups_of(self.seen, lambda a: (a.section,), self.first_seen))

    @cached_property
    def tags(self) -> dict[str, Listing]:
        """The same for tags, of those that say more than one story does."""
        found = groups_of(self.seen, lambda one: one.tags, self.first_seen)
        # One of several that once shared an address has a page even so: somebody may know it.
        return self.placed("tag", {key: tag for key, tag in found.items() if tag.merged > 1})

    @cached_property
    def authors(self) -> dict[str, Listing]:
        """The same for authors."""
        return self.placed("author", groups_of(self.seen, lambda a: a.authors, self.first_seen))

    def placed(self, kind: str, found: Mapping[str, Named]) -> dict[str, Listing]:
        """The pages of those whose address a file can have, in order of title.

        None where another site has the articles: it has their lists as well.
        """
        if not self.has_articles:
            return {}
        places = {
            key: place_of(self.url(f"{kind}s/{one.slug}/"), self.own) for key, one in found.items()
        }
        taken = set() if kind == "section" else self.taken
        fit = (key for key, place in places.items() if place and place not in taken)
        order = sorted(fit, key=lambda key: found[key].title.casefold())
        return {
            key: self.listing(f"{kind}s/{one.slug}/", one.title, one.articles, f"{kind}/{one.slug}")
            for key, one in ((key, found[key]) for key in order)
        }

    def listing(
        self, place: str, title: str, articles: Sequence[Article], feed: str = ""
    ) -> Listing:
        parted = self.parted(place, articles)
        places = [place, *(f"{tag}/{place}" for tag in list(parted)[1:])]
        return Listing(
            title=title,
            feed=feed,
            articles=articles,
            parted=parted,
            places=dict(zip(parted, places, strict=True)),
        )

    def parted(self, place: str, articles: Sequence[Article]) -> dict[str, Sequence[Article]]:
        """Articles by language; those whose page cannot be had stand with the first."""
        found = self.languages.parted(articles)
        first, *others = found
        if all(self.is_free(f"{tag}/{place}") for tag in others):
            return dict(found)
        return {first: articles}

    @cached_property
    def taken(self) -> set[str | None]:
        """Where articles' own pages stand."""
        return {place_of(article.url, self.own) for article in self.seen}

    def is_free(self, place: str) -> bool:
        """Whether neither an article nor a file of the publisher's has a place: both came first."""
        path = f"{place}index.html"
        return path not in self.taken and path not in self.static

    @cached_property
    def by_month(self) -> dict[str, Listing]:
        """`2026-11` → its pages, the newest first; a month is the publication's."""
        found: dict[str, list[Article]] = {}
        for article in filter(lambda one: one.news, self.seen):  # a month it has none
            month = article.published.astimezone(self.zone).strftime("%Y-%m")
            found.setdefault(month, []).append(article)
        return {
            month: self.listing(f"archive/{month}/", month, articles)
            for month, articles in found.items()
        }

    def url(self, place: str) -> str:
        return self.own.base_url + quote(place)

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
            listed += self.named_by
        rest.setdefault("shows", tuple(listed))
        return Page(
            path=path,
            url=self.url(address or place),
            template=template,
            key=_digest(template, *about),
            **rest,
        )

    @cached_property
    def named_by(self) -> list[str]:
        """The articles from which sections have their names."""
        return [one.articles[0].id for one in self.by_section.values()]

    def homes(self) -> list[Page]:
        """The first page, in each language."""
        parted = self.languages.parted(self.seen if self.has_articles else ())
        translations = self.translated(self.languages.tags)
        pages = [self.home(tag, parted.get(tag, ())) for tag in self.languages.tags]
        return [replace(page, translations=translations) for page in pages]

    def translated(self, tags: Sequence[str], place: str = "") -> tuple[Translation, ...]:
        """Where a page stands in some languages, nowhere where that is one alone."""
        places = {tag: self.languages.place(tag, place) for tag in tags}
        return _translations({tag: self.url(at) for tag, at in places.items()})

    def home(self, tag: str, ours: Sequence[Article]) -> Page:
        latest = ours[:_LATEST]
        sections = [
            (_headed(one.title), self.url(one.places[tag]), one.parted[tag])
            for one in self.by_section.values()
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
            (*_versions(list(listed.values())), *newsletters, *links, front.order),
            description=self.own.description,
            language=tag,
            feed="" if tag == self.languages.main else f"language/{tag.lower()}",
            updated=_newest(latest),
            values=values,
            shows=(*listed, *self.named_by),
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
        return [tag for tag, at in places.items() if at == place or self.is_free(at)]

    def archive(self, place: str = "archive/", tag: str = "") -> Page:
        tag = tag or self.languages.main
        months = self.by_month if self.has_articles else {}
        links = [
            Link(title=month, url=self.url(one.places[tag]), count=len(one.parted[tag]))
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
                url=self.url(f"newsletters/{one.name}/"),
                description=one.description,
                count=len(self.sent[one.name]),
            )
            for one in self.newsletters()
            if self.languages.of(one.language) == tag
        ]

    def section_links(self, tag: str) -> list[Link]:
        found = self.by_section if self.has_articles else {}
        return [
            Link(
                title=_headed(one.title),
                url=self.url(one.places[tag]),
                count=len(one.parted[tag]),
            )
            for one in found.values()
            if tag in one.parted
        ]

    def listed(self, kind: str, listing: Listing) -> list[Page]:
        """The pages of a list: the first has the newest, and the others keep what they have."""
        urls = {tag: self.url(place) for tag, place in listing.places.items()}
        translations = _translations(urls)
        pages: list[Page] = []
        for tag, articles in listing.parted.items():
            first, *others = self.in_parts(kind, listing, tag, articles)
            pages += [replace(first, translations=translations), *others]
        return pages

    def in_parts(
        self, kind: str, listing: Listing, tag: str, articles: Sequence[Article]
    ) -> list[Page]:
        parts, place = parts_of(articles), listing.places[tag]
        places = [place, *(f"{place}{number}/" for number in range(len(parts) - 1, 0, -1))]
        urls = ["", *map(self.url, places), ""]
        title = _headed(listing.title) if kind == "section" else listing.title
        return [
            self.page(
                at,
                kind,
                (*_versions(part), title, newer, older),
                title=title,
                language=tag,
                feed=listing.feed,
                updated=_newest(part),
                values={"articles": part, "rest": 0, "newer": newer, "older": older},
            )
            for at, part, newer, older in zip(places, parts, urls, urls[2:], strict=False)
        ]

    def search(self, tag: str, ours: Sequence[Article], *, is_parted: bool = False) -> Page:
        newest = ours[:_IN_SEARCH]
        written = sorted({one.language for one in ours}) if is_parted else []
        values = {"articles": newest, "rest": len(ours) - len(newest), "written": written}
        about = (*_versions(newest), len(ours), written)
        place = self.languages.place(tag, "search/")
        return self.page(place, "search", about, values=values, indexed=False, language=tag)

    def newsletter(self, newsletter: Newsletter) -> Page:
        editions = [
            {
                "subject": one.subject if on_the_web(one, self.visible)[0] else "",
                "local": one.local,
                "url": edition_url(self.own, newsletter, one.id),
            }
            for one in self.sent[newsletter.name]
        ]
        return self.page(
            f"newsletters/{newsletter.name}/",
            "newsletter",
            (newsletter.title, newsletter.description, *editions),
            title=newsletter.title,
            language=newsletter.language,
            description=newsletter.description,
            indexed=newsletter.archive == "index" and bool(editions),
            values={"newsletter": newsletter, "editions": editions},
            shows=tuple(article for one in self.sent[newsletter.name] for article in one.shown),
        )

    def edition(self, sent: Sent, earlier: Sent | None, later: Sent | None) -> Page:
        beside = {
            name: edition_url(self.own, other.newsletter, other.id) if other else ""
            for name, other in (("earlier", earlier), ("later", later))
        }
        whole, stories = on_the_web(sent, self.visible)
        template = "edition" if whole else "withdrawn"
        return self.page(
            f"{edition_place(sent.id)}/",
            template,
            (sent.seal, sent.subject, whole, beside, *(() if whole else _versions(stories))),
            title=sent.subject if whole else sent.newsletter.title,
            description=sent.preheader if whole else "",
            language=sent.newsletter.language,
            sent=sent if whole else None,
            shows=tuple(sorted(sent.shown)) if whole else tuple(one.id for one in stories),
            indexed=whole and sent.newsletter.archive == "index",
            updated=sent.instant,
            values={
                "newsletter": sent.newsletter,
                "local": sent.local,
                "articles": stories,
                **beside,
            },
        )

    def article(self, article: Article, path: str) -> Page:
        others = [one for one in self.translations.of(article, self.visible) if self.is_shown(one)]
        if article not in others:  # search engines leave it out: it is nobody's translation
            others = [article]
        section = self.by_section.get(names.same(article.section))
        return Page(
            path=path,
            url=article.url,
            template="article",
            title=article.title,
            description=article.summary,
            language=article.language,
            key=f"{article.id} {article.version} {self.paged(article)}",
            updated=article.updated,
            article=article,
            shows=tuple(one.id for one in others),
            values={
                "section": self.section_of(article, section),
                "tags": self.links_of(self.tags, article.tags, article),
                "authors": self.links_of(self.authors, article.authors, article),
            },
            feed=section.feed if section else "",
            indexed=not article.extra.get("noindex"),
            translations=_translations({one.language: one.url for one in others}),
        )

    def is_shown(self, article: Article) -> bool:
        """Whether an article has a page that search engines may list."""
        return place_of(article.url, self.own) is not None and not article.extra.get("noindex")

    def paged(self, article: Article) -> list[str]:
        """Which of an article's tags have pages: they may get one long after it was published."""
        return [tag for tag in article.tags if names.same(tag) in self.tags]

    def links_of(
        self, groups: Mapping[str, Listing], held: Sequence[str], article: Article
    ) -> list[Link]:
        """Links to the pages of some names; without an address where a name has no page."""
        found = [(name, groups.get(names.same(name))) for name in held]
        return [
            Link(title=name, url=self.in_language(listing, article) if listing else "")
            for name, listing in found
        ]

    def in_language(self, listing: Listing, article: Article) -> str:
        """Where a list stands in an article's language."""
        first = next(iter(listing.places.values()))
        asked = first, article.language
        if asked not in self.where:
            self.where[asked] = self.url(listing.places.get(self.languages.of(asked[1]), first))
        return self.where[asked]

    def section_of(self, article: Article, section: Listing | None) -> Link | None:
        if section is None:
            return None
        return Link(title=_headed(section.title), url=self.in_language(section, article))

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


def _translations(urls: Mapping[str, str]) -> tuple[Translation, ...]:
    """A page in its languages; none where it stands in one alone."""
    found = tuple(Translation(language=tag, url=url) for tag, url in urls.items())
    return found if len(found) > 1 else ()


def _headed(section: str) -> str:
    """A section's name as a heading: one that is written small begins with a capital."""
    return section[:1].upper() + section[1:] if section.islower() else section


def _versions(articles: Sequence[Article]) -> list[str]:
    return [f"{article.id} {article.version}" for article in articles]


def _newest(articles: Sequence[Article]) -> datetime | None:
    return max((article.updated for article in articles), default=None)


def _digest(*about: object) -> str:
    digest = hashlib.sha256()
    for one in about:
        digest.update(f"{one!r}\n".encode())
    return digest.hexdigest()[:32]
