"""The database of record: tables and the verbs that read and write them."""

from publisher.ledger.ledger import EditionRecord, Ledger
from publisher.ledger.lock import locked

__all__ = ["EditionRecord", "Ledger", "locked"]
