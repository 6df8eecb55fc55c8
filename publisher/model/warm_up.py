"""Warm-up: a sender that nobody knows yet writes to few, and to more from day to day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from publisher.model.declared import Settings
from publisher.model.declared import key as _key

_MOST = 1e9  # a day: as good as no ceiling


class WarmUp(Settings, frozen=True, kw_only=True):
    """A new domain or server: a ceiling of messages a day that grows. Days are those of UTC.

    A day makes the ceiling of those after it grow if at least half of its own was used: a weekly
    letter is no better known for the days on which nothing was sent.
    """

    first: int = _key("Messages on the first day; 0 for no warm-up.", 0, example="200")
    grow: float = _key(
        "How many times the ceiling of a day that was used that of the next one is.", 1.5
    )
    starts: date | None = _key(
        "No ceiling before this day, and no day before it counts; without it, the days count that "
        "the ledger knows of.",
        None,
        example="2026-12-01",
    )

    def is_on(self, day: date) -> bool:
        """Whether a day has a ceiling."""
        return self.first > 0 and (self.starts is None or self.starts <= day)

    def ceiling(self, day: date, used: Mapping[date, int]) -> int:
        """Return how many messages a day may have, by what was sent on the days before."""
        limit = float(self.first)
        for before in sorted(used):
            if self.is_on(before) and before < day and 2 * used[before] >= int(limit):
                limit = min(limit * self.grow, _MOST)
        return int(limit)
