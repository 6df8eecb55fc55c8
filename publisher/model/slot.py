"""A slot: one planned local instant of a newsletter."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One wall-clock instant; `local` is naive, in `zone` (a tz database name); `instant` is UTC.

    `local` is what the editor typed and what names the edition; in a gap of the clock
    `instant` is the first one after it, in an overlap the first of the two.
    """

    local: datetime
    zone: str
    instant: datetime


SlotState = Literal["sent", "caught up", "skipped", "held", "missed", "cancelled"]
"""What became of a slot: "sent" and "caught up" have a send, "held" waits for a person."""
