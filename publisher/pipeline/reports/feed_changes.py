"""feeds diff: what feed readers would show of a feed that takes another one's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from publisher.errors import SourceError
from publisher.feeds import files_of
from publisher.feeds.following import READERS, Kind, Seen, Shown, counted, shown
from publisher.pipeline.pages.feeds import memory_of, planned
from publisher.pipeline.seen import seen
from publisher.pipeline.workspace import Workspace


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of reader shows of one feed."""

    feed: str
    reader: str
    shown: tuple[Shown, ...]

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many entries are new, updated, resurrected."""
        return counted(self.shown)


def changes(feed: str, old: Sequence[Seen], new: Sequence[Seen]) -> list[Change]:
    """Return what each kind of reader shows once `new` stands in the place of `old`."""
    return [
        Change(feed=feed, reader=one.name, shown=tuple(shown(one, old, new))) for one in READERS
    ]


def coming(space: Workspace, name: str = "") -> dict[str, tuple[Seen, ...]]:
    """Return the entries that the next build would put into each file of a feed, by its path."""
    plans = planned(space)
    return {
        file.path: seen(file.data)
        for plan in plans
        if plan.name == name
        for file in files_of(plan, space.archive.body)
    }


def unpublished(space: Workspace) -> Iterator[Change]:
    """What readers would show once the next build has replaced the feeds in the outbox.

    Feeds that would stay as they are, and files that are not there yet, are left out.
    """
    plans = planned(space)
    memory = memory_of(space)
    stale = [one for one in plans if not all(memory.holds(path, one.key) for path in one.paths)]
    for done, plan in enumerate(stale):
        space.progress("Comparing feeds", done, len(stale))
        for file in files_of(plan, space.archive.body):
            path = space.feeds_folder / file.path
            if path.is_file() and (old := path.read_bytes()) != file.data:
                yield from changes(file.path, _entries(file.path, old), seen(file.data))
    space.progress("Comparing feeds", len(stale), len(stale))


def _entries(path: str, data: bytes) -> tuple[Seen, ...]:
    try:
        return seen(data)
    except SourceError as error:
        raise SourceError(error.problem.what, path=path) from None
