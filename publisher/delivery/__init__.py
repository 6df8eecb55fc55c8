"""Slots spliced into messages, messages to servers, their replies to verdicts; a word to a hub."""

from publisher.delivery.command import Command
from publisher.delivery.hub import tell_hub
from publisher.delivery.letter import Heading, Letter
from publisher.delivery.maildir import Maildir
from publisher.delivery.sender import Clock, Gathered, Load, Office, Parcel, Stop, Told, run
from publisher.delivery.smtp import Smtp
from publisher.delivery.transport import Memory, Session, Transport
from publisher.delivery.verdicts import Runs, back_off, judge

__all__ = [
    "Clock",
    "Command",
    "Gathered",
    "Heading",
    "Letter",
    "Load",
    "Maildir",
    "Memory",
    "Office",
    "Parcel",
    "Runs",
    "Session",
    "Smtp",
    "Stop",
    "Told",
    "Transport",
    "back_off",
    "judge",
    "run",
    "tell_hub",
]
