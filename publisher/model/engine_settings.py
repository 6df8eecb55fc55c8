"""What `[engine]` declares."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class EngineSettings(Settings, frozen=True, kw_only=True):
    """Who does what a slot causes: `publisher run` itself, or workers on any number of hosts."""

    kind: Literal["local", "procrastinate"] = _key(
        "`local`: `publisher run` does all of it. `procrastinate`: `run` decides what is due, and "
        "each `publisher worker` does it; for a ledger on PostgreSQL (`publisher[scale]`).",
        "local",
    )
    takeover: timedelta = _key(
        "A worker that gives no sign of life for so long is dead: its jobs are another's.",
        timedelta(seconds=30),
        example="30s",
    )
    part_pages: int = _key(
        "Pages that one job makes at least, where so many are to be made that workers share them: "
        "from twice as many on, if two workers or more do the lane `pages`.",
        1000,
    )

    @property
    def has_workers(self) -> bool:
        """Whether workers do what is due."""
        return self.kind == "procrastinate"
