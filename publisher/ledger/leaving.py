"""How a subscription ends: with the log of consent, and nothing that still waits of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.joining import log
from publisher.ledger.stopping import stop


def end_subscriptions(
    db: sa.Connection, reader: int, newsletters: Sequence[str], now: datetime, how: str
) -> list[str]:
    """End a reader's subscriptions, all or those named; return those that were active."""
    mine = (t.subscriptions.c.subscriber == reader) & t.subscriptions.c.active
    if newsletters:
        mine &= t.subscriptions.c.newsletter.in_(newsletters)
    ended = list(
        db.execute(
            sa.update(t.subscriptions)
            .where(mine)
            .values(active=False, since=now)
            .returning(t.subscriptions.c.newsletter)
        ).scalars()
    )
    log(db, [(reader, name, "unsubscribed", now, how, "") for name in ended])
    if ended:
        stop(db, [reader], now, ended)
    return sorted(ended)
