"""The archive: every article, its body on demand, and all that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from publisher.disposable import Damaged
from publisher.errors import Problem
from publisher.model import Article, Bodies
from publisher.sources import resolving
from publisher.sources.cache import Cache
from publisher.sources.identity import Identity
from publisher.sources.kept import KeptTexts, WithLinks


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """All articles, newest first (ties by id), those that are no news last; hidden ones included.

    `new_identities` are what the ledger does not remember yet, `renamed` ids that an editor
    replaced by others (old → new), `first_seen` tells by id when an article was first seen;
    `changes` is when the first article changes that says it will one day, None where none does;
    `portraits` gives the pictures of authors that the site's own tables name, by name. `links` are
    the addresses of the articles that a text leads to: by path, by reference. It `is_sure` where
    the same would come of it again: no process died of a file.
    """

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    new_identities: tuple[Identity, ...]
    renamed: Mapping[str, str]
    cache: Cache
    read_again: Bodies
    first_seen: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    changes: datetime | None = None
    portraits: Callable[[], Mapping[str, Path]] = dict
    links: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    is_sure: bool = True

    def body(self, article: Article) -> str:
        """The article's sanitised HTML, from its file where the cache has lost it."""
        try:
            body = self.cache.body(article.path)
        except Damaged as error:
            self.cache.condemn(str(error))
            body = self.read_again(article)
        return resolving.resolved(body, self.links.get(article.path, {}))

    def with_links(self, article: Article) -> WithLinks:
        """Return an article with all that its text depends on, for `KeptTexts`."""
        return WithLinks(article, self.links.get(article.path, {}))

    @property
    def kept(self) -> KeptTexts | None:
        """Where its texts are on the disk for other processes; None where they are not."""
        return KeptTexts(*self.cache.on_disk) if self.cache.on_disk else None
