"""What is made in the folders of feeds and pages becomes what readers see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from publisher.errors import PublisherError
from publisher.ledger import locked
from publisher.outbox import put
from publisher.pipeline.served import headers_of
from publisher.pipeline.workspace import Workspace

_MEMORIES = {"feeds": "feeds.json", "web": "pages.json"}


@contextmanager
def publishing(space: Workspace, part: str) -> Iterator[None]:
    """Show readers, at the end, what is made meanwhile in a part of the outbox: `feeds`, `web`.

    As far as it was made, where that fails. What the feeds are compared with is what readers see.
    Raises Locked where this process was stopped meanwhile, and another host has had its turn.
    """
    _share(space, _MEMORIES[part])
    if part == "feeds":
        space.outbox.fetch(part)
    try:
        yield
    except BaseException:
        with suppress(PublisherError):  # the first failure is the one to tell
            space.ledger.check_locks()
            space.outbox.publish(part, headers_of, is_whole=False)
        raise
    space.ledger.check_locks()
    space.outbox.publish(part, headers_of, is_whole=True)


def _share(space: Workspace, name: str) -> None:
    """Put what this host knew by itself where all look now, unless somebody else did so before."""
    own, shared = space.state / name, space.memory(name)
    if own != shared and own.is_file() and not shared.exists():
        with suppress(OSError):  # it can be made anew
            put(shared, own.read_bytes())


def take_shown(space: Workspace) -> None:
    """Bring this host's copy of feeds and pages up to what readers see, whichever host made it.

    Raises Locked while a build of this host is at it, StoreUnavailable.
    """
    if space.outbox.store:
        with locked(space.state / "web.lock"):
            for part in ("web", "feeds"):
                space.outbox.fetch(part)
