"""The articles folder → the archive: every article, its body on demand, and all that is wrong."""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from publisher import __version__, files
from publisher.errors import ConfigError, Problem, SourceError
from publisher.model import Article, Bodies, Publication
from publisher.sources import frontmatter, known_ids, reading, resolving, site_places, unread
from publisher.sources.beside import pictures_beside
from publisher.sources.cache import Cache, Damaged, Record
from publisher.sources.configured import Configured
from publisher.sources.history import commits_of
from publisher.sources.identity import Identities, Identity, Sighting
from publisher.sources.inherited import DATA, Above
from publisher.sources.rendered.passing import PassedOver, passed_over, passing_over
from publisher.sources.rendered.survey import survey
from publisher.sources.site_files import SiteFiles
from publisher.sources.site_places import bytes_of
from publisher.sources.templating import summary

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""

_RACY = 2_000_000_000  # ns: a file changed this recently may change again within its timestamp
_BATCH = 500
_SURROGATE = re.compile("[\ud800-\udfff]")
_FRONT_PAGES = {
    f"{name}{suffix}" for name in ("index", "404") for suffix in (".md", ".mdx", ".rst", ".html")
}
_BUNDLES = ("index.md", "index.mdx")


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """All articles, newest first (ties by id), those that are no news last; hidden ones included.

    `new_identities` are what the ledger does not remember yet, `renamed` ids that an editor
    replaced by others (old → new), `first_seen` tells by id when an article was first seen;
    `portraits` gives the pictures of authors that the site's own tables name, by name. `links` are
    the addresses of the articles that a text leads to: by path, by reference.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    new_identities: tuple[Identity, ...]
    renamed: Mapping[str, str]
    cache: Cache
    read_again: Bodies
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    portraits: Callable[[], Mapping[str, Path]] = dict
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def body(self, article: Article) -> str:
        """The article's sanitised HTML, from its file where the cache has lost it."""
        try:
            body = self.cache.body(article.path)
        except Damaged as error:
            self.cache.condemn(str(error))
            body = self.read_again(article)
        return resolving.resolved(body, self.links.get(article.path, {}))


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
) -> Archive:
    """Read the articles folder, or `only` some paths of it; never write to it.

    `known` is what the ledger remembers, `now` (UTC) when unknown articles are first seen, but
    never later than `machine`, the machine's clock: a trial of a day to come dates nothing.
    `history` is the folder that git knows, where `root` is a copy of it.
    Raises ConfigError where there is no such folder; a bad article is a problem, not an error.
    """
    folder = root / publication.articles
    if not folder.is_dir():
        raise ConfigError(
            f"there is no articles folder {publication.articles}",
            todo="Make it, or name another in publisher.toml: [publication] articles.",
        )
    remembered = list(known)
    site = Configured(root, publication)
    commits, problems = commits_of(publication, history or root)
    ids, spoilt = known_ids.read(root)

    def once() -> Archive:
        above = Above(folder, publication.articles, site, commits, ids)
        return _Scan(root, publication, now, cache, progress, above).run(remembered, machine, only)

    try:
        found = once()
    except Damaged as error:  # found while at it: what was put is lost, too
        cache.begin_anew(str(error))
        found = once()
    if publication.sources.generator:
        found = replace(found, portraits=site.people.pictures)
    told = (*spoilt, *problems, *site.problems, *site.people.problems, *site.terms.problems)
    return replace(found, problems=(*told, *found.problems)) if told else found


def cache_key(publication: Publication) -> str:
    """A digest of all settings that an article depends on, besides its file."""
    own = publication
    settings = (
        reading.FORMAT,
        __version__,
        own.base_url,
        own.language,
        own.zone,
        own.author,
        sorted(reading.languages(own)),
        own.article_url,
        own.typography,
        str(own.articles),
        replace(own.sources, feeds=()),  # their stories say all of it in their files
        str(own.web.static),
    )
    return hashlib.sha256(repr(settings).encode()).hexdigest()


_Stat = tuple[int, int, int, int]


class _Scan:
    def __init__(
        self,
        root: Path,
        publication: Publication,
        now: datetime,
        cache: Cache,
        progress: Progress,
        above: Above,
    ) -> None:
        folder = root / publication.articles
        self.folder, self.publication, self.now = folder, publication, now
        self.site = SiteFiles(root, publication)
        self.cache, self.progress = cache, progress
        self.problems: list[Problem] = []
        self.first_seen: dict[str, datetime] = {}
        self.inside = folder.resolve()
        self.beside: dict[str, int] = {}
        self.unpublished: dict[str, str] = {}  # addresses that no page of ours has, as typed
        self.links: dict[str, tuple[tuple[str, int], ...]] = {}
        self.versions: dict[str, str] = {}  # before it is known where links lead
        self.started = time.time_ns()
        is_jekyll = publication.sources.generator == "jekyll"
        self.underscored = {"_drafts", "_posts"} if is_jekyll else {"_drafts"}
        self.above = above
        self.ignored = re.compile("|".join(map(fnmatch.translate, publication.ignore)) or "(?!)")

    def run(
        self, remembered: list[Identity], machine: datetime | None, only: Collection[str] | None
    ) -> Archive:
        records = self.cache.records(only)
        listed = dict(sorted(self.listed()))
        own = self.publication
        self.above.listed(listed, own.language, reading.languages(own))
        found = {path: stat for path, stat in listed.items() if only is None or path in only}
        if own.sources.rendered:
            self.above.site = survey(self.folder, listed)
        fresh = {p for p, stat in found.items() if self.is_fresh(p, records.get(p), stat)}
        here = self.digests(found, records, fresh) if remembered else {}
        identities = Identities(remembered, here, self.publication, self.now, machine)
        articles = [self.as_of_now(one) for one in self.all(found, records, fresh, identities)]
        if only is None:
            self.cache.drop(records.keys() - found.keys())
        self.cache.commit()
        if only is None and (left_out := summary(self.problems)):
            self.problems.append(left_out)
        articles.sort(key=lambda article: article.id)
        articles.sort(key=lambda article: (article.news, article.published), reverse=True)
        articles = list(self.with_own_address(articles))
        self.versions = {article.path: article.version for article in articles}
        others = self.unread(found) if only is not None and self.links else []
        linked = resolving.linked(articles, others, self.links, self.publication, self.now)
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
            links=linked.links,
        )

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
        return replace(article, updated=article.published, version=_not_yet(article.version))

    def body_again(self, article: Article) -> str:
        """An article's body from its file; SourceError where that is no longer the same one."""
        path = article.path
        data, above = self.bytes_of(path), self.above.of(path)
        parts = reading.take_apart(path, data, self.publication, above, self.site)
        identity = Identity(
            id=article.id,
            path=path,
            first_seen=self.first_seen[article.id],
            digest="",
            body="",
            title="",
            dated=article.news,
        )
        made, body, _ = reading.compose(
            parts, identity, self.publication, self.size_of, self.address_of
        )
        if made is None or self.versions.get(path) not in (made.version, _not_yet(made.version)):
            raise SourceError("it changed while it was read", todo="Do the same again.", path=path)
        return body

    def digests(
        self, paths: Iterable[str], records: Mapping[str, Record], fresh: set[str]
    ) -> dict[str, str]:
        """The sha256 of every file; those that were not touched are not opened."""
        found = {}
        for path in paths:
            kept = records[path].sighting if path in fresh else None
            if kept:
                found[path] = kept.digest
            else:
                with contextlib.suppress(OSError, SourceError):
                    data = self.bytes_of(path)
                    found[path] = hashlib.sha256(data).hexdigest()
        return found

    def told(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems in order of place, each with its path as the editor would type it."""
        for problem in sorted(problems, key=lambda p: (p.path or "", p.line or 0, p.what)):
            yield replace(problem, path=str(self.publication.articles / (problem.path or "")))

    def listed(self) -> Iterator[tuple[str, _Stat]]:
        """Every article file with its stat; names starting with `.` or `_` are not articles."""
        inside = self.folder.resolve()
        stack = list(self.beginnings(inside))
        while stack:
            below = stack.pop()
            try:
                entries = list(os.scandir(self.folder / below))
            except OSError as error:
                what = f"the folder cannot be read: {error.strerror}"
                self.problems.append(Problem(what=what, path=below))
                continue
            is_bundle = below != "" and any(entry.name in _BUNDLES for entry in entries)
            for entry in entries:
                path = f"{below}{entry.name}"
                is_kept = entry.name in self.underscored
                if entry.name.endswith(DATA) and _is_text(path) and entry.is_file():
                    self.above.see(path)
                if entry.name.startswith((".", "_")) and not is_kept:
                    continue
                if not _is_text(path):
                    self.problems.append(_bad_name(path))
                elif entry.is_symlink() and not _leads_inside(Path(entry.path), inside):
                    self.problems.append(_outside(path))
                elif entry.is_symlink() and entry.is_dir():
                    self.problems.append(_linked_folder(path))
                elif entry.is_dir(follow_symlinks=False):
                    stack.append(f"{path}/")
                elif is_bundle and not entry.name.endswith((".md", ".mdx")):
                    continue  # Hugo's page bundle: what lies beside its index.md belongs to it
                elif self.is_article(entry.name, path):
                    yield from self.regular(entry, path)

    def beginnings(self, inside: Path) -> Iterator[str]:
        """Where articles lie: all of the folder, or some folders of it; what is above them says."""
        folders = sorted({one.strip("/") for one in self.publication.sources.folders})
        if not folders:
            yield ""
        for above in {above for one in folders for above in Path(one).parents}:
            self.see_data(above)
        for one in folders:
            if _leads_inside(self.folder / one, inside):
                yield f"{one}/"
            else:
                self.problems.append(_outside(one))

    def see_data(self, above: Path) -> None:
        """What says something of the articles in all folders below it."""
        with contextlib.suppress(OSError):  # what cannot be read is told where articles are
            for one in sorted((self.folder / above).iterdir()):
                path = (above / one.name).as_posix()
                if one.name.endswith(DATA) and _is_text(path) and one.is_file():
                    self.above.see(path)

    def regular(self, entry: os.DirEntry[str], path: str) -> Iterator[tuple[str, _Stat]]:
        """An article's file with its stat, unless it is a pipe, a device or a link to nowhere."""
        try:
            stat = entry.stat()
        except OSError as error:
            self.problems.append(Problem(what=f"cannot be read: {error.strerror}", path=path))
            return
        if kind := files.kind_of(stat.st_mode):
            self.problems.append(_no_file(path, kind))
        else:
            yield path, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)

    def is_article(self, name: str, path: str) -> bool:
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 asked 10,000 times
        if self.ignored.match(name) or self.ignored.match(path) or path in _FRONT_PAGES:
            return False
        if self.publication.sources.rendered:
            return suffix in (".html", ".htm")
        if suffix in unread.COMMANDS:
            self.problems.append(unread.problem(path, suffix))
        return suffix in reading.KINDS

    def all(
        self,
        found: Mapping[str, _Stat],
        records: Mapping[str, Record],
        fresh: set[str],
        identities: Identities,
    ) -> Iterator[Article]:
        """Each file's article: as it is kept, where file and identity are as they were."""
        done, stale = 0, len(found) - len(fresh)
        for path, stat in found.items():
            kept = records.get(path)
            if kept and path in fresh:
                record = self.unchanged(path, kept, identities)
            else:
                self.progress("Reading articles", done, stale)
                done += 1
                is_same = kept is not None and self.is_told_the_same(path, kept)
                record = self.changed(path, stat, kept if is_same else None, identities)
                if done % _BATCH == 0:
                    self.cache.commit()
            self.problems += record.problems
            if record.article and record.known_as:
                self.first_seen[record.article.id] = record.known_as[1]
                if record.links:
                    self.links[path] = record.links
                yield record.article
        self.progress("Reading articles", stale, stale)

    def is_fresh(self, path: str, kept: Record | None, stat: _Stat) -> bool:
        return kept is not None and kept.stat == stat and self.is_told_the_same(path, kept)

    def is_told_the_same(self, path: str, kept: Record) -> bool:
        """Whether the files beside and above an article say what they said of it."""
        is_told = kept.inherited == self.above.of(path).digest and self.is_beside(kept)
        return is_told and all(self.site.digest(one) == was for one, was in kept.used.items())

    def is_beside(self, kept: Record) -> bool:
        """Whether the files that an article names are as large as they were."""
        return all(bytes_of(self.folder / path) == size for path, size in kept.beside.items())

    def unchanged(self, path: str, kept: Record, identities: Identities) -> Record:
        """A file that was not touched: its record, unless the ledger calls it something else."""
        identity = identities.of(kept.sighting) if kept.sighting else None
        if _known_as(identity) == kept.known_as:
            return kept
        return self.composed(path, kept.stat, self.read(path), identity)

    def changed(
        self, path: str, stat: _Stat, kept: Record | None, identities: Identities
    ) -> Record:
        """A new file, or one that was touched: its bytes tell whether anything is new."""
        stat = self.settled(stat)
        found = self.read(path, kept.sighting if kept else None)
        if isinstance(found, Sighting) and kept:
            return self.unchanged(path, self.put(path, replace(kept, stat=stat), None), identities)
        identity = identities.of(found.sighting) if isinstance(found, reading.Parts) else None
        return self.composed(path, stat, found, identity)

    def bytes_of(self, path: str) -> bytes:
        """The bytes of an article's file; SourceError where they are too many, or OSError."""
        most = self.publication.sources.article_bytes
        try:
            return files.read(self.folder / path, most)
        except files.TooLarge:
            told = frontmatter.too_large(most).problem
            raise SourceError(told.what, todo=told.todo, path=path) from None

    def read(self, path: str, kept: Sighting | None = None) -> reading.Parts | Sighting | Problem:
        """The file taken apart; `kept` itself where it still has the bytes of that sighting."""
        try:
            data = self.bytes_of(path)
            if kept and hashlib.sha256(data).hexdigest() == kept.digest:
                return kept
            if self.publication.sources.rendered and not data.strip():
                return passing_over(path, PassedOver("an empty page"))
            above = self.above.of(path)
            return reading.take_apart(path, data, self.publication, above, self.site)
        except PassedOver as none:
            return passing_over(path, none)
        except SourceError as error:
            return replace(error.problem, path=path)
        except OSError as error:
            return Problem(what=f"cannot be read: {error.strerror}", path=path)
        except Exception as error:  # one file must never stop the others, whatever it holds
            return _fault_of_ours(path, error)

    def composed(
        self,
        path: str,
        stat: _Stat,
        found: reading.Parts | Sighting | Problem,
        identity: Identity | None,
    ) -> Record:
        if not isinstance(found, reading.Parts):
            problems = [found] if isinstance(found, Problem) else []
            digest = self.above.of(path).digest
            return self.put(path, Record(stat=stat, problems=tuple(problems), inherited=digest), "")
        article, body, problems = None, "", []
        self.beside, self.unpublished = {}, {}
        if identity:  # else its id is another file's, which was told
            try:
                article, body, problems = reading.compose(
                    found, identity, self.publication, self.size_of, self.address_of
                )
                article = self.with_pictures(article, body) if article else None
            except SourceError as error:
                problems = [replace(error.problem, path=path)]
            except Exception as error:
                problems = [_fault_of_ours(path, error)]
        problems += [
            site_places.unpublished(path, *one) for one in self.unpublished.items() if article
        ]
        record = Record(
            stat=stat,
            sighting=found.sighting,
            known_as=_known_as(identity),
            article=article,
            problems=tuple(problems),
            beside=self.beside,
            inherited=self.above.of(path).digest,
            used=dict(found.used),
            links=resolving.references(body, found.text, found.line),
        )
        return self.put(path, record, body)

    def with_pictures(self, article: Article, body: str) -> Article:
        found, sizes = pictures_beside(article, body, self.folder, self.publication)
        self.beside |= sizes
        return replace(article, pictures=found) if found else article

    def put(self, path: str, record: Record, body: str | None) -> Record:
        self.cache.put(path, record, body)
        return record

    def settled(self, stat: _Stat) -> _Stat:
        # As git's index does: a write right after our reading may leave the stat as it is.
        recent = self.started - max(stat[1], stat[2]) < _RACY
        return (stat[0], 0, stat[2], stat[3]) if recent else stat

    def size_of(self, path: str, written: str) -> int | None:
        """Bytes of the file that an address in an article names, where it lies beside it."""
        if "://" in written:
            return None
        bare = written.partition("?")[0].lstrip("/")
        if "%" in bare and not (self.folder / Path(path).parent / bare).is_file():
            bare = unquote(bare)
        name = os.path.normpath(Path(path).parent / bare)
        is_inside = not name.startswith("..") and _leads_inside(self.folder / name, self.inside)
        is_fit = is_inside or site_places.is_ours(self.inside, name, self.publication)
        size = bytes_of(self.folder / name) if is_fit else -1
        self.beside[name] = size
        return size if size >= 0 else None

    def address_of(self, path: str, written: str, base: str) -> str | None:
        """The address of a file of the site that an article names by its place."""
        found, sizes = site_places.located(written, path, base, self.inside, self.publication)
        self.beside |= sizes
        if found and not site_places.is_published(found, self.inside, self.publication):
            self.unpublished.setdefault(found, written)
        return found

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


def _known_as(identity: Identity | None) -> tuple[str, datetime, bool] | None:
    return (identity.id, identity.first_seen, identity.dated) if identity else None


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


def _is_text(path: str) -> bool:
    return path.isascii() or not _SURROGATE.search(path)  # what is no UTF-8 came as surrogates


def _bad_name(path: str) -> Problem:
    shown = path.encode("utf-8", "backslashreplace").decode()
    return Problem(what="its name is not UTF-8 text", todo="Rename the file.", path=shown)


def _linked_folder(path: str) -> Problem:
    return Problem(
        what="a link to a folder is not followed",
        path=path,
        severity="warning",
        why="What lies there could be read twice, or without end.",
        todo="Put the folder itself there, or name it in publisher.toml: [publication] articles.",
    )


def _leads_inside(link: Path, folder: Path) -> bool:
    try:
        return link.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a link to itself
        return False


def _fault_of_ours(path: str, error: Exception) -> Problem:
    return Problem(
        what=f"cannot be read: {type(error).__name__}: {error}",
        why="This is a fault of publisher, not yours; the other articles go on.",
        todo="Please report it, with the file if you can.",
        path=path,
    )


def _no_file(path: str, kind: str) -> Problem:
    return Problem(
        what=f"it is {kind}: it is passed over",
        why="Reading it could wait for ever.",
        todo="Put a file there, or remove it.",
        path=path,
    )


def _outside(path: str) -> Problem:
    return Problem(
        what="a link that leads out of the articles folder",
        why="It is not followed: a copied folder would publish something else.",
        todo="Put the file itself there.",
        path=path,
    )
