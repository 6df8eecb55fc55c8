"""Pictures that templates name: how large each is shown, and what browsers may have instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape, unescape

import msgspec
from markupsafe import Markup

from publisher.model import Article, Edition, Picture, file_url
from publisher.rendering import widths

_IMG = re.compile(r"<img\b([^>]*)>")
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_WIDTH = re.compile(r'\bwidth="(\d{1,5})"', re.ASCII)
_HEIGHT = re.compile(r'\s\bheight="([^"]*)"')
_PAGE = 640
"""Pixels of a page's column, at most."""


class Thumbnail(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture of an article: its address and words, and the pixels that it is shown at."""

    url: str
    alt: str
    width: int
    height: int


def width_of(article: Article, most: int) -> int:
    """Return the pixels that the picture of an article is shown at."""
    image = article.image
    if image is None:
        return most
    own = article.pictures.get(image.url)
    known = [one for one in (image.width, own.width if own else 0, most) if one]
    return min(known)


def thumbnail_of(article: Article, most: int) -> Thumbnail | None:
    """Return the small picture of an article, at most `most` pixels wide; None without any."""
    own = _picture(article)
    small = own.thumbnail if own else None
    if small is None or article.image is None:
        return None
    width = min(most, small.width)
    height = max(round(small.height * width / small.width), 1)
    return Thumbnail(url=small.url, alt=article.image.alt, width=width, height=height)


def shown_in(html: str, article: Article) -> bool:
    """Return whether an article's text shows the picture that stands for it."""
    if article.image is None:
        return False
    place = file_url(article.image.url)
    made_of = (url for url, one in article.pictures.items() if one.made and one.made.url == place)
    sources = (_SOURCE.search(found[1]) for found in _IMG.finditer(html))
    shown = {file_url(unescape(source[1])) for source in sources if source}
    return not shown.isdisjoint({place, *made_of})


def _picture(article: Article) -> Picture | None:
    if article.image is None:
        return None
    return article.pictures.get(file_url(article.image.url))


def articles_of(edition: Edition) -> Iterator[Article]:
    """Every article of an edition, related ones as well."""
    for story in edition.stories:
        yield story.article
        for related in story.related:
            yield related.article


def sizes_of(article: Article) -> dict[str, tuple[int, int]]:
    """Return the pixels of the picture that stands for an article, where both are known."""
    image, own = article.image, _picture(article)
    if image is None:
        return {}
    width, height = image.width or 0, image.height or 0
    if own and own.width and own.height:
        width, height = own.width, own.height
    return {image.url: (width, height)} if width and height else {}


def with_heights(html: str, sizes: Mapping[str, tuple[int, int]]) -> str:
    """Return a mail's HTML with the height of each picture as it is shown, where that is known.

    Room is kept for it while it is loaded: by its address, `sizes` tells the file's pixels.
    """

    def sized(found: re.Match[str]) -> str:
        source, width = _SOURCE.search(found[1]), _WIDTH.search(found[1])
        if not source or not width or unescape(source[1]) not in sizes:
            return found[0]
        given = _HEIGHT.search(found[1])
        if given and given[1] != "auto":
            return found[0]
        wide, high = sizes[unescape(source[1])]
        height = max(round(int(width[1]) * high / wide), 1)
        bare = _HEIGHT.sub("", found[1]).rstrip(" /")
        return f'<img{bare} height="{height}">'

    return _IMG.sub(sized, html)


def page_pictures(html: str, article: Article) -> str:
    """Return an article's HTML with the files that were made of its pictures, and their sizes."""

    def shown(found: re.Match[str]) -> str:
        own = widths.own(found[1], article.pictures)
        if own is None:
            return found[0]
        if own.unfit:
            return widths.words(found[1])
        bare = _SOURCE.sub("", widths.without_size(found[1])).rstrip(" /")
        source = _SOURCE.search(found[1])
        width, height = widths.shown(found[1], article.pictures, _PAGE)
        url = own.made.url if own.made else unescape(source[1] if source else "")
        return _element(own, url, f" {bare.strip()}" if bare.strip() else "", width, height)

    return _IMG.sub(shown, html) if article.pictures else html


def picture_of(article: Article, *, listed: bool = False) -> Markup:
    """Return the picture that stands for an article, as an element of its page.

    Where it is `listed`, its headline says what it shows, and it is loaded when it is near.
    """
    image, own = article.image, _picture(article)
    if image is None or (own and own.unfit):
        return Markup("")
    width, height = next(iter(sizes_of(article).values()), (0, 0))
    if width > _PAGE:
        width, height = _PAGE, max(round(height * _PAGE / width), 1)
    url = own.made.url if own and own.made else image.url
    kind = "picture" if width and height else "picture unsized"
    alt = "" if listed else escape(image.alt)
    rest = f' class="{kind}" alt="{alt}"' + (' loading="lazy"' if listed else "")
    return Markup(_element(own, url, rest, width, height))


def _element(own: Picture | None, url: str, rest: str, width: int, height: int) -> str:
    size = f' width="{width}"' if width else ""
    size += f' height="{height}"' if height else ""
    image = f'<img src="{escape(url)}"{rest}{size}>'
    if own is None or not own.better:
        return image
    sources = "".join(
        f'<source srcset="{escape(one.url)}" type="{one.type}">' for one in own.better
    )
    return f"<picture>{sources}{image}</picture>"
