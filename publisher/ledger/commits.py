"""Of which commit of the articles a slot is built: named once, with the job that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried, upserting
from publisher.model.job import Job

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitRecord:
    """The commit that an edition is built from, and the `host` that had it when it was `named`."""

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
