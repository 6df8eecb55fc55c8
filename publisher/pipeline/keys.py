"""The keys that sign readers' links."""

from __future__ import annotations

from datetime import datetime

from publisher.audience import Keys
from publisher.pipeline.workspace import Workspace


def keys(space: Workspace) -> Keys:
    """Return the keys that sign links, made the first time they are needed."""
    secrets, newest = space.ledger.readers.secrets(space.now)
    return Keys(secrets, newest)


def made(space: Workspace) -> dict[str, datetime]:
    """Return when (UTC) each key was made, by its number."""
    return space.ledger.readers.made()


def rotate(space: Workspace) -> str:
    """Make a new key, which signs from now on; return its number."""
    return space.ledger.readers.rotate(space.now)
