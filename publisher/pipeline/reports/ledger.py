"""Where the ledger is, and whose it is by its schema."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.model import concealed
from publisher.pipeline.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerStanding:
    """A ledger's place, without a password; its schema; the oldest whose programs may use it."""

    ledger: str
    schema: str
    oldest: str


def ledger_standing(space: Workspace) -> LedgerStanding:
    """Open the ledger, which a workspace that writes brings up, and say how it stands."""
    version, oldest = space.ledger.schema()
    place = concealed(space.server) or str(space.state / "ledger.db")
    return LedgerStanding(ledger=place, schema=version, oldest=oldest)
