"""Being alone: whoever changes what is built, or shown, holds a lock that others wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from publisher.errors import Locked
from publisher.pipeline.workspace import Workspace

PATIENCE = 10.0
"""Seconds that a command waits for another one's build."""

_MADE_HERE = object()


@dataclass(frozen=True, eq=False)
class Turn:
    """The publication's lock, held: what may be done by its holder only asks for one.

    `alone` makes it, and nobody else can; it is worth nothing when the lock is let go.
    """

    _maker: object = field(repr=False)

    def __post_init__(self) -> None:
        if self._maker is not _MADE_HERE:
            raise TypeError("a turn is given by turns.alone")

    def check(self, space: Workspace) -> None:
        """Raise RuntimeError where this is not the turn of that workspace, or is over."""
        if space.turn is not self:
            raise RuntimeError("the publication's lock is not held")


@contextmanager
def alone(space: Workspace) -> Iterator[Turn]:
    """Hold a publication's lock, after cleaning up what a run that died left.

    What is yielded says so to whatever may be done by its holder only. Whoever holds it is
    waited for, some seconds: a service builds while editors type.
    """
    with space.locks.held("lock", PATIENCE):
        space.outbox.claim()
        space.outbox.recover()
        _reconcile(space)
        space.turn = turn = Turn(_MADE_HERE)
        try:
            yield turn
        finally:
            space.turn = None


def recover(space: Workspace) -> None:
    """Clean up what a run that died left, for whoever looks before it holds the lock."""
    with alone(space):
        pass


@contextmanager
def alone_on_the_web(space: Workspace) -> Iterator[None]:
    """Hold the lock of feeds and pages: who decides about an edition does not wait for them."""
    with space.locks.held("web.lock", PATIENCE):
        check_commit(space)
        space.outbox.claim()
        space.outbox.recover_feeds()
        yield


def check_commit(space: Workspace) -> None:
    """Raise Locked where another commit than what is made here is the newest by now.

    To be asked with the lock held under which that is shown: who waited for it may be late.
    """
    known = space.ledger.commits.newest() if space.made_of else None
    if space.made_of and (known is None or known.commit != space.made_of):
        raise Locked(
            f"commit {space.made_of[:12]} is not the newest any more",
            why="Another host has named a later one. Nothing older is shown.",
            todo="Run the command again.",
        )


def _reconcile(space: Workspace) -> None:
    """Find out what became of bundles that were sealed, or taken away, when a run died."""
    for record in space.ledger.editions.all(state="sealing"):
        there = record.id in space.outbox.ids() and not space.outbox.faults(record.id)
        if there:  # the new one, or still the one before it: its stories are taken
            bundle = space.outbox.read(record.id)
            space.ledger.editions.record(
                replace(record, state="built", seal=bundle.seal), bundle.stories
            )
        else:
            space.ledger.editions.forget(record.id)
