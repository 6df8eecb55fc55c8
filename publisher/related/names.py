"""What editors call articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from publisher.model import Article, fold
from publisher.related.terms import words


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


class Silent:
    """Words of names that say nothing of a story: its authors', the publication's own."""

    def __init__(self, articles: Iterable[Article], publication: Iterable[str] = ()) -> None:
        self._own = frozenset(word for name in publication for word in words(name))
        self._authors: dict[str, list[frozenset[str]]] = {}
        authors = {author for article in articles for author in article.authors}
        for parts in {frozenset(words(author)) for author in authors}:
            if parts:
                self._authors.setdefault(min(parts), []).append(parts)

    def among(self, held: Collection[str], title: Collection[str] = ()) -> set[str]:
        """Return the words of `held` that name an author, all of whose names are among them.

        Who stands in the title is what the story is about.
        """
        every = held if isinstance(held, set | frozenset) else set(held)
        found = set(self._own & every)
        for word in every & self._authors.keys():
            for parts in self._authors[word]:
                if parts <= every:
                    found |= parts
        return found.difference(title)
