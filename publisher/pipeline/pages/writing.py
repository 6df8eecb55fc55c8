"""Feeds and words of the search written by workers, where there are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from publisher.feeds import FeedFile, FeedPlan, files_of
from publisher.model import Article
from publisher.pipeline.pages.made import Made
from publisher.pipeline.pages.search import words_of
from publisher.pipeline.workspace import Workspace
from publisher.sources import KeptTexts, WithLinks

_FEEDS = 16  # that are worth starting workers for
_TEXTS = 500  # that are


class Writing(msgspec.Struct, frozen=True):
    """Writes a feed in every format, given its plan and what the texts of its articles lead to."""

    texts: KeptTexts
    kind = list[FeedFile]

    def opened(self) -> Callable[[tuple[FeedPlan, Sequence[WithLinks]]], list[FeedFile]]:
        """Return what writes one."""

        def write(asked: tuple[FeedPlan, Sequence[WithLinks]]) -> list[FeedFile]:
            plan, articles = asked
            links = {one.article.id: one for one in articles}
            return files_of(plan, lambda article: self.texts.body(links[article.id]))

        return write


class Finding(msgspec.Struct, frozen=True):
    """Finds the words of an article for the search, at most so many characters of them."""

    texts: KeptTexts
    most: int
    kind = str

    def opened(self) -> Callable[[WithLinks], str]:
        """Return what finds those of one."""
        return lambda one: words_of(one.article, self.texts.body(one), self.most)


def written(
    space: Workspace, plans: Sequence[FeedPlan], made: Made
) -> Iterator[tuple[FeedPlan, Sequence[FeedFile] | None]]:
    """Yield each feed with its files, None where they are still to be written.

    First those that other workers have `made`.
    """
    there = [one for one in plans if made.has_feed(one.name, one.key)]
    yield from ((one, made.feed(one.name, one.key)) for one in there)
    plans = [one for one in plans if one not in there] if there else plans
    texts = space.archive.kept if plans else None
    if texts is None or not space.workers.pays(len(plans), _FEEDS):
        yield from ((plan, None) for plan in plans)
        return
    asked = ((one, [space.archive.with_links(a) for a in one.articles]) for one in plans)
    for plan, files in zip(plans, space.workers.each(Writing(texts), asked, 1), strict=True):
        yield plan, files if isinstance(files, list) else None


def found(space: Workspace, articles: Sequence[Article], most: int) -> Iterator[str]:
    """Yield the words of each article for the search, at most so many characters of them."""
    archive = space.archive
    texts = archive.kept
    answers: Iterator[Any] = iter([None] * len(articles))
    if texts is not None and space.workers.pays(len(articles), _TEXTS):
        asked = map(archive.with_links, articles)
        answers = space.workers.each(Finding(texts, most), asked, 25)
    for article, words in zip(articles, answers, strict=True):
        is_known = isinstance(words, str)
        yield words if is_known else words_of(article, archive.body(article), most)
