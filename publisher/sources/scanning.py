"""The articles folder → the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from publisher import __version__, garbage
from publisher.disposable import Damaged
from publisher.errors import ConfigError, Problem, SourceError
from publisher.model import Article, Publication
from publisher.sources import known_ids, resolving
from publisher.sources.archive import Archive
from publisher.sources.cache import Cache
from publisher.sources.configured import Configured
from publisher.sources.history import commits_of
from publisher.sources.identity import Identities, Identity
from publisher.sources.inherited import Above
from publisher.sources.kinds import FORMAT, languages
from publisher.sources.listing import Listing, Stat
from publisher.sources.records import Progress, Records
from publisher.sources.rendered.passing import passed_over
from publisher.sources.rendered.survey import survey
from publisher.sources.settling import Settled, settled
from publisher.sources.templating import summary

if TYPE_CHECKING:
    from publisher.sources.ahead import Ahead
    from publisher.workers import Workers


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
        records = Records(root, publication, cache, progress, above, ahead)
        scanning = _Scan(folder, publication, now, cache, above, records)
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
        folder: Path,
        publication: Publication,
        now: datetime,
        cache: Cache,
        above: Above,
        records: Records,
    ) -> None:
        self.folder, self.publication, self.now, self.cache = folder, publication, now, cache
        self.above, self.records = above, records
        self.problems: list[Problem] = []
        self.first_seen: dict[str, datetime] = {}
        self.changes: datetime | None = None
        self.links: dict[str, tuple[tuple[str, int], ...]] = {}
        self.read: Sequence[Article] = ()  # before it is known where links lead

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
        here = self.records.digests(asked, kept) if kept.rest else {}
        own = self.publication
        identities = Identities(kept.rest, here, own, self.now, machine, kept.paths)
        articles += self.articles(asked, kept, identities)
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

    def kept(
        self,
        found: Mapping[str, Stat],
        known: Iterable[Identity],
        latest: datetime,
        only: Collection[str] | None,
    ) -> Settled:
        """What is known before any file is opened: of some of them all that there is."""
        if only is None:
            return settled(self.cache, found, known, self.records.is_fresh, latest)
        records = self.cache.records(only)
        fresh = {
            p
            for p, kept in records.items()
            if p in found and self.records.is_fresh(p, kept, found[p])
        }
        return Settled(fresh=fresh, records=records, rest=list(known))

    def articles(
        self, asked: Mapping[str, Stat], kept: Settled, identities: Identities
    ) -> Iterator[Article]:
        """The article of each file in question."""
        for path, record in self.records.each(asked, kept, identities):
            if record.problems:
                self.problems += record.problems
            if record.article and record.known_as:
                self.first_seen[record.article.id] = record.known_as[1]
                if record.links:
                    self.links[path] = record.links
                yield record.article

    def unread(self, found: Collection[str]) -> list[Article]:
        """The articles that are not looked at, as they were when they were."""
        kept = self.cache.records()
        return [one.article for path, one in kept.items() if one.article and path not in found]

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

    def as_of_now(self, article: Article) -> Article:
        """An article that says it will change one day has not been changed yet.

        Readers would keep it on top until then, or take no other change.
        """
        if article.updated <= self.now or article.updated == article.published:
            return article
        self.problems.append(_changed_in_the_future(article))
        self.changes = min(self.changes or article.updated, article.updated)
        return article.but(updated=article.published, version=_not_yet(article.version))

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

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems in order of place, each with its path as the editor would type it."""
        for problem in sorted(problems, key=lambda p: (p.path or "", p.line or 0, p.what)):
            yield replace(problem, path=str(self.publication.articles / (problem.path or "")))

    @cached_property
    def versions(self) -> dict[str, str]:
        """Those of all articles, by path, as their files alone say."""
        return {article.path: article.version for article in self.read}

    def body_again(self, article: Article) -> str:
        """An article's body from its file; SourceError where that is no longer the same one."""
        made, body = self.records.opening.again(article, self.first_seen[article.id])
        known = self.versions.get(article.path)
        if made is None or known not in (made.version, _not_yet(made.version)):
            what = "it changed while it was read"
            raise SourceError(what, todo="Do the same again.", path=article.path)
        return body


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
