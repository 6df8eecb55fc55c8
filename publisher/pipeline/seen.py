"""Anybody's feed as feed readers see it: what each entry is known by, and what it shows."""

from __future__ import annotations

from publisher.errors import SourceError
from publisher.feeds.following import Seen
from publisher.sources.feeds import MOST_BYTES, Entry, NotAFeed, read_feed

_NOWHERE = "https://feed.invalid/"  # RFC 2606 §2: where what is relative in a feed begins

MOST = MOST_BYTES
"""Bytes of a feed that is read; many readers stop at 512 KB."""


def seen(data: bytes) -> tuple[Seen, ...]:
    """Return the entries of a feed in RSS, Atom or JSON Feed, in its order.

    Raises SourceError where it is no feed. What is broken is read as far as readers get.
    """
    try:
        return tuple(map(_seen, read_feed(data, _NOWHERE).entries))
    except NotAFeed as error:
        raise SourceError(f"it is no feed: {error}") from None


def _seen(entry: Entry) -> Seen:
    return Seen(
        id=entry.id,
        url=entry.link,
        title=entry.title,
        published=entry.published,
        text=entry.body or entry.summary,
        authors=entry.authors,
        tags=entry.tags,
    )
