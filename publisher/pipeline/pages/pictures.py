"""Which files stand for the addresses of pictures, and what is wrong with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from publisher import editions, files
from publisher.errors import Problem
from publisher.model import Article, Picture, Rendition
from publisher.pictures import Result
from publisher.pipeline.pages.logo import HEAVIEST, logo_files
from publisher.pipeline.workspace import Workspace
from publisher.site import file_of
from publisher.sources import addresses, file_beside, is_file_address

_WIDEST = 2400  # pixels of it: four for each that is shown


def pictures_of(
    space: Workspace, articles: Sequence[Article], rendition: Rendition
) -> dict[str, Path]:
    """Return which file stands for each address of a picture below the publication's own.

    Those are the pictures of some articles, and what was made of them for their mail.
    """
    own, found = space.publication, {}
    folder, static = (space.root / own.articles).resolve(), space.root / own.web.static
    for article in articles:
        for url in addresses(article, space.archive.body(article), own):
            path, place = file_beside(url, article, folder, own), file_of(url, own)
            if path:
                found[url] = folder / path
            elif place and is_file_address(url) and (static / place).is_file():
                found[url] = static / place
    found |= {url: path for url, _, path in logo_files(space)}
    return found | dict(space.gallery.files_of(rendition.html.filled()))


def picture_problems(space: Workspace) -> Iterator[Problem]:
    """Pictures of stories that may still go out, and that readers do not see as they are meant.

    They are made as for a mail; nothing is put anywhere.
    """
    asked = [article for article in space.archive.articles if _may_go_out(space, article)]
    asked.sort(key=lambda article: article.path)
    gallery, shown = (
        space.gallery,
        [(article, url) for article in asked for url in article.pictures],
    )
    lacking = (one for article, url in shown for one in gallery.lacking(article, url, "mail"))
    deque(gallery.made_together(lacking), 0)
    for article, url in shown:
        yield from _problems(space, article, url, article.pictures[url])


def _may_go_out(space: Workspace, article: Article) -> bool:
    """Whether a newsletter may have a story yet, for all that its age says."""
    age = space.now - article.published
    limits = [editions.longest(one, article) for one in space.publication.newsletters]
    return not article.draft and any(limit is not None and age <= limit for limit in limits)


def _problems(space: Workspace, article: Article, url: str, picture: Picture) -> Iterator[Problem]:
    gallery = space.gallery
    result = gallery.result(article, url, "mail") if gallery.is_open else None
    name = unquote(url.rpartition("/")[2])
    path = f"{space.publication.articles}/{article.path}"
    line = _line(space, article, name)
    if result and (said := result.refused or result.note):
        shown = gallery.for_mail(article, lambda one: one == url).pictures[url]
        yield Problem(
            what=f"the picture {name}: {said}",
            why=_outcome(result, shown),
            todo=_remedy(result),
            path=path,
            line=line,
            severity="warning",
        )
    if result is None or (result.refused and result.harmless):
        for what in _too_large(picture):
            yield Problem(
                what=f"the picture {name} has {what}",
                why="In a mail it loads slowly, costs readers their data, or is not shown.",
                todo=f"Make it smaller: {_WIDEST} pixels wide are more than enough.",
                path=path,
                line=line,
                severity="warning",
            )


def _outcome(result: Result, shown: Picture) -> str:
    if not result.refused:
        return ""
    if not shown.unfit:
        return "It is shown as it is, and not in every program."
    where = "In mails" if result.harmless else "In mails and on pages"
    return f"{where} the words that stand for it are shown instead, if there are any."


def _remedy(result: Result) -> str:
    if result.refused.startswith("it is a drawing"):
        return "Save it as PNG, twice as wide as it is to be shown."
    if result.note:
        return "Make it smaller, or name a still; or raise the limit: [pictures] animated_bytes."
    if result.refused.startswith("it has more than"):
        return "Make it smaller; or raise the limit: [pictures] megapixels, source_bytes."
    return "Save it anew as JPEG or PNG."


def _line(space: Workspace, article: Article, name: str) -> int | None:
    """The line of an article's file on which a picture is named."""
    path = space.root / space.publication.articles / article.path
    try:
        text = files.read(path, space.publication.sources.article_bytes).decode("utf-8", "replace")
    except OSError:
        return None
    names = {name, quote(name)}
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, one in lines if any(x in one for x in names)), None)


def _too_large(picture: Picture) -> Iterator[str]:
    if picture.length > HEAVIEST:
        yield f"{picture.length / 1e6:.1f} MB: too heavy for mail"
    if picture.width > _WIDEST:
        yield f"{picture.width:,} pixels: too wide for mail"
