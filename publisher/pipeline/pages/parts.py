"""A part of feeds and pages that are many, made by one worker for who puts all of them there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import msgspec

from publisher.errors import Problem, PublisherError
from publisher.feeds import files_of
from publisher.outbox import Tree
from publisher.pipeline.pages import feeds
from publisher.pipeline.pages.assets import files_named, static_files
from publisher.pipeline.pages.context import site_context
from publisher.pipeline.pages.illustrations import Illustrations
from publisher.pipeline.pages.keys import PageKeys, settings_digest
from publisher.pipeline.pages.made import Made, Packs
from publisher.pipeline.pages.noted import noted
from publisher.pipeline.pages.notes import ArticleNotes
from publisher.pipeline.pages.plan import planned
from publisher.pipeline.pages.related import RelatedOnPages
from publisher.pipeline.pages.rendered import RenderedPages
from publisher.pipeline.pages.sent import SentEditions
from publisher.pipeline.pages.sharing import Plan, is_of
from publisher.pipeline.pages.stale import StalePage, StalePages
from publisher.pipeline.pages.writing import written
from publisher.pipeline.workspace import Workspace
from publisher.site import Site


class MadePart(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a part was made: feeds and pages; and what could not be, for who ends it says."""

    made: int
    wanted: int
    problems: Sequence[Problem] = ()


def make_part(space: Workspace, plan: Plan, packs: Packs, part: int, parts: int) -> MadePart:
    """Make what is of a part, as of the plan's instant, and keep it for others.

    What would be made from another article, other settings or another theme than was planned is
    left out: whoever puts all of them there makes that, or asks anew. A page that cannot be made
    keeps no other from it.
    """
    space.now = plan.now
    wanted = [one for one in plan.pages if is_of(one.path, part, parts)]
    names = {one.name: one.key for one in plan.feeds if is_of(one.name, part, parts)}
    made = _make_feeds(space, names, packs) if names else 0
    problems: list[Problem] = []
    if wanted and settings_digest(space) == plan.settings:
        notes = {**plan.editions, **{one.path: one.note for one in wanted if one.note}}
        pages = _Pages(space, notes, packs)
        made += pages.make({one.path: one.key for one in wanted}, problems.append)
    packs.finish()
    return MadePart(made=made, wanted=len(wanted) + len(names), problems=problems)


def _make_feeds(space: Workspace, keys: Mapping[str, str], packs: Packs) -> int:
    plans = [one for one in feeds.planned(space) if keys.get(one.name) == one.key]
    for one, files in written(space, plans, Made()):
        made = files or files_of(one, space.archive.body)
        packs.feed(one.name, one.key, made, packing=space.publication.web.packed)
    return len(plans)


class _Pages:
    """Makes pages of a site, given what is noted of some of them by place."""

    def __init__(self, space: Workspace, notes: Mapping[str, Any], packs: Packs) -> None:
        self._space, self._packs, self._own = space, packs, space.publication
        self._tree = cast(Tree, _Nowhere(notes))
        self._sent = SentEditions(space, self._tree, lambda _: None)  # who ends it tells of them
        self._site = planned(space, list(self._sent.all()), static_files(space))
        context = site_context(space, self._site)
        self._illustrations = Illustrations(space, self._tree)
        settings = settings_digest(space)
        self._keys = PageKeys(context, settings, self._illustrations.has_small)
        self._rendered = RenderedPages(space, context, self._sent.bundle)
        self._visible = space.visible.by_id

    def make(self, keys: Mapping[str, str], tell: Callable[[Problem], None]) -> int:
        """Make those with these keys, by place; return how many, `tell` of what cannot be made."""
        rest, made = [path for path, key in self._site.keyed() if keys.get(path) == key], 0
        while rest:
            done = 0
            try:
                for _ in self._made(self._site.part({*rest})):
                    done += 1
                rest = []
            except PublisherError as error:
                tell(error.problem)
                rest = rest[done + 1 :]
            made += done
        return made

    def _made(self, site: Site) -> Iterable[StalePage]:
        space, packing = self._space, self._own.web.packed
        related = RelatedOnPages(space, ArticleNotes(self._tree), self._visible, site.placed)
        stale = StalePages(self._tree, self._keys, related, self._illustrations, space.progress)
        for one, html in self._rendered.each(stale.of(site)):
            page = one.page
            note = self._sent.note(page.sent) if page.sent else self._note(one, related)
            self._packs.page(page.path, one.key, html.encode(), note, packing=packing)
            yield one

    def _note(self, one: StalePage, related: RelatedOnPages) -> Mapping[str, Any]:
        article = one.page.article
        if article is None:
            return noted(one, related, {})
        article = self._visible[article.id]  # with its pictures as it names them
        urls = files_named(article, self._space.archive.body(article), self._own)
        return noted(one, related, {article.id: urls})


class _Nowhere:
    """Where nothing lies, and nothing is put: who puts all of them there has that."""

    def __init__(self, notes: Mapping[str, Any]) -> None:
        self._notes = notes

    def note(self, path: str, kind: Any = Any) -> Any:
        """What is noted of a page, None where nothing is."""
        return msgspec.json.decode(msgspec.json.encode(self._notes.get(path)), type=kind)

    def holds(self, path: str, key: str) -> bool:
        """Whether something need not be put: a picture, whose key is its name."""
        return path == key
