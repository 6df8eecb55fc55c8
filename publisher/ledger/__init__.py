"""The database of record: tables and the verbs that read and write them."""

from publisher.ledger.ledger import EditionRecord, Ledger
from publisher.ledger.lock import locked
from publisher.ledger.queue import Chunk, Claimed, Limits, Mark
from publisher.ledger.sends import SendRecord

__all__ = ["Chunk", "Claimed", "EditionRecord", "Ledger", "Limits", "Mark", "SendRecord", "locked"]
