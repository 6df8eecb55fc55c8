"""What is noted of an article's page when it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publisher.pipeline.pages.related import RelatedOnPages
from publisher.pipeline.pages.stale import StalePage


def noted(
    one: StalePage, related: RelatedOnPages, addresses: Mapping[str, Sequence[str]]
) -> Mapping[str, Any]:
    """Return what is to be known of a page without making it again.

    `addresses` are those of files that an article names, by its id.
    """
    page, article = one.page, one.page.article
    if article is None:
        return {"shows": list(page.shows)}
    kept = [other.reason for other in one.related]
    looked_for = related.looks_for(article) or bool(kept)
    return {
        "shows": [*page.shows, *(other.article.id for other in one.related)],
        "version": article.version,
        "related": kept if looked_for else None,
        "addresses": addresses[article.id],
    }
