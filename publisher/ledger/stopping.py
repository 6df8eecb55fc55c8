"""What the verbs of readers, sends and the queue share: how deliveries stop and are given back.

Consent last: what waits for a reader leaves the queue in the transaction that ends consent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from publisher.ledger import tables as t
from publisher.ledger.engine import upserting
from publisher.model import WAITING


def stop(
    db: sa.Connection, readers: Sequence[int], now: datetime, newsletters: Sequence[str] = ()
) -> None:
    """Suppress all that waits for these readers, of these newsletters or of all.

    A worker that has claimed one of them finds its claim void when it wants to start.
    """
    d = t.deliveries.c
    where = d.subscriber.in_(readers) & d.state.in_(WAITING)
    if newsletters:
        theirs = sa.select(t.sends.c.edition).where(t.sends.c.newsletter.in_(newsletters))
        where &= d.edition.in_(theirs)
    if readers:
        db.execute(
            sa.update(t.deliveries).where(where).values(state="suppressed", claim=None, settled=now)
        )


def is_suppressed(c: ReadOnlyColumnCollection[str, Any]) -> sa.ColumnElement[bool]:
    """Whether the address of a row, with its `key` and `domain`, may not be mailed."""
    x = t.suppressions.c
    ways = (c.key, sa.literal(DOMAIN) + c.domain)
    return sa.or_(*(sa.select(1).where(x.key == way).exists() for way in ways))  # each by the index


def suppresses(key: str, folded: str) -> sa.ColumnElement[bool]:
    """A condition on `suppressions`: an older ledger knows addresses by their folded keys."""
    x = t.suppressions.c
    return (x.key == key) | ((x.key == folded) & x.folded)


DOMAIN = "@"
"""Before a domain: the key of a suppression of all its addresses. No address begins with it."""


def suppress(
    db: sa.Connection, rows: Sequence[tuple[str, str, datetime, str]], now: datetime
) -> None:
    """Insert suppressions (key, reason, at, detail), and stop what waits for these addresses."""
    names = ("key", "reason", "at", "detail")
    values = [dict(zip(names, row, strict=True)) for row in rows]
    db.execute(upserting(db, t.suppressions).on_conflict_do_nothing(), values)
    for key, _, _, _ in rows:
        c = t.subscribers.c
        same = c.domain == key[1:] if key.startswith(DOMAIN) else c.key == key
        stop(db, list(db.execute(sa.select(c.id).where(same)).scalars()), now)


def sweep(db: sa.Connection, editions: Collection[str], now: datetime) -> None:
    """What came back to wait for an edition that was cancelled meanwhile is cancelled as well."""
    if not editions:
        return
    gone = sa.select(t.sends.c.edition).where(
        t.sends.c.edition.in_(editions), t.sends.c.state == "cancelled"
    )
    if cancelled := list(db.execute(gone).scalars()):
        d = t.deliveries.c
        where = d.edition.in_(cancelled) & d.state.in_(WAITING)
        db.execute(
            sa.update(t.deliveries).where(where).values(state="cancelled", claim=None, settled=now)
        )


def whole(instant: datetime) -> datetime:
    """The next whole second: `due` holds no less."""
    return (
        instant
        if not instant.microsecond
        else instant.replace(microsecond=0) + timedelta(seconds=1)
    )


START = datetime(1970, 1, 1, tzinfo=UTC)
"""Due since ever."""


def waiting() -> dict[str, Any]:
    """What a claimed delivery becomes when it is given back."""
    retried = t.deliveries.c.attempts > 0
    return {"state": sa.case((retried, "deferred"), else_="queued"), "claim": None}


def note(
    db: sa.Connection, edition: str, reader: int, at: datetime, state: str, about: str, reply: str
) -> None:
    """Add to the log of attempts."""
    db.execute(
        t.attempts.insert().values(
            edition=edition, subscriber=reader, at=at, state=state, about=about, reply=reply
        )
    )
