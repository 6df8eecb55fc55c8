"""The site in the outbox: each of its parts made in turn, and what nobody may see taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from publisher.model import Article
from publisher.outbox import Memory, Tree
from publisher.pipeline.built import Built, Pages
from publisher.pipeline.gallery import is_mailed
from publisher.pipeline.pages.assets import Assets, find_assets, put_assets, static_files
from publisher.pipeline.pages.context import SiteContext, site_context
from publisher.pipeline.pages.crawlers import for_crawlers
from publisher.pipeline.pages.illustrations import Illustrations
from publisher.pipeline.pages.keys import PageKeys, settings_digest
from publisher.pipeline.pages.noted import noted
from publisher.pipeline.pages.notes import FORMAT, ArticleNotes, fits, of_older, shows
from publisher.pipeline.pages.plan import planned, site_problems
from publisher.pipeline.pages.publishing import publishing
from publisher.pipeline.pages.related import RelatedOnPages
from publisher.pipeline.pages.rendered import RenderedPages
from publisher.pipeline.pages.searched import put_search
from publisher.pipeline.pages.sent import SentEditions
from publisher.pipeline.pages.sharing import Many, Sharing
from publisher.pipeline.pages.stale import StalePage, StalePages
from publisher.pipeline.workspace import Workspace
from publisher.site import (
    REDIRECTS,
    SEARCH_INDEX,
    SEARCH_SCRIPT,
    Redirects,
    Site,
    is_listed,
    redirects_of,
)


def put_pages(
    space: Workspace, built: Built, *, distrust: bool = False, sharing: Sharing | None = None
) -> Memory | None:
    """Make every page that is not as it should be, and take away those of what nobody may see.

    Returns what is known of the files; None where there are to be none.
    With `distrust` the bytes of each file are looked at, whatever its size and times are.
    Raises Many where by `sharing` others are to make them.
    """
    with publishing(space, "web"):
        return _put(space, built, distrust, sharing or Sharing())


def _put(space: Workspace, built: Built, distrust: bool, sharing: Sharing) -> Memory | None:
    if space.publication.web.pages == "none" and not space.pages_folder.is_dir():
        return None
    memory, packing = space.memory("pages.json"), space.publication.web.packed
    tree = Tree(
        space.pages_folder,
        memory,
        FORMAT,
        fits,
        is_mailed,
        packing=packing,
        shows=shows,
        older=of_older,
        jobs=space.jobs,
    )
    space.tell_damage("pages.json", tree.memory.damage)
    if distrust:
        tree.memory.distrust()
    pages = Pages()
    if space.publication.web.pages == "none":
        tree.clear(())
        tree.finish()
    else:
        _SiteBuild(space, tree, pages, sharing).run()
    pages.written, pages.removed = len(tree.written), len(tree.removed)
    pages.unchanged = tree.unchanged
    built.pages = pages
    return tree.memory


def memory_of(space: Workspace) -> Memory:
    """What the pages in the outbox were made from."""
    return Memory(space.pages_folder, space.memory("pages.json"), FORMAT, fits=fits, shows=shows)


def next_edition(space: Workspace) -> datetime | None:
    """Return when the next of the editions on their way begins, and may stand on the web."""
    starts = (send.start for send in space.ledger.sends.all() if send.state != "cancelled")
    return min((start for start in starts if start > space.now), default=None)


class _SiteBuild:
    """One build of the site: the parts of it, in the order in which they give way to each other."""

    def __init__(self, space: Workspace, tree: Tree, pages: Pages, sharing: Sharing) -> None:
        self.space, self.tree, self.pages, self.sharing = space, tree, pages, sharing
        self.own, self.notes = space.publication, ArticleNotes(tree)
        self.visible = space.visible.by_id
        self.shown = set(self.visible)
        self.lists: dict[str, bytes] = {}  # sitemaps: which pages there are

    def run(self) -> None:
        self.tree.hide(self.shown)
        self.tree.told = self.sharing.made.notes
        try:
            self.make_all()
            self.tree.finish()
        except Many:  # and what is hidden has left
            self.tree.abandon()
            raise
        except BaseException:  # what is hidden must not stay because of a mistake in a template
            self.give_way()
            raise

    def give_way(self) -> None:
        """Take away what may show what is hidden, and nothing else.

        What other hosts made is theirs to take away; which pages there are is known already.
        """
        with suppress(OSError):  # of what was being written: they leave as well, then
            for name, data in self.lists.items():
                self.put(name, data)
        others = {place.removeprefix("web/") for place in self.space.outbox.fetched("web")}
        self.tree.drop(self.may_stay, pages=(SEARCH_INDEX,), others=others)
        self.tree.abandon()

    def may_stay(self, note: Any) -> bool:
        """Whether nothing is hidden of what a page shows."""
        return note is not None and self.shown.issuperset(note["shows"])

    def make_all(self) -> None:
        sent = SentEditions(self.space, self.tree, self.pages.problems.append)
        static = static_files(self.space)
        site = planned(self.space, list(sent.all()), static)
        self.pages.count = site.count
        self.pages.problems += site_problems(self.own, site)
        assets = find_assets(self.space, self.notes, site, static)
        self.pages.problems += assets.problems
        context = site_context(self.space, site)
        illustrations = Illustrations(self.space, self.tree)
        besides = self.besides(site, context, assets)
        self.lists = {name: data for name, data in besides.items() if name.endswith(".xml")}
        index = {SEARCH_INDEX} if context.searches else set()
        redirects = self.redirects(site, [*besides, *index])
        wanted = {*site.places, *assets.files, *besides, *index}
        self.tree.clear(wanted | {*redirects.places, *illustrations.made(site)})
        self.make(site, context, sent, assets, illustrations)
        self.pages.problems += put_assets(self.space, self.tree, assets)
        for name, data in besides.items():
            self.put(name, data)
        if index:
            put_search(self.space, self.tree, list(self.visible.values()))
        self.put_redirects(redirects)

    def besides(self, site: Site, context: SiteContext, assets: Assets) -> dict[str, bytes]:
        """The style, the script of the search, and what crawlers are told, by name."""
        found = {"style.css": self.space.renderer.style().encode()}
        if context.searches:
            found[SEARCH_SCRIPT] = self.space.theme.source("web/search.js").encode()
        articles: list[Article] = []
        if not self.own.web.noindex:
            articles = [article for article, _ in site.placed if is_listed(article)]
        pages = [(one.url, one.updated) for one in site.others if context.is_indexed(one)]
        if not self.own.web.noindex:
            pages += [(one.url, one.updated) for one in site.lists]
        pages += [(one.url, one.updated) for one in articles]
        robots = context.root == "" and "robots.txt" not in assets.files  # they look nowhere else
        return found | for_crawlers(self.own, pages, articles, self.space.now, robots=robots)

    def make(
        self,
        site: Site,
        context: SiteContext,
        sent: SentEditions,
        assets: Assets,
        illustrations: Illustrations,
    ) -> None:
        """Make the pages that are not as they should be."""
        settings, progress = settings_digest(self.space), self.space.progress
        keys = PageKeys(context, settings, illustrations.has_small)
        known = RelatedOnPages(self.space, self.notes, self.visible)
        editions = {one.path: sent.note(one.sent) for one in site.others if one.sent}
        weighed = StalePages(self.tree, keys, known, illustrations, progress)
        others = self.sharing.weigh(weighed, site, settings, editions)
        ours = self.taken_away(site) if others else site
        illustrations.make_ahead(ours)
        related = RelatedOnPages(self.space, self.notes, self.visible, ours.placed)
        stale = StalePages(self.tree, keys, related, illustrations, progress)
        rendered = RenderedPages(self.space, context, sent.bundle)

        def about(one: StalePage) -> Mapping[str, Any]:
            is_sent = one.page.sent
            return sent.note(is_sent) if is_sent else noted(one, related, assets.addresses)

        for one, html in rendered.each(self.not_made(stale.of(ours), about)):
            self.tree.put(one.page.path, one.key, html.encode(), about(one))
        if others:
            raise Many

    def taken_away(self, site: Site) -> Site:
        """The pages that showed what is hidden now: readers miss them, and wait for nobody."""
        folder = self.tree.folder
        return site.part({path.relative_to(folder).as_posix() for path in self.tree.removed})

    def not_made(
        self, stale: Iterator[StalePage], about: Callable[[StalePage], Mapping[str, Any]]
    ) -> Iterator[StalePage]:
        """Put the pages that other workers made, and yield the rest."""
        for one in stale:
            path, key = one.page.path, one.key
            if found := self.sharing.made.page(path, key):
                self.tree.put(path, key, found.data, about(one), packed=found.packed)
            else:
                yield one

    def redirects(self, site: Site, others: Collection[str]) -> Redirects:
        """Where articles stood before, as far as nothing else stands there."""
        for place in others:
            site.claims.take(place)
        articles = (article for article, _ in site.placed)
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

    def put(self, path: str, data: bytes, shown: Sequence[str] = ()) -> None:
        key = hashlib.sha256(data).hexdigest()[:32]
        if not self.tree.holds(path, key):
            self.tree.put(path, key, data, {"shows": list(shown)} if shown else None)
