"""Pictures of authors, beside their names."""

from __future__ import annotations

from collections.abc import Callable

from publisher.model import Article, Publication, names
from publisher.rendering.pictures import Thumbnail

Portrait = Callable[..., Thumbnail | None]


def portraits(publication: Publication) -> Portrait:
    """Return `portrait(article, name, most=40)` for templates: an author's picture, if any."""
    words = {names.portrait_key(one.name): one.alt for one in publication.authors}

    def portrait(article: Article, name: str, most: int = 40) -> Thumbnail | None:
        key = names.portrait_key(name)
        own = article.pictures.get(key)
        if own is None or own.thumbnail is None:
            return None
        side = min(most, own.thumbnail.width)
        return Thumbnail(url=own.thumbnail.url, alt=words.get(key, ""), width=side, height=side)

    return portrait
