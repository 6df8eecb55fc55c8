"""What a build made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from publisher.errors import Problem
from publisher.model import Cause, Fit, Reasoned

What = Literal["made", "replaced", "unchanged", "skipped", "not due", "sent"]


class Edited(Reasoned, msgspec.Struct, frozen=True, kw_only=True):
    """What became of one edition. `path` is its bundle's folder; `fit` what was shortened of it."""

    id: str
    what: What
    stories: int = 0
    cause: Cause = Cause.UNKNOWN
    reason: str = ""
    subject: str = ""
    path: Path | None = None
    fit: Fit | None = None
    problems: Sequence[Problem] = ()


class Pages(msgspec.Struct, kw_only=True):
    """What became of the pages: how many there are; files written, left alone, taken away."""

    count: int = 0
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: list[Problem] = msgspec.field(default_factory=list)


class Built(msgspec.Struct, kw_only=True):
    """What a build made: editions, feed files written and left alone, pages, sources' problems."""

    articles: int = 0
    hidden: int = 0
    undated: int = 0
    editions: list[Edited] = msgspec.field(default_factory=list)
    feeds: int = 0
    written: list[Path] = msgspec.field(default_factory=list)
    unchanged: int = 0
    removed: list[Path] = msgspec.field(default_factory=list)
    cut: dict[str, int] = msgspec.field(default_factory=dict)
    pages: Pages | None = None
    problems: Sequence[Problem] = ()

    @property
    def changed(self) -> bool:
        """Whether one byte of the outbox is other than before."""
        return bool(
            self.written
            or self.removed
            or (self.pages and (self.pages.written or self.pages.removed))
            or any(edited.what in ("made", "replaced") for edited in self.editions)
        )
