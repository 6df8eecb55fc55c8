"""outbox export: the message of every reader as a file."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from publisher.delivery import Messages
from publisher.model import EditionId, Group, Recipient
from publisher.outbox import put
from publisher.pipeline.readers.segments import segment_of
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sender import check_sender
from publisher.pipeline.sends.messages import Addressing, messages_of
from publisher.pipeline.workspace import Workspace


def messages(space: Workspace, name: str) -> Iterator[tuple[Recipient, bytes]]:
    """Yield the message of every reader of an edition, by address: frozen ones, or today's."""
    check_sender(space.publication)
    bundle = sealed(space, name)
    newsletter = space.newsletter(EditionId(bundle.id).newsletter)
    known = space.ledger.sends.get(bundle.id)
    variants = space.ledger.sends.variants(bundle.id)
    subjects = space.ledger.subject_tests.get(bundle.id)
    groups = space.ledger.subject_tests.groups(bundle.id) if subjects else {}

    @cache
    def made(variant: int, group: Group | Literal[""]) -> Messages:
        date = known.start if known else space.now
        return messages_of(space, bundle, date, variant=variant, subjects=subjects, group=group)

    addressing = Addressing(space, bundle.id)
    segment = segment_of(space, newsletter)
    listed = (
        space.ledger.readers.listed(frozen=bundle.id)
        if known
        else space.ledger.readers.listed(newsletter.name, segment, active=True)
    )
    for reader in listed:
        recipient = addressing.recipient(reader)
        variant = variants.get(reader.id, 0)
        if variant in (0, *bundle.variants):  # the rest had all of it
            yield recipient, made(variant, groups.get(reader.id, "")).message(recipient)


def export_eml(space: Workspace, name: str, folder: Path) -> int:
    """Write a file for each message; return how many."""
    count = 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for recipient, data in messages(space, name):
        put(folder / f"{recipient.message_id}.eml", data)
        count += 1
    return count


def export_mailbox(space: Workspace, name: str, box: mailbox.Mailbox[mailbox.Message]) -> int:
    """Add every message to a mailbox of the standard library; return how many."""
    count = 0
    for _, data in messages(space, name):
        box.add(data.replace(b"\r\n", b"\n"))
        count += 1
    box.flush()
    box.close()
    return count
