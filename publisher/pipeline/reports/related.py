"""related: an article's related stories, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from publisher.model import Article, LeftOut, Related
from publisher.pipeline.editions.compose import unwanted
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.related import Why


class RelatedShown(msgspec.Struct, frozen=True, kw_only=True):
    """An article's related stories, which were left out and why, and picks that nothing answers."""

    article: Article
    found: tuple[Related, ...]
    left_out: tuple[LeftOut, ...]
    unknown: tuple[str, ...]


def related(space: Workspace, name: str, k: int, newsletter: str = "") -> RelatedShown:
    """Return an article's related stories as an edition (of a newsletter) now would show them."""
    article = space.article(name)
    without = unwanted(space, space.newsletter(newsletter), space.now) if newsletter else {}
    found, left_out = space.related.explained(article, k, at=[space.now], without=without)
    unknown = space.names.unknown(article.hint.shown)
    return RelatedShown(article=article, found=found, left_out=left_out, unknown=unknown)


def why_related(
    space: Workspace, name: str, other: str, k: int, newsletter: str = ""
) -> tuple[Article, Article, Why]:
    """Return two articles, and why the second is among the k related to the first, or is not."""
    article, second = space.article(name), space.article(other)
    without = unwanted(space, space.newsletter(newsletter), space.now) if newsletter else {}
    return article, second, space.related.why(article, second, k, at=[space.now], without=without)
