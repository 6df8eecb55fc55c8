"""The languages of the pages that list articles: one a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from publisher.model import Article, in_range

Told = TypeVar("Told")


class Languages:
    """In which languages lists stand: the publication's own, and those of other articles.

    `main` is the one that stands at the addresses without a language: the publication's, or that
    of most articles where none is in it; `tags` are all, that one first. A language stands with
    the widest that holds it: `de-AT` with `de`, where both are written.
    `is_free` tells whether a page may stand at a place. What cannot have a first page of its own
    stands with the publication's.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        main: str,
        is_free: Callable[[str], bool] = lambda _place: True,
    ) -> None:
        counts = Counter(article.language for article in articles)
        shortest = sorted(counts, key=len)
        found = {
            tag: main
            if in_range(tag, main) or in_range(main, tag)
            else next(other for other in shortest if in_range(tag, other))
            for tag in counts
        }
        if len(set(found.values())) < 2:  # one language: there is nothing to part
            found = dict.fromkeys(counts, main)
        elif main not in found.values():
            main = found[counts.most_common(1)[0][0]]
        self.main = main
        self._pages = {
            tag: at if at == main or is_free(f"{at}/") else main for tag, at in found.items()
        }
        self.tags = list(dict.fromkeys([main, *self._pages.values()]))

    def of(self, language: str) -> str:
        """Return the language of the lists that somebody who reads a page in one may want."""
        held = (tag for tag in self.tags if in_range(language, tag))
        return self._pages.get(language) or next(held, self.main)

    def place(self, language: str, place: str = "") -> str:
        """Return where a page such as `archive/` stands in a language, if it stands there."""
        at = self.of(language)
        return place if at == self.main else f"{at}/{place}"

    def parted(
        self, articles: Sequence[Told], language: Callable[[Told], str]
    ) -> dict[str, Sequence[Told]]:
        """Return articles by language, the publication's own first, else that of most.

        `language` tells that of each, for any of them may be told by its place among others.
        """
        if len(self.tags) == 1:
            return {self.main: articles} if articles else {}
        found: dict[str, list[Told]] = {}
        for article in articles:
            found.setdefault(self._pages[language(article)], []).append(article)
        order = sorted(found, key=lambda tag: (tag != self.main, -len(found[tag])))
        return {tag: found[tag] for tag in order}
