"""Articles' texts as another process reads them from the disk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from publisher.model import Article
from publisher.sources import resolving
from publisher.sources.cache import Cache


class KeptTexts(msgspec.Struct, frozen=True, dict=True):
    """Where they are kept, and under which key. It can be pickled before it is asked."""

    path: Path
    key: str

    @cached_property
    def cache(self) -> Cache:
        """What is kept, opened when it is first asked for."""
        return Cache(self.path, self.key, readonly=True)

    def body(self, one: WithLinks) -> str:
        """Return an article's sanitised HTML."""
        return resolving.resolved(self.cache.body(one.article.path), one.links)


class WithLinks(msgspec.Struct, frozen=True):
    """An article, and the addresses of the articles that its text leads to."""

    article: Article
    links: Mapping[str, str]
