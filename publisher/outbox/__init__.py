"""Bundles and files on disk: written aside, fsynced, renamed; read back and verified."""

from publisher.outbox.bundle import Bundle, Outbox, Variants
from publisher.outbox.files import Written, put

__all__ = ["Bundle", "Outbox", "Variants", "Written", "put"]
