"""The audience of an edition: who may be mailed when it is frozen, when it is their turn, and what
each of them gets.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.readers import in_segment
from publisher.ledger.stopping import is_suppressed
from publisher.model import Segment

if TYPE_CHECKING:
    from publisher.ledger.sends import SendRecord

_COLUMNS = ["subscriber", "edition", "state", "due", "attempts", "variant"]


def filled(
    db: sa.Connection,
    send: SendRecord,
    segment: Segment | None,
    turns: Mapping[str, datetime],
    without: Sequence[str],
    variants: Collection[int],
    *,
    waits: bool,
) -> None:
    """Insert a delivery for each reader who may be mailed, with one INSERT…SELECT; see `freeze`.

    All of them `waits` for a test of subjects to be decided.
    """
    audience = _audience(send, segment, turns, without, waits=waits)
    db.execute(t.deliveries.insert().from_select(_COLUMNS, audience))
    if without:
        _leave_out(db, send, variants)


def _audience(
    send: SendRecord,
    segment: Segment | None,
    turns: Mapping[str, datetime],
    without: Sequence[str],
    *,
    waits: bool,
) -> sa.Select[Any]:
    s, d = t.subscribers.c, t.subscriptions.c
    due = sa.type_coerce(_due(turns), sa.BigInteger)
    audience = (
        sa.select(
            s.id,
            sa.literal(send.edition),
            sa.literal("queued"),
            due + t.HELD_BACK if waits else due,
            sa.literal(0),
            _variant(without),
        )
        .join(t.subscriptions, d.subscriber == s.id)
        .where(d.newsletter == send.newsletter, d.active)
        .where(~is_suppressed(s))
        .order_by(s.id)
    )
    if segment is not None:
        audience = audience.where(in_segment(segment))
    return audience


def _variant(without: Sequence[str]) -> sa.ColumnElement[int]:
    """Bits for the articles that a reader was sent as breaking news, and that were not refused."""
    d, st, s = t.deliveries.alias(), t.stories.c, t.sends.alias()
    bits: sa.ColumnElement[int] = sa.literal(0)
    for place, article in enumerate(without):
        got = (
            sa.select(1)
            .select_from(d)
            .join(s, s.c.edition == d.c.edition)
            .join(t.stories, st.edition == d.c.edition)
            .where(d.c.subscriber == t.subscribers.c.id, s.c.lane == 0, st.article == article)
            .where(d.c.state.not_in(("bounced", "failed", "suppressed", "cancelled")))
            .correlate(t.subscribers)
        )
        bits = bits + sa.case((got.exists(), 1 << place), else_=0)
    return bits


def _leave_out(db: sa.Connection, send: SendRecord, variants: Collection[int]) -> None:
    """Settle those who had every story of an edition already."""
    d = t.deliveries.c
    mine = (d.edition == send.edition) & d.variant.not_in((0, *variants))
    why = [sa.literal(one) for one in ("suppressed", "had it", "all of it was breaking news")]
    db.execute(
        t.attempts.insert().from_select(
            ["subscriber", "edition", "at", "state", "about", "reply"],
            sa.select(d.subscriber, d.edition, sa.literal(send.frozen, t.Instant), *why).where(
                mine
            ),
        )
    )
    gone = sa.update(t.deliveries).where(mine)
    db.execute(gone.values(state="suppressed", settled=send.frozen))


def _due(turns: Mapping[str, datetime]) -> sa.ColumnElement[int]:
    """When the delivery of a reader is due, by the reader's zone; 518 zones are 37 instants."""
    by_instant: dict[int, list[str]] = {}
    for name, when in turns.items():
        by_instant.setdefault(int(when.timestamp()), []).append(name)
    if not by_instant:
        return sa.literal(0)
    zone = t.subscribers.c.zone
    return sa.case(
        *((zone.in_(zones), sa.literal(due)) for due, zones in by_instant.items()),
        else_=sa.literal(int(turns[""].timestamp())),
    )
