"""What all readers of exports are given, and give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from publisher.errors import Problem
from publisher.exports.imported import Found
from publisher.exports.pack import Pack
from publisher.exports.words import instant

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many bytes or files are done, how many there are)."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """How an export is read: `site` is where it was on the web, with a `/` at its end.

    Dates without a zone are in `zone`; `kinds` are those of the export's things that are articles.
    """

    site: str
    zone: str = "UTC"
    kinds: frozenset[str] = frozenset({"post"})
    progress: Progress = lambda *_: None

    def instant(self, text: object) -> datetime | None:
        """Return a date as aware UTC, None for none."""
        return instant(text, self.zone) if isinstance(text, str) else None

    def followed(self, what: str, chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """Pass the bytes of a file on, and tell how far they are."""
        count = 0
        for data in chunks:
            count += len(data)
            self.progress(what, min(count, size - 1), size)
            yield data
        self.progress(what, size, size)

    def at(self, path: str) -> str:
        """Return an address of the site."""
        return self.site + path.lstrip("/")


Reader = Callable[[Pack, Order], Iterator[Found | Problem]]
"""Reads an export as a stream. A problem ends one of its files, never the others."""
