"""Which files stand for the addresses of pictures, and which of them are too large for mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from publisher import editions
from publisher.errors import Problem
from publisher.model import Article, Picture
from publisher.pipeline.pages.logo import HEAVIEST, logo_file
from publisher.pipeline.workspace import Workspace
from publisher.site import file_of
from publisher.sources import addresses, file_beside, is_file_address

_WIDEST = 2400  # pixels of it: four for each that is shown


def pictures_of(space: Workspace, articles: Sequence[Article]) -> dict[str, Path]:
    """Return which file stands for each address of a picture below the publication's own."""
    own, found = space.publication, {}
    folder, static = (space.root / own.articles).resolve(), space.root / own.web.static
    for article in articles:
        for url in addresses(article, space.archive.body(article), own):
            path, place = file_beside(url, article, folder, own), file_of(url, own)
            if path:
                found[url] = folder / path
            elif place and is_file_address(url) and (static / place).is_file():
                found[url] = static / place
    if logo := logo_file(space):
        found[own.logo] = logo[1]
    return found


def large_pictures(space: Workspace) -> Iterator[Problem]:
    """Pictures of stories that may still go out, and that mail programs load slowly or never."""
    for article in sorted(space.archive.articles, key=lambda article: article.path):
        age = space.now - article.published
        limits = [editions.longest(one, article) for one in space.publication.newsletters]
        if article.draft or not any(limit is not None and age <= limit for limit in limits):
            continue
        for url, picture in article.pictures.items():
            for what in _too_large(picture):
                yield Problem(
                    what=f"the picture {url.rpartition('/')[2]} has {what}",
                    why="In a mail it loads slowly, costs readers their data, or is not shown.",
                    todo=f"Make it smaller: {_WIDEST} pixels wide are more than enough.",
                    path=f"{space.publication.articles}/{article.path}",
                    severity="warning",
                )


def _too_large(picture: Picture) -> Iterator[str]:
    if picture.length > HEAVIEST:
        yield f"{picture.length / 1e6:.1f} MB: too heavy for mail"
    if picture.width > _WIDEST:
        yield f"{picture.width:,} pixels: too wide for mail"
