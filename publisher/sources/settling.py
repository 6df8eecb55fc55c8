"""Which files are as they were, and who they are without question; of the rest, what is kept.

A build in which little changed goes through what is kept of all files, and through all that the
ledger remembers, and holds no more of it than it will ask about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from publisher.sources.cache import Cache, Record
from publisher.sources.identity import Identity, number_of
from publisher.sources.listing import Stat


class Settled(msgspec.Struct, kw_only=True):
    """What is known before any file is opened.

    `fresh` are the files that were not touched. Of these `paths` are, by their ids, those about
    which there is no question (`first_seen` tells when each was first seen, UTC). `records` are
    kept of other files, `rest` is what else the ledger remembers; `gone` are files that are no
    longer there.
    """

    fresh: set[str] = msgspec.field(default_factory=set)
    paths: dict[str, str] = msgspec.field(default_factory=dict)
    first_seen: dict[str, datetime] = msgspec.field(default_factory=dict)
    records: Mapping[str, Record] = msgspec.field(default_factory=dict)
    rest: list[Identity] = msgspec.field(default_factory=list)
    gone: list[str] = msgspec.field(default_factory=list)


def settled(
    cache: Cache,
    found: Mapping[str, Stat],
    known: Iterable[Identity],
    is_fresh: Callable[[str, Record, Stat], bool],
    latest: datetime,
) -> Settled:
    """Return what is known of files that were found; raises Damaged.

    `known` is what the ledger remembers, and `latest` (UTC) since when it cannot have seen any.
    """
    told, asked, so_far = dict[str, int](), [], Settled()
    for path, kept in cache.each():
        stat = found.get(path)
        if stat is None:
            so_far.gone.append(path)
            continue
        number = None
        if is_fresh(path, kept, stat):
            so_far.fresh.add(path)
            number = _number(kept, latest)
        if number is None:
            asked.append(path)
        else:
            told[path] = number
    for one in known:
        if told.get(one.path) == hash(one):
            so_far.paths[one.id] = one.path
            so_far.first_seen[one.id] = one.first_seen
            del told[one.path]
        else:
            so_far.rest.append(one)
    so_far.records = cache.records([*asked, *told])
    return so_far


def _number(kept: Record, latest: datetime) -> int | None:
    """What tells who a file is, where its record says no more than that of an article."""
    is_plain = kept.has_article and not (kept.problems or kept.links)
    if not (is_plain and kept.sighting and kept.known_as):
        return None
    return number_of(kept.sighting, kept.known_as, latest)
