"""Of which commit of the articles things are made, on every host.

A slot's is named once, with the job that asks for it. Feeds, pages and drafts are of no edition:
theirs is the newest, in whose place a later one is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.model.job import Job

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

_NO_EDITION = ""


class CommitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The commit that an edition is built from, and the `host` that had it when it was `named`.

    Of "" is what is of no edition.
    """

    edition: str
    commit: str
    host: str
    named: datetime


class Commits:
    """The verbs of whoever asks for slots, and of whoever builds them."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        self._engine, self._look, self._jobs = engine, looking(engine), jobs

    @retried
    def ask(self, named: Sequence[CommitRecord], jobs: Sequence[Job]) -> None:
        """Ask workers for slots, and name what they are built from: who was first has named it."""
        with self._engine.begin() as db:
            if named:
                new = upserting(db, t.commits).on_conflict_do_nothing()
                db.execute(new, [asdict(one) for one in named])
            if self._jobs:
                self._jobs.defer(db, jobs)

    def of(self, edition: str) -> CommitRecord | None:
        """Return what an edition is built from; None where nobody has named that."""
        query = sa.select(t.commits).where(t.commits.c.edition == edition)
        with self._look.connect() as db:
            row = db.execute(query).mappings().first()
        return CommitRecord(**row) if row else None

    def newest(self) -> CommitRecord | None:
        """Return of what feeds, pages and drafts are made; None where nobody has named that."""
        return self.of(_NO_EDITION)

    @retried
    def advance(self, to: CommitRecord, since: str, jobs: Sequence[Job] = ()) -> bool:
        """Name a commit in place of the newest, `since`, "" for none, and ask workers for jobs.

        Returns False, and does nothing, where another one is the newest by now. `to` is of no
        edition.
        """
        with self._engine.begin() as db:
            if not _is_replaced(db, to, since):
                return False
            if self._jobs:
                self._jobs.defer(db, jobs)
        return True

    @retried
    def forget_newest(self) -> None:
        """Have no newest commit any more."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.commits).where(t.commits.c.edition == _NO_EDITION))


def _is_replaced(db: sa.Connection, to: CommitRecord, since: str) -> bool:
    c = t.commits.c
    if since:
        is_it = (c.edition == to.edition) & (c.commit == since)
        return db.execute(sa.update(t.commits).where(is_it).values(asdict(to))).rowcount > 0
    new = upserting(db, t.commits).on_conflict_do_nothing().values(asdict(to))
    return db.execute(new.returning(c.edition)).first() is not None
