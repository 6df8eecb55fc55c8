"""What a sender says of a delivery, and the statements that write it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.pace import Pace
from publisher.ledger.signs import signs_of
from publisher.ledger.spoken import Spoken
from publisher.ledger.stopping import START, note, suppress, waiting
from publisher.model import State, has_gone

RESENDS = 2
"""How often a message is sent again of itself after a server left it in doubt."""


class Mark(NamedTuple):
    """What became of one delivery of a chunk, or (state "sending") that it starts now.

    `due` is when a deferred one is tried again; "unsent" gives one back that never started.
    """

    claim: int
    edition: str
    reader: int
    state: State | Literal["unsent"]
    at: datetime
    about: str = ""
    reply: str = ""
    due: datetime | None = None


ACCEPT = (
    "UPDATE deliveries SET state = ?, settled = ?, claim = NULL, attempts = attempts + 1 "
    "WHERE subscriber = ? AND edition = ? "
    "AND (claim = ? OR state IN ('queued', 'deferred', 'claimed', 'uncertain'))"
)
BEGIN = (
    "UPDATE deliveries SET state = 'sending' "
    "WHERE subscriber = ? AND edition = ? AND claim = ? AND state = 'claimed'"
)
"""The statements of every message, in words that both databases know (`spoken.Spoken`)."""


def accept(words: Spoken, marks: Sequence[Mark]) -> None:
    """Write acceptances, whoever holds the delivery by now."""
    rows = [(m.state, int(m.at.timestamp()), m.reader, m.edition, m.claim) for m in marks]
    if rows:
        words.all(ACCEPT, rows)


def begin(words: Spoken, marks: Sequence[Mark]) -> set[tuple[int, int]]:
    """Write what starts; return the (claim, reader) pairs of those that may not.

    Of several claims of one worker: whichever a delivery is under, it starts once.
    """
    rows = [(m.reader, m.edition, m.claim) for m in marks]
    if not rows:
        return set()
    words.say("SAVEPOINT begin_all")
    if words.all(BEGIN, rows) == len(rows):
        return set()
    words.say("ROLLBACK TO begin_all")  # one at a time, to know which
    counts = words.each(BEGIN, rows)
    return {(m.claim, m.reader) for m, count in zip(marks, counts, strict=True) if not count}


def give_back(db: sa.Connection, mark: Mark) -> int:
    """Put a delivery that never left into the queue again; return how many: one, or none."""
    d = t.deliveries.c
    same = (d.edition == mark.edition) & (d.subscriber == mark.reader) & (d.claim == mark.claim)
    given = db.execute(sa.update(t.deliveries).where(same).values(**waiting()))
    Pace.give_back(db, given.rowcount)
    return given.rowcount


def settle(db: sa.Connection, mark: Mark) -> bool:
    """Write any other outcome, with the attempt; return whether it counts: under its claim."""
    if mark.about == "uncertain" and mark.state == "deferred" and _was_resent(db, mark):
        mark = mark._replace(state="uncertain")  # no server gets it a third time unasked
    d = t.deliveries.c
    same = (d.edition == mark.edition) & (d.subscriber == mark.reader) & (d.claim == mark.claim)
    is_open = mark.state in ("deferred", "uncertain")
    changed = db.execute(
        sa.update(t.deliveries)
        .where(same)
        .values(
            state=mark.state,
            claim=None,
            due=mark.due or START,
            settled=None if is_open else mark.at,
            attempts=d.attempts + 1,
        )
    )
    if changed.rowcount == 0:
        return False
    known = sa.select(t.subscribers.c.id).where(t.subscribers.c.id == mark.reader)
    is_erased = db.execute(known).first() is None  # replies often quote the address
    reply = "" if is_erased else mark.reply
    note(db, mark.edition, mark.reader, mark.at, mark.state, mark.about, reply)
    if mark.about == "dead":
        _suppress_the_dead(db, mark)
    return True


def _was_resent(db: sa.Connection, mark: Mark) -> bool:
    a = t.attempts.c
    same = (a.subscriber == mark.reader) & (a.edition == mark.edition) & (a.about == "uncertain")
    count = sa.select(sa.func.count()).select_from(t.attempts).where(same)
    return db.execute(count).scalar_one() >= RESENDS


def _suppress_the_dead(db: sa.Connection, mark: Mark) -> None:
    """The second time, days apart, that a server says there is no such mailbox."""
    s, x = t.subscribers.c, t.suppressions.c
    if not has_gone(signs_of(db, mark.reader)):
        return
    key = db.execute(sa.select(s.key).where(s.id == mark.reader)).scalar_one_or_none()
    known = sa.select(x.key).where(x.key == key)
    if key is not None and db.execute(known).first() is None:
        suppress(db, [(key, "bounced", mark.at, mark.reply[:300])], mark.at)
