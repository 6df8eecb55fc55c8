"""Where the ledger is, and whose it is by its schema."""

from __future__ import annotations

import msgspec

from publisher.model import ledger_place
from publisher.pipeline.workspace import Workspace


class LedgerStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger's place, without a password; its schema; the oldest whose programs may use it."""

    ledger: str
    schema: str
    oldest: str


def ledger_standing(space: Workspace) -> LedgerStanding:
    """Open the ledger, which a workspace that writes brings up, and say how it stands."""
    version, oldest = space.ledger.schema()
    place = ledger_place(space.server) or str(space.state / "ledger.db")
    return LedgerStanding(ledger=place, schema=version, oldest=oldest)
