"""One file of the articles folder → its record: read, taken apart, composed with its identity.

What reads articles takes long to import, so that this module is asked for when a file is to be
read: where none has changed, none is.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from msgspec.structs import replace

from publisher import files
from publisher.errors import Problem, SourceError
from publisher.model import Article, Publication
from publisher.sources import frontmatter, resolving, site_places
from publisher.sources.beside import pictures_beside
from publisher.sources.cache import Record
from publisher.sources.composing import compose
from publisher.sources.identity import Identity, Sighting, known_as
from publisher.sources.inherited import Above
from publisher.sources.listing import Stat, leads_inside
from publisher.sources.parts import Parts, take_apart
from publisher.sources.rendered.passing import PassedOver, passing_over
from publisher.sources.site_files import SiteFiles
from publisher.sources.site_places import bytes_of


class Opening:
    """Reads the files of an articles folder; `above` is what other files say of each."""

    def __init__(
        self, folder: Path, publication: Publication, site: SiteFiles, above: Above
    ) -> None:
        self.folder, self.publication, self.site, self.above = folder, publication, site, above
        self.inside = folder.resolve()
        self.beside: dict[str, int] = {}
        self.unpublished: dict[str, str] = {}  # addresses that no page of ours has, as typed

    def bytes_of(self, path: str) -> bytes:
        """The bytes of an article's file; SourceError where they are too many, or OSError."""
        most = self.publication.sources.article_bytes
        try:
            return files.read(self.folder / path, most)
        except files.TooLarge:
            told = frontmatter.too_large(most).problem
            raise SourceError(told.what, todo=told.todo, path=path) from None

    def read(self, path: str, kept: Sighting | None = None) -> Parts | Sighting | Problem:
        """The file taken apart; `kept` itself where it still has the bytes of that sighting."""
        try:
            data = self.bytes_of(path)
            if kept and hashlib.sha256(data).hexdigest() == kept.digest:
                return kept
            if self.publication.sources.rendered and not data.strip():
                return passing_over(path, PassedOver("an empty page"))
            above = self.above.of(path)
            return take_apart(path, data, self.publication, above, self.site)
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
        stat: Stat,
        found: Parts | Sighting | Problem,
        identity: Identity | None,
    ) -> tuple[Record, str]:
        """The record of a file that was read, and its body; without an identity no article."""
        digest = self.above.of(path).digest
        if not isinstance(found, Parts):
            problems = (found,) if isinstance(found, Problem) else ()
            return Record(stat=stat, problems=problems, inherited=digest), ""
        self.beside, self.unpublished = {}, {}
        article, body, told = None, "", list[Problem]()
        if identity:  # else its id is another file's, which was told
            article, body, told = self._composed(path, found, identity)
        told += [site_places.unpublished(path, *one) for one in self.unpublished.items() if article]
        record = Record(
            stat=stat,
            sighting=found.sighting,
            known_as=known_as(identity),
            article=article,
            problems=tuple(told),
            beside=self.beside,
            inherited=digest,
            used=dict(found.used),
            links=resolving.references(body, found.text, found.line),
        )
        return record, body

    def _composed(
        self, path: str, found: Parts, identity: Identity
    ) -> tuple[Article | None, str, list[Problem]]:
        try:
            article, body, problems = compose(
                found, identity, self.publication, self.size_of, self.address_of
            )
            return self._with_pictures(article, body) if article else None, body, problems
        except SourceError as error:
            return None, "", [replace(error.problem, path=path)]
        except Exception as error:
            return None, "", [_fault_of_ours(path, error)]

    def again(self, article: Article, first_seen: datetime) -> tuple[Article | None, str]:
        """An article and its body as its file has them now; SourceError, or OSError."""
        path = article.path
        data, above = self.bytes_of(path), self.above.of(path)
        parts = take_apart(path, data, self.publication, above, self.site)
        identity = Identity(
            id=article.id,
            path=path,
            first_seen=first_seen,
            digest="",
            body="",
            title="",
            dated=article.news,
        )
        made, body, _ = compose(parts, identity, self.publication, self.size_of, self.address_of)
        return made, body

    def _with_pictures(self, article: Article, body: str) -> Article:
        found, sizes = pictures_beside(article, body, self.folder, self.publication)
        self.beside |= sizes
        return article.but(pictures=found) if found else article

    def size_of(self, path: str, written: str) -> int | None:
        """Bytes of the file that an address in an article names, where it lies beside it."""
        if "://" in written:
            return None
        bare = written.partition("?")[0].lstrip("/")
        if "%" in bare and bytes_of(self.folder / Path(path).parent / bare) < 0:
            bare = unquote(bare)
        name = os.path.normpath(Path(path).parent / bare)
        is_inside = not name.startswith("..") and leads_inside(self.folder / name, self.inside)
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


def _fault_of_ours(path: str, error: Exception) -> Problem:
    return Problem(
        what=f"cannot be read: {type(error).__name__}: {error}",
        why="This is a fault of publisher, not yours; the other articles go on.",
        todo="Please report it, with the file if you can.",
        path=path,
    )
