"""An archive index; article → ranked related articles with reasons.

The one way in is `RelatedStories`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from publisher.model import Article, Related, RelatedSettings
from publisher.related.index import Index
from publisher.related.rank import Names, again, picks, ranked

__all__ = ["Index", "Names", "RelatedStories", "again"]


class RelatedStories:
    """Answers which earlier articles belong under an article."""

    def __init__(
        self, articles: Sequence[Article], index: Index, settings: RelatedSettings
    ) -> None:
        self._by_id = {article.id: article for article in articles}
        self._articles, self._index, self._settings = articles, index, settings

    @cached_property
    def names(self) -> Names:
        """What articles are called; made only where one was picked by hand."""
        return Names(self._articles)

    def of(
        self,
        article: Article,
        k: int,
        *,
        at: Sequence[datetime],
        without: Collection[str] = (),
        keep: Sequence[Mapping[str, Any]] | None = None,
    ) -> tuple[Related, ...]:
        """Return at most k related articles that may be shown at every instant of `at`, best first.

        Hand-picked ones come first, as they were listed; then those of `keep` (what a bundle's
        manifest says was shown before), if it is given: others are looked for only where one of
        them has gone. `without` holds ids that are shown elsewhere already. The answer is the same
        in every run.
        """
        if k <= 0:
            return ()
        chosen = picks(article, self.names, at, without)[:k] if article.hint.related else []
        taken = {*without, *(related.article.id for related in chosen)}
        if keep is not None:
            kept = [shown for shown in keep if shown["id"] not in taken]
            chosen += again(article, kept, self._by_id, at)
            if len(chosen) >= min(k, len(keep)):
                return tuple(chosen[:k])
            taken |= {related.article.id for related in chosen}
        if len(chosen) < k:
            chosen += ranked(
                article, self._index.candidates(article), self._by_id, self._settings, at,
                taken, self._index.shared, k - len(chosen),
            )  # fmt: skip
        return tuple(chosen)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def unknown_picks(self, article: Article) -> list[str]:
        """Return the hand-picked names that no article of the archive answers to."""
        return [name for name in article.hint.related if self.names.find(name) is None]
