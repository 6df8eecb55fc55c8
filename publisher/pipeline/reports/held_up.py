"""What keeps mails from leaving, and what came back and waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from publisher.errors import Problem
from publisher.ledger import EVERY_DOMAIN, SendRecord
from publisher.model import WAITING
from publisher.pipeline.workspace import Workspace

_AHEAD = timedelta(days=2)  # so far a schedule may have come: the day begins early elsewhere


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


def clock_ahead(space: Workspace) -> Iterator[Problem]:
    """Yield it where schedules are settled far ahead: a clock was wrong, and all is silent."""
    furthest = max((one.through for one in space.timetable.all()), default=space.now)
    if furthest > space.now + _AHEAD:
        yield Problem(
            what=f"slots are settled until {furthest:%Y-%m-%d}, and nothing goes out until then",
            why="The clock was ahead, or is behind.",
            todo="If it is right now: publisher schedule rewind",
        )


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


def came_back(space: Workspace) -> Iterator[Problem]:
    """Yield what came back and waits for a person: floods that are held, and messages."""
    others = 0
    for (followed, what, domain), count in space.ledger.returns.waiting().items():
        if followed != "held":
            others += count
            continue
        is_dead = what == "dead"
        yield Problem(
            what=f"{count:,} at {domain or 'erased readers'} came back at once, as "
            f"{'dead' if is_dead else 'complaints'}: they are held, and change nothing",
            why="So many within an hour are a server's mistake, or ours, more often than theirs.",
            todo=f"Look: publisher bounces list {domain} --waiting; then: publisher bounces "
            f"release {domain}, or dismiss {domain}",
            severity="warning",
        )
    if others:
        noun = "message that came back waits" if others == 1 else "messages that came back wait"
        yield Problem(
            what=f"{others:,} {noun} for you",
            todo="Look: publisher bounces list --waiting",
            severity="note",
        )
