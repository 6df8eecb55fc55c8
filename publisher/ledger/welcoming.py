"""Who is to be welcomed: a reader who has just confirmed, once for each newsletter."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from publisher.ledger import tables as t

WELCOME = "page:welcome:"
"""Before the mailbox of a reader who waits for it: as for those of pages, there is nothing to
confirm."""


def unknown(db: sa.Connection, key: str, newsletters: Collection[str]) -> list[str]:
    """Return those of some newsletters that an address never had, whether it left since or not."""
    s = t.subscriptions.c
    query = (
        sa.select(s.newsletter)
        .join(t.subscribers, t.subscribers.c.id == s.subscriber)
        .where(t.subscribers.c.key == key, s.newsletter.in_(newsletters))
    )
    return sorted(set(newsletters) - set(db.execute(query).scalars()))


def wait(db: sa.Connection, confirmed: sa.Row[Any], newsletters: list[str], now: datetime) -> None:
    """Let a reader who confirmed wait for the mail, together with others of theirs that wait."""
    mailbox = WELCOME + confirmed.mailbox
    same = t.signups.c.mailbox == mailbox
    before = db.execute(sa.select(t.signups).where(same)).one_or_none()
    if before is not None and before.waits:
        newsletters = sorted({*newsletters, *before.newsletters})
    db.execute(sa.delete(t.signups).where(same))
    db.execute(
        t.signups.insert().values(
            id=secrets.randbits(62), mailbox=mailbox, key=confirmed.key,
            address=confirmed.address, domain=confirmed.domain, utf8=confirmed.utf8,
            newsletters=newsletters, language=confirmed.language, asked=now, mails=0,
            mailed=None, waits=True, due=now,
        )
    )  # fmt: skip
