"""How fast all senders together may be: places reserved in the claim's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.model import WarmUp

AHEAD = 1.0
"""Seconds: a claim takes places so far ahead; what comes later waits for its time."""

_LATE = 0.025
"""Seconds that places stay free that nobody took in time: a claim takes some milliseconds, by which
the next one comes too late. So a second has a fortieth more at most, and never less for that."""

_SKEW = 60.0
"""Seconds that two clocks may differ; a place further ahead is of a clock that was set since."""

_LONGEST = 7 * 86400.0
"""Seconds: no edition's line at a domain is longer, or it was a clock set since that made it."""

_NEW = sa.text(
    "INSERT INTO places (scope, next, later, used) VALUES (:scope, 0, 0, 0) ON CONFLICT DO NOTHING"
)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How fast all senders together may be: messages a second by scope, "" for all; and a day.

    Where there is a `warm_up` as well, the smaller number of a day counts.
    """

    per_second: Mapping[str, float] = msgspec.field(default_factory=dict)
    per_day: int = 0
    warm_up: WarmUp = WarmUp()


class Pace:
    """The places of one claim: each scope with a rate gives one after the other (GCRA)."""

    def __init__(self, db: sa.Connection, limits: Limits, edition: str, now: datetime) -> None:
        self._edition = edition
        self._db, self._rates = db, limits.per_second
        self._per_day = _per_day(db, limits, now.date())
        self._known: dict[str, dict[str, Any]] = {}
        self._instant, self._now, self._day = now, now.timestamp(), f"day {now:%Y-%m-%d}"
        self._tomorrow = datetime.combine(now.date(), time(), UTC) + timedelta(days=1)

    def closed(self) -> datetime | None:
        """When more may go, where the pace of all, or the day, lets nothing go now."""
        if self.left_today(1) == 0:
            return self._tomorrow
        if "" in self._rates and self._scope("")["next"] > self._now + AHEAD:
            return datetime.fromtimestamp(self._scope("")["next"] - AHEAD / 2, UTC)
        return None

    def left_today(self, size: int) -> int:
        """How many of `size` may still start today (UTC); all where there is no limit."""
        if not self._per_day:
            return size
        used: int = self._scope(self._day)["used"]
        return max(0, min(size, self._per_day - used))

    def enter(self, domains: Iterable[str]) -> None:
        """Be the only one who takes places of some domains, until the claim is committed.

        All do so in one order: two that waited for each other would be ended by the database, and
        a second of the pace would be lost.
        """
        for name in sorted(self._rates.keys() & set(domains)):
            self._scope(name)

    def too_early(self, domain: str) -> datetime | None:
        """When a message to the domain should come back, None where it may be claimed now."""
        if domain not in self._rates:
            return None
        scope = self._scope(domain)
        if scope["next"] <= self._now + AHEAD:
            return None
        # Each edition lines up by itself: a long one must not send breaking news to its end.
        line = self._scope(f"{self._edition} {domain}")
        if line["later"] > self._now + _LONGEST:
            line["later"] = 0.0
        line["later"] = max(line["later"], scope["next"]) + 1 / self._rates[domain]
        return datetime.fromtimestamp(line["later"], UTC)

    def place(self, domain: str) -> datetime:
        """Take the next place of every scope of a domain; return when it comes."""
        if not self._rates:
            return self._instant
        at = self._now
        for name in self._scopes(domain):
            scope = self._scope(name)
            at = max(at, scope["next"])
            taken = scope["next"] if scope["next"] > self._now - _LATE else self._now
            scope["next"] = taken + 1 / self._rates[name]
        return datetime.fromtimestamp(at, UTC)

    def save(self, started: int) -> None:
        """Write what was taken, and count it for the day."""
        if self._per_day:
            self._scope(self._day)["used"] += started
        for values in self._known.values():
            same = t.places.c.scope == values["scope"]
            self._db.execute(sa.update(t.places).where(same).values(**values))

    @staticmethod
    def give_back(db: sa.Connection, count: int) -> None:
        """Count back messages that were claimed for a day and never started."""
        newest = sa.select(sa.func.max(t.places.c.scope)).where(t.places.c.scope.like("day %"))
        if count:
            db.execute(
                sa.update(t.places)
                .where(t.places.c.scope == newest.scalar_subquery(), t.places.c.used >= count)
                .values(used=t.places.c.used - count)
            )

    @staticmethod
    def used(db: sa.Connection) -> dict[date, int]:
        """Return how many messages count for each day (UTC) of which a limit was set."""
        query = sa.select(t.places.c.scope, t.places.c.used).where(t.places.c.scope.like("day %"))
        return {
            date.fromisoformat(scope.removeprefix("day ")): used
            for scope, used in db.execute(query).all()
        }

    def _scopes(self, domain: str) -> list[str]:
        return [name for name in ("", domain) if name in self._rates]

    def _scope(self, name: str) -> dict[str, Any]:
        if name not in self._known:
            self._db.execute(_NEW, {"scope": name})
            query = sa.select(t.places).where(t.places.c.scope == name).with_for_update()
            self._known[name] = found = dict(self._db.execute(query).mappings().one())
            rate = self._rates.get(name)
            if rate and found["next"] > self._now + AHEAD + 1 / rate + _SKEW:
                found["next"] = self._now
        return self._known[name]


def _per_day(db: sa.Connection, limits: Limits, today: date) -> int:
    """How many messages today may have, 0 for any number."""
    if not limits.warm_up.is_on(today):
        return limits.per_day
    ceiling = limits.warm_up.ceiling(today, Pace.used(db))
    return min(ceiling, limits.per_day) if limits.per_day else ceiling
