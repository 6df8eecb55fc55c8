"""The database of record: tables and the verbs that read and write them."""

from publisher.ledger.approvals import Approval
from publisher.ledger.claims import ClaimedBatch, ClaimedDelivery
from publisher.ledger.commits import CommitRecord
from publisher.ledger.domains import EVERY_DOMAIN
from publisher.ledger.editions import EditionRecord
from publisher.ledger.ledger import Ledger
from publisher.ledger.lock import locked
from publisher.ledger.locks import FileLocks, Hold, Locks
from publisher.ledger.marks import Mark
from publisher.ledger.outcomes import Attempt, DeliveryRecord, Uncertain
from publisher.ledger.pace import Limits
from publisher.ledger.readers import Lifted
from publisher.ledger.returns import BY_MAIL, ReturnRecord
from publisher.ledger.sends import SendRecord, open_of
from publisher.ledger.services import ServiceRecord
from publisher.ledger.signups import Signup
from publisher.ledger.slots import SlotRecord
from publisher.ledger.witness import Witness

__all__ = [
    "BY_MAIL",
    "EVERY_DOMAIN",
    "Approval",
    "Attempt",
    "ClaimedBatch",
    "ClaimedDelivery",
    "CommitRecord",
    "DeliveryRecord",
    "EditionRecord",
    "FileLocks",
    "Hold",
    "Ledger",
    "Lifted",
    "Limits",
    "Locks",
    "Mark",
    "ReturnRecord",
    "SendRecord",
    "ServiceRecord",
    "Signup",
    "SlotRecord",
    "Uncertain",
    "Witness",
    "locked",
    "open_of",
]
