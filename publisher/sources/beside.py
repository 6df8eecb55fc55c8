"""What an article's text names: pictures, sounds and documents that lie among the articles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from publisher.model import Article, Picture, Publication, file_url
from publisher.sources import measures

_KINDS = frozenset(
    ".aac .avif .bmp .csv .epub .flac .gif .ics .jpeg .jpg .json .m4a .m4b .m4v .mov .mp3 .mp4 "
    ".oga .ogg .ogv .opus .pdf .png .srt .svg .vtt .wav .webm .webp .xlsx .zip".split()
)
_TAG = re.compile(r"<(?:a|img|source|video|audio)\b[^>]*>", re.ASCII)
_NAMED = re.compile(r'\b(?:href|src|poster)="([^"]*)"', re.ASCII)


def addresses(article: Article, body: str, publication: Publication) -> list[str]:
    """Return the addresses below the publication's own that an article names, in order."""
    found = [unescape(url) for tag in _TAG.findall(body) for url in _NAMED.findall(tag)]
    found += [one.url for one in (article.image, article.enclosure) if one]
    found += [one.url for one in article.enclosures]
    if episode := article.episode:
        found += [episode.image, episode.chapters_url, *(one.url for one in episode.transcripts)]
        found += [one.image for one in episode.persons]
    return [
        url for url in dict.fromkeys(map(file_url, found)) if url.startswith(publication.base_url)
    ]


def file_beside(url: str, article: Article, folder: Path, publication: Publication) -> str | None:
    """Return the file below the articles folder that an address means, None where there is none.

    A relative address means a file beside the article, one from the root a file below the folder.
    Never an article's source, and nothing that leads out of the folder, which is given resolved.
    """
    for path in _places(url, article, publication):
        if _is_ours(folder, path):
            return path
    return None


def is_file_address(url: str) -> bool:
    """Whether an address is one of a picture, a sound or a document, by its ending."""
    return PurePosixPath(unquote(url)).suffix.lower() in _KINDS


def bytes_of(path: Path) -> int:
    """Return how large a file is, -1 where there is none."""
    try:
        return path.stat().st_size if path.is_file() else -1
    except (OSError, ValueError):
        return -1


def pictures_beside(
    article: Article, body: str, folder: Path, publication: Publication
) -> tuple[dict[str, Picture], dict[str, int]]:
    """Return the pictures that lie beside an article or in `static`, measured, by address.

    A mail must know how wide each is. Besides, by path from the articles folder on, the bytes of
    every file that may be one of them: once they change, there is something to measure anew.
    """
    found: dict[str, Picture] = {}
    sizes: dict[str, int] = {}
    inside = folder.resolve()
    for url in addresses(article, body, publication):
        if not url.lower().endswith(measures.KINDS):
            continue
        places = [one for one in _places(url, article, publication) if not one.startswith("..")]
        sizes |= {one: bytes_of(folder / one) for one in places}
        place = picture_file(url, article, inside, publication)
        if static := _static_place(url, publication):
            is_beside = place is not None and place != static
            sizes |= {} if is_beside else {static: bytes_of(inside / static)}
        if place:
            width, height = measures.measured(inside / place)
            found[url] = Picture(width=width, height=height, length=bytes_of(inside / place))
    return found, sizes


def picture_file(url: str, article: Article, folder: Path, publication: Publication) -> str | None:
    """Return the file, from the articles folder (resolved) on, of a picture beside an article.

    It lies there or in `static`; None where there is none.
    """
    place = file_beside(url, article, folder, publication)
    if place is not None:
        return place
    static = _static_place(url, publication)
    if static is None or bytes_of(folder / static) < 0:
        return None
    root = (folder / os.path.relpath(".", publication.articles)).resolve()
    return static if (folder / static).resolve().is_relative_to(root) else None


def _static_place(url: str, publication: Publication) -> str | None:
    """The path, from the articles folder on, at which a file of `static` would lie."""
    if not is_file_address(url) or not url.startswith(publication.base_url):
        return None
    place = os.path.normpath(unquote(url[len(publication.base_url) :]))
    above = os.path.relpath(publication.web.static, publication.articles)
    parts = PurePosixPath(place).parts
    is_ours = not place.startswith("/") and not any(part.startswith((".", "_")) for part in parts)
    return f"{above}/{place}" if is_ours else None


def _places(url: str, article: Article, publication: Publication) -> Iterator[str]:
    """Where the file may lie, the likelier first."""
    if not is_file_address(url):
        return
    beside = article.url.rpartition("/")[0] + "/"
    if url.startswith(beside):
        yield os.path.normpath(PurePosixPath(article.path).parent / unquote(url[len(beside) :]))
    if url.startswith(publication.base_url):
        yield os.path.normpath(unquote(url[len(publication.base_url) :]))


def _is_ours(folder: Path, path: str) -> bool:
    if any(part.startswith((".", "_")) for part in PurePosixPath(path).parts):
        return False
    try:
        whole = (folder / path).resolve()
        return whole.is_relative_to(folder) and whole.is_file()
    except (OSError, ValueError, RuntimeError):
        return False
