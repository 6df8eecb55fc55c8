"""Files of the articles folder read by workers, before it is known who each of them is.

A file that nobody knows becomes a new article whose id is made of its path: it is composed as that
one. Whoever asked finds out who it is, and composes the few anew that are somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from publisher.errors import Problem
from publisher.model import Publication
from publisher.sources.cache import Record
from publisher.sources.configured import Configured
from publisher.sources.identity import Identities
from publisher.sources.inherited import Above
from publisher.sources.listing import Stat
from publisher.workers import Trouble, Workers

_LEAST = 200  # files that are worth starting workers for
_SLICE = 25


_Told = tuple[list[Problem], list[Problem], list[Problem]]


class Read(msgspec.Struct, array_like=True):
    """What a worker found in a file: its record in msgpack, its text, what its site's tables told.

    These are those of the configuration, of people, and of terms.
    """

    record: bytes
    body: str
    told: _Told


class Reading(msgspec.Struct, frozen=True):
    """Reads a file, given its path and stat."""

    folder: Path
    root: Path
    publication: Publication
    above: Above
    site: Configured
    now: datetime
    machine: datetime | None
    kind = Read

    def opened(self) -> Callable[[tuple[str, Stat]], Read]:
        """Return what reads one."""
        from publisher.sources.opening import Opening
        from publisher.sources.parts import Parts
        from publisher.sources.site_files import SiteFiles

        site = SiteFiles(self.root, self.publication)
        opening = Opening(self.folder, self.publication, site, self.above)

        def read(file: tuple[str, Stat]) -> Read:
            path, stat = file
            found, identity = opening.read(path), None
            if isinstance(found, Parts):
                new = Identities((), {}, self.publication, self.now, self.machine)
                identity = new.of(found.sighting)
            record, body = opening.composed(path, stat, found, identity)
            return Read(msgspec.msgpack.encode(record), body, _told(self.site))

        return read


class Ahead:
    """Has the files read that were never read before, where they are many."""

    def __init__(self, reading: Reading, workers: Workers | None) -> None:
        self._reading, self._workers = reading, workers
        self.deaths = 0  # of workers, over a file

    def each(self, files: Mapping[str, Stat]) -> Iterator[tuple[Record, str] | None]:
        """Yield each file's record and its text, in their order; None for what is not known.

        Nothing where they are few.
        """
        if self._workers is None or not self._workers.pays(len(files), _LEAST):
            return
        found = self._workers.each(self._reading, files.items(), _SLICE)
        for (path, stat), read in zip(files.items(), found, strict=True):
            digest = self._reading.above.of(path).digest  # it tells what is wrong above a file
            if isinstance(read, Read):
                for ours, theirs in zip(_told(self._reading.site), read.told, strict=True):
                    ours += [one for one in theirs if one not in ours]
                yield msgspec.msgpack.decode(read.record, type=Record), read.body
            elif read is Trouble.DIED:
                self.deaths += 1
                yield _died(path, stat, digest), ""
            else:
                yield None


def _told(site: Configured) -> _Told:
    return site.problems, site.people.problems, site.terms.problems


def _died(path: str, stat: Stat, digest: str) -> Record:
    """Return the record of a file that a worker died of; the next build tries it again."""
    problem = Problem(
        what="cannot be read: the process that read it died",
        why="This is a fault of publisher or of a library, not yours; the other articles go on.",
        todo="Please report it, with the file if you can.",
        path=path,
    )
    return Record(stat=(stat[0], 0, *stat[2:]), problems=(problem,), inherited=digest)
