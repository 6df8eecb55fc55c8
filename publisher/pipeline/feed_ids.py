"""feeds adopt: the ids of a live feed become those of the articles here."""

from __future__ import annotations

from pathlib import Path

import msgspec

from publisher import __version__, files
from publisher.errors import SourceError
from publisher.feeds.following import Seen
from publisher.feeds.matching import Unmatched, matched
from publisher.fetching import Fetcher, Unanswered
from publisher.outbox import put
from publisher.pipeline.seen import MOST, seen
from publisher.pipeline.workspace import Workspace
from publisher.sources import known_ids


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: how many entries the feed has, the ids by path, and who is left over.

    `new` of the ids were not known before; `entries` is how many the live feed holds.
    """

    entries: int
    ids: dict[str, str]
    new: int
    unmatched: tuple[Unmatched, ...]


def adopt_ids(space: Workspace, feed: str, *, private: bool = False) -> Adopted:
    """Match the entries of a live feed, a file or an address, with the articles and keep the ids.

    They are written to `ids.toml`; what stands there of other articles stays. Raises SourceError
    where the feed cannot be had or read.
    """
    live = entries_of(feed, private=private)
    found = matched(live, space.archive.articles)
    before, problems = known_ids.read(space.root)
    if problems:
        raise SourceError(problems[0].what, todo="Mend it first.", path=known_ids.NAME)
    ids = {**before, **found.ids}
    if ids != before:
        put(space.root / known_ids.NAME, known_ids.written(ids, _named(feed)).encode())
    return Adopted(
        entries=len(live),
        ids=dict(found.ids),
        new=sum(before.get(path) != name for path, name in found.ids.items()),
        unmatched=found.unmatched,
    )


def entries_of(feed: str, *, private: bool = False) -> tuple[Seen, ...]:
    """Return the entries of a feed, a file or an address; raise SourceError.

    With `private` an address of this machine or its neighbours is asked as well.
    """
    try:
        data = _fetched(feed, private) if _is_address(feed) else _read(feed)
        return seen(data)
    except SourceError as error:
        told = error.problem
        raise SourceError(told.what, why=told.why, todo=told.todo, path=feed) from None


def _read(feed: str) -> bytes:
    try:
        return files.read(Path(feed), MOST)
    except OSError as error:
        raise SourceError(f"the feed cannot be read: {error.strerror or error}") from None


def _fetched(url: str, private: bool) -> bytes:
    fetcher = Fetcher(f"publisher/{__version__}", most=MOST + 1, private=private)
    try:
        answer = fetcher.ask(url, "GET")
    except Unanswered as error:
        raise SourceError(f"the feed cannot be fetched: {error}") from None
    if answer.status != 200:  # RFC 9110 §15.3.1
        raise SourceError(f"the feed cannot be fetched: the server answers {answer.status}")
    return answer.body


def _is_address(feed: str) -> bool:
    return feed.lower().startswith(("https://", "http://"))


def _named(feed: str) -> str:
    """A feed as a file may name it: an address without a password or a token in its query."""
    return feed.partition("?")[0].rpartition("@")[2] if "@" in feed else feed.partition("?")[0]
