"""What is counted of the web: how often, never who."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.ledger.stopping import is_suppressed

_GONE = timedelta(days=60)  # a feed reader that has not come since then
_MOST = 1000  # feed readers that are remembered: anybody may make up names


class Counts:
    """Sums by day (UTC), and the subscribers that feed readers say they read for."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    @retried
    def add(
        self,
        day: date,
        counted: Mapping[tuple[str, str], int],
        readers: Mapping[tuple[str, str], int],
    ) -> None:
        """Add to a day's sums by (what, detail); keep `readers`: (program, feed) → subscribers."""
        c, r = t.counts.c, t.feed_readers.c
        with self._engine.begin() as db:
            for (what, detail), count in sorted(counted.items()):
                new = upserting(db, t.counts).values(
                    day=day.isoformat(), what=what, detail=detail, count=count
                )
                more = {"count": c.count + new.excluded.count}
                same = [c.day, c.what, c.detail]
                db.execute(new.on_conflict_do_update(index_elements=same, set_=more))
            gone = (day - _GONE).isoformat()
            db.execute(sa.delete(t.feed_readers).where(r.day < gone))
            known = db.execute(sa.select(sa.func.count()).select_from(t.feed_readers)).scalar_one()
            for (reader, feed), subscribers in sorted(readers.items()):
                found = sa.update(t.feed_readers).where(r.reader == reader, r.feed == feed)
                values = {"day": day.isoformat(), "subscribers": subscribers}
                if not db.execute(found.values(**values)).rowcount and known < _MOST:
                    new = upserting(db, t.feed_readers)
                    row = new.values(reader=reader, feed=feed, **values)
                    db.execute(row.on_conflict_do_nothing())
                    known += 1

    def sums(self, since: date, what: str = "") -> dict[tuple[str, str], int]:
        """Return sums from a day on, by (what, detail); of one `what`, or of all."""
        c = t.counts.c
        query = (
            sa.select(c.what, c.detail, sa.func.sum(c.count))
            .where(c.day >= since.isoformat())
            .group_by(c.what, c.detail)
            .order_by(c.what, c.detail)
        )
        if what:
            query = query.where(c.what == what)
        with self._look.connect() as db:
            return {(row[0], row[1]): int(row[2]) for row in db.execute(query)}

    def feed_readers(self, since: date) -> list[tuple[str, str, int]]:
        """Return (program, feed, subscribers) of those that came since a day, largest first."""
        r = t.feed_readers.c
        query = (
            sa.select(r.reader, r.feed, r.subscribers)
            .where(r.day >= since.isoformat())
            .order_by(r.subscribers.desc(), r.reader, r.feed)
        )
        with self._look.connect() as db:
            return [(row[0], row[1], row[2]) for row in db.execute(query)]

    def consents(
        self,
        since: datetime,
        until: datetime | None = None,
        newsletter: str = "",
        *,
        audience: str = "",
    ) -> dict[tuple[str, str, str], int]:
        """Return how many joined and left in that time (UTC), by (newsletter, what, how).

        `audience` is an edition: of its readers alone.
        """
        c = t.consents.c
        query = (
            sa.select(c.newsletter, c.what, c.how, sa.func.count())
            .where(c.at >= since)
            .group_by(c.newsletter, c.what, c.how)
            .order_by(c.newsletter, c.what, c.how)
        )
        if until is not None:
            query = query.where(c.at < until)
        if newsletter:
            query = query.where(c.newsletter == newsletter)
        if audience:
            d = t.deliveries.c
            theirs = sa.select(d.subscriber).where(d.edition == audience)
            query = query.where(c.subscriber.in_(theirs))
        with self._look.connect() as db:
            return {(row[0], row[1], row[2]): row[3] for row in db.execute(query)}

    def active(self) -> dict[str, int]:
        """Return how many get each newsletter: active subscriptions without a suppression."""
        d, s = t.subscriptions.c, t.subscribers.c
        query = (
            sa.select(d.newsletter, sa.func.count())
            .join(t.subscribers, s.id == d.subscriber)
            .where(d.active, ~is_suppressed(s))
            .group_by(d.newsletter)
            .order_by(d.newsletter)
        )
        with self._look.connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def unconfirmed(self) -> int:
        """Return how many have asked to be readers and not confirmed it."""
        with self._look.connect() as db:
            mailbox = t.signups.c.mailbox
            asked = sa.select(sa.func.count()).where(mailbox.not_like("page:%"))
            return db.execute(asked).scalar_one()
