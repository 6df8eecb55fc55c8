"""The site's pages as a build would make them now, each when it is asked for, in memory."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Collection, Iterator, Mapping
from html import escape, unescape
from itertools import islice
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from publisher import files
from publisher.errors import UsageError
from publisher.model import Article
from publisher.outbox import Tree
from publisher.pipeline.pages.assets import articles_folder, files_named, static_files
from publisher.pipeline.pages.context import site_context
from publisher.pipeline.pages.illustrations import Illustrations
from publisher.pipeline.pages.logo import logo_files
from publisher.pipeline.pages.notes import ArticleNotes
from publisher.pipeline.pages.plan import planned
from publisher.pipeline.pages.related import RelatedOnPages
from publisher.pipeline.pages.rendered import RenderedPages
from publisher.pipeline.pages.sent import SentEditions
from publisher.pipeline.workspace import Workspace
from publisher.site import SEARCH_SCRIPT, Page, file_of
from publisher.sources import file_beside

_MOST = 50_000_000  # bytes of a file beside the pages
_KINDS = ("home", "article", "section", "tag", "author", "month", "archive", "newsletter", "search")
_LISTED = 500  # pages to choose from; any other is reached by a link
_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_LOCAL = re.compile(r'(\s(?:href|src|poster|action)=")([^"]*)')
_SOURCES = re.compile(r'(\ssrcset=")([^"]*)')


class Choice(msgspec.Struct, frozen=True):
    """A page that can be chosen: its place below the pages, its title, and what kind it is."""

    path: str
    title: str
    kind: str


class SiteShown:
    """The site of a publication as its files stand now."""

    def __init__(self, space: Workspace) -> None:
        """Raises UsageError where the publication makes no pages."""
        self._space, self._own = space, space.publication
        if self._own.web.pages == "none":
            raise UsageError(
                "the publication makes no pages", todo='Let it: [web] pages = "all" or "editions".'
            )
        self._memory = _InMemory()
        tree = cast(Tree, self._memory)
        sent = SentEditions(space, tree, lambda _: None)  # a build tells which bundles are lost
        site = planned(space, list(sent.all()), static_files(space))
        context = site_context(space, site)
        self._site, self._root = site, context.root
        self._others = {page.path: page for page in site.others}
        self._lists = {page.path: page for page in site.lists}
        self._placed = {path: article for article, path in site.placed}
        self._articles = articles_folder(space)
        self._related = RelatedOnPages(space, ArticleNotes(tree), space.visible.by_id)
        self._illustrations = Illustrations(space, tree)
        self._rendered = RenderedPages(space, context, sent.bundle)
        self._files: dict[str, Path] = {}

    def choices(self) -> list[Choice]:
        """Return the pages to choose from: the first of each kind, then the rest."""
        pages = list(islice(self._site.pages, len(self._others) + len(self._lists) + _LISTED))
        first = {page.template: page for page in reversed(pages)}
        found = [first[kind] for kind in _KINDS if kind in first]
        found += [page for page in pages if page not in found]
        return [Choice(page.path, page.title, page.template) for page in found[:_LISTED]]

    def has(self, path: str) -> bool:
        """Whether there is a page at a place."""
        return path in self._others or path in self._lists or path in self._placed

    def file(self, path: str, below: str) -> tuple[bytes, str] | None:
        """Return what lies at a place, and its type; addresses of pages lead below `below`.

        None where nothing does. A folder's place is its page.
        """
        if path in ("", "/") or path.endswith("/"):
            path = f"{path.lstrip('/')}index.html"
        page = self._at(path) or self._at(f"{path}/index.html")
        if page:
            return self._page(page, below).encode(), "text/html; charset=utf-8"
        if path == "style.css":
            return self._space.renderer.style().encode(), "text/css; charset=utf-8"
        if path == SEARCH_SCRIPT:
            return b"", "text/javascript"  # the frame runs none
        data = self._memory.data.get(path) or self._beside(path)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return (data, kind) if data is not None else None

    def _at(self, path: str) -> Page | None:
        if article := self._placed.get(path):
            return self._site.of_articles.page(article, path)
        planned = self._lists.get(path)
        return planned.page() if planned else self._others.get(path)

    def _page(self, page: Page, below: str) -> str:
        article, illustrations = page.article, self._illustrations
        related = illustrations.of_related(self._related.of(article, page.path)) if article else ()
        others = (*page.named, *(one.article for one in related))
        for one in others:
            self._note(one, one.image.url if one.image else "")
        if article:
            body = self._space.archive.body(article)
            self._note(article, *files_named(article, body, self._own))
        if article:
            page = replace(page, article=illustrations.of_article(article))
        else:
            page = illustrations.of_page(page)
        html = self._rendered.html(page, related)
        return with_addresses_below(html, below, self._own.base_url, self._root)

    def _note(self, article: Article, *urls: str) -> None:
        """Note which files stand for addresses that an article names."""
        for url in filter(None, urls):
            beside = file_beside(url, article, self._articles, self._own)
            if beside and (place := file_of(url, self._own)):
                self._files[place] = self._articles / beside

    def _beside(self, path: str) -> bytes | None:
        """A picture beside an article that was shown, the logo, or a file of the static folder."""
        try:
            found = next(iter(self._candidates(path)), None)
            return files.read(found, _MOST) if found else None
        except (OSError, ValueError):
            return None

    def _candidates(self, path: str) -> Iterator[Path]:
        if path in self._files:
            yield self._files[path]
        yield from (logo for _, place, logo in logo_files(self._space) if place == path)
        static = (self._space.root / self._own.web.static).resolve()
        found = (static / path).resolve()
        is_hidden = any(part.startswith(".") for part in Path(path).parts)
        if found.is_relative_to(static) and found.is_file() and not is_hidden:
            yield found


class _InMemory:
    """What a build puts, without a folder: nothing lies there, all of it is made when asked."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def note(self, path: str, kind: Any = Any) -> None:
        """Nothing is known of what was made before."""

    def holds(self, path: str, key: str) -> bool:
        """Whether a picture was made already."""
        return path in self.data

    def put(
        self,
        path: str,
        key: str,
        data: bytes,
        note: Mapping[str, Any] | None = None,
        *,
        packing: bool = True,
    ) -> None:
        """Keep a picture to be shown."""
        self.data[path] = data

    def below(self, folder: str) -> Collection[str]:
        """Nothing lies there."""
        return ()


def with_addresses_below(html: str, below: str, base_url: str, root: str = "") -> str:
    """Return a page whose addresses of the site lead below another path.

    They are those that begin with `base_url`, or without a host with `root` and a slash.
    """

    def moved(address: str) -> str:
        plain = unescape(address)
        plain = f"{root}/{plain.removeprefix(base_url)}" if plain.startswith(base_url) else plain
        if not plain.startswith(f"{root}/") or plain.startswith("//"):
            return address
        return escape(f"{below}{plain.removeprefix(root)}")

    def of_tag(tag: re.Match[str]) -> str:
        text = _LOCAL.sub(lambda one: one[1] + moved(one[2]), tag[0])
        return _SOURCES.sub(
            lambda one: one[1] + ", ".join(map(candidate, one[2].split(", "))), text
        )

    def candidate(source: str) -> str:
        address, *size = source.split()
        return " ".join([moved(address), *size])

    return _TAG.sub(of_tag, html)
