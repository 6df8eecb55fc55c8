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
from publisher.site.places import Claims, edition_place, edition_url, place_of

_LATEST = 20  # stories on the first page
_IN_SECTION = 100  # the newest of a section; the months have all


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
            sections, months = self.by_section, self.by_month
            pages += [self.archive("sections/")] if sections else []
            pages += [self.section(slug, *found) for slug, found in sections.items()]
            pages += [self.month(month, found) for month, found in months.items()]
        return pages

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
        found: dict[str, tuple[str, list[Article]]] = {}
        for article in self.seen:
            if slug := self.slugs[article.section]:
                found.setdefault(slug, (article.section, []))[1].append(article)
        fit = (slug for slug in found if place_of(self.url(f"sections/{slug}/"), self.own))
        return {slug: found[slug] for slug in sorted(fit, key=lambda s: found[s][0].casefold())}

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
        links = [*self.newsletter_links(), *self.section_links()]
        return self.page(
            "",
            "home",
            (*_versions(latest), *links),
            description=self.own.description,
            updated=_newest(latest),
            values={
                "articles": latest,
                "newsletters": self.newsletter_links(),
                "sections": self.section_links(),
            },
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

    def section(self, slug: str, title: str, articles: Sequence[Article]) -> Page:
        newest = articles[:_IN_SECTION]
        return self.page(
            f"sections/{slug}/",
            "section",
            (*_versions(newest), title, len(articles)),
            title=_headed(title),
            feed=f"section/{slug}",
            updated=_newest(newest),
            values={"articles": newest, "rest": len(articles) - len(newest)},
        )

    def month(self, month: str, articles: Sequence[Article]) -> Page:
        return self.page(
            f"archive/{month}/",
            "month",
            _versions(articles),
            title=month,
            updated=_newest(articles),
            values={"articles": articles},
        )

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
            key=f"{article.id} {article.version}",
            updated=article.updated,
            article=article,
            shows=(article.id,),
            values={"section": self.section_of(article)},
            feed=f"section/{self.slugs[article.section]}" if article.section else "",
            indexed=not article.extra.get("noindex"),
        )

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
