"""The articles folder → the archive: every article, its body on demand, and all that is wrong."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from publisher import __version__, garbage
from publisher.disposable import Damaged
from publisher.errors import ConfigError, Problem, SourceError
from publisher.model import Article, Bodies, Publication
from publisher.sources import known_ids, resolving
from publisher.sources.cache import Cache, Record
from publisher.sources.configured import Configured
from publisher.sources.history import commits_of
from publisher.sources.identity import Identities, Identity, Sighting, known_as
from publisher.sources.inherited import Above
from publisher.sources.kept import KeptTexts, WithLinks
from publisher.sources.kinds import FORMAT, languages
from publisher.sources.listing import Listing, Stat
from publisher.sources.rendered.passing import passed_over
from publisher.sources.rendered.survey import survey
from publisher.sources.settling import Settled, settled
from publisher.sources.site_places import bytes_of
from publisher.sources.templating import summary
from publisher.stamps import RACY

if TYPE_CHECKING:
    from publisher.sources.ahead import Ahead
    from publisher.sources.opening import Opening
    from publisher.sources.parts import Parts
    from publisher.sources.site_files import SiteFiles
    from publisher.workers import Workers

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""

_BATCH = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """All articles, newest first (ties by id), those that are no news last; hidden ones included.

    `new_identities` are what the ledger does not remember yet, `renamed` ids that an editor
    replaced by others (old → new), `first_seen` tells by id when an article was first seen;
    `changes` is when the first article changes that says it will one day, None where none does;
    `portraits` gives the pictures of authors that the site's own tables name, by name. `links` are
    the addresses of the articles that a text leads to: by path, by reference. It `is_sure` where
    the same would come of it again: no process died of a file.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    new_identities: tuple[Identity, ...]
    renamed: Mapping[str, str]
    cache: Cache
    read_again: Bodies
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    changes: datetime | None = None
    portraits: Callable[[], Mapping[str, Path]] = dict
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_sure: bool = True

    def body(self, article: Article) -> str:
        """The article's sanitised HTML, from its file where the cache has lost it."""
        try:
            body = self.cache.body(article.path)
        except Damaged as error:
            self.cache.condemn(str(error))
            body = self.read_again(article)
        return resolving.resolved(body, self.links.get(article.path, {}))

    def with_links(self, article: Article) -> WithLinks:
        """Return an article with all that its text depends on, for `KeptTexts`."""
        return WithLinks(article, self.links.get(article.path, {}))

    @property
    def kept(self) -> KeptTexts | None:
        """Where its texts are on the disk for other processes; None where they are not."""
        return KeptTexts(*self.cache.on_disk) if self.cache.on_disk else None


def scan(
    root: Path,
    publication: Publication,
    known: Iterable[Identity],
    now: datetime,
    cache: Cache,
    progress: Progress = lambda *_: None,
    machine: datetime | None = None,
    *,
    only: Collection[str] | None = None,
    history: Path | None = None,
    commit: str = "HEAD",
    workers: Workers | None = None,
) -> Archive:
    """Read the articles folder, or `only` some paths of it; never write to it.

    `known` is what the ledger remembers, gone through again where the cache is spoilt; `now` (UTC)
    is when unknown articles are first seen, but never later than `machine`, the machine's clock: a
    trial of a day to come dates nothing.
    `history` is the folder that git knows, where `root` is a copy of it, as it is in `commit`.
    `workers` read what is new, where that is much.
    Raises ConfigError where there is no such folder; a bad article is a problem, not an error.
    """
    folder = root / publication.articles
    if not folder.is_dir():
        raise ConfigError(
            f"there is no articles folder {publication.articles}",
            todo="Make it, or name another in publisher.toml: [publication] articles.",
        )
    site = Configured(root, publication)
    commits, problems = commits_of(publication, history or root, commit)
    ids, spoilt = known_ids.read(root)

    def once() -> Archive:
        above = Above(folder, publication.articles, site, commits, ids)
        ahead = _ahead(folder, root, publication, above, site, now, machine, workers=workers)
        scanning = _Scan(root, publication, now, cache, progress, above, ahead)
        made = scanning.run(known, machine, only)
        return replace(made, is_sure=False) if ahead and ahead.deaths else made

    try:
        found = once()
    except Damaged as error:  # found while at it: what was put is lost, too
        cache.begin_anew(str(error))
        found = once()
    if publication.sources.generator:
        found = replace(found, portraits=site.people.pictures)
    told = dict.fromkeys(
        (*spoilt, *problems, *site.problems, *site.people.problems, *site.terms.problems)
    )
    return replace(found, problems=(*told, *found.problems)) if told else found


def _ahead(*reading: Any, workers: Workers | None) -> Ahead | None:
    """What has new files read by workers, where there are any."""
    if workers is None:
        return None
    from publisher.sources.ahead import Ahead, Reading  # seldom is there anything to read

    return Ahead(Reading(*reading), workers)


def cache_key(publication: Publication) -> str:
    """A digest of all settings that an article depends on, besides its file."""
    own = publication
    settings = (
        FORMAT,
        __version__,
        own.base_url,
        own.language,
        own.zone,
        own.author,
        sorted(languages(own)),
        own.article_url,
        own.typography,
        str(own.articles),
        replace(own.sources, feeds=()),  # their stories say all of it in their files
        str(own.web.static),
    )
    return hashlib.sha256(repr(settings).encode()).hexdigest()


class _Scan:
    def __init__(
        self,
        root: Path,
        publication: Publication,
        now: datetime,
        cache: Cache,
        progress: Progress,
        above: Above,
        ahead: Ahead | None,
    ) -> None:
        folder = root / publication.articles
        self.root, self.folder, self.publication, self.now = root, folder, publication, now
        self.cache, self.progress = cache, progress
        self.problems: list[Problem] = []
        self.first_seen: dict[str, datetime] = {}
        self.changes: datetime | None = None
        self.links: dict[str, tuple[tuple[str, int], ...]] = {}
        self.read: Sequence[Article] = ()  # before it is known where links lead
        self.started = time.time_ns()
        self.above, self.ahead = above, ahead

    @cached_property
    def site(self) -> SiteFiles:
        """The files of the articles' generator, where any is asked for."""
        from publisher.sources.site_files import SiteFiles

        return SiteFiles(self.root, self.publication)

    @cached_property
    def opening(self) -> Opening:
        """What reads a file; nothing of it is imported where none is to be read."""
        from publisher.sources.opening import Opening

        return Opening(self.folder, self.publication, self.site, self.above)

    @cached_property
    def versions(self) -> dict[str, str]:
        """Those of all articles, by path, as their files alone say."""
        return {article.path: article.version for article in self.read}

    def run(
        self, known: Iterable[Identity], machine: datetime | None, only: Collection[str] | None
    ) -> Archive:
        found = self.listed(only)
        with self.cache.at_once():
            kept = self.kept(found, known, machine or self.now, only)
            surely = set(kept.paths.values())
            articles = self.cache.articles(surely)
        self.first_seen = kept.first_seen
        asked = {path: stat for path, stat in found.items() if path not in surely}
        here = self.digests(asked, kept) if kept.rest else {}
        own = self.publication
        identities = Identities(kept.rest, here, own, self.now, machine, kept.paths)
        articles += self.all(asked, kept, identities)
        if only is None:
            self.cache.drop(kept.gone)
        self.cache.commit()
        if only is None and (left_out := summary(self.problems)):
            self.problems.append(left_out)
        unread = self.unread(found) if only is not None and self.links else []
        return self.linked(list(map(self.as_of_now, articles)), unread, identities)

    def listed(self, only: Collection[str] | None) -> Mapping[str, Stat]:
        """The files that lie there, or `only` some of them; all are told to what is above them."""
        own = self.publication
        listing = Listing(self.folder, own, self.above.see)
        with garbage.kept_waiting():
            listed = dict(sorted(listing.files()))
        self.problems += listing.problems
        self.above.listed(listed, own.language, languages(own))
        if own.sources.rendered:
            self.above.site = survey(self.folder, listed)
        if only is None:
            return listed
        return {path: stat for path, stat in listed.items() if path in only}

    def linked(
        self, articles: list[Article], unread: Sequence[Article], identities: Identities
    ) -> Archive:
        """The articles in order, with the links between them, and `unread` ones, resolved."""
        articles.sort(key=attrgetter("id"))
        articles.sort(key=attrgetter("news", "published"), reverse=True)
        articles = list(self.with_own_address(articles))
        self.read = articles
        linked = resolving.linked(articles, unread, self.links, self.publication, self.now)
        self.problems += linked.problems
        return Archive(
            articles=linked.articles,
            problems=tuple(
                self.told((*passed_over(self.problems), *self.above.problems, *identities.problems))
            ),
            new_identities=tuple(identities.changed),
            renamed=identities.renamed,
            cache=self.cache,
            read_again=self.body_again,
            first_seen=self.first_seen,
            changes=self.changes,
            links=linked.links,
        )

    def kept(
        self,
        found: Mapping[str, Stat],
        known: Iterable[Identity],
        latest: datetime,
        only: Collection[str] | None,
    ) -> Settled:
        """What is known before any file is opened: of some of them all that there is."""
        if only is None:
            return settled(self.cache, found, known, self.is_fresh, latest)
        records = self.cache.records(only)
        fresh = {
            p for p, kept in records.items() if p in found and self.is_fresh(p, kept, found[p])
        }
        return Settled(fresh=fresh, records=records, rest=list(known))

    def unread(self, found: Collection[str]) -> list[Article]:
        """The articles that are not looked at, as they were when they were."""
        kept = self.cache.records()
        return [one.article for path, one in kept.items() if one.article and path not in found]

    def as_of_now(self, article: Article) -> Article:
        """An article that says it will change one day has not been changed yet.

        Readers would keep it on top until then, or take no other change.
        """
        if article.updated <= self.now or article.updated == article.published:
            return article
        self.problems.append(_changed_in_the_future(article))
        self.changes = min(self.changes or article.updated, article.updated)
        return article.but(updated=article.published, version=_not_yet(article.version))

    def body_again(self, article: Article) -> str:
        """An article's body from its file; SourceError where that is no longer the same one."""
        made, body = self.opening.again(article, self.first_seen[article.id])
        known = self.versions.get(article.path)
        if made is None or known not in (made.version, _not_yet(made.version)):
            what = "it changed while it was read"
            raise SourceError(what, todo="Do the same again.", path=article.path)
        return body

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

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems in order of place, each with its path as the editor would type it."""
        for problem in sorted(problems, key=lambda p: (p.path or "", p.line or 0, p.what)):
            yield replace(problem, path=str(self.publication.articles / (problem.path or "")))

    def all(
        self,
        found: Mapping[str, Stat],
        known: Settled,
        identities: Identities,
    ) -> Iterator[Article]:
        """The article of each file in question: as kept, where file and identity are as before."""
        records, fresh = known.records, known.fresh
        done, stale = 0, len(found.keys() - fresh)
        new = {path: self.trusted(stat) for path, stat in found.items() if path not in records}
        ahead = self.ahead.each(new) if self.ahead else iter(())
        for path, stat in found.items():
            kept = records.get(path)
            if kept and path in fresh:
                record = self.unchanged(path, kept, identities)
            else:
                self.progress("Reading articles", done, stale)
                done += 1
                is_same = kept is not None and self.is_told_the_same(path, kept)
                read = next(ahead, None) if path in new else None
                record = (
                    self.taken(path, read, identities)
                    if read
                    else self.changed(path, stat, kept if is_same else None, identities)
                )
                if done % _BATCH == 0:
                    self.cache.commit()
            if record.problems:
                self.problems += record.problems
            if record.article and record.known_as:
                self.first_seen[record.article.id] = record.known_as[1]
                if record.links:
                    self.links[path] = record.links
                yield record.article
        self.progress("Reading articles", stale, stale)

    def is_fresh(self, path: str, kept: Record, stat: Stat) -> bool:
        return kept.stat == stat and self.is_told_the_same(path, kept)

    def is_told_the_same(self, path: str, kept: Record) -> bool:
        """Whether the files beside and above an article say what they said of it."""
        if kept.inherited != self.above.digest_of(path):
            return False
        if not (kept.beside or kept.used):
            return True
        used = kept.used.items()
        return self.is_beside(kept) and all(self.site.digest(one) == was for one, was in used)

    def is_beside(self, kept: Record) -> bool:
        """Whether the files that an article names are as large as they were."""
        return all(bytes_of(self.folder / path) == size for path, size in kept.beside.items())

    def unchanged(self, path: str, kept: Record, identities: Identities) -> Record:
        """A file that was not touched: its record, unless the ledger calls it something else."""
        identity = identities.of(kept.sighting) if kept.sighting else None
        if known_as(identity) == kept.known_as:
            return kept
        return self.composed(path, kept.stat, self.opening.read(path), identity)

    def changed(self, path: str, stat: Stat, kept: Record | None, identities: Identities) -> Record:
        """A new file, or one that was touched: its bytes tell whether anything is new."""
        stat = self.trusted(stat)
        found = self.opening.read(path, kept.sighting if kept else None)
        if isinstance(found, Sighting) and kept:
            record = msgspec.structs.replace(kept, stat=stat)
            self.cache.put(path, record, None)
            return self.unchanged(path, record, identities)
        if isinstance(found, Sighting | Problem):
            return self.composed(path, stat, found, None)
        return self.composed(path, stat, found, identities.of(found.sighting))

    def taken(self, path: str, read: tuple[Record, str], identities: Identities) -> Record:
        """What a worker read, composed anew where it took the file for another article."""
        record, body = read
        identity = identities.of(record.sighting) if record.sighting else None
        if known_as(identity) != record.known_as:
            return self.composed(path, record.stat, self.opening.read(path), identity)
        self.cache.put(path, record, body)
        return record

    def composed(
        self,
        path: str,
        stat: Stat,
        found: Parts | Sighting | Problem,
        identity: Identity | None,
    ) -> Record:
        record, body = self.opening.composed(path, stat, found, identity)
        self.cache.put(path, record, body)
        return record

    def trusted(self, stat: Stat) -> Stat:
        # As git's index does: a write right after our reading may leave the stat as it is.
        recent = self.started - max(stat[1], stat[2]) < RACY
        return (stat[0], 0, stat[2], stat[3]) if recent else stat

    def with_own_address(self, articles: list[Article]) -> Iterator[Article]:
        """Leave out articles whose address is taken: their links would lead to another story."""
        if len({article.url for article in articles}) == len(articles):
            yield from articles
            return
        taken: dict[str, str] = {}

        # What readers can see holds its address against any draft, and what was first against all.
        def claim(article: Article) -> tuple[bool, datetime, str]:
            return bool(article.hidden(self.now)), self.first_seen[article.id], article.path

        for article in sorted(articles, key=claim):
            taken.setdefault(article.url, article.path)
        for article in articles:
            if taken[article.url] == article.path:
                yield article
            else:
                self.problems.append(_same_address(article, taken[article.url]))


def _not_yet(version: str) -> str:
    """The version of an article that says it will be changed."""
    return hashlib.sha256(f"{version} not yet".encode()).hexdigest()[:16]


def _changed_in_the_future(article: Article) -> Problem:
    return Problem(
        what=f"it was changed on {article.updated:%Y-%m-%d}, which is still to come",
        why="Until then it counts as changed when it was published: feed readers would keep it on "
        "top, and take no other change.",
        todo="Write the day on which it was really changed.",
        path=article.path,
        severity="warning",
    )


def _same_address(article: Article, other: str) -> Problem:
    return Problem(
        what=f"its address is already that of {other}: {article.url}",
        why="A link would lead to the other story, so this one is left out.",
        todo="Give one of them another slug.",
        path=article.path,
    )
