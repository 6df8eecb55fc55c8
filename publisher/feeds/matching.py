"""Which article each entry of a live feed is: by its address, then by its title and its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import msgspec

from publisher.feeds.following import Seen, same_page
from publisher.model import Article, fold

_NEAR = timedelta(hours=48)  # a date without a time, in another zone


class Unmatched(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the live feed whose article nobody knows, and why."""

    entry: Seen
    why: str


class Matching(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of a live feed by the path of their articles, and the entries that are left over."""

    ids: Mapping[str, str]
    unmatched: tuple[Unmatched, ...] = ()


def matched(live: Sequence[Seen], articles: Iterable[Article]) -> Matching:
    """Return which article each entry is. Nothing is guessed: of two that could be, none is."""
    shelf = _Shelf(articles)
    ids: dict[str, str] = {}
    left: list[Unmatched] = []
    taken: set[str] = set()
    for entry in live:
        name = entry.id or entry.url  # what readers take for its id (RSS 2.0, <guid> is optional)
        found, why = shelf.of(entry)
        if not name:
            left.append(Unmatched(entry=entry, why="it has neither an id nor an address"))
        elif found is None:
            left.append(Unmatched(entry=entry, why=why))
        elif found.path in ids or name in taken:
            left.append(Unmatched(entry=entry, why=f"{found.path} is another entry's already"))
        else:
            ids[found.path] = name
            taken.add(name)
    return Matching(ids=ids, unmatched=tuple(left))


class _Shelf:
    """Articles by what an entry may have in common with them."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._pages: dict[str, list[Article]] = defaultdict(list)
        self._titles: dict[str, list[Article]] = defaultdict(list)
        for article in articles:
            self._pages[same_page(article.url)].append(article)
            self._titles[fold(article.title)].append(article)

    def of(self, entry: Seen) -> tuple[Article | None, str]:
        """The one article that an entry is; None, and why."""
        if entry.url and (alike := self._pages.get(same_page(entry.url), [])):
            return _only(alike, "have its address")
        same = self._titles.get(fold(entry.title), []) if entry.title else []
        if not same:
            return None, "no article has its address or its title"
        near = [one for one in same if _is_near(one, entry)]
        if not near:
            return None, f"{same[0].path} has its title, and another day"
        return _only(near, "have its title and its day")


def _only(found: Sequence[Article], what: str) -> tuple[Article | None, str]:
    if len(found) == 1:
        return found[0], ""
    return None, f"{found[0].path} and {found[1].path} {what}"


def _is_near(article: Article, entry: Seen) -> bool:
    if article.undated or entry.published is None:
        return True
    return abs(article.published - entry.published) < _NEAR
