"""What an article is about, as feeds say it: RSS `<category domain>`, Atom `scheme` and `label`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from publisher.model import Article, Publication
from publisher.model.names import same

_SCHEMES = {
    "tag": "tags/", "section": "sections/", "category": "categories/", "author": "authors/",
}  # fmt: skip


class Category(msgspec.Struct, frozen=True):
    """A name as it was written, and the address that says what kind of name it is (an IRI)."""

    name: str
    scheme: str


def categories_of(article: Article, publication: Publication) -> tuple[Category, ...]:
    """Return an article's categories, each name once: what stands first has it.

    Tags are first, for readers know articles by them already.
    """
    found: dict[str, Category] = {}
    for kind, name in _named(article):
        if kind in publication.feeds.categories:
            category = Category(name, publication.base_url + _SCHEMES[kind])
            found.setdefault(same(name), category)
    return tuple(found.values())


def _named(article: Article) -> Iterator[tuple[str, str]]:
    yield from (("tag", tag) for tag in article.tags)
    if article.section:
        yield "section", (article.categories or (article.section,))[0]
    yield from (("category", name) for name in article.categories[1:])
    yield from (("author", name) for name in article.authors)
