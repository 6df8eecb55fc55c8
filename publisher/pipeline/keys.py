"""The keys that sign readers' links."""

from __future__ import annotations

from publisher.audience import Keys
from publisher.pipeline.workspace import Workspace


def keys(space: Workspace) -> Keys:
    """Return the keys that sign links, made the first time they are needed."""
    secrets, newest = space.ledger.readers.secrets(space.now)
    return Keys(secrets, newest)
