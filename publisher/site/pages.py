"""Which pages a site has, what each shows, and a key of all that it depends on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from publisher.model import Article, Newsletter, Publication, slugify
from publisher.site.editions import Sent, on_the_web
from publisher.site.front import front_of
from publisher.site.lists import groups_of, parts_of
from publisher.site.places import Claims, edition_place, edition_url, place_of

_LATEST = 20  # stories to choose those at the top of the first page from
_IN_SEARCH = 300  # titles on the page to search, for those without scripts
SEARCH_SCRIPT, SEARCH_INDEX = "search/search.js", "search/index.json"
"""What the page to search needs beside itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A page that another one names; `count` of what it lists, where that is worth saying."""

    title: str
    url: str
    description: str = ""
    count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page before it is rendered: its file below the pages' folder, its template and values.

    `feed` names the feed that follows it besides the publication's own. `key` is a digest of all
    it depends on, besides the settings and the theme. Search engines are asked to leave out what
    is not `indexed`. `shows` are the ids of articles that it names.
    """

    path: str
    url: str
    template: str
    title: str
    language: str
    key: str
    description: str = ""
    feed: str = ""
    indexed: bool = True
    shows: tuple[str, ...] = ()
    updated: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    article: Article | None = None
    sent: Sent | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The pages, and the articles that have none because their address is taken or is no file's."""

    pages: tuple[Page, ...]
    without: tuple[Article, ...]
    claims: Claims


def site_of(
    publication: Publication, articles: Sequence[Article], editions: Sequence[Sent], now: datetime
) -> Site:
    """Return the site as it stands at `now`.

    `articles` are newest first, hidden ones are left out; `editions` are those that were sent.
    """
    return _Site(publication, articles, editions, now).site()


class _Site:
    def __init__(
        self,
        publication: Publication,
        articles: Sequence[Article],
        editions: Sequence[Sent],
        now: datetime,
    ) -> None:
        self.own = publication
        self.has_articles = publication.web.pages == "all"
        self.zone = ZoneInfo(publication.zone)
        self.seen = [article for article in articles if not article.hidden(now)]
        self.visible = {article.id: article for article in self.seen}
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
            if claims.take(page.path):
                pages.append(page)
                claims.take(SEARCH_SCRIPT)
                claims.take(SEARCH_INDEX)
        return Site(pages=tuple(pages), without=tuple(without), claims=claims)

    def ours(self) -> list[Page]:
        """Every page but those of articles."""
        pages = [self.home(), self.archive(), self.subscribe(), self.missing()]
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
            for slug, (title, found) in self.by_section.items():
                pages += self.listed(
                    f"sections/{slug}/", "section", _headed(title), found, f"section/{slug}"
                )
            for kind, groups in (("tag", self.tags), ("author", self.authors)):
                for slug, (title, found) in groups.items():
                    pages += self.listed(f"{kind}s/{slug}/", kind, title, found, f"{kind}/{slug}")
            for month, found in self.by_month.items():
                pages += self.listed(f"archive/{month}/", "month", month, found)
        return pages

    def later(self) -> list[Page]:
        """Pages that give way where an article has the address, for they came after articles."""
        return [self.search()] if self.has_articles else []

    # What there is

    def newsletters(self) -> list[Newsletter]:
        return [one for one in self.own.newsletters if one.archive != "none"]

    @cached_property
    def slugs(self) -> dict[str, str]:
        """Each section's part of an address, "" for none."""
        return {title: slugify(title) for title in {article.section for article in self.seen}}

    @cached_property
    def by_section(self) -> dict[str, tuple[str, list[Article]]]:
        """Slug → title and articles, in order of title."""
        return self.placed("sections", groups_of(self.seen, lambda one: (one.section,)))

    @cached_property
    def tags(self) -> dict[str, tuple[str, list[Article]]]:
        """The same for tags, of those that say more than one story does."""
        found = self.placed("tags", groups_of(self.seen, lambda one: one.tags))
        return {slug: group for slug, group in found.items() if len(group[1]) > 1}

    @cached_property
    def authors(self) -> dict[str, tuple[str, list[Article]]]:
        """The same for authors."""
        return self.placed("authors", groups_of(self.seen, lambda one: one.authors))

    def placed(
        self, folder: str, found: Mapping[str, tuple[str, list[Article]]]
    ) -> dict[str, tuple[str, list[Article]]]:
        """Those whose address a file can have, in order of title."""
        places = {slug: place_of(self.url(f"{folder}/{slug}/"), self.own) for slug in found}
        taken = set() if folder == "sections" else self.taken
        fit = (slug for slug, place in places.items() if place and place not in taken)
        return {slug: found[slug] for slug in sorted(fit, key=lambda s: found[s][0].casefold())}

    @cached_property
    def taken(self) -> set[str | None]:
        """Where articles' own pages stand."""
        return {place_of(article.url, self.own) for article in self.seen}

    @cached_property
    def by_month(self) -> dict[str, list[Article]]:
        """`2026-11` → its articles, newest first; a month is the publication's."""
        found: dict[str, list[Article]] = {}
        for article in self.seen:
            month = article.published.astimezone(self.zone).strftime("%Y-%m")
            found.setdefault(month, []).append(article)
        return found

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
            listed += [members[0].id for _, members in self.by_section.values()]
        rest.setdefault("shows", tuple(listed))
        return Page(
            path=path,
            url=self.url(address or place),
            template=template,
            key=_digest(template, *about),
            **rest,
        )

    def home(self) -> Page:
        latest = self.seen[:_LATEST] if self.has_articles else []
        sections = self.by_section if self.has_articles else {}
        named = [
            (_headed(title), self.url(f"sections/{slug}/"), members)
            for slug, (title, members) in sections.items()
        ]
        front = front_of(latest, self.seen, named, self.own.language)
        values = {
            "articles": latest,
            "lead": front.lead,
            "top": front.top,
            "groups": front.groups,
            "newsletters": self.newsletter_links(),
            "sections": self.section_links(),
        }
        links = [*self.newsletter_links(), *self.section_links()]
        listed = {one.id: one for one in [*latest, *front.articles]}
        return self.page(
            "",
            "home",
            (*_versions(list(listed.values())), *links, front.order),
            description=self.own.description,
            updated=_newest(latest),
            values=values,
            shows=(*listed, *(members[0].id for _, members in self.by_section.values())),
        )

    def archive(self, place: str = "archive/") -> Page:
        months = self.by_month if self.has_articles else {}
        links = [
            Link(title=month, url=self.url(f"archive/{month}/"), count=len(found))
            for month, found in months.items()
        ]
        values = {
            "newsletters": self.newsletter_links(),
            "sections": self.section_links(),
            "months": links,
        }
        about = [value for found in values.values() for value in found]
        return self.page(
            place, "archive", about, values=values, indexed=place == "archive/", address="archive/"
        )

    def newsletter_links(self) -> list[Link]:
        return [
            Link(
                title=one.title,
                url=self.url(f"newsletters/{one.name}/"),
                description=one.description,
                count=len(self.sent[one.name]),
            )
            for one in self.newsletters()
        ]

    def section_links(self) -> list[Link]:
        found = self.by_section if self.has_articles else {}
        return [
            Link(title=_headed(title), url=self.url(f"sections/{slug}/"), count=len(members))
            for slug, (title, members) in found.items()
        ]

    def listed(
        self, place: str, template: str, title: str, articles: Sequence[Article], feed: str = ""
    ) -> list[Page]:
        """The pages of a list: the first has the newest, and the others keep what they have."""
        parts = parts_of(articles)
        places = [place, *(f"{place}{number}/" for number in range(len(parts) - 1, 0, -1))]
        urls = ["", *map(self.url, places), ""]
        return [
            self.page(
                at,
                template,
                (*_versions(part), title, newer, older),
                title=title,
                feed=feed,
                updated=_newest(part),
                values={"articles": part, "rest": 0, "newer": newer, "older": older},
            )
            for at, part, newer, older in zip(places, parts, urls, urls[2:], strict=False)
        ]

    def search(self) -> Page:
        newest = self.seen[:_IN_SEARCH]
        values = {"articles": newest, "rest": len(self.seen) - len(newest)}
        about = (*_versions(newest), len(self.seen))
        return self.page("search/", "search", about, values=values, indexed=False)

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
            shows=(article.id,),
            values={
                "section": self.section_of(article),
                "tags": self.links_of("tags", self.tags, article.tags),
                "authors": self.links_of("authors", self.authors, article.authors),
            },
            feed=f"section/{self.slugs[article.section]}" if article.section else "",
            indexed=not article.extra.get("noindex"),
        )

    def paged(self, article: Article) -> list[str]:
        """Which of an article's tags have pages: they may get one long after it was published."""
        return [tag for tag in article.tags if slugify(tag) in self.tags]

    def links_of(
        self, folder: str, groups: Mapping[str, object], names: Sequence[str]
    ) -> list[Link]:
        """Links to the pages of some names; without an address where a name has no page."""
        slugs = [(name, slugify(name)) for name in names]
        return [
            Link(title=name, url=self.url(f"{folder}/{slug}/") if slug in groups else "")
            for name, slug in slugs
        ]

    def section_of(self, article: Article) -> Link | None:
        slug = self.slugs[article.section]
        return (
            Link(title=_headed(self.by_section[slug][0]), url=self.url(f"sections/{slug}/"))
            if (slug in self.by_section)
            else None
        )

    def subscribe(self) -> Page:
        offered = [one for one in self.own.newsletters if one.public]
        about = [(one.name, one.title, one.description, one.instead_of) for one in offered]
        return self.page("subscribe/", "follow", about, values={"newsletters": offered})

    def leaving(self, name: str) -> Page:
        """Where the links of an edition lead that stands on the web: nobody's in particular."""
        return self.page(f"{name}/", "leaving", indexed=False)

    def missing(self) -> Page:
        return self.page("404.html", "missing", indexed=False)


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
