"""Pictures, sounds and documents that an article names and that lie among the articles."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from publisher.model import Article, Publication

_KINDS = frozenset(
    ".avif .bmp .csv .epub .flac .gif .ics .jpeg .jpg .m4a .m4v .mov .mp3 .mp4 .oga .ogg .ogv "
    ".opus .pdf .png .svg .vtt .wav .webm .webp .xlsx .zip".split()
)
_NAMED = re.compile(
    r'<(?:a|img|source|video|audio)\b[^>]*?\b(?:href|src|poster)="([^"]*)"', re.ASCII
)
_SECOND = re.compile(r'<video\b[^>]*?\bsrc="[^"]*"[^>]*?\bposter="([^"]*)"', re.ASCII)


def named_files(
    article: Article, body: str, folder: Path, publication: Publication
) -> dict[str, str]:
    """Return, by address, the files below the articles folder that an article names.

    An address that is relative means a file beside the article, one from the root a file below the
    folder. Never an article's source, and nothing that leads out of the folder.
    """
    found: dict[str, str] = {}
    for url in dict.fromkeys(_addresses(article, body)):
        for path in _places(url.partition("#")[0].partition("?")[0], article, publication):
            if _is_ours(folder, path):
                found[url] = path
                break
    return found


def _addresses(article: Article, body: str) -> Iterator[str]:
    for pattern in (_NAMED, _SECOND):
        yield from (unescape(url) for url in pattern.findall(body))
    if article.image:
        yield article.image.url
    if article.enclosure:
        yield article.enclosure.url


def _places(url: str, article: Article, publication: Publication) -> Iterator[str]:
    """Where the file may lie, the likelier first."""
    beside = article.url.rpartition("/")[0] + "/"
    if url.startswith(beside):
        yield os.path.normpath(PurePosixPath(article.path).parent / unquote(url[len(beside) :]))
    if url.startswith(publication.base_url):
        yield os.path.normpath(unquote(url[len(publication.base_url) :]))


def _is_ours(folder: Path, path: str) -> bool:
    name = PurePosixPath(path)
    if name.suffix.lower() not in _KINDS or any(part.startswith((".", "_")) for part in name.parts):
        return False
    try:
        whole = (folder / path).resolve()
        return whole.is_file() and whole.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
