"""What becomes of slots that have come: on time, caught up, held for a person, missed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from publisher.model import Cause, Newsletter, Slot

PUNCTUAL = timedelta(minutes=15)
"""A slot looked at so soon is on time: cron calls `run --once` every few minutes."""

FLOOD = 3
"""More late editions of a newsletter than this are not sent in one go."""

BACKLOG = 10
"""Late editions held for a person; what is older than these was missed."""

Timing = Literal["on time", "caught up", "held", "missed", "paused"]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A slot that has come, what its lateness makes of it, and why where that is not plain.

    `reason` is what is particular to this one: how late it is, how many there are.
    """

    slot: Slot
    timing: Timing
    cause: Cause = Cause.UNKNOWN
    reason: str = ""


def due(
    newsletter: Newsletter, coming: Sequence[tuple[Slot, datetime]], now: datetime
) -> list[Due]:
    """Return what becomes of slots that have come, oldest first.

    Each slot stands beside the instant (UTC) from which its lateness counts: that of its last
    zone. The newsletter says which late ones are caught up (`catch_up`), and how late they may be
    to go out by themselves (`catch_up_within`); later ones are held, as is a flood.
    """
    late = [(slot, now - last) for slot, last in coming if now - last > PUNCTUAL]
    is_superseded = newsletter.catch_up == "latest" and len(late) < len(coming)
    fates = {one.slot.local: one for one in _late(newsletter, late, is_superseded)}
    return [fates.get(slot.local) or Due(slot=slot, timing="on time") for slot, _ in coming]


def _late(
    newsletter: Newsletter, late: Sequence[tuple[Slot, timedelta]], is_superseded: bool
) -> list[Due]:
    """The late ones; superseded by one on time, none of them is wanted."""
    policy, window = newsletter.catch_up, newsletter.catch_up_within
    if policy == "none":
        return [_missed(slot, Cause.NOT_CAUGHT_UP) for slot, _ in late]
    wanted = late[-1:] if policy == "latest" else late[-BACKLOG:]
    if is_superseded:
        wanted = []
    found = []
    for slot, lateness in late:
        if (slot, lateness) not in wanted:
            found.append(_missed(slot, Cause.SUPERSEDED if policy == "latest" else Cause.TOO_MANY))
        elif lateness > window:
            found.append(_late_one(slot, "held", lateness))
        elif len(wanted) > FLOOD:
            found.append(Due(slot=slot, timing="held", cause=Cause.FLOOD, reason=str(len(wanted))))
        else:
            found.append(_late_one(slot, "caught up", lateness))
    return found


def _missed(slot: Slot, cause: Cause) -> Due:
    return Due(slot=slot, timing="missed", cause=cause)


def _late_one(slot: Slot, timing: Timing, lateness: timedelta) -> Due:
    return Due(slot=slot, timing=timing, cause=Cause.LATE, reason=_span(lateness))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
