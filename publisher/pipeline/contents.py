"""What a publication's articles are, read when they are first asked for and kept from then on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from threading import RLock
from typing import TYPE_CHECKING, Any

import msgspec

from publisher.model import Article

# Each part is imported when it is opened: together they take longer than most commands.
if TYPE_CHECKING:
    from publisher.ledger import Ledger
    from publisher.pipeline.workspace import Workspace
    from publisher.related import Names, RelatedStories
    from publisher.sources import Archive, Cache, Identity

_SCAN = 600.0  # seconds that one waits for another's reading of the articles, kept for both


class _Known(msgspec.Struct, frozen=True):
    """What a ledger remembers of articles, read whenever it is gone through: there may be many."""

    ledger: Ledger

    def __iter__(self) -> Iterator[Identity]:
        from publisher.sources import Identity

        return map(Identity._make, self.ledger.articles.all())


class Contents:
    """The articles of a workspace and what is gathered of them, as they were at the first look.

    Another look makes another one. Where threads have a workspace each, several may share one.
    """

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._opening = RLock()
        self._archive: Archive | None = None
        self._related: RelatedStories | None = None
        self._names: Names | None = None

    @property
    def archive(self) -> Archive:
        """Every article; new ones are remembered in the ledger if the workspace writes."""
        if self._archive is None:
            with self._opening:
                self._archive = self._archive or self._scanned()
        return self._archive

    def _scanned(self) -> Archive:
        space = self._space
        if not space.writing:
            return self._read()
        with space.locks.held("scan.lock", _SCAN):  # what one reads, the next one finds read
            archive = self._read()
            space.ledger.articles.remember(archive.new_identities, archive.renamed)
        return archive

    def _read(self) -> Archive:
        space = self._space
        cache = _cache(space, readonly=not space.learns)
        return _scan(
            space, _Known(space.ledger), cache, progress=space.progress, workers=space.workers
        )

    @property
    def related(self) -> RelatedStories:
        """Related stories over the whole archive."""
        if self._related is None:
            with self._opening:
                self._related = self._related or self._indexed()
        return self._related

    def _indexed(self) -> RelatedStories:
        from publisher.pipeline.indexing import read_by
        from publisher.related import Index, Meaning, RelatedStories  # numpy takes 0.1 s
        from publisher.site import Translations

        space, archive = self._space, self.archive
        own, articles = space.publication, archive.articles
        model = own.related.model
        index = Index(
            space.learned / "related.db",
            readonly=not space.learns,
            model=Meaning(space.root / model) if model else None,
        )
        index.update(articles, archive.body, space.progress, read_by(space.workers, archive))
        known = {}
        if own.related.languages == "any":
            known = Translations(articles, own.language).others()
        return RelatedStories(articles, index, own.related, own.title, translations=known)

    @property
    def names(self) -> Names:
        """What articles are called."""
        if self._names is None:
            from publisher.related import Names

            self._names = Names(self.archive.articles)
        return self._names

    def close(self) -> None:
        """Let go of what was opened, and say of what is kept that could not be used."""
        if self._related is not None:
            self._space.tell_damage("related.db", self._related.damage)
            self._related.close()
        if self._archive is not None:
            self._space.tell_damage("cache.db", self._archive.cache.damage)
            self._archive.cache.close()


def articles_of(space: Workspace, ids: Collection[str]) -> list[Article]:
    """Return some articles as their own files say now, at the cost of these alone.

    One that was renamed, or cannot be read, is not among them.
    """
    known = [one for one in _Known(space.ledger) if one.id in ids]
    cache = _cache(space, readonly=True)
    try:
        archive = _scan(space, known, cache, only={one.path for one in known})
    finally:
        cache.close()
    return [one for one in archive.articles if one.id in ids]


def _cache(space: Workspace, *, readonly: bool) -> Cache:
    from publisher.sources import Cache, cache_key

    key = cache_key(space.publication)
    return Cache(space.learned / "cache.db", key, readonly=readonly)


def _scan(space: Workspace, known: Any, cache: Cache, **rest: Any) -> Archive:
    from publisher.sources import scan

    return scan(
        space.root,
        space.publication,
        known,
        space.now,
        cache,
        machine=space.machine,
        history=space.history,
        commit=space.commit,
        **rest,
    )
