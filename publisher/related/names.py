"""What editors call articles."""

from __future__ import annotations

from collections.abc import Iterable

from publisher.model import Article, fold


class Names:
    """Finds articles by what editors call them: id, slug, path or title (however typed)."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._named: dict[str, Article] = {}
        # Later entries win: ids over slugs over titles, older articles over newer namesakes, and
        # what is published over drafts.
        ordered = sorted(articles, key=lambda article: not article.draft)
        for name in (lambda a: fold(a.title), lambda a: a.path, lambda a: a.slug, lambda a: a.id):
            for article in ordered:
                self._named[name(article)] = article

    def find(self, name: str) -> Article | None:
        """Return the article, or None."""
        return self._named.get(name) or self._named.get(fold(name))

    def unknown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return those of some names that no article answers to."""
        return tuple(name for name in names if self.find(name) is None)
