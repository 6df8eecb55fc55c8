"""What keeps mails from leaving: servers that refuse us, and domains that are held."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.errors import Problem
from publisher.ledger import EVERY_DOMAIN, SendRecord
from publisher.model import WAITING
from publisher.pipeline.workspace import Workspace


def held_up(space: Workspace) -> list[Problem]:
    """Return what holds up all that is sent, or all to a domain."""
    found = []
    for domain, (until, reason) in space.ledger.queue.held_domains(space.now).items():
        if domain == EVERY_DOMAIN:
            found.append(
                Problem(
                    what=f"the server refuses us: {reason}",
                    why=f"Nothing is sent until {until:%Y-%m-%d %H:%M} UTC, and nobody has failed.",
                    todo="Mend it with who runs the server, then: publisher deliver",
                )
            )
        else:
            found.append(
                Problem(
                    what=f"{domain} is held until {until:%Y-%m-%d %H:%M} UTC: {reason}",
                    severity="warning",
                )
            )
    return found


def refused(space: Workspace, send: SendRecord) -> Iterator[Problem]:
    """Yield what an edition's readers wait for: a server that refuses us, in its own words."""
    if not any(space.ledger.sends.counts(send.edition).get(state) for state in WAITING):
        return
    for reply, count in space.ledger.sends.refused(send.edition).items():
        yield Problem(
            what=f"{count:,} wait, for the server refuses us: {reply}",
            path=send.edition,
            why="No reader is at fault. They are tried again, until the edition expires.",
            todo="Mend it with who runs the server, then: publisher deliver",
        )
