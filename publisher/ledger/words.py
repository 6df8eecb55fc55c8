"""How often word of an edition on its way was left in the outbox.

Word is left there after it was counted here: where the outbox has a later one, this ledger is an
older state of itself, from a backup.
"""

from __future__ import annotations

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting


class Words:
    """The verbs of these counts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def count(self, edition: str) -> int:
        """Return how often word of an edition was left."""
        query = sa.select(t.words.c.count).where(t.words.c.edition == edition)
        with self._look.connect() as db:
            return db.execute(query).scalar_one_or_none() or 0

    @retried
    def next(self, edition: str) -> int:
        """Return the number of the word that is left next: no other one ever has it."""
        with self._engine.begin() as db:
            new = upserting(db, t.words).values(edition=edition, count=1)
            more = {"count": t.words.c.count + 1}
            counted = new.on_conflict_do_update(index_elements=["edition"], set_=more)
            return int(db.execute(counted.returning(t.words.c.count)).scalar_one())

    @retried
    def catch_up(self, edition: str, count: int) -> None:
        """Count as many as there were: a person has decided about what this ledger forgot."""
        with self._engine.begin() as db:
            new = upserting(db, t.words).values(edition=edition, count=count)
            same = {"count": count}
            db.execute(new.on_conflict_do_update(index_elements=["edition"], set_=same))
