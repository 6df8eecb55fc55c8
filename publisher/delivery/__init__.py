"""Slots spliced into messages, messages to servers, their replies to verdicts; a word to a hub."""

from publisher.delivery.batches import Batch, Delivery, Outcome, Worker
from publisher.delivery.clock import Clock, Stop
from publisher.delivery.command import Command
from publisher.delivery.dkim import KeyPair, MessageSigner, SigningKey
from publisher.delivery.dkim_keyring import read_pairs, stamp_of, write_pairs
from publisher.delivery.dkim_keys import key_of, new_pem, record_of, strings_of
from publisher.delivery.greeting import Probed, probe
from publisher.delivery.hub import tell_hub
from publisher.delivery.maildir import Maildir
from publisher.delivery.message import Headers, Messages
from publisher.delivery.sender import Sender
from publisher.delivery.smtp import Smtp
from publisher.delivery.transport import Memory, Session, Transport
from publisher.delivery.verdicts import Losses, Refusals, Runs, back_off, judge

__all__ = [
    "Batch",
    "Clock",
    "Command",
    "Delivery",
    "Headers",
    "KeyPair",
    "Losses",
    "Maildir",
    "Memory",
    "MessageSigner",
    "Messages",
    "Outcome",
    "Probed",
    "Refusals",
    "Runs",
    "Sender",
    "Session",
    "SigningKey",
    "Smtp",
    "Stop",
    "Transport",
    "Worker",
    "back_off",
    "judge",
    "key_of",
    "new_pem",
    "probe",
    "read_pairs",
    "record_of",
    "stamp_of",
    "strings_of",
    "tell_hub",
    "write_pairs",
]
