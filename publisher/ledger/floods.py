"""Many readers of whom the same comes back within an hour: how many, of how many; and held."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.model import Crowd, ReturnedClass

HOUR = timedelta(hours=1)
"""So long is what came back looked at together."""


class Floods:
    """Counts crowds; remembers how many readers were mailed, which is dear to count."""

    def __init__(self) -> None:
        self._mailed: dict[tuple[str, str], int] = {}  # by edition and domain

    def crowd(
        self, db: sa.Connection, what: ReturnedClass, at: datetime, edition: str, domain: str
    ) -> Crowd:
        """Return of how many readers the same came back in the hour before; "" is any domain."""
        r = t.returns.c
        who, where = sa.func.count(r.subscriber.distinct()), sa.func.count(r.domain.distinct())
        query = sa.select(who, where).where(_flood(what, at, domain))
        readers, domains = db.execute(query).one()
        mailed = self._readers_mailed(db, edition, domain) if readers > 1 else 0
        return Crowd(readers=readers, domains=domains, mailed=mailed)

    def _readers_mailed(self, db: sa.Connection, edition: str, domain: str) -> int:
        """How many readers an edition went to, or there are; at a domain, or all."""
        if (edition, domain) not in self._mailed:
            d, s = t.deliveries.c, t.subscribers.c
            query = sa.select(sa.func.count()).select_from(t.subscribers)
            if domain:
                query = query.where(s.domain == domain)
            if edition:
                query = query.join(t.deliveries, d.subscriber == s.id).where(d.edition == edition)
            self._mailed[edition, domain] = db.execute(query).scalar_one()
        return self._mailed[edition, domain]


def hold(db: sa.Connection, what: ReturnedClass, at: datetime, domain: str) -> None:
    """Hold a flood, at a domain or anywhere, and lift the suppressions that came of it."""
    r, s, x = t.returns.c, t.subscribers.c, t.suppressions.c
    flood = _flood(what, at, domain) & r.followed.in_(("counted", "suppressed"))
    theirs = (
        sa.select(s.key)
        .join(t.returns, r.subscriber == s.id)
        .where(flood, r.followed == "suppressed")
    )
    reason = "complained" if what == "complaint" else "bounced"
    lifted = x.key.in_(theirs) & (x.reason == reason) & (x.at > at - HOUR)
    db.execute(sa.delete(t.suppressions).where(lifted))
    db.execute(sa.update(t.returns).where(flood).values(followed="held"))


def _flood(what: ReturnedClass, at: datetime, domain: str) -> sa.ColumnElement[bool]:
    """Of the same class within an hour, at a domain or anywhere; those with a reader alone."""
    r = t.returns.c
    where = (r.what == what) & (r.at > at - HOUR) & (r.at <= at)
    where &= r.subscriber.is_not(None) & (r.followed != "dismissed")
    return where & (r.domain == domain) if domain else where
