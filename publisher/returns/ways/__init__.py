"""Ways in: where messages that come back arrive, and how each is taken once and never lost."""

from publisher.returns.ways.imap import Imap
from publisher.returns.ways.imap_login import Mailbox
from publisher.returns.ways.lmtp import Lmtp
from publisher.returns.ways.maildir import MaildirBox
from publisher.returns.ways.recipient import Ours, envelope_recipient
from publisher.returns.ways.way import Arrived, Collected, Kind, Memory, Take, Way

__all__ = [
    "Arrived",
    "Collected",
    "Imap",
    "Kind",
    "Lmtp",
    "Mailbox",
    "MaildirBox",
    "Memory",
    "Ours",
    "Take",
    "Way",
    "envelope_recipient",
]
