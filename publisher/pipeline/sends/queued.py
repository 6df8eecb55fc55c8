"""The editions on their way: found by name, held, tried again."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.errors import UnknownName, UsageError
from publisher.ledger import SendRecord
from publisher.model import WAITING, State, edition_named
from publisher.pipeline.sends.transports import has_server
from publisher.pipeline.workspace import Workspace


def queued(space: Workspace, name: str) -> SendRecord:
    """Return the send that `name` means; see `edition_named`. Raises UnknownName."""
    sends = {record.edition: record for record in space.ledger.sends.all()}
    if found := edition_named(name, sends):
        return sends[found]
    if built := edition_named(name, set(space.outbox.ids()) - sends.keys()):
        raise UsageError(
            f"{built} was built, and nobody was sent it yet",
            todo=f"Send it: publisher send {built}",
        )
    alike = [edition for edition in sends if name in edition]
    todo = "Send one: publisher send EDITION"
    raise UnknownName("sent or coming edition", name, alike or sends, todo=todo)


def held(space: Workspace) -> list[tuple[SendRecord, int]]:
    """Return the held editions that readers wait for, with how many."""
    sends = [record for record in space.ledger.sends.all() if record.state == "held"]
    counts = [(record, space.ledger.sends.counts(record.edition)) for record in sends]
    found = [(record, sum(count.get(one, 0) for one in WAITING)) for record, count in counts]
    return [(record, waiting) for record, waiting in found if waiting]


def retry(space: Workspace, name: str) -> tuple[SendRecord, int]:
    """Put what failed of an edition into the queue again; return how many.

    Raises UsageError where nothing failed, or the edition is cancelled.
    """
    record = queued(space, name)
    expires = max(record.expires, space.now + space.publication.delivery.expires)
    count = space.ledger.sends.retry(record.edition, expires, space.now)
    if not count:
        raise UsageError(f"nothing of {record.edition} failed that can be tried again")
    return record, count


def standing(space: Workspace, name: str) -> tuple[SendRecord, Mapping[State, int]]:
    """Return a send and its counts: what `watch` looks at again and again."""
    send = queued(space, name)
    return send, space.ledger.sends.counts(send.edition)


def resend_filed(space: Workspace, name: str) -> tuple[SendRecord, int]:
    """Put what was only written as files into the queue again; return how many.

    Raises UsageError where nothing was, or where there is still no server to send it to.
    """
    record = queued(space, name)
    if not has_server(space):
        raise UsageError(
            "there is no mail server yet", why="They would only be written as files again.",
            todo="Name one in publisher.toml: [smtp] host",
        )  # fmt: skip
    expires = max(record.expires, space.now + space.publication.delivery.expires)
    count = space.ledger.sends.retry(record.edition, expires, space.now, "filed")
    if not count:
        raise UsageError(f"no mail of {record.edition} is only a file")
    return record, count


def send_of(space: Workspace, edition: str) -> SendRecord | None:
    """Return the send of an edition, None where its audience was never frozen."""
    return space.ledger.sends.get(edition)
