"""The audience: subscribers, their consent, suppressions. Each verb that writes is one transaction.

Whoever leaves, or must not be mailed, loses what waits for them in the queue in the same
transaction (promise "consent last").
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.ledger.joining import Join, log
from publisher.ledger.leaving import end_subscriptions
from publisher.ledger.returns import forget_returns
from publisher.ledger.stopping import DOMAIN, is_suppressed, stop, suppress, suppresses
from publisher.model import Candidate, Consent, Joined, Segment, Standing, Subscriber, Suppression


class Lifted(msgspec.Struct, frozen=True, kw_only=True):
    """A suppression that a person took back: what it was, when, and why."""

    suppression: str
    at: datetime
    reason: str


class Readers:
    """The verbs of the audience."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def secrets(self, now: datetime) -> tuple[dict[str, bytes], str]:
        """Return the signing secrets by id and the newest id; the first is made when asked for."""
        with self._look.connect() as db:
            found = _secrets(db)
        if not found:
            with self._engine.begin() as db:
                found = _secrets(db)  # another process may have been first
                if not found:
                    _new_secret(db, 1, now)
                    found = _secrets(db)
        return found, max(found, key=int)

    def made(self) -> dict[str, datetime]:
        """Return when each signing secret was made, oldest first."""
        query = sa.select(t.keys.c.id, t.keys.c.made).order_by(t.keys.c.id)
        with self._look.connect() as db:
            return {str(row.id): row.made for row in db.execute(query)}

    def rotate(self, now: datetime) -> str:
        """Make a new signing secret, which signs from now on; return its id."""
        with self._engine.begin() as db:
            newest = max((int(key) for key in _secrets(db)), default=0)
            return _new_secret(db, newest + 1, now)

    @retried
    def join(
        self,
        candidates: Sequence[Candidate],
        newsletters: Sequence[str],
        *,
        now: datetime,
        how: str,
        source: str,
        erased: Mapping[str, str],
        again: bool = False,
    ) -> list[Joined]:
        """Add readers, and their consent to newsletters; return what became of each.

        Nobody who left or is suppressed comes back, unless `again`: then those who left do.
        `erased` maps a candidate's address key to what would be left of it had it been erased.
        """
        with self._engine.begin() as db:
            join = Join(db, newsletters, now, how, source, erased, again)
            return join.all(candidates)

    @retried
    def leave(self, reader: int, newsletters: Sequence[str], now: datetime, how: str) -> list[str]:
        """End a reader's subscriptions; return those that were active. What waits is not sent."""
        with self._engine.begin() as db:
            return end_subscriptions(db, reader, newsletters, now, how)

    @retried
    def choose(
        self,
        reader: int,
        begun: Collection[str],
        ended: Collection[str],
        now: datetime,
        how: str,
        **values: str,
    ) -> None:
        """Begin and end subscriptions, by newsletter, and keep what a reader says of themselves.

        One transaction; `values` are columns such as `language` and `zone`. What waits of a
        subscription that ends is not sent.
        """
        s = t.subscriptions
        with self._engine.begin() as db:
            for active, names in ((True, begun), (False, ended)):
                for name in sorted(names):
                    new = upserting(db, s).values(
                        subscriber=reader, newsletter=name, active=active, since=now
                    )
                    again = {"active": active, "since": now}
                    is_other = s.c.active != active
                    changed = db.execute(
                        new.on_conflict_do_update(
                            index_elements=["subscriber", "newsletter"], set_=again, where=is_other
                        )
                    )
                    if changed.rowcount:
                        what = "subscribed" if active else "unsubscribed"
                        log(db, [(reader, name, what, now, how, "")])
            if ended:
                stop(db, [reader], now, sorted(ended))
            if values:
                same = t.subscribers.c.id == reader
                db.execute(sa.update(t.subscribers).where(same).values(**values))

    @retried
    def suppress(
        self, key: str, reason: Standing, now: datetime, detail: str = ""
    ) -> Suppression | None:
        """Never mail an address again; return the suppression that it had already.

        A key of "@" and a domain means all its addresses, whoever joins.
        """
        with self._engine.begin() as db:
            before = _suppression(db, key, key.casefold())
            if before is None:
                suppress(db, [(key, reason, now, detail)], now)
        return before

    @retried
    def unsuppress(
        self, key: str, folded: str, now: datetime | None = None, reason: str = ""
    ) -> Suppression | None:
        """Lift a suppression; return it, or None where there was none.

        That it was lifted `now`, and why, is kept: what bounced before then counts no more.

        One of an older ledger, which is known by the `folded` key, goes on for the other addresses
        that it may be of: for whoever is spelt that way.
        """
        x = t.suppressions.c
        with self._engine.begin() as db:
            before = _suppression(db, key, folded)
            db.execute(sa.delete(t.suppressions).where(x.key == key))
            if key != folded:
                db.execute(sa.update(t.suppressions).where(x.key == folded).values(folded=False))
            if before and now:
                values = {"key": key, "suppression": before.reason, "at": now, "reason": reason}
                db.execute(t.lifted.insert().values(**values))
        return before

    def lifted(self, key: str) -> list[Lifted]:
        """Return the suppressions of an address that were taken back, oldest first."""
        c = t.lifted.c
        query = sa.select(c.suppression, c.at, c.reason).where(c.key == key).order_by(c.id)
        with self._look.connect() as db:
            return [Lifted(**row) for row in db.execute(query).mappings()]

    @retried
    def erase(self, key: str, remains: str, now: datetime) -> bool:
        """Forget a reader; `remains` stays as a suppression. Return whether anybody was known."""
        with self._engine.begin() as db:
            same = t.subscribers.c.key == key
            found = db.execute(sa.select(t.subscribers.c.id).where(same)).scalar_one_or_none()
            if found is not None:
                stop(db, [found], now)
                mine = t.attempts.c.subscriber == found  # replies often quote the address
                db.execute(sa.update(t.attempts).where(mine).values(reply=""))
                for table in (t.tags, t.subscriptions, t.consents):
                    db.execute(sa.delete(table).where(table.c.subscriber == found))
                db.execute(sa.delete(t.subscribers).where(same))
            db.execute(sa.delete(t.signups).where(t.signups.c.key == key))
            forget_returns(db, found, key)
            db.execute(sa.delete(t.lifted).where(t.lifted.c.key == key))
            dropped = db.execute(sa.delete(t.suppressions).where(t.suppressions.c.key == key))
            if _suppression(db, remains, remains) is None:
                suppress(db, [(remains, "erased", now, "")], now)
        return found is not None or dropped.rowcount > 0

    def find(self, key: str) -> Subscriber | None:
        """Return the reader of an address key."""
        with self._look.connect() as db:
            return next(_subscribers(db, t.subscribers.c.key == key), None)

    def get(self, reader: int) -> Subscriber | None:
        """Return the reader of an id."""
        with self._look.connect() as db:
            return next(_subscribers(db, t.subscribers.c.id == reader), None)

    def suppression(self, key: str) -> Suppression | None:
        """Return why an address is never mailed, None where it may be."""
        with self._look.connect() as db:
            return _suppression(db, key, key.casefold())

    def suppressed_alone(self) -> list[tuple[str, Suppression]]:
        """Return what is suppressed and no reader's, by key: addresses, and domains behind an `@`.

        Of those who were erased nothing is left that another ledger would know.
        """
        x, c = t.suppressions.c, t.subscribers.c
        is_known = sa.select(1).where(c.key == x.key).exists()
        query = sa.select(t.suppressions).where(~is_known, x.reason != "erased").order_by(x.key)
        with self._look.connect() as db:
            return [
                (row.key, Suppression(reason=row.reason, at=row.at, detail=row.detail))
                for row in db.execute(query)
            ]

    def consents(self, reader: int) -> list[Consent]:
        """Return what a reader said, oldest first."""
        query = (
            sa.select(t.consents).where(t.consents.c.subscriber == reader).order_by(t.consents.c.id)
        )
        with self._look.connect() as db:
            return [
                Consent(newsletter=r.newsletter, what=r.what, at=r.at, how=r.how, source=r.source)
                for r in db.execute(query)
            ]

    def listed(
        self,
        newsletter: str = "",
        segment: Segment | None = None,
        *,
        active: bool = False,
        frozen: str = "",
    ) -> Iterator[Subscriber]:
        """Yield readers in order of address; `active` leaves out those who get nothing.

        `frozen` is an edition: those of its audience alone who have it or are to have it.
        """
        where = sa.true() if segment is None else in_segment(segment)
        if frozen:
            d = t.deliveries.c
            mine = (d.subscriber == t.subscribers.c.id) & (d.edition == frozen)
            mine &= d.state.not_in(("suppressed", "cancelled"))
            where &= sa.select(1).where(mine).exists()
        if newsletter or active:
            where &= _subscribed(newsletter, active)
        if active:
            where &= ~is_suppressed(t.subscribers.c)
        with self._look.connect() as db:
            yield from _subscribers(db, where)

    def count(
        self, newsletter: str = "", segment: Segment | None = None, *, domain: str = ""
    ) -> int:
        """Return how many readers would be mailed: active, not suppressed, in the segment.

        Of those at a `domain` alone, if it is given.
        """
        where = _subscribed(newsletter, True) & ~is_suppressed(t.subscribers.c)
        if segment is not None:
            where &= in_segment(segment)
        if domain:
            where &= t.subscribers.c.domain == domain
        query = sa.select(sa.func.count()).select_from(t.subscribers).where(where)
        with self._look.connect() as db:
            return db.execute(query).scalar_one()

    def zones(self, newsletter: str) -> list[str]:
        """Return the time zones in which a newsletter's readers live, by name."""
        zone = t.subscribers.c.zone
        query = sa.select(zone).distinct().where(_subscribed(newsletter, True), zone != "")
        with self._look.connect() as db:
            return list(db.execute(query.order_by(zone)).scalars())

    def totals(self) -> dict[str, dict[str, int]]:
        """Return counts of "active" and "unsubscribed" by newsletter; "" holds suppressions."""
        c = t.subscriptions.c
        query = (
            sa.select(c.newsletter, c.active, sa.func.count())
            .join(t.subscribers, t.subscribers.c.id == c.subscriber)
            .where(~is_suppressed(t.subscribers.c))
            .group_by(c.newsletter, c.active)
        )
        reasons = sa.select(t.suppressions.c.reason, sa.func.count().label("count")).group_by(
            t.suppressions.c.reason
        )
        found: dict[str, dict[str, int]] = {}
        with self._look.connect() as db:
            for name, active, count in db.execute(query):
                found.setdefault(name, {})["active" if active else "unsubscribed"] = count
            suppressed = {row[0]: row[1] for row in db.execute(reasons)}
        return {**dict(sorted(found.items())), **({"": suppressed} if suppressed else {})}


def in_segment(segment: Segment) -> sa.ColumnElement[bool]:
    """A segment as a condition on `subscribers`."""
    c = t.subscribers.c
    tagged = sa.select(t.tags.c.tag).where(t.tags.c.subscriber == c.id)
    where: sa.ColumnElement[bool] = sa.true()
    if segment.tags:
        where &= tagged.where(t.tags.c.tag.in_(segment.tags)).exists()
    if segment.without_tags:
        where &= ~tagged.where(t.tags.c.tag.in_(segment.without_tags)).exists()
    if segment.languages:
        where &= sa.or_(*map(_in_range, segment.languages))
    if segment.zones:
        where &= c.zone.in_(segment.zones)
    if segment.domains:
        where &= c.domain.in_(segment.domains)
    for pair in segment.attributes:
        name, _, value = pair.partition("=")
        where &= c.attributes[name].as_string() == value
    return where


def _in_range(language: str) -> sa.ColumnElement[bool]:
    """`model.in_range` in SQL: readers of an older ledger may have `DE`."""
    tag = sa.func.lower(t.subscribers.c.language)
    if language == "*":
        return tag != ""
    return (tag == language.lower()) | tag.startswith(f"{language.lower()}-", autoescape=True)


def _subscribed(newsletter: str, active: bool) -> sa.ColumnElement[bool]:
    query = sa.select(1).where(t.subscriptions.c.subscriber == t.subscribers.c.id)
    if newsletter:
        query = query.where(t.subscriptions.c.newsletter == newsletter)
    if active:
        query = query.where(t.subscriptions.c.active)
    return query.exists()


def _subscribers(db: sa.Connection, where: sa.ColumnElement[bool]) -> Iterator[Subscriber]:
    """Readers in order of address, read in pages."""
    c, last = t.subscribers.c, ""
    while True:
        page = sa.select(t.subscribers).where(where, c.key > last).order_by(c.key).limit(1000)
        rows = db.execute(page).all()
        if not rows:
            return
        last = rows[-1].key
        yield from _with_details(db, rows)


def _with_details(db: sa.Connection, rows: Sequence[Any]) -> Iterator[Subscriber]:
    ids = [row.id for row in rows]
    tags: dict[int, list[str]] = {}
    s, g, x = t.subscriptions.c, t.tags.c, t.suppressions.c
    for reader, tag in db.execute(
        sa.select(g.subscriber, g.tag).where(g.subscriber.in_(ids)).order_by(g.tag)
    ):
        tags.setdefault(reader, []).append(tag)
    subscriptions: dict[int, dict[str, str]] = {}
    begun: dict[int, dict[str, datetime]] = {}
    for reader, newsletter, active, since in db.execute(
        sa.select(s.subscriber, s.newsletter, s.active, s.since)
        .where(s.subscriber.in_(ids))
        .order_by(s.newsletter)
    ):
        standing = "active" if active else "unsubscribed"
        subscriptions.setdefault(reader, {})[newsletter] = standing
        begun.setdefault(reader, {})[newsletter] = since
    every = {row.key for row in rows} | {DOMAIN + row.domain for row in rows}
    suppressed = {
        row.key: Suppression(reason=row.reason, at=row.at, detail=row.detail)
        for row in db.execute(sa.select(t.suppressions).where(x.key.in_(every)))
    }
    for row in rows:
        yield Subscriber(
            id=row.id,
            address=row.address,
            utf8=row.utf8,
            name=row.name,
            language=row.language,
            zone=row.zone,
            tags=tuple(tags.get(row.id, ())),
            attributes=row.attributes,
            joined=row.joined,
            subscriptions=subscriptions.get(row.id, {}),
            since=begun.get(row.id, {}),
            suppression=suppressed.get(row.key) or suppressed.get(DOMAIN + row.domain),
        )


def _suppression(db: sa.Connection, key: str, folded: str) -> Suppression | None:
    same = sa.select(t.suppressions).where(suppresses(key, folded))
    row = db.execute(same.order_by(t.suppressions.c.key != key)).first()
    return Suppression(reason=row.reason, at=row.at, detail=row.detail) if row else None


def _secrets(db: sa.Connection) -> dict[str, bytes]:
    rows = db.execute(sa.select(t.keys.c.id, t.keys.c.secret))
    return {str(row.id): bytes.fromhex(row.secret) for row in rows}


def _new_secret(db: sa.Connection, number: int, now: datetime) -> str:
    db.execute(t.keys.insert().values(id=number, secret=secrets.token_hex(32), made=now))
    return str(number)
