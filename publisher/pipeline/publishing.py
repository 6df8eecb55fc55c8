"""The pages of the site in the outbox: articles, sent editions, lists of both, and the sitemap."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publisher import __version__
from publisher.errors import Problem
from publisher.feeds import feed_plans, feed_url
from publisher.model import Article, Related
from publisher.outbox import Bundle, Tree
from publisher.pipeline import witness
from publisher.pipeline.built import Built, Pages
from publisher.pipeline.letters import ascii_url, links_of, links_origin
from publisher.pipeline.workspace import Workspace
from publisher.related import again
from publisher.rendering import (
    MAIL_POLICY,
    local_address,
    mail_page,
    page,
    page_body,
    page_policy,
    style,
)
from publisher.site import Page, Sent, edition_place, file_of, site_of, sitemaps, story_ids
from publisher.sources import named_files

_TYPES = {
    "atom.xml": ("Atom", "application/atom+xml"),
    "rss.xml": ("RSS", "application/rss+xml"),
    "feed.json": ("JSON", "application/feed+json"),
}
FORMAT = 1
"""Raise it whenever the same articles would give other pages."""

_FOLLOWED = 60  # feeds on a page for people; the OPML has all
_TEXTS = {".css", ".csv", ".html", ".ics", ".js", ".json", ".svg", ".txt", ".vtt", ".xml"}


def put_pages(space: Workspace, built: Built) -> None:
    """Make every page that is not as it should be, and take away those of what nobody may see."""
    if space.publication.web.pages == "none" and not space.pages_folder.is_dir():
        return
    tree = Tree(space.pages_folder, space.state / "pages.json")
    pages = Pages()
    if space.publication.web.pages != "none":
        _Publishing(space, tree, pages).run()
    tree.finish()
    pages.written, pages.removed = len(tree.written), len(tree.removed)
    pages.unchanged = tree.unchanged
    built.pages = pages
    built.problems = [*built.problems, *pages.problems]


def next_edition(space: Workspace) -> datetime | None:
    """Return when the next of the editions on their way begins, and may stand on the web."""
    starts = (send.start for send in space.ledger.sends.sends() if send.state != "cancelled")
    return min((start for start in starts if start > space.now), default=None)


class _Publishing:
    def __init__(self, space: Workspace, tree: Tree, pages: Pages) -> None:
        self.space, self.tree, self.pages = space, tree, pages
        self.own = space.publication
        self.root = urlsplit(self.own.base_url).path.rstrip("/")
        self.policy = page_policy(links_origin(self.own))
        self.plans = {
            plan.name: plan
            for plan in feed_plans(self.own, space.archive.articles, space.now)
        }  # fmt: skip
        self.seen = {
            article.id: article
            for article in space.archive.articles if not article.hidden(space.now)
        }  # fmt: skip
        self.recent = set(islice(self.seen, self.own.web.related_for))
        self.files: dict[str, Path] = {}  # place below the pages → the file that belongs there

    def run(self) -> None:
        site = site_of(self.own, self.space.archive.articles, list(self.sent()), self.space.now)
        self.pages.count = len(site.pages)
        self.pages.problems += map(self.without, site.without)
        self.tree.forget({page.path for page in site.pages})
        for done, one in enumerate(site.pages):
            self.space.progress("Making pages", done, len(site.pages))
            self.make(one)
        self.space.progress("Making pages", len(site.pages), len(site.pages))
        self.put_files({page.path for page in site.pages})
        self.put_rest([one for one in site.pages if self.is_indexed(one)])

    def without(self, article: Article) -> Problem:
        return Problem(
            what=f"no page is made for it: {article.url}",
            why="Its address is another page's or another site's, or none that a file can have.",
            todo="Give it another slug, or set [web] pages if another site has the articles.",
            path=f"{self.own.articles}/{article.path}", severity="warning",
        )  # fmt: skip

    # Editions

    def sent(self) -> Iterator[Sent]:
        """The editions that have begun to go out, whatever became of them afterwards."""
        begun, known = {}, set()
        for send in self.space.ledger.sends.sends():
            known.add(send.edition)
            counts = {} if send.state == "sending" else self.space.ledger.sends.counts(send.edition)
            reached = counts.get("accepted", 0) + counts.get("uncertain", 0)
            if send.start <= self.space.now and (send.state == "sending" or reached):
                begun[send.edition] = send.seal
        newsletters = {one.name: one for one in self.own.newsletters if one.archive != "none"}
        for edition, seal in {**witness.seals(self.space, but=known), **begun}.items():
            newsletter = newsletters.get(edition.partition("@")[0])
            if newsletter is None:
                continue
            note = self.tree.note(f"{edition_place(edition)}/index.html")
            about = note if note and note["seal"] == seal else self.read(edition, seal)
            if about:
                yield Sent(
                    id=edition, newsletter=newsletter, seal=seal,
                    local=datetime.fromisoformat(about["local"]),
                    instant=datetime.fromisoformat(about["instant"]),
                    subject=about["subject"], preheader=about["preheader"],
                    stories=tuple(about["stories"]), shown=frozenset(about["shown"]),
                )  # fmt: skip

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
            "stories": list(stories), "shown": sorted(shown),
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
                path=edition, severity="warning", todo=f"Make it again: publisher replay {edition}",
            )
        )  # fmt: skip
        return None

    # Pages

    def make(self, one: Page) -> None:
        """Make a page, if it is not as it should be."""
        note = self.tree.note(one.path)
        related: Sequence[Related] = ()
        if one.article:
            related = self.related(one.article, note)
        key = self.key(one, related)
        if self.tree.holds(one.path, key):
            note = self.tree.note(one.path)
        else:
            html, note = self.html(one, related)
            self.tree.put(one.path, key, html.encode(), note)
        if one.article and note:
            self.files |= {place: self.articles / path for place, path in note["files"].items()}

    @cached_property
    def articles(self) -> Path:
        return self.space.root / self.own.articles

    def related(self, article: Article, note: Any) -> Sequence[Related]:
        """The related stories of a page: those it had, as long as they may be seen.

        What arrived since changes no page.
        """
        is_known = note is not None and note["version"] == article.version
        keep = note["related"] if is_known else None
        if keep is None and article.id not in self.recent and not article.hint.related:
            return ()
        if keep is not None and not article.hint.related:
            shown = again(article, keep, self.seen, (self.space.now,))
            if len(shown) == len(keep):
                return shown
        at = (self.space.now,)
        return self.space.related.of(article, self.own.web.related, at=at, keep=keep)

    @cached_property
    def settings(self) -> str:
        """A digest of what all pages depend on."""
        own = self.own
        newsletters = [(one.name, one.title, one.archive) for one in own.newsletters]
        about = (
            FORMAT, __version__, replace(own, newsletters=(), segments=(), domains=()),
            newsletters, self.space.theme.digest("web/", "words/"),
        )  # fmt: skip
        return hashlib.sha256(repr(about).encode()).hexdigest()

    def key(self, one: Page, related: Sequence[Related]) -> str:
        shown = [(other.article.id, other.article.title, other.article.url) for other in related]
        feeds = sorted(self.plans) if one.template == "follow" else one.feed in self.plans
        about = (self.settings, one.key, one.title, one.description, one.indexed, shown, feeds)
        return hashlib.sha256(repr(about).encode()).hexdigest()[:32]

    def html(self, one: Page, related: Sequence[Related]) -> tuple[str, Any]:
        """A page's text, and what is to be noted of it."""
        if one.sent:
            return self.edition(one, one.sent)
        if one.article:
            body = self.space.archive.body(one.article)
            html = self.rendered(
                one, article=one.article, body=page_body(body, self.own), related=related
            )
            kept = [_reason(other) for other in related if not other.picked]
            looked_for = one.article.id in self.recent or bool(kept)
            files = named_files(one.article, body, self.articles, self.own)
            places = ((file_of(url, self.own), path) for url, path in files.items())
            return html, {
                "version": one.article.version, "related": kept if looked_for else None,
                "files": {place: path for place, path in places if place},
            }  # fmt: skip
        follow = self.follow() if one.template == "follow" else []
        return self.rendered(one, follow=follow), None

    def edition(self, one: Page, sent: Sent) -> tuple[str, Any]:
        """An edition as it was sent, with a bar above it; the reader's values are nobody's."""
        bundle, note = self.bundle(sent.id, sent.seal), self.read(sent.id, sent.seal)
        html = bundle.rendition().html.filled() if bundle else ""
        if not html:
            text = bundle.rendition().text.filled() if bundle else ""
            return self.rendered(one, "text", text=text), note
        head = self.rendered(one, "meta", policy=MAIL_POLICY)
        return mail_page(html, head, self.rendered(one, "bar")), note

    def rendered(self, one: Page, template: str = "", **values: Any) -> str:
        feeds = [
            {
                "title": f"{plan.title} ({name})", "type": kind,
                "url": feed_url(self.own, plan.name, file),
            }
            for plan in filter(None, map(self.plans.get, dict.fromkeys((one.feed, ""))))
            for file, (name, kind) in _TYPES.items()
        ]  # fmt: skip
        context = {
            "page": one, "article": None, "indexed": self.is_indexed(one), "feeds": feeds,
            "policy": self.policy, "root": self.root, "action": f"{links_of(self.own)}/subscribe",
            "link": lambda url: local_address(url, self.own),
            "wrong": "", "given": "", "chosen": [n.name for n in self.own.newsletters[:1]],
            **one.values, **values,
        }  # fmt: skip
        return page(template or one.template, self.own, one.language, self.space.theme, **context)

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
                    {"name": name, "url": feed_url(self.own, plan.name, file)}
                    for file, (name, _) in _TYPES.items()
                ],
            }
            for plan in plans[:_FOLLOWED]
        ]

    # Files

    def put_files(self, taken: set[str]) -> None:
        """Copy what visible articles name, and the static folder, beside the pages."""
        static = self.space.root / self.own.web.static
        files = {**self.files, **_below(static)}
        for place, source in sorted(files.items()):
            if place in taken:
                continue
            try:
                stat = source.stat()
                key = f"{source.name} {stat.st_size} {stat.st_mtime_ns}"
                if not self.tree.holds(place, key):
                    packing = source.suffix.lower() in _TEXTS
                    self.tree.put(place, key, source.read_bytes(), packing=packing)
            except OSError as error:
                self.pages.problems.append(
                    Problem(what=f"cannot be copied: {error.strerror}", path=str(source))
                )

    def put_rest(self, indexed: list[Page]) -> None:
        """The style, the sitemap, and what robots are told."""
        text = style(self.own, self.space.theme).encode()
        self.put("style.css", text)
        listed = ((ascii_url(one.url), one.updated) for one in sorted(indexed, key=_by_age))
        for name, data in sitemaps(ascii_url(self.own.base_url), listed).items():
            self.put(name, data)
        if self.root == "":  # robots look nowhere else
            self.put("robots.txt", f"Sitemap: {ascii_url(self.own.base_url)}sitemap.xml\n".encode())

    def put(self, path: str, data: bytes) -> None:
        key = hashlib.sha256(data).hexdigest()[:32]
        if not self.tree.holds(path, key):
            self.tree.put(path, key, data)


def _reason(related: Related) -> dict[str, Any]:
    """What is remembered of a related story, so that the page keeps it."""
    return {"id": related.article.id, "score": related.score, "text": related.text,
            "age": related.age, "terms": list(related.terms)}  # fmt: skip


def _below(folder: Path) -> dict[str, Path]:
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
