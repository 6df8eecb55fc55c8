"""The articles that may be seen at an instant, and what names they bear."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from operator import attrgetter

from publisher.model.article import Article
from publisher.model.names import Borne, borne, first_shown

_BEARS: Mapping[str, Callable[[Article], Sequence[str]]] = {
    "section": lambda article: (article.section,),
    "tag": attrgetter("tags"),
    "author": attrgetter("authors"),
}


class Visible:
    """The articles that may be seen at an instant, newest first; `all` are hidden ones as well.

    Feeds and pages ask the same of them, and some of it takes as long as there are articles: it is
    gathered when it is first asked for, and once. `first_seen` tells by id when an article was
    first seen: of names that could have one address, the first one has it.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        now: datetime,
        first_seen: Mapping[str, datetime] | None = None,
    ) -> None:
        self.all, self.now = articles, now
        self._first_seen = first_seen or {}
        self.articles = [one for one in articles if not one.hidden(now)]
        self._borne: dict[str, Mapping[str, Borne]] = {}

    @cached_property
    def by_id(self) -> dict[str, Article]:
        """The same by id."""
        return {one.id: one for one in self.articles}

    @cached_property
    def news(self) -> Visible:
        """Those that may stand in feeds: not what is no news for want of a date. Mostly all."""
        found = [one for one in self.articles if one.news]
        is_all = len(found) == len(self.articles)
        return self if is_all else Visible(found, self.now, self._first_seen)

    def borne(self, kind: str) -> Mapping[str, Borne]:
        """Return the names of a `section`, `tag` or `author`, by what writings have in common.

        Who bears them is told by places among `articles`.
        """
        if kind not in self._borne:
            self._borne[kind] = borne(map(_BEARS[kind], self.articles), self.shown)
        return self._borne[kind]

    @cached_property
    def shown(self) -> list[datetime]:
        """Since when the names of each are known."""
        return [first_shown(one, self._first_seen) for one in self.articles]
