"""Whether an edition still says what its articles say: what was withdrawn or corrected since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from publisher.errors import Held, Problem
from publisher.model import Article, EditionId
from publisher.outbox import Bundle
from publisher.pipeline.contents import articles_of
from publisher.pipeline.exclusions import excluded
from publisher.pipeline.sealed import rebuild, sealed
from publisher.pipeline.workspace import Workspace

_GONE = "its file is gone"


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """What has become of the articles that an edition shows, since it was built.

    `hidden` are (title, why) of those that nobody may see now, related ones included; `excluded`
    of those that an editor keeps out of the newsletter; `changed` the titles of stories that say
    something else now.
    """

    edition: str
    hidden: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is not as it was, in a line; "" where all is."""
        if self.hidden:
            title, why = self.hidden[0]
            return f"it shows “{title}”, which nobody may see now: {why}{_more(self.hidden)}"
        if self.excluded:
            title, why = self.excluded[0]
            return f"it shows “{title}”, which is {why}{_more(self.excluded)}"
        if self.changed:
            return f"“{self.changed[0]}” has changed since it was built{_more(self.changed)}"
        return ""


def _more(found: tuple[object, ...]) -> str:
    return f", and {len(found) - 1} more" if len(found) > 1 else ""


def compared(
    edition: str,
    manifest: Mapping[str, Any],
    articles: Mapping[str, Article],
    at: datetime,
    without: Mapping[str, str] = MappingProxyType({}),
) -> Freshness:
    """Compare an edition's manifest with the articles (by id) as they are at an instant (UTC).

    `without` says, by id, why an editor keeps an article out of the newsletter.
    """
    from publisher.site import story_ids  # of all that makes pages, where something is compared

    titles = {story["id"]: story["title"] for story in manifest["stories"]}
    stories, shown = story_ids(manifest)
    hidden, excluded = [], []
    for name in (*stories, *sorted(shown - set(stories))):
        article = articles.get(name)
        why = article.hidden(at) if article else _GONE
        title = article.title if article else titles.get(name, name)
        if why:
            hidden.append((title, why))
        elif name in without:
            excluded.append((title, without[name]))
    changed = tuple(
        titles[story["id"]]
        for story in manifest["stories"]
        if story["id"] in articles and articles[story["id"]].version != story["version"]
    )
    return Freshness(
        edition=edition, hidden=tuple(hidden), excluded=tuple(excluded), changed=changed
    )


def freshness(space: Workspace, bundle: Bundle, at: datetime) -> Freshness:
    """Return what has become of a bundle's articles, as they will be at an instant (UTC)."""
    articles = {article.id: article for article in space.archive.articles}
    without = excluded(space, EditionId(bundle.id).newsletter)
    return compared(bundle.id, bundle.manifest, articles, at, without)


def check_fresh(space: Workspace, bundle: Bundle, at: datetime, *, as_built: bool) -> None:
    """Raise Held for an edition that shows what is hidden or excluded, or what was corrected since.

    `as_built` lets corrected stories go out as they were; the others never.
    """
    found = freshness(space, bundle, at)
    build = f"Build it again: publisher {rebuild(space, bundle.id)}"
    if found.hidden:
        raise Held(
            f"{bundle.id} does not go out: {found.words}",
            why="It was withdrawn since the edition was built, or its time is not now.",
            todo=build,
        )
    if found.excluded:
        raise Held(
            f"{bundle.id} does not go out: {found.words}",
            why="It was excluded since the edition was built.",
            todo=build,
        )
    if found.changed and not as_built:
        raise Held(
            f"{bundle.id} has changed since it was built: {found.words}",
            todo=f"{build}; or send it as it is: --as-built",
        )


def stale(space: Workspace, fresh: Mapping[str, str] = MappingProxyType({})) -> list[Freshness]:
    """Return the newest edition of each newsletter that was built, not sent, and is not fresh.

    `fresh` are the seals of those of which it is known that their articles are as they were.
    """
    found = []
    for bundle in _waiting(space):
        if fresh.get(bundle.id) == bundle.seal and not _has_excluded(space, bundle):
            continue
        one = freshness(space, bundle, space.now)
        found += [one] if one.words else []
    return found


def fresh_seals(space: Workspace) -> dict[str, str]:
    """Return the seals of such editions that are as their articles are now, by id."""
    not_so = {one.edition for one in stale(space)}
    return {bundle.id: bundle.seal for bundle in _waiting(space) if bundle.id not in not_so}


def _waiting(space: Workspace) -> Iterator[Bundle]:
    """The newest whole edition of each newsletter that was built and not sent."""
    sends = {send.edition for send in space.ledger.sends.all()}
    newest: dict[str, str] = {}
    for record in space.ledger.editions.all(state="built"):
        newest[record.newsletter] = record.id
    for edition in newest.values():
        whole = edition in space.outbox.ids() and not space.outbox.faults(edition)
        if edition not in sends and whole:
            yield space.outbox.read(edition)


def _has_excluded(space: Workspace, bundle: Bundle) -> bool:
    """Whether an edition may show what was excluded by hand since."""
    return bool(space.ledger.pins.of(EditionId(bundle.id).newsletter)["exclude"])


def stale_problems(space: Workspace) -> list[Problem]:
    """Return what `check` says of editions that are not as their articles are now."""
    return [
        Problem(
            what=one.words,
            path=one.edition,
            severity="error" if one.hidden or one.excluded else "warning",
            why="It does not go out by itself as it is."
            if one.hidden or one.excluded
            else "Readers would get the story as it was.",
            todo=f"Build it again: publisher {rebuild(space, one.edition)}",
        )
        for one in stale(space)
    ]


class Stories:
    """The articles of an edition on its way, looked at again and again at little cost.

    Who delivers waits for no other article: those of the edition alone are read, again when their
    files change; the whole archive only where one is not found where it was.
    """

    def __init__(self, space: Workspace, edition: str) -> None:
        self._space = space
        self._manifest = sealed(space, edition).manifest
        self._edition = EditionId(edition)
        self._stamps: Mapping[Path, tuple[int, int, int] | None] = {}
        self._articles: dict[str, Article] = {}

    def hidden(self, now: datetime) -> Freshness:
        """Return which of its articles nobody may see at an instant (UTC)."""
        if not self._stamps or self._stamps != {path: _stamp(path) for path in self._stamps}:
            self._read()
        return compared(self._edition, self._manifest, self._articles, now)

    def _read(self) -> None:
        from publisher.site import story_ids

        _, shown = story_ids(self._manifest)
        found = {one.id: one for one in articles_of(self._space, shown)}
        if found.keys() < shown:
            looking = self._space.elsewhere(self._space.root, self._space.now)
            try:
                found = {one.id: one for one in looking.archive.articles if one.id in shown}
            finally:
                looking.refresh()
        folder = self._space.root / self._space.publication.articles
        self._articles = found
        self._stamps = {
            path: _stamp(path) for path in (folder / one.path for one in found.values())
        } or {folder: _stamp(folder)}


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
