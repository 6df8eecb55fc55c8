"""The related stories of pages; those of many are looked for by workers before they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from publisher.model import Article, Related, RelatedSettings
from publisher.pipeline.pages.notes import ArticleNotes
from publisher.pipeline.workspace import Workspace
from publisher.related import again
from publisher.sources import Cache, KeptTexts, WithLinks

_LEAST = 100  # articles that are worth starting workers for
_SLICE = 10
_KEPT = 20_000  # other articles that a worker keeps in memory
_PAGE = 50  # of them that are read at once


class Asking(msgspec.Struct, frozen=True):
    """Finds an article's related stories in the index as it lies on the disk.

    Of other articles it is told the `paths`, by id, and reads what else it must know of those
    that come into question. What it finds is told as pages remember it.
    """

    index: Path
    texts: KeptTexts
    paths: Mapping[str, str]
    settings: RelatedSettings
    called: str
    most: int
    now: datetime
    translations: Mapping[str, Sequence[str]]
    kind = list[dict[str, Any]]

    def opened(self) -> Callable[[Article], list[dict[str, Any]]]:
        """Return what asks for one article."""
        from publisher.related import Index, RelatedStories

        index = Index(self.index, readonly=True)
        others = _Others(self.texts.cache, self.paths)
        stories = RelatedStories(
            (),
            index,
            self.settings,
            self.called,
            by_id=others,
            body=self._body,
            translations=self.translations,
        )

        def ask(article: Article) -> list[dict[str, Any]]:
            if not index.holds(article.id):
                raise LookupError(article.id)
            found = stories.of(article, self.most, at=(self.now,))
            return [one.reason for one in found]

        return ask

    def _body(self, article: Article) -> str:
        """The text of an article; where its links lead makes no word of it."""
        return self.texts.body(WithLinks(article, {}))


class _Others(Mapping[str, Article]):
    """Articles by id, each read when it is first asked for, some of its neighbours with it."""

    def __init__(self, cache: Cache, paths: Mapping[str, str]) -> None:
        self._cache, self._paths = cache, paths
        self._names, self._places = list(paths), {name: n for n, name in enumerate(paths)}
        self._read: dict[str, Article] = {}

    def __getitem__(self, name: str) -> Article:
        if name not in self._read:
            self._read_around(self._places[name])
        return self._read[name]

    def _read_around(self, place: int) -> None:
        """Read a page of articles; in the end most of them are asked for."""
        if len(self._read) >= _KEPT:
            self._read.clear()
        start = place - place % _PAGE
        names = {self._paths[name]: name for name in self._names[start : start + _PAGE]}
        for path, record in self._cache.records(names).items():
            if record.article:
                self._read[names[path]] = record.article

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, name: object) -> bool:
        return name in self._paths


class Asked:
    """Answers of workers, one for each of some articles in their order."""

    def __init__(self, space: Workspace, articles: Sequence[Article]) -> None:
        """Nothing is asked where they are few, or where the index is not on the disk."""
        self._articles = iter(articles)
        self._found: Iterator[Any] = iter(())
        self._next: Article | None = None
        settings, workers = space.publication.related, space.workers
        is_much = settings.fallback == "none" and workers.pays(len(articles), _LEAST)
        texts = space.archive.kept if is_much and space.writing else None
        if texts is not None and not space.related.damage:
            own = space.publication
            work = Asking(
                index=space.state / "related.db",
                texts=texts,
                paths={one.id: one.path for one in space.archive.articles},
                settings=settings,
                called=own.title,
                most=own.web.related,
                now=space.now,
                translations=space.related.translations,
            )
            self._found = workers.each(work, articles, _SLICE)
            self._next = next(self._articles, None)

    def of(self, article: Article) -> Sequence[Mapping[str, Any]] | None:
        """Return what was found of an article, None where nothing was asked or came of it."""
        if self._next is None or self._next.id != article.id:
            return None
        self._next = next(self._articles, None)
        found = next(self._found, None)
        return found if isinstance(found, list) else None


class RelatedOnPages:
    """The related stories of articles' pages: those they had, as long as they may be seen.

    What arrived since changes no page.
    """

    def __init__(
        self,
        space: Workspace,
        notes: ArticleNotes,
        visible: Mapping[str, Article],
        placed: Sequence[tuple[Article, str]] = (),
    ) -> None:
        """`visible` are by id those that may be seen, newest first; those of the articles `placed`
        on pages will be asked for, in this order.
        """
        self._space, self._notes, self._visible = space, notes, visible
        self._own = space.publication
        self._recent = set(islice(visible, self._own.web.related_for))
        asked = [article for article, path in placed if self._asks(article, path)]
        self._asked = Asked(space, asked)

    def of(self, article: Article, path: str) -> Sequence[Related]:
        """Return those of an article's page, which lies at a path."""
        if self._own.web.related <= 0:
            return ()
        note = self._notes.of(article, path)
        keep = note.related if note else self._asked.of(article)
        if keep is None and not self.looks_for(article) and not article.hint.shown:
            return ()
        at = (self._space.now,)
        if keep is not None and not article.hint.shown:
            shown = again(article, keep, self._visible, at, self._own.related)
            if len(shown) == len(keep):
                return shown
        return self._space.related.of(article, self._own.web.related, at=at, keep=keep)

    def looks_for(self, article: Article) -> bool:
        """Whether related stories are looked for: older articles have those that were picked."""
        return article.id in self._recent

    def _asks(self, article: Article, path: str) -> bool:
        """Whether they must be looked for, and none is picked by hand."""
        return (
            self._own.web.related > 0
            and self.looks_for(article)
            and not article.hint.shown
            and self._notes.of(article, path) is None
        )
