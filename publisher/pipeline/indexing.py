"""Articles read by workers for the index of related stories, where they are many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec

from publisher.model import Article, Bodies
from publisher.related.reading import MOST, Batch, batches
from publisher.related.terms import language_of
from publisher.sources import Archive, KeptTexts, WithLinks
from publisher.workers import Workers
from publisher.workers.side_by_side import one_ahead

_LEAST = 400  # articles that are worth starting workers for
_PART = 100  # its words are looked up once each, however often they stand in it


class Part(msgspec.Struct, array_like=True):
    """Some articles of one language as a batch of their own, in bytes."""

    words: list[str]
    texts: list[bytes]
    links: list[bytes]
    beginnings: list[str]


class Reading(msgspec.Struct, frozen=True):
    """Reads some articles of one language."""

    texts: KeptTexts
    for_model: bool
    kind = Part

    def opened(self) -> Callable[[Sequence[WithLinks]], Part]:
        """Return what reads some."""

        def read(articles: Sequence[WithLinks]) -> Part:
            batch = Batch("", self.for_model)
            for one in articles:
                batch.add(one.article, self.texts.body(one))
            return Part(
                list(batch.places),
                [one.text.tobytes() for one in batch.read],
                [one.links.tobytes() for one in batch.read],
                [one.beginning for one in batch.read],
            )

        return read


def read_by(workers: Workers, archive: Archive) -> Callable[..., Iterator[Batch]]:
    """Return what reads articles as `batches` does, with workers."""

    def read(fresh: Sequence[Article], body: Bodies, for_model: bool) -> Iterator[Batch]:
        texts = archive.kept
        if texts is None or not workers.pays(len(fresh), _LEAST):
            yield from batches(fresh, body, for_model)
            return
        yield from one_ahead(by_workers(texts, fresh, body, for_model))

    def by_workers(
        texts: KeptTexts, fresh: Sequence[Article], body: Bodies, for_model: bool
    ) -> Iterator[Batch]:
        work = Reading(texts, for_model)
        ordered = sorted(fresh, key=lambda article: language_of(article.language))
        for language, group in groupby(ordered, lambda article: language_of(article.language)):
            some = list(group)
            parts = [some[at : at + _PART] for at in range(0, len(some), _PART)]
            asked = ([archive.with_links(one) for one in part] for part in parts)
            batch, size = Batch(language, for_model), 0
            for part, found in zip(parts, workers.each(work, asked, 1), strict=True):
                if isinstance(found, Part):
                    size += batch.take(
                        part, found.words, found.texts, found.links, found.beginnings
                    )
                else:
                    size += sum(batch.add(one, body(one)) for one in part)
                if size > MOST:
                    yield batch
                    batch, size = Batch(language, for_model), 0
            if batch.read:
                yield batch

    return read
