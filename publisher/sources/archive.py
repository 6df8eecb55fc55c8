"""The articles folder → the archive: every article, its body on demand, and all that is wrong."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from publisher import __version__
from publisher.errors import ConfigError, Problem, SourceError
from publisher.model import Article, Publication
from publisher.sources import reading
from publisher.sources.cache import Cache, Record
from publisher.sources.identity import Identified, Identity, Sighting, identify

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""

_RACY = 2_000_000_000  # ns: a file changed this recently may change again within its timestamp
_BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """All articles, newest first (ties by id), hidden ones included.

    `new_identities` are what the ledger does not remember yet.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    new_identities: tuple[Identity, ...]
    cache: Cache

    def body(self, article: Article) -> str:
        """The article's sanitised HTML."""
        return self.cache.body(article.path)


@dataclass(slots=True)
class _File:
    path: str
    stat: tuple[int, int, int, int]
    record: Record | None = None
    parts: reading.Parts | None = None
    problem: Problem | None = None

    @property
    def sighting(self) -> Sighting | None:
        if self.parts:
            return self.parts.sighting
        return self.record.sighting if self.record else None


def scan(
    root: Path,
    publication: Publication,
    known: Iterable[Identity],
    now: datetime,
    cache: Cache,
    progress: Progress = lambda *_: None,
) -> Archive:
    """Read the articles folder; never write to it.

    `known` is what the ledger remembers, `now` (UTC) when unknown articles are first seen.
    Raises ConfigError where there is no such folder; a bad article is a problem, not an error.
    """
    folder = root / publication.articles
    if not folder.is_dir():
        raise ConfigError(
            f"there is no articles folder {publication.articles}",
            todo="Make it, or name another in publisher.toml: [publication] articles.",
        )
    return _Scan(folder, publication, now, cache, progress).run(known)


def cache_key(publication: Publication) -> str:
    """A digest of all settings that an article depends on, besides its file."""
    own = publication
    settings = (
        reading.FORMAT, __version__, own.base_url, own.language, own.zone, own.author,
        own.article_url, str(own.articles),
    )  # fmt: skip
    return hashlib.sha256(repr(settings).encode()).hexdigest()


class _Scan:
    def __init__(
        self, folder: Path, publication: Publication, now: datetime, cache: Cache,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.folder, self.publication, self.now = folder, publication, now
        self.cache, self.progress = cache, progress
        self.problems: list[Problem] = []
        self.started = time.time_ns()

    def run(self, known: Iterable[Identity]) -> Archive:
        records = self.cache.records()
        files = [_File(path, stat) for path, stat in sorted(self.listed())]
        stale = [file for file in files if not self.is_fresh(file, records)]
        for done, file in enumerate(stale):
            self.progress("Reading articles", done, len(stale))
            self.read(file)
        sightings = [file.sighting for file in files if file.sighting]
        identified = identify(sightings, known, self.publication, self.now)
        articles = list(self.composed(files, identified))
        self.progress("Reading articles", len(stale), len(stale))
        self.cache.drop(records.keys() - {file.path for file in files})
        self.cache.commit()
        articles.sort(key=lambda article: article.id)
        articles.sort(key=lambda article: article.published, reverse=True)
        return Archive(
            articles=tuple(self.with_own_address(articles)),
            problems=tuple(self.told((*self.problems, *identified.problems))),
            new_identities=tuple(identified.changed),
            cache=self.cache,
        )  # fmt: skip

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems in order of place, each with its path as the editor would type it."""
        for problem in sorted(problems, key=lambda p: (p.path or "", p.line or 0, p.what)):
            yield replace(problem, path=str(self.publication.articles / (problem.path or "")))

    def listed(self) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
        """Every article file with its stat; names starting with `.` or `_` are not articles."""
        stack = [""]
        inside = self.folder.resolve()
        while stack:
            below = stack.pop()
            for entry in os.scandir(self.folder / below):
                path = f"{below}{entry.name}"
                is_draft_folder = entry.name == "_drafts"
                if entry.name.startswith((".", "_")) and not is_draft_folder:
                    continue
                if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(inside):
                    self.problems.append(_outside(path))
                elif entry.is_dir(follow_symlinks=False):
                    stack.append(f"{path}/")
                elif self.is_article(path) and entry.is_file():
                    stat = entry.stat()
                    yield path, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)

    def is_article(self, path: str) -> bool:
        pure = PurePosixPath(path)
        return pure.suffix.lower() in reading.KINDS and not any(
            fnmatch.fnmatchcase(pure.name, pattern) or fnmatch.fnmatchcase(path, pattern)
            for pattern in self.publication.ignore
        )

    def is_fresh(self, file: _File, records: Mapping[str, Record]) -> bool:
        file.record = records.get(file.path)
        return file.record is not None and file.record.stat == file.stat

    def read(self, file: _File) -> None:
        """Read a file that may have changed, and take it apart if it has."""
        try:
            data = (self.folder / file.path).read_bytes()
            if file.record and file.record.sighting and self.is_same(file, data):
                self.cache.put(file.path, replace(file.record, stat=self.settled(file.stat)))
                return
            file.parts = reading.take_apart(file.path, data, self.publication)
        except SourceError as error:
            file.problem = error.problem
        except OSError as error:
            file.problem = Problem(what=f"cannot be read: {error.strerror}", path=file.path)

    def is_same(self, file: _File, data: bytes) -> bool:
        assert file.record and file.record.sighting
        return hashlib.sha256(data).hexdigest() == file.record.sighting.digest

    def settled(self, stat: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        # As git's index does: a write right after our reading may leave the stat as it is.
        recent = self.started - max(stat[1], stat[2]) < _RACY
        return (stat[0], 0, stat[2], stat[3]) if recent else stat

    def composed(self, files: list[_File], identified: Identified) -> Iterator[Article]:
        written = 0
        for file in files:
            identity = identified.by_path.get(file.path)
            record = file.record
            if file.parts is None and file.problem is None and record:
                if record.sighting is None or record.identity == identity:
                    self.problems += record.problems
                    if record.article:
                        yield record.article
                    continue
                self.reread(file)
            article = self.compose(file, identity)
            file.parts = None
            written += 1
            if written % _BATCH == 0:
                self.cache.commit()
            if article:
                yield article

    def reread(self, file: _File) -> None:
        """The file is as it was, but the ledger calls it something else."""
        file.record = None
        self.read(file)

    def compose(self, file: _File, identity: Identity | None) -> Article | None:
        problems: list[Problem] = []
        article, body = None, ""
        if file.problem:
            problems.append(file.problem)
        elif file.parts and identity:
            article, body, problems = reading.compose(
                file.parts, identity, self.publication, self.size_of
            )
        elif file.parts is None or identity is None:
            return None  # refused by its id: told in `identified.problems`, tried again next time
        self.problems += problems
        record = Record(
            stat=self.settled(file.stat), identity=identity, article=article,
            sighting=file.parts.sighting if file.parts else None, problems=tuple(problems),
        )  # fmt: skip
        self.cache.put(file.path, record, body)
        return article

    def size_of(self, path: str, written: str) -> int | None:
        """Bytes of the file that an address in an article names, where it lies beside it."""
        if "://" in written:
            return None
        try:
            target = (self.folder / path).parent / written.partition("?")[0].lstrip("/")
            inside = target.resolve().is_relative_to(self.folder.resolve())
            return target.stat().st_size if inside and target.is_file() else None
        except (OSError, ValueError):
            return None

    def with_own_address(self, articles: list[Article]) -> Iterator[Article]:
        """Leave out articles whose address is taken: their links would lead to another story."""
        taken: dict[str, str] = {}
        for article in sorted(articles, key=lambda article: article.path):
            taken.setdefault(article.url, article.path)
        for article in articles:
            if taken[article.url] == article.path:
                yield article
            else:
                self.problems.append(_same_address(article, taken[article.url]))


def _same_address(article: Article, other: str) -> Problem:
    return Problem(
        what=f"its address is already that of {other}: {article.url}",
        why="A link would lead to the other story, so this one is left out.",
        todo="Give one of them another slug.",
        path=article.path,
    )


def _outside(path: str) -> Problem:
    return Problem(
        what="a link that leads out of the articles folder",
        why="It is not followed: a copied folder would publish something else.",
        todo="Put the file itself there.",
        path=path,
    )
