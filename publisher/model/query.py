"""What a part of an edition, or a feed of its own, asks of an article."""

from __future__ import annotations

from typing import Protocol

from publisher.model.article import Article


class Query(Protocol):
    """Which articles are wanted: each of these that is not empty must be met."""

    @property
    def sections(self) -> tuple[str, ...]: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def authors(self) -> tuple[str, ...]: ...


def suits(query: Query, article: Article) -> bool:
    """Whether a query asks for such an article, whatever its age."""
    return (
        (not query.sections or article.section in query.sections)
        and (not query.tags or bool(set(query.tags) & set(article.tags)))
        and (not query.authors or bool(set(query.authors) & set(article.authors)))
    )
