"""Which file of the site an address in an article means, as its generator would have it.

An address is read as a browser reads it, from the article's own on: then the file lies beside the
article, in a folder that the generator copies, or at the same path. What is found nowhere is read
from the article's file on, as Astro and Docusaurus do.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote, urljoin

from publisher.errors import Problem
from publisher.model import Publication, file_url

KINDS = frozenset(
    ".aac .avif .bmp .csv .epub .flac .gif .ics .jpeg .jpg .json .m4a .m4b .m4v .mov .mp3 .mp4 "
    ".oga .ogg .ogv .opus .pdf .png .srt .svg .vtt .wav .webm .webp .xlsx .zip".split()
)
"""Endings of pictures, sounds and documents."""

_OUTSIDE = KINDS - frozenset(
    ".csv .epub .ics .json .xlsx .zip".split()
)  # lists of readers may lie there
_COPIED: Mapping[str, tuple[str, ...]] = {
    "hugo": ("static", "assets"),
    "zola": ("static",),
    "docusaurus": ("static",),
    "astro": ("public",),
    "nikola": ("files",),
    "eleventy": ("public", "static", "src"),
    "pelican": ("content",),
}
"""Folders of a site whose files stand at its root."""

_ALIASES = re.compile(r"^(?:@site/|~/|@/|@(?=assets/))")
_NEVER = frozenset(("node_modules", "templates"))
_SHOWN = frozenset("_assets _files _images _img _media _pictures _static".split())
"""Folders of other generators' sites that are public in spite of their names."""


def is_file_address(url: str) -> bool:
    """Whether an address is one of a picture, a sound or a document, by its ending."""
    return PurePosixPath(unquote(url)).suffix.lower() in KINDS


def bytes_of(path: Path) -> int:
    """Return how large a file is, -1 where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 of every link
    except (OSError, ValueError):
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1


def places(url: str, address: str, path: str, publication: Publication) -> Iterator[str]:
    """Where the file of an address may lie, from the articles folder on, the likelier first.

    `address` is the article's own, `path` its file's.
    """
    found = _places(url, address, path, publication) if is_file_address(url) else ()
    yield from (one for one in dict.fromkeys(found) if _is_in_site(one, publication))


def _places(url: str, address: str, path: str, publication: Publication) -> Iterator[str]:
    beside = address.rpartition("/")[0] + "/"
    if url.startswith(beside):
        rest = unquote(url[len(beside) :])
        yield os.path.normpath(PurePosixPath(path).parent / rest)
        if publication.sources.generator == "jekyll":  # Hexo's folder of an article's own files
            yield os.path.normpath(PurePosixPath(path).with_suffix("") / rest)
    if url.startswith(publication.base_url):
        below = os.path.normpath(unquote(url[len(publication.base_url) :]))
        yield below
        if not address.startswith(publication.base_url):
            yield from _beside_elsewhere(below, path)
        if not below.startswith(("..", "/")):
            yield from (os.path.normpath(f"{root}{below}") for root in _roots(publication))


def _beside_elsewhere(below: str, path: str) -> Iterator[str]:
    """Places beside an article that stands at another site's address, and so not at its own."""
    parts = PurePosixPath(below).parts
    for at in range(1, len(parts)):
        yield os.path.normpath(PurePosixPath(path).parent.joinpath(*parts[at:]))


def _site(publication: Publication) -> Path:
    """The folder of which files may be published where articles name them.

    Without a generator, what lies beside publisher.toml is no site: then it is the first folder
    above the articles, such as `src` for `src/posts`, or theirs.
    """
    if publication.sources.generator:
        return Path(os.path.normpath(publication.sources.site))
    articles = Path(os.path.normpath(publication.articles))
    is_below = not articles.is_absolute() and articles.parts[:1] != ("..",)
    return Path(articles.parts[0]) if is_below and len(articles.parts) > 1 else articles


def _is_in_site(place: str, publication: Publication) -> bool:
    """Whether a place lies in the articles folder or in the site, links aside."""
    if not place.startswith(("..", "/")):
        return True
    site = _relative(_site(publication), publication.articles)
    is_above = os.path.relpath(place, site).startswith("..")
    return not place.startswith("/") and not is_above


def _roots(publication: Publication) -> tuple[str, ...]:
    """The folders whose files may stand at the site's root, from the articles folder on."""
    articles = Path(os.path.normpath(publication.articles))
    return _roots_of(publication.sources.generator, _site(publication), articles)


@lru_cache(maxsize=64)  # the same for every article of a publication
def _roots_of(generator: str, site: Path, articles: Path) -> tuple[str, ...]:
    above = [one for one in articles.parents if one.is_relative_to(site)]
    copied = [site / one for one in _COPIED.get(generator, ())]
    return tuple(f"{_relative(folder, articles)}/" for folder in (*copied, *above, site))


@lru_cache(maxsize=1024)
def _relative(place: str | Path, start: str | Path) -> str:
    return os.path.relpath(place, start)


def is_ours(folder: Path, place: str, publication: Publication) -> bool:
    """Whether a place holds a file that may be published; `folder` is the articles', resolved.

    Nothing that leads out of the articles folder, or of the site's; nothing with a name that hides
    it; outside the articles folder nothing but pictures, sounds, films and PDFs.
    """
    parts = {part for part in PurePosixPath(place).parts if part != ".."}
    shown = _SHOWN if publication.sources.generator else set()
    if any(part.startswith((".", "_")) for part in parts - shown):
        return False
    inside = folder
    if place.startswith(".."):
        outbox = PurePosixPath(_relative(publication.outbox_folder, publication.articles))
        is_kept = PurePosixPath(place).is_relative_to(outbox) or not _NEVER.isdisjoint(parts)
        if is_kept or PurePosixPath(place).suffix.lower() not in _OUTSIDE:
            return False
        inside = folder / _relative(_site(publication), publication.articles)
    try:
        whole = (folder / place).resolve()
        return whole.is_relative_to(inside.resolve()) and whole.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def located(
    written: str, path: str, address: str, folder: Path, publication: Publication
) -> tuple[str | None, dict[str, int]]:
    """Return the address of a file that is named relative to the article's file, if it is so.

    None leaves the address to what a browser makes of it. Besides, by place from the articles
    folder on, the bytes of all that may be the file: once they change, this may change.
    """
    bare = file_url(written.strip())
    if not is_file_address(bare) or bare.startswith("/") or ":" in bare.partition("/")[0]:
        return None, {}
    whole = urljoin(address, bare)
    usual = list(places(whole, address, path, publication))
    static = static_place(whole, publication)
    sizes = {one: bytes_of(folder / one) for one in (*usual, static) if one is not None}
    if any(is_ours(folder, one, publication) for one in usual) or sizes.get(static or "", -1) >= 0:
        return None, sizes
    rest = written.strip()[len(bare) :]
    for own in _of_source(unquote(bare), path, publication):
        if own in sizes or not _is_in_site(own, publication):
            continue
        sizes[own] = bytes_of(folder / own)
        if is_ours(folder, own, publication):
            return _address_of(own, publication) + rest, sizes
    return None, sizes


def static_place(url: str, publication: Publication) -> str | None:
    """Return where, from the articles folder on, a file of `static` would lie."""
    if not is_file_address(url) or not url.startswith(publication.base_url):
        return None
    place = os.path.normpath(unquote(url[len(publication.base_url) :]))
    above = _relative(publication.web.static, publication.articles)
    parts = PurePosixPath(place).parts
    is_public = not place.startswith("/") and not any(one.startswith((".", "_")) for one in parts)
    return f"{above}/{place}" if is_public else None


def is_published(url: str, folder: Path, publication: Publication) -> bool:
    """Whether a file that `located` found has that address on the web.

    Our pages bring it there. Astro and Docusaurus copy a folder, and give others names of theirs.
    """
    generator = publication.sources.generator
    if publication.web.pages == "all" or generator not in ("astro", "docusaurus"):
        return True
    below = unquote(file_url(url)[len(publication.base_url) :])
    site = _relative(_site(publication), publication.articles)
    copied = (os.path.normpath(f"{site}/{one}/{below}") for one in _COPIED[generator])
    return any(is_ours(folder, one, publication) for one in copied)


def unpublished(path: str, url: str, written: str) -> Problem:
    """Return what to tell of a file that has no such address on the web."""
    return Problem(
        what=f"{written} may be missing in feeds: they name it {url}",
        why="Its generator publishes it under a name that is not known here, and we make no pages.",
        todo="Put the file there, or into a folder whose files the generator copies.",
        path=path,
        severity="warning",
    )


def _of_source(bare: str, path: str, publication: Publication) -> Iterator[str]:
    """The places that an address means, read from the article's file or the site's folders on."""
    if alias := _ALIASES.match(bare):
        below = "" if alias[0] == "@site/" else "src"
        place = _site(publication) / below / bare[alias.end() :]
        yield os.path.relpath(place, publication.articles)
        return
    yield os.path.normpath(PurePosixPath(path).parent / bare)
    if publication.sources.generator:  # a theme puts the site's root before it
        yield from (os.path.normpath(f"{root}{bare}") for root in _roots(publication))


def _address_of(place: str, publication: Publication) -> str:
    """The address of a file that we publish: at the site's root, if its folder's files stand there.

    Else at the path that it has in the site.
    """
    found = (place.removeprefix(one) for one in _roots(publication) if place.startswith(one))
    below = next((one for one in found if not one.startswith("..")), place)
    return urljoin(publication.base_url, quote(below if place.startswith("..") else place))
