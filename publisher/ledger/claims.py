"""What a claim holds, and the statements that make it.

A claim takes hundreds of deliveries: readers go to the database as one value, not in a place each,
which SQLAlchemy would write anew for every claim.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import epoch
from publisher.ledger.stopping import is_suppressed
from publisher.ledger.whole import wholeness
from publisher.model import Group


class ClaimedDelivery(NamedTuple):
    """One delivery under a claim, with what its message needs of the reader.

    `at` is the instant before which it must not start, for a pace to be kept; `group` is that of
    a test of subjects, "" for the winner's.
    """

    reader: int
    address: str
    domain: str
    utf8: bool
    name: str
    language: str
    attributes: Mapping[str, str]
    attempts: int
    at: datetime
    variant: int = 0
    group: Group | Literal[""] = ""


class ClaimedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Deliveries of one edition that one worker may start until its lease, or they, expire."""

    claim: int
    edition: str
    until: datetime
    expires: datetime
    deliveries: tuple[ClaimedDelivery, ...]


def may_be_mailed(db: sa.Connection, edition: str, readers: Sequence[int]) -> sa.Select[Any]:
    """The readers among these whose consent stands (promise "consent last"); attributes as JSON."""
    s, c = t.subscribers.c, t.subscriptions.c
    newsletter = sa.select(t.sends.c.newsletter).where(t.sends.c.edition == edition)
    attributes = sa.cast(s.attributes, sa.Text)
    return (
        sa.select(s.id, s.address, s.domain, s.utf8, s.name, s.language, attributes)
        .join(t.subscriptions, c.subscriber == s.id)
        .where(_among(db, s.id, readers), c.newsletter == newsletter.scalar_subquery(), c.active)
        .where(~is_suppressed(s))
        .order_by(s.id)
    )


def claimed(
    db: sa.Connection,
    edition: str,
    ready: list[ClaimedDelivery],
    worker: str,
    until: datetime,
    expires: datetime,
) -> ClaimedBatch:
    """Claim deliveries for a worker."""
    values = {"edition": edition, "worker": worker, "epoch": epoch(db.engine), "until": until}
    values["whole"] = wholeness(db)
    key = db.execute(t.claims.insert().values(**values)).inserted_primary_key
    assert key is not None
    update(db, edition, [one.reader for one in ready], state="claimed", claim=key[0])
    return ClaimedBatch(
        claim=key[0], edition=edition, until=until, expires=expires, deliveries=tuple(ready)
    )


def update(db: sa.Connection, edition: str, readers: Sequence[int], **values: Any) -> None:
    """Write the same of the deliveries of some readers."""
    d = t.deliveries.c
    same = (d.edition == edition) & _among(db, d.subscriber, readers)
    db.execute(sa.update(t.deliveries).where(same).values(**values))


def _among(
    db: sa.Connection, column: sa.ColumnElement[int], readers: Sequence[int]
) -> sa.ColumnElement[bool]:
    """Whether a column is one of these, which are one value of the statement."""
    if db.dialect.name == "sqlite":
        each = sa.func.json_each(json.dumps(readers)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.cast(list(readers), sa.ARRAY(sa.BigInteger)))
