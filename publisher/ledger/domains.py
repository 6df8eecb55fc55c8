"""Domains to which nothing is sent for a while; nothing to anybody, while a server refuses us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.ledger.mailing import Mailing
from publisher.ledger.pace import Pace
from publisher.ledger.stopping import sweep, waiting, whole

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

EVERY_DOMAIN = ""
"""What is held where the server refuses us, whoever the reader is."""


class Domains:
    """The verbs of whoever holds a domain, and lets it go."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        self._engine, self._look, self._mailing = engine, looking(engine), Mailing(jobs)

    @retried
    def hold_domain(
        self,
        domain: str,
        now: datetime,
        until: datetime,
        reason: str,
        undone: Sequence[tuple[str, int]],
    ) -> None:
        """Send nothing to a domain, or to any, until then; `undone` were refused, and wait again.

        What is claimed for it and has not started goes back; a suppression that came of the run
        is lifted.
        """
        a, s, x = t.attempts.c, t.subscribers.c, t.suppressions.c
        until = whole(until)
        with self._engine.begin() as db:
            new = upserting(db, t.domains).values(domain=domain, until=until, reason=reason)
            changes = {"until": until, "reason": reason}
            db.execute(new.on_conflict_do_update(index_elements=["domain"], set_=changes))
            for edition, reader in undone:
                same = (a.subscriber == reader) & (a.edition == edition)
                db.execute(
                    sa.update(t.attempts).where(same, a.about == "dead").values(about="unknown")
                )
                d = t.deliveries.c
                mine = (d.subscriber == reader) & (d.edition == edition)
                mine &= d.state.in_(("bounced", "failed"))
                db.execute(
                    sa.update(t.deliveries)
                    .where(mine)
                    .values(state="deferred", due=until, settled=None)
                )
                key = sa.select(s.key).where(s.id == reader).scalar_subquery()
                db.execute(sa.delete(t.suppressions).where(x.key == key, x.reason == "bounced"))
            d = t.deliveries.c
            claimed = d.state == "claimed"
            given = sa.update(t.deliveries).values(**waiting())
            if domain != EVERY_DOMAIN:
                claimed &= d.subscriber.in_(sa.select(s.id).where(s.domain == domain))
                given = given.values(due=until)
            back = db.execute(given.where(claimed).returning(d.edition)).scalars().all()
            Pace.give_back(db, len(back))
            editions = [*back, *(edition for edition, _ in undone)]
            self._mailing.put_off(db, [(edition, until) for edition in editions], now)
            sweep(db, {edition for edition, _ in undone}, now)

    @retried
    def lift(self, domain: str, now: datetime) -> None:
        """Send to a domain again, or to all, whatever was held."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.domains).where(t.domains.c.domain == domain))
            self._mailing.look(db, now, now)

    def hold_of(self, domain: str) -> tuple[datetime, str] | None:
        """Return until when a domain was held last, and why; it may have ended."""
        query = sa.select(t.domains).where(t.domains.c.domain == domain)
        with self._look.connect() as db:
            row = db.execute(query).first()
        return (row.until, row.reason) if row else None

    def held_domains(self, now: datetime) -> dict[str, tuple[datetime, str]]:
        """Return the domains to which nothing is sent now, with until when and why."""
        query = sa.select(t.domains).where(t.domains.c.until > now).order_by(t.domains.c.domain)
        with self._look.connect() as db:
            return {row.domain: (row.until, row.reason) for row in db.execute(query)}


def held_at(db: sa.Connection, now: datetime) -> dict[str, datetime]:
    """Until when which domains are held."""
    query = sa.select(t.domains.c.domain, t.domains.c.until).where(t.domains.c.until > now)
    return {row.domain: row.until for row in db.execute(query)}
