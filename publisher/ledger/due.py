"""What is due by the ledger's rows, whatever jobs there are: the facts of who defers it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.parts import are_done, waiting
from publisher.ledger.signups import is_anybody_ready
from publisher.ledger.subject_tests import next_end, waits_for_hand


class DueSend(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of which deliveries are due; `due` is counted as far as was asked."""

    edition: str
    is_breaking: bool
    due: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is due, and how many jobs wait or are done, by task and what they are about.

    `is_other_due`: a lease has ended, a test of subjects is to be decided, or something came too
    late to be sent. `has_mailbox`: there is one that messages come back to. `parts` of feeds and
    pages are to be made; `are_parts_done`: what comes last of these is to be done.
    """

    live: Mapping[tuple[str, str], int] = msgspec.field(default_factory=dict)
    sends: Sequence[DueSend] = ()
    is_other_due: bool = False
    are_signups_due: bool = False
    has_mailbox: bool = False
    parts: Sequence[str] = ()
    are_parts_done: bool = False


def gathered(
    db: sa.Connection,
    now: datetime,
    live: Mapping[tuple[str, str], int],
    most: int,
    *,
    has_mailbox: bool,
) -> Facts:
    """Gather the facts in the caller's transaction; of a send at most so many are counted."""
    return Facts(
        live=live,
        sends=_sends(db, now, most),
        is_other_due=_is_other_due(db, now),
        are_signups_due=is_anybody_ready(db, now),
        has_mailbox=has_mailbox,
        parts=waiting(db),
        are_parts_done=are_done(db),
    )


def _sends(db: sa.Connection, now: datetime, most: int) -> list[DueSend]:
    s, d = t.sends.c, t.deliveries.c
    running = sa.select(s.edition, s.lane).where(
        s.state == "sending", s.start <= now, s.expires > now
    )
    found = []
    for edition, lane in db.execute(running.order_by(s.lane, s.start)).all():
        due = sa.select(sa.literal(1)).where(
            d.edition == edition, d.state.in_(("queued", "deferred")), d.due <= now
        )
        some = due.limit(most).subquery()
        if count := db.execute(sa.select(sa.func.count()).select_from(some)).scalar_one():
            found.append(DueSend(edition=edition, is_breaking=lane == 0, due=count))
    return found


def _is_other_due(db: sa.Connection, now: datetime) -> bool:
    end = next_end(db)
    if end is not None and end <= now:
        return True
    s, d = t.sends.c, t.deliveries.c
    waits = (d.edition == s.edition) & d.state.in_(("queued", "deferred")) & ~waits_for_hand()
    late = sa.select(sa.literal(1)).where(
        s.state == "sending", s.expires <= now, sa.select(1).where(waits).exists()
    )
    ended = sa.select(sa.literal(1)).where(t.claims.c.until <= now)
    return any(db.execute(query.limit(1)).first() is not None for query in (late, ended))
