"""The files beside the pages: what articles name, the logos, and the publisher's static folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from publisher import files
from publisher.errors import Problem
from publisher.model import Article, Publication
from publisher.outbox import Tree
from publisher.outbox.packing import SUFFIXES
from publisher.pictures import blanked
from publisher.pipeline.pages.logo import logo_files
from publisher.pipeline.pages.notes import ArticleNotes
from publisher.pipeline.workspace import Workspace
from publisher.site import Site, file_of
from publisher.sources import addresses, file_beside, is_file_address

_MOST = 1 << 30  # bytes of one file beside the pages
_GROWTH = 1 << 24  # bytes by which it may have grown since it was looked at
_TEXTS = {".css", ".csv", ".html", ".ics", ".js", ".json", ".svg", ".txt", ".vtt", ".xml"}


class Assets(msgspec.Struct, frozen=True, kw_only=True):
    """Which files belong beside the pages, by their place there.

    `named_by` tells of a place which article names it; `addresses` of an article, by id, which
    files it names; `problems` which files have no place.
    """

    files: Mapping[str, Path]
    named_by: Mapping[str, str]
    addresses: Mapping[str, list[str]]
    problems: Sequence[Problem]


def find_assets(
    space: Workspace, notes: ArticleNotes, site: Site, static: Mapping[str, Path]
) -> Assets:
    """Find what visible articles name, the logos, and the static folder.

    Their places are taken: what comes later gives way. What was noted of a page spares reading its
    article.
    """
    found: dict[str, Path] = {}
    named_by: dict[str, str] = {}
    named: dict[str, list[str]] = {}
    own, folder = space.publication, articles_folder(space)

    def find(article: Article, urls: Sequence[str]) -> None:
        for url in urls:
            beside, place = file_beside(url, article, folder, own), file_of(url, own)
            if beside and place:
                found[place] = folder / beside
                named_by[place] = article.id

    for article, path in site.placed:
        note = notes.of(article, path)
        body = "" if note else space.archive.body(article)
        named[article.id] = note.addresses if note else files_named(article, body, own)
        find(article, named[article.id])
    for article in site.without:  # feeds and mails name their pictures all the same
        find(article, [*article.pictures, *files_named(article, "", own)])
    found |= static
    for _, at, logo in logo_files(space):
        found.setdefault(at, logo)
    placed = dict(_placed(found, site))
    problems = [_not_copied(space, place, found[place]) for place in placed if not placed[place]]
    kept = {place: found[place] for place in placed if placed[place]}
    return Assets(files=kept, named_by=named_by, addresses=named, problems=problems)


def _placed(found: Mapping[str, Path], site: Site) -> Iterator[tuple[str, bool]]:
    """Each place that a file asks for, and whether it may stand there."""
    for place in sorted(found):
        stem = place[:-3] if place.endswith(tuple(SUFFIXES.values())) else ""
        if stem in found or (stem and site.claims.holds(stem)):
            continue  # it is packed here, or it would be a packed file of another text
        yield place, site.claims.take(place) or place == "robots.txt"


def _not_copied(space: Workspace, place: str, source: Path) -> Problem:
    return Problem(
        what=f"it is not copied: the site has {place} itself",
        path=os.path.relpath(source, space.root.resolve()),
        severity="warning",
        todo="Give it another name.",
    )


def files_named(article: Article, body: str, own: Publication) -> list[str]:
    """Return the addresses of files that an article names."""
    return [url for url in addresses(article, body, own) if is_file_address(url)]


def put_assets(space: Workspace, tree: Tree, assets: Assets) -> Iterator[Problem]:
    """Copy what belongs beside the pages; yields what cannot be."""
    for place, source in assets.files.items():
        article = assets.named_by.get(place)
        try:
            stat = source.stat()
            key = f"{source.name} {stat.st_size} {stat.st_mtime_ns}"
            is_picture = article is not None and _is_blanked(space, source)
            key += " blanked 2" if is_picture else ""
            most = min(stat.st_size + _GROWTH, _MOST)
            data = None if tree.holds(place, key) else files.read(source, most)
        except OSError as error:
            what = f"it is not copied: {error.strerror}"
            yield Problem(what=what, path=os.path.relpath(source, space.root))
            continue
        if data is not None:
            # When the article is hidden, the picture goes along.
            note = {"shows": [article]} if article else None
            data = blanked(data) if is_picture else data
            tree.put(place, key, data, note, packing=source.suffix.lower() in _TEXTS)


def _is_blanked(space: Workspace, source: Path) -> bool:
    """Whether what an article names is its picture, which tells no reader where it was taken."""
    is_theirs = source.is_relative_to(articles_folder(space))
    is_picture = source.suffix.lower() in {".jpeg", ".jpg", ".png", ".webp", ".avif", ".gif"}
    return is_theirs and is_picture and space.gallery.is_open


def articles_folder(space: Workspace) -> Path:
    """Return where the articles lie."""
    return (space.root / space.publication.articles).resolve()


def static_files(space: Workspace) -> dict[str, Path]:
    """Return every file of the static folder by its path below it, but hidden ones and links."""
    folder, found = (space.root / space.publication.web.static).resolve(), {}
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(at, name)
            if not name.startswith(".") and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path
    return found
