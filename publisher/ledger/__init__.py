"""The database of record: tables and the verbs that read and write them."""

from publisher.ledger.ledger import EditionRecord, Ledger
from publisher.ledger.lock import dead, locked, present
from publisher.ledger.marks import Mark
from publisher.ledger.pace import Limits
from publisher.ledger.queue import Chunk, Claimed
from publisher.ledger.schedules import Approval, ServiceRecord, SlotRecord, SlotState
from publisher.ledger.sends import Attempt, DeliveryRecord, SendRecord, Uncertain, open_of
from publisher.ledger.signups import Signup

__all__ = [
    "Approval",
    "Attempt",
    "Chunk",
    "Claimed",
    "DeliveryRecord",
    "EditionRecord",
    "Ledger",
    "Limits",
    "Mark",
    "SendRecord",
    "ServiceRecord",
    "Signup",
    "SlotRecord",
    "SlotState",
    "Uncertain",
    "dead",
    "locked",
    "open_of",
    "present",
]
