"""The record of each file: as it was kept, where nothing about it changed, or from its bytes."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from publisher.errors import Problem, SourceError
from publisher.model import Publication
from publisher.sources.cache import Cache, Record
from publisher.sources.identity import Identities, Identity, Sighting, known_as
from publisher.sources.inherited import Above
from publisher.sources.listing import Stat
from publisher.sources.settling import Settled
from publisher.sources.site_places import bytes_of
from publisher.stamps import RACY

if TYPE_CHECKING:
    from publisher.sources.ahead import Ahead
    from publisher.sources.opening import Opening
    from publisher.sources.parts import Parts
    from publisher.sources.site_files import SiteFiles

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""

_BATCH = 500


class Records:
    """Finds out what each file is, and keeps that in `cache`.

    `above` knows what files above an article say of it, `ahead` reads what is new, where that is
    much.
    """

    def __init__(
        self,
        root: Path,
        publication: Publication,
        cache: Cache,
        progress: Progress,
        above: Above,
        ahead: Ahead | None,
    ) -> None:
        self._root, self._publication = root, publication
        self._folder = root / publication.articles
        self._cache, self._progress = cache, progress
        self._above, self._ahead = above, ahead
        self._started = time.time_ns()

    def digests(self, paths: Iterable[str], known: Settled) -> dict[str, str]:
        """The sha256 of every file; those that were not touched are not opened."""
        found = {}
        for path in paths:
            kept = known.records[path].sighting if path in known.fresh else None
            if kept:
                found[path] = kept.digest
            else:
                with contextlib.suppress(OSError, SourceError):
                    data = self.opening.bytes_of(path)
                    found[path] = hashlib.sha256(data).hexdigest()
        return found

    def each(
        self,
        found: Mapping[str, Stat],
        known: Settled,
        identities: Identities,
    ) -> Iterator[tuple[str, Record]]:
        """Yield the record of each file: as kept, where file and identity are as before."""
        records, fresh = known.records, known.fresh
        done, stale = 0, len(found.keys() - fresh)
        new = {path: self._trusted(stat) for path, stat in found.items() if path not in records}
        ahead = self._ahead.each(new) if self._ahead else iter(())
        for path, stat in found.items():
            kept = records.get(path)
            if kept and path in fresh:
                yield path, self._unchanged(path, kept, identities)
                continue
            self._progress("Reading articles", done, stale)
            done += 1
            read = next(ahead, None) if path in new else None
            if read:
                yield path, self._taken(path, read, identities)
            else:
                is_same = kept is not None and self._is_told_the_same(path, kept)
                yield path, self._changed(path, stat, kept if is_same else None, identities)
            if done % _BATCH == 0:
                self._cache.commit()
        self._progress("Reading articles", stale, stale)

    def is_fresh(self, path: str, kept: Record, stat: Stat) -> bool:
        """Whether nothing that a file's record was made of has changed since."""
        return kept.stat == stat and self._is_told_the_same(path, kept)

    @cached_property
    def opening(self) -> Opening:
        """What reads a file; nothing of it is imported where none is to be read."""
        from publisher.sources.opening import Opening

        return Opening(self._folder, self._publication, self._site, self._above)

    @cached_property
    def _site(self) -> SiteFiles:
        """The files of the articles' generator, where any is asked for."""
        from publisher.sources.site_files import SiteFiles

        return SiteFiles(self._root, self._publication)

    def _is_told_the_same(self, path: str, kept: Record) -> bool:
        """Whether the files beside and above an article say what they said of it."""
        if kept.inherited != self._above.digest_of(path):
            return False
        if not (kept.beside or kept.used):
            return True
        used = kept.used.items()
        return self._is_beside(kept) and all(self._site.digest(one) == was for one, was in used)

    def _is_beside(self, kept: Record) -> bool:
        """Whether the files that an article names are as large as they were."""
        return all(bytes_of(self._folder / path) == size for path, size in kept.beside.items())

    def _unchanged(self, path: str, kept: Record, identities: Identities) -> Record:
        """A file that was not touched: its record, unless the ledger calls it something else."""
        identity = identities.of(kept.sighting) if kept.sighting else None
        if known_as(identity) == kept.known_as:
            return kept
        return self._composed(path, kept.stat, self.opening.read(path), identity)

    def _changed(
        self, path: str, stat: Stat, kept: Record | None, identities: Identities
    ) -> Record:
        """A new file, or one that was touched: its bytes tell whether anything is new."""
        stat = self._trusted(stat)
        found = self.opening.read(path, kept.sighting if kept else None)
        if isinstance(found, Sighting) and kept:
            record = msgspec.structs.replace(kept, stat=stat)
            self._cache.put(path, record, None)
            return self._unchanged(path, record, identities)
        if isinstance(found, Sighting | Problem):
            return self._composed(path, stat, found, None)
        return self._composed(path, stat, found, identities.of(found.sighting))

    def _taken(self, path: str, read: tuple[Record, str], identities: Identities) -> Record:
        """What a worker read, composed anew where it took the file for another article."""
        record, body = read
        identity = identities.of(record.sighting) if record.sighting else None
        if known_as(identity) != record.known_as:
            return self._composed(path, record.stat, self.opening.read(path), identity)
        self._cache.put(path, record, body)
        return record

    def _composed(
        self,
        path: str,
        stat: Stat,
        found: Parts | Sighting | Problem,
        identity: Identity | None,
    ) -> Record:
        record, body = self.opening.composed(path, stat, found, identity)
        self._cache.put(path, record, body)
        return record

    def _trusted(self, stat: Stat) -> Stat:
        # As git's index does: a write right after our reading may leave the stat as it is.
        recent = self._started - max(stat[1], stat[2]) < RACY
        return (stat[0], 0, stat[2], stat[3]) if recent else stat
