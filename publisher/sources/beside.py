"""What an article's text names: pictures, sounds and documents that lie among the articles."""

from __future__ import annotations

import os
import re
from html import unescape
from pathlib import Path

from publisher.model import Article, Picture, Publication, file_url
from publisher.sources import measures
from publisher.sources.site_places import bytes_of, is_ours, places, static_place

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
    """Return the file that an address means, from the articles folder on; None if there is none.

    A relative address means a file beside the article, one from the root a file below the folder
    or in the site (see `site_places`). Never an article's source, and nothing that leads out of
    the site. The articles folder is given resolved.
    """
    for path in places(url, article.url, article.path, publication):
        if is_ours(folder, path, publication):
            return path
    return None


def pictures_beside(
    article: Article, body: str, folder: Path, publication: Publication
) -> tuple[dict[str, Picture], dict[str, int]]:
    """Return the pictures that lie beside an article or in `static`, measured, by address.

    A mail must know how wide each is. Besides, by path from the articles folder on, the bytes of
    every file that may be one of them: once they change, there is something to measure anew.
    """
    found: dict[str, Picture] = {}
    sizes: dict[str, int] = {}
    named = addresses(article, body, publication)
    pictures = [url for url in named if url.lower().endswith(measures.KINDS)]
    inside = folder.resolve() if pictures else folder
    for url in pictures:
        sizes |= {
            one: bytes_of(folder / one)
            for one in places(url, article.url, article.path, publication)
        }
        place = picture_file(url, article, inside, publication)
        if static := static_place(url, publication):
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
    static = static_place(url, publication)
    if static is None or bytes_of(folder / static) < 0:
        return None
    root = (folder / os.path.relpath(".", publication.articles)).resolve()
    return static if (folder / static).resolve().is_relative_to(root) else None
