"""The pages of the site in the outbox: articles, sent editions, lists of both, and the sitemap."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from publisher import __version__, files
from publisher.errors import Locked, Problem
from publisher.feeds import OFFERED, feed_plans, feed_url
from publisher.hosts import ascii_url
from publisher.isolation import PageAsked
from publisher.model import Article, EditionId, Newsletter, Publication, Related, in_range
from publisher.outbox import Bundle, Memory, Tree
from publisher.outbox.packing import SUFFIXES
from publisher.pictures import blanked
from publisher.pipeline.built import Built, Pages
from publisher.pipeline.gallery import FOLDER, is_mailed
from publisher.pipeline.pages.logo import file_at, logo_files
from publisher.pipeline.pages.notes import fits
from publisher.pipeline.pages.portraits import Portraits
from publisher.pipeline.pages.related import Asked
from publisher.pipeline.pages.search import most_of, search_index, search_key, searched
from publisher.pipeline.pages.searched import kept_words, searched_note
from publisher.pipeline.pages.writing import found
from publisher.pipeline.urls import links_of, links_origin
from publisher.pipeline.workspace import Workspace
from publisher.related import again
from publisher.rendering import (
    MAIL_POLICY,
    direct_links,
    mail_page,
    page_body,
    page_policy,
)
from publisher.site import (
    NEWS,
    REDIRECTS,
    SEARCH_INDEX,
    SEARCH_SCRIPT,
    Languages,
    Page,
    Redirects,
    Sent,
    Site,
    edition_place,
    file_of,
    news_sitemap,
    place_of,
    redirects_of,
    site_of,
    sitemaps,
    story_ids,
)
from publisher.sources import addresses, file_beside, is_file_address, measured

FORMAT = 5
"""Raise it whenever the same articles would give other pages, or notes of them change."""


_LOGO_WIDE, _LOGO_HIGH = 160, 40  # pixels of the logo on pages
_FOLLOWED = 60  # feeds on a page for people; the OPML has all


_MANY = 64  # pages that are worth starting several processes for
_Stale = tuple[Page, Sequence[Related], str]
"""A page that is to be made, its related stories, and the key of it all."""

_TEXTS = {".css", ".csv", ".html", ".ics", ".js", ".json", ".svg", ".txt", ".vtt", ".xml"}


def put_pages(space: Workspace, built: Built, *, distrust: bool = False) -> Memory | None:
    """Make every page that is not as it should be, and take away those of what nobody may see.

    Returns what is known of the files; None where there are to be none.
    With `distrust` the bytes of each file are looked at, whatever its size and times are.
    """
    if space.publication.web.pages == "none" and not space.pages_folder.is_dir():
        return None
    memory, packing = space.state / "pages.json", space.publication.web.packed
    tree = Tree(space.pages_folder, memory, FORMAT, fits, is_mailed, packing=packing)
    space.tell_damage("pages.json", tree.memory.damage)
    if distrust:
        tree.memory.distrust()
    pages = Pages()
    if space.publication.web.pages == "none":
        tree.clear(())
        tree.finish()
    else:
        SiteBuild(space, tree, pages).run()
    pages.written, pages.removed = len(tree.written), len(tree.removed)
    pages.unchanged = tree.unchanged
    built.pages = pages
    return tree.memory


def memory_of(space: Workspace) -> Memory:
    """What the pages in the outbox were made from."""
    return Memory(space.pages_folder, space.state / "pages.json", FORMAT, fits=fits)


def show_begun(space: Workspace) -> Pages | None:
    """Make the pages of editions that begin to go out, before anybody follows a link to one.

    Only where a site was made before; None where nothing was to be done, or another is at it.
    """
    own = space.publication
    shown = {one.name for one in own.newsletters if one.archive != "none"}
    begun = (
        send.edition
        for send in space.ledger.sends.all()
        if send.newsletter in shown and send.state == "sending" and send.start <= space.now
    )
    sealed = set(space.outbox.ids())
    is_there = own.web.pages != "none" and (space.pages_folder / "style.css").is_file()
    places = (
        space.pages_folder / edition_place(one) / "index.html" for one in begun if one in sealed
    )
    if not is_there or all(place.is_file() for place in places):
        return None
    built = Built()
    try:
        with space.alone_on_the_web():
            put_pages(space, built)
    except Locked:
        return None
    return built.pages


def next_edition(space: Workspace) -> datetime | None:
    """Return when the next of the editions on their way begins, and may stand on the web."""
    starts = (send.start for send in space.ledger.sends.all() if send.state != "cancelled")
    return min((start for start in starts if start > space.now), default=None)


_MOST = 1 << 30  # bytes of one file beside the pages
_GROWTH = 1 << 24  # bytes by which it may have grown since it was looked at


class SiteBuild:
    """One build of the site: what is asked for, what is there, and what to make."""

    def __init__(self, space: Workspace, tree: Tree, pages: Pages) -> None:
        self.space, self.tree, self.pages = space, tree, pages
        self.own = space.publication
        self.root = urlsplit(self.own.base_url).path.rstrip("/")
        self.policy = page_policy(links_origin(self.own))
        self.searching = page_policy(links_origin(self.own), searches=True)
        archive = space.archive
        plans = feed_plans(self.own, archive.articles, space.now, archive.first_seen)
        self.plans = {plan.name: plan for plan in plans}
        self.seen = {
            article.id: article
            for article in space.archive.articles
            if not article.hidden(space.now)
        }
        self.recent = set(islice(self.seen, self.own.web.related_for))
        self.files: dict[str, Path] = {}  # place below the pages → the file that belongs there
        self.named_by: dict[str, str] = {}  # place of such a file → an article that names it
        self.addresses: dict[str, list[str]] = {}  # of files, by the article that names them
        self.languages = Languages((), self.own.language)
        self.static = files_below((space.root / self.own.web.static).resolve())
        self.searches: dict[str, str] = {}  # the same by language
        self.search_url = ""  # of the page to search, where there is one
        self.told: dict[str, Mapping[str, Any]] = {}  # of editions, by id
        self.put_already: set[str] = set()  # pictures
        self.asked = Asked(space, ())

    def run(self) -> None:
        self.tree.drop(lambda note: note is None or self.may_stay(note))
        try:
            self.make_all()
            self.tree.finish()
        except BaseException:  # what is hidden must not stay because of a mistake in a template
            self.tree.drop(self.may_stay, pages=(SEARCH_INDEX,))
            self.tree.abandon()
            raise

    def plan(self) -> Site:
        """Return the site as it should be, and keep what each page must know of the whole."""
        site = planned(self.space, list(self.sent()), self.static)
        self.languages = site.languages
        searches = [one for one in site.pages if one.template == "search"]
        self.search_url = next((one.url for one in searches), "")
        self.searches = {one.language: one.url for one in searches}
        return site

    def make_all(self) -> None:
        site = self.plan()
        self.pages.count = len(site.pages)
        self.pages.problems += site_problems(self.own, site)
        self.find_files(site)
        rest = self.rest([one for one in site.pages if self.is_indexed(one)])
        pages = {page.path for page in site.pages}
        index = {SEARCH_INDEX} if self.search_url else set()
        redirects = self.redirects(site, [*rest, *index])
        former = {one.place for one in redirects.found} | (
            {REDIRECTS} if redirects.lines else set()
        )
        self.tree.clear({*pages, *self.files, *rest, *index, *former, *self.pictures(site)})
        self.make(site.pages)
        self.put_files()
        for name, data in rest.items():
            self.put(name, data)
        if self.search_url:
            self.put_search()
        self.put_redirects(redirects)

    def redirects(self, site: Site, others: Collection[str]) -> Redirects:
        """Where articles stood before, as far as nothing else stands there."""
        for place in others:
            site.claims.take(place)
        articles = [one.article for one in site.pages if one.article]
        found = redirects_of(articles, self.own, site.claims)
        self.pages.problems += found.problems
        if found.found and not site.claims.take(REDIRECTS):
            found = replace(found, is_listed=False)  # the publisher's own file is there
        return found

    def put_redirects(self, redirects: Redirects) -> None:
        """Make what leads on from old addresses; it goes when its article is hidden."""
        for one in redirects.found:
            self.put(one.place, one.html, [one.article.id])
        if redirects.lines:
            shown = sorted({one.article.id for one in redirects.found})
            self.put(REDIRECTS, redirects.lines, shown)

    def put_search(self) -> None:
        """Make the index of the page to search, if it is not as it should be."""
        newest = searched(list(self.seen.values()))
        key = search_key(newest)
        if not self.tree.holds(SEARCH_INDEX, key):
            most = most_of(newest)
            words = kept_words(self.tree, newest, most)
            others = [one for one in newest if one.id not in words]
            made = zip(others, found(self.space, others, most), strict=True)
            words |= {one.id: text for one, text in made}
            data = search_index(newest, [words[one.id] for one in newest], self.own)
            self.tree.put(SEARCH_INDEX, key, data, searched_note(newest, most))

    def pictures(self, site: Site) -> Iterator[str]:
        """Which of the pictures that were made are those of articles as they are now."""
        articles = (page.article for page in site.pages if page.article)
        keys = {key for article in articles for key in self.space.gallery.keys(article)}
        keys |= self.portraits.keys()
        for place in self.tree.below(FOLDER):
            if place.rpartition("/")[2].partition(".")[0] in keys:
                yield place

    def may_stay(self, note: Any) -> bool:
        """Whether nothing is hidden of what a page shows."""
        return note is not None and self.seen.keys() >= set(note["shows"])

    # Editions

    def sent(self) -> Iterator[Sent]:
        """The editions that have begun to go out, whatever became of them afterwards."""
        begun = {}
        for send in self.space.ledger.sends.all():
            counts = {} if send.state == "sending" else self.space.ledger.sends.counts(send.edition)
            reached = sum(counts.get(state, 0) for state in ("accepted", "filed", "uncertain"))
            if send.start <= self.space.now and (send.state == "sending" or reached):
                begun[send.edition] = send.seal
        newsletters = {one.name: one for one in self.own.newsletters if one.archive != "none"}
        for edition, seal in begun.items():
            newsletter = newsletters.get(EditionId(edition).newsletter)
            if newsletter is None:
                continue
            note = self.tree.note(f"{edition_place(edition)}/index.html")
            about = note if note and note.get("seal") == seal else self.read(edition, seal)
            if about:
                self.told[edition] = about
                yield Sent(
                    id=edition,
                    newsletter=newsletter,
                    seal=seal,
                    local=datetime.fromisoformat(about["local"]),
                    instant=datetime.fromisoformat(about["instant"]),
                    subject=about["subject"],
                    preheader=about["preheader"],
                    stories=tuple(about["stories"]),
                    shown=frozenset(about["shows"]),
                )

    def read(self, edition: str, seal: str) -> Mapping[str, Any] | None:
        """What is told of an edition, from its bundle; None where that is not what was sent."""
        bundle = self.bundle(edition, seal)
        if bundle is None:
            return None
        slot, rendition = bundle.manifest["slot"], bundle.rendition()
        stories, shown = story_ids(bundle.manifest)
        return {
            "seal": seal, "local": slot["local"], "instant": slot["instant"],
            "subject": rendition.subject.filled(), "preheader": rendition.preheader.filled(),
            "stories": list(stories), "shows": sorted(shown),
        }  # fmt: skip

    def bundle(self, edition: str, seal: str) -> Bundle | None:
        outbox = self.space.outbox
        if edition in outbox.ids() and not outbox.faults(edition):
            bundle = outbox.read(edition)
            if bundle.seal == seal:
                return bundle
        self.pages.problems.append(
            Problem(
                what="it was sent, and its bundle is lost or was changed: it has no page",
                path=edition,
                severity="warning",
                todo=f"Make it again: publisher replay {edition}",
            )
        )
        return None

    # Pages

    def make(self, pages: Sequence[Page]) -> None:
        """Make the pages that are not as they should be."""
        self.asked = Asked(self.space, [one for one in self.articles_of(pages) if self.asks(one)])
        stale = self.stale(pages)
        first = list(islice(stale, _MANY))
        is_much = len(first) == _MANY and self.space.workers.count > 1
        rendered = self.pressed if is_much else self.one_by_one
        for (one, related, key), html in rendered(chain(first, stale)):
            self.tree.put(one.path, key, html.encode(), self.noted(one, related))

    def stale(self, pages: Sequence[Page]) -> Iterator[_Stale]:
        """Those that are to be made, as they are to be."""
        for done, page in enumerate(pages):
            self.space.progress("Making pages", done, len(pages))
            related = self.related(page.article) if page.article else ()
            one, related = self.illustrated(page), self.with_thumbnails(related)
            key = self.key(one, related)
            if not self.tree.holds(one.path, key):
                yield one, related, key
        self.space.progress("Making pages", len(pages), len(pages))

    def one_by_one(self, stale: Iterable[_Stale]) -> Iterator[tuple[_Stale, str]]:
        for page in stale:
            yield page, self.html(*page[:2])

    def pressed(self, stale: Iterable[_Stale]) -> Iterator[tuple[_Stale, str]]:
        """Rendered side by side, in their order."""
        waiting = deque[_Stale]()

        def asked() -> Iterator[PageAsked | str]:
            for page in stale:
                waiting.append(page)
                yield self.wanted(*page[:2])

        with self.space.press() as press:
            for html in press.each(asked()):
                yield waiting.popleft(), html

    def illustrated(self, one: Page) -> Page:
        """A page whose articles have their pictures as they are shown; they are put there."""
        listed = one.values.get("articles", ())
        if listed and (self.has_thumbnails or self.portraits):
            one = replace(one, values={**one.values, "articles": tuple(map(self.small, listed))})
        if one.article is None:
            return one
        article = self.shown(self.space.gallery.for_page(one.article), one.article)
        return replace(one, article=self.small(article))

    def with_thumbnails(self, related: Sequence[Related]) -> Sequence[Related]:
        return [replace(other, article=self.small(other.article)) for other in related]

    def small(self, article: Article) -> Article:
        """An article with its thumbnail and its authors, where templates show any."""
        found = self.portraits.of(article, mailed=False) if self.portraits else article
        if article.image and self.has_thumbnails:
            found = self.space.gallery.with_thumbnail(found, mailed=False)
        return found if found is article else self.shown(found, article)

    @cached_property
    def portraits(self) -> Portraits:
        return Portraits(self.space, "web/")

    @cached_property
    def has_thumbnails(self) -> bool:
        return self.space.gallery.is_open and self.space.theme.mentions("thumbnail(", "web/")

    def shown(self, article: Article, before: Article) -> Article:
        """The article with what was made of its pictures, put there; without, where that fails."""
        gallery = self.space.gallery
        for place in gallery.places(article):
            if place in self.put_already:
                continue
            self.put_already.add(place)
            if self.tree.holds(place, place):
                continue
            try:
                data = gallery.data(place)
            except OSError:  # it was changed this moment: the next build shows it
                self.put_already.remove(place)
                return before
            # When the article is hidden, the picture goes along.
            self.tree.put(place, place, data, {"shows": [article.id]}, packing=False)
        return article

    def noted(self, one: Page, related: Sequence[Related]) -> Mapping[str, Any]:
        """What is to be known of a page without making it again."""
        if one.sent:
            return self.told[one.sent.id]
        if one.article is None:
            return {"shows": list(one.shows)}
        kept = [other.reason for other in related]
        looked_for = one.article.id in self.recent or bool(kept)
        return {
            "shows": [*one.shows, *(other.article.id for other in related)],
            "version": one.article.version,
            "related": kept if looked_for else None,
            "addresses": self.addresses[one.article.id],
        }

    def known(self, article: Article) -> Mapping[str, Any] | None:
        """What was noted of an article's page, as long as the article is the same."""
        path = place_of(article.url, self.own)
        note = self.tree.note(path) if path else None
        same = note is not None and note.get("version") == article.version
        return note if same else None

    @cached_property
    def articles(self) -> Path:
        return (self.space.root / self.own.articles).resolve()

    def related(self, article: Article) -> Sequence[Related]:
        """The related stories of a page: those it had, as long as they may be seen.

        What arrived since changes no page.
        """
        if self.own.web.related <= 0:
            return ()
        note = self.known(article)
        keep = note["related"] if note else self.asked.of(article)
        if keep is None and article.id not in self.recent and not article.hint.related:
            return ()
        if keep is not None and not article.hint.related:
            shown = again(article, keep, self.seen, (self.space.now,), self.own.related)
            if len(shown) == len(keep):
                return shown
        at = (self.space.now,)
        return self.space.related.of(article, self.own.web.related, at=at, keep=keep)

    def asks(self, article: Article) -> bool:
        """Whether related stories must be looked for, and none is picked by hand."""
        return (
            self.own.web.related > 0
            and article.id in self.recent
            and not article.hint.related
            and self.known(article) is None
        )

    @staticmethod
    def articles_of(pages: Iterable[Page]) -> list[Article]:
        """The articles that have a page of their own, in the pages' order."""
        return [one.article for one in pages if one.article]

    @cached_property
    def settings(self) -> str:
        """A digest of what all pages depend on."""
        own = self.own
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
            self.space.theme.digest("web/", "words/"),
        )
        return hashlib.sha256(repr(about).encode()).hexdigest()

    def key(self, one: Page, related: Sequence[Related]) -> str:
        shown = [(other.article.id, other.article.title, other.article.url) for other in related]
        others = (*one.values.get("articles", ()), *(other.article for other in related))
        small = (
            [sorted(one.pictures.items()) for one in others]
            if self.has_thumbnails or self.portraits
            else []
        )
        feeds = sorted(self.plans) if one.template == "follow" else one.feed in self.plans
        pictures = sorted(one.article.pictures.items()) if one.article else []
        about = (
            self.settings, one.template, one.key, one.title, one.description, one.language,
            one.indexed, shown, feeds, pictures, small, one.translations, self.front(one.language),
            self.logo, self.search(one.language),
        )  # fmt: skip
        return hashlib.sha256(repr(about).encode()).hexdigest()[:32]

    def html(self, one: Page, related: Sequence[Related]) -> str:
        wanted = self.wanted(one, related)
        return wanted if isinstance(wanted, str) else self.from_template(wanted)

    def wanted(self, one: Page, related: Sequence[Related]) -> PageAsked | str:
        """What a page is to be rendered from; itself, where it needs several templates."""
        if one.sent:
            return self.edition(one, one.sent)
        if one.article:
            whole = one.article.in_full(self.space.archive.body(one.article))
            body = page_body(whole, self.own, one.article)
            return self.page_of(one, article=one.article, body=body, related=related)
        follow = self.follow() if one.template == "follow" else []
        return self.page_of(one, follow=follow)

    def edition(self, one: Page, sent: Sent) -> str:
        """An edition as it was sent, with a bar above it; the reader's values are nobody's."""
        bundle = self.bundle(sent.id, sent.seal)
        if bundle is None:
            return self.rendered(one, "withdrawn")
        links = bundle.links  # who reads here is counted by nobody
        rendition = direct_links(bundle.rendition(), links.prefix, links.addresses)
        html = rendition.html.filled()
        if not html:
            return self.rendered(one, "text", text=rendition.text.filled())
        head = self.rendered(one, "meta", policy=MAIL_POLICY, mail=True)
        return mail_page(html, head, self.rendered(one, "bar"))

    def rendered(self, one: Page, template: str = "", **values: Any) -> str:
        return self.from_template(self.page_of(one, template, **values))

    def from_template(self, asked: PageAsked) -> str:
        return self.space.renderer.page(asked.name, asked.language, **asked.values)

    def page_of(self, one: Page, template: str = "", **values: Any) -> PageAsked:
        """A page as a template is asked for it."""
        feeds = [
            {
                "title": f"{plan.title} ({form.label})",
                "type": form.type,
                "url": feed_url(self.own, plan.name, form.file),
            }
            for plan in filter(None, map(self.plans.get, dict.fromkeys((one.feed, ""))))
            for form in OFFERED
        ]
        context = {
            "page": one, "article": None, "mail": False, "section": None, "feeds": feeds,
            "indexed": self.is_indexed(one),
            "policy": self.searching if one.template == "search" else self.policy,
            "offer": self.offer(one.language), "search": self.search(one.language),
            "newer": "", "older": "", "root": self.root, "logo": self.logo,
            "front": self.front(one.language), "archive": self.front(one.language, "archive/"),
            "subscribe": self.front(one.language, "subscribe/"),
            "action": f"{links_of(self.own)}/subscribe",
            "wrong": "", "given": "", "chosen": self.chosen(one.language),
            **one.values, **values, "of_site": True,
        }  # fmt: skip
        return PageAsked(template or one.template, one.language, context)

    def front(self, language: str, place: str = "") -> str:
        """The address of the first page, or the archive, for readers of a page in a language."""
        return self.own.base_url + quote(self.languages.place(language, place))

    def search(self, language: str) -> str:
        """The address of the page to search for readers of a page in a language, "" without one."""
        return self.searches.get(self.languages.of(language), self.search_url)

    @cached_property
    def logo(self) -> Mapping[str, int] | None:
        """How large the logo is shown, where it is a file of ours whose pixels are known."""
        found = file_at(self.space, self.own.logo)
        wide, high = measured(found[1]) if found else (0, 0)
        if not wide or not high:
            return None
        scale = min(_LOGO_WIDE / wide, _LOGO_HIGH / high)
        return {"width": max(round(wide * scale), 1), "height": max(round(high * scale), 1)}

    def offer(self, language: str) -> Newsletter | None:
        """The newsletter that pages in a language offer: the first in it, or of all."""
        public = [one for one in self.own.newsletters if one.public and not one.instead_of]
        fit = [one for one in public if in_range(one.language, language)]
        return next(iter(fit or public), None) if self.own.sender else None

    def chosen(self, language: str) -> list[str]:
        """The newsletter that is ticked on the page to subscribe in a language."""
        offered = self.offer(language) if language != self.languages.main else None
        return [one.name for one in ([offered] if offered else self.own.newsletters[:1])]

    def is_indexed(self, one: Page) -> bool:
        return one.indexed and not self.own.web.noindex

    def follow(self) -> list[Mapping[str, Any]]:
        """The feeds that people may choose from."""
        plans = [
            plan for name, plan in self.plans.items() if not name.startswith(("tag/", "author/"))
        ]
        return [
            {
                "title": plan.title,
                "files": [
                    {"name": form.label, "url": feed_url(self.own, plan.name, form.file)}
                    for form in OFFERED
                ],
            }
            for plan in plans[:_FOLLOWED]
        ]

    # Files

    def find_files(self, site: Site) -> None:
        """Find what visible articles name, and the static folder: what belongs beside the pages."""
        found: dict[str, Path] = {}
        for one in site.pages:
            if one.article is None:
                continue
            note = self.known(one.article)
            body = "" if note else self.space.archive.body(one.article)
            urls = note["addresses"] if note else self.files_named(one.article, body)
            self.addresses[one.article.id] = urls
            for url in urls:
                path = file_beside(url, one.article, self.articles, self.own)
                place = file_of(url, self.own)
                if path and place:
                    found[place] = self.articles / path
                    self.named_by[place] = one.article.id
        found |= self.static
        for _, at, logo in logo_files(self.space):
            found.setdefault(at, logo)
        for place, source in sorted(found.items()):
            stem = place[:-3] if place.endswith(tuple(SUFFIXES.values())) else ""
            if stem in found or (stem and site.claims.holds(stem)):
                continue  # it is packed here, or it would be a packed file of another text
            if site.claims.take(place) or place == "robots.txt":
                self.files[place] = source
            else:
                name = os.path.relpath(source, self.space.root.resolve())
                what = f"it is not copied: the site has {place} itself"
                problem = Problem(
                    what=what, path=str(name), severity="warning", todo="Give it another name."
                )
                self.pages.problems.append(problem)

    def files_named(self, article: Article, body: str) -> list[str]:
        return [url for url in addresses(article, body, self.own) if is_file_address(url)]

    def put_files(self) -> None:
        """Copy what belongs beside the pages."""
        for place, source in self.files.items():
            try:
                stat = source.stat()
                key = f"{source.name} {stat.st_size} {stat.st_mtime_ns}"
                is_picture = self.is_blanked(place, source)
                key += " blanked" if is_picture else ""
                most = min(stat.st_size + _GROWTH, _MOST)
                data = None if self.tree.holds(place, key) else files.read(source, most)
            except OSError as error:
                what = f"it is not copied: {error.strerror}"
                name = os.path.relpath(source, self.space.root)
                self.pages.problems.append(Problem(what=what, path=name))
                continue
            if data is not None:
                article = self.named_by.get(place)  # when that is hidden, the picture goes along
                note = {"shows": [article]} if article else None
                data = blanked(data) if is_picture else data
                self.tree.put(place, key, data, note, packing=source.suffix.lower() in _TEXTS)

    def is_blanked(self, place: str, source: Path) -> bool:
        """Whether it is an article's picture, which tells no reader where it was taken."""
        is_theirs = place in self.named_by and source.is_relative_to(self.articles)
        is_picture = source.suffix.lower() in {".jpeg", ".jpg", ".png", ".webp"}
        return is_theirs and is_picture and self.space.gallery.is_open

    def rest(self, indexed: Sequence[Page]) -> dict[str, bytes]:
        """The style, the sitemap, and what robots are told, by name."""
        listed = ((ascii_url(one.url), one.updated) for one in sorted(indexed, key=_by_age))
        base = ascii_url(self.own.base_url)
        found = {"style.css": self.space.renderer.style().encode(), **sitemaps(base, listed)}
        if self.search_url:
            found[SEARCH_SCRIPT] = self.space.theme.source("web/search.js").encode()
        maps = ["sitemap.xml"]
        if self.own.web.news_sitemap:
            articles = [one.article for one in indexed if one.article]
            newest = sorted(articles, key=lambda one: (one.published, one.id), reverse=True)
            found[NEWS] = news_sitemap(self.own, newest, self.space.now)
            maps.append(NEWS)
        if self.root == "" and "robots.txt" not in self.files:  # robots look nowhere else
            named = "".join(f"Sitemap: {base}{name}\n" for name in maps)
            found["robots.txt"] = f"User-agent: *\nAllow: /\n\n{named}".encode()
        return found

    def put(self, path: str, data: bytes, shown: Sequence[str] = ()) -> None:
        key = hashlib.sha256(data).hexdigest()[:32]
        if not self.tree.holds(path, key):
            self.tree.put(path, key, data, {"shows": list(shown)} if shown else None)


def planned(space: Workspace, editions: Sequence[Sent], static: Collection[str]) -> Site:
    """The site as it should be; `static` are the places of the publisher's own files."""
    archive = space.archive
    return site_of(
        space.publication,
        archive.articles,
        editions,
        space.now,
        first_seen=archive.first_seen,
        static=static,
    )


def site_problems(own: Publication, site: Site) -> Iterator[Problem]:
    """What a site cannot show as its articles ask for it."""
    others = tuple(f"{feed.into}/" for feed in own.sources.feeds)  # whose stories are elsewhere
    yield from (
        without_page(own, one)
        for one in site.without
        if not others or not one.path.startswith(others)
    )
    for article, name in site.lost:
        yield Problem(
            what=f"it says that it translates {name!r}, and there is no such article",
            why="Its readers are not led to the other language, nor those of the other to it.",
            todo="Name the other article by its id, slug, file or title: translation_of.",
            path=f"{own.articles}/{article.path}",
            severity="warning",
        )


def without_page(own: Publication, article: Article) -> Problem:
    """An article that can have no page, as a problem."""
    return Problem(
        what=f"no page is made for it: {article.url}",
        why="Its address is another page's or another site's, or none that a file can have.",
        todo="Give it another slug, or set [web] pages if another site has the articles.",
        path=f"{own.articles}/{article.path}",
        severity="warning",
    )


def files_below(folder: Path) -> dict[str, Path]:
    """Every file of a folder by its path below it; hidden ones and links are left alone."""
    found = {}
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(at, name)
            if not name.startswith(".") and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path
    return found


def _by_age(one: Page) -> tuple[float, str]:
    return (one.updated.timestamp() if one.updated else 0.0, one.url)
