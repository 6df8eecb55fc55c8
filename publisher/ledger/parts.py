"""A build of many pages that workers share: its parts, which are done, and what comes last.

One build is shared at a time. Its rows lie beside the jobs, for both can be made anew; what comes
last gets its job in the transaction in which the last part is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec
import sqlalchemy as sa

from publisher.ledger.engine import in_turn, looking, retried
from publisher.ledger.job_tables import entered
from publisher.model.job import making_pages, making_part

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

_Found = TypeVar("_Found")

_TURN = "parts"  # one transaction at a time counts which parts are left

_IS_THERE = "SELECT to_regclass('parts') IS NOT NULL"
_STANDS = (
    "SELECT build, turn, count(*) AS parts, count(*) FILTER (WHERE state <> 'waiting') AS done, "
    "bool_or(state = 'taken') AS is_taken, max(at) < now() - interval '1 day' AS is_old "
    "FROM parts GROUP BY build, turn"
)
_BUILD = "SELECT min(build) FROM parts"
_BEGIN = (
    "INSERT INTO parts SELECT %(build)s, number, %(turn)s, 'waiting', 0, now() "
    "FROM generate_series(0, %(parts)s - 1) AS number"
)
_TRY = (
    "UPDATE parts SET tries = tries + 1 WHERE build = %(build)s AND part = %(part)s "
    "AND state = 'waiting' RETURNING tries"
)
_DONE = (
    "UPDATE parts SET state = 'done', at = now() "
    "WHERE build = %(build)s AND part = %(part)s AND state = 'waiting' RETURNING part"
)
_TAKEN = "UPDATE parts SET state = 'taken', at = now() WHERE build = %(build)s"
_WAITING = "SELECT build, part FROM parts WHERE state = 'waiting' ORDER BY build, part"
_ARE_DONE = "SELECT coalesce(bool_and(state = 'done'), false) FROM parts"


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """How a shared build stands: parts in all, and those done.

    `turn` is how often in a row it was shared, from 1; `is_taken` whether its last step is done;
    `is_old` whether nothing became of it for a day.
    """

    build: str
    turn: int
    parts: int
    done: int
    is_taken: bool
    is_old: bool

    @property
    def is_made(self) -> bool:
        """Whether no part is left to be made."""
        return self.done == self.parts


class Parts:
    """The verbs of whoever shares a build, and of who makes a part of it."""

    def __init__(self, engine: sa.Engine, jobs: Jobs) -> None:
        self._engine, self._look, self._jobs = engine, looking(engine), jobs

    def stands(self) -> Shared | None:
        """Return how the build stands that was shared last, None without one."""
        with self._look.connect() as db:
            found = db.exec_driver_sql(_STANDS).mappings().first() if _is_there(db) else None
            return Shared(**found) if found else None

    def begin(self, build: str, parts: int, turn: int, *, instead_of: str) -> bool:
        """Share a build, in place of another one, "" for none: each part gets its job.

        Returns False where that is not the one before it any more.
        """

        def change(db: sa.Connection) -> bool:
            if (db.exec_driver_sql(_BUILD).scalar() or "") != instead_of:
                return False
            db.exec_driver_sql("DELETE FROM parts")
            db.exec_driver_sql(_BEGIN, {"build": build, "parts": parts, "turn": turn})
            self._jobs.defer(db, [making_part(one) for one in waiting(db)])
            return True

        return bool(self._changed(change))

    def begun(self, build: str, part: int) -> int:
        """Count a try at a part, and return which it is; 0 where nobody wants it any more."""
        return self._changed(lambda db: _said(db, _TRY, build, part) or 0) or 0

    def done(self, build: str, part: int) -> None:
        """Say that a part is done, by whomever; what comes last gets its job with the last one."""

        def change(db: sa.Connection) -> None:
            is_new = _said(db, _DONE, build, part) is not None
            if is_new and are_done(db):
                self._jobs.defer(db, [making_pages()])

        self._changed(change)

    def taken(self, build: str) -> None:
        """Say that what comes last is done."""
        self._changed(lambda db: db.exec_driver_sql(_TAKEN, {"build": build}))

    def forget(self) -> None:
        """Have no shared build any more."""
        self._changed(lambda db: db.exec_driver_sql("DELETE FROM parts"))

    @retried
    def _changed(self, verb: Callable[[sa.Connection], _Found]) -> _Found | None:
        """Change rows alone among all that do."""
        with self._engine.begin() as db:
            if not _is_there(db):
                return None
            in_turn(db, _TURN)
            return verb(db)


def waiting(db: sa.Connection) -> list[str]:
    """Return the parts that are to be made, as jobs are about them; tables of jobs are entered."""
    if not db.exec_driver_sql(_IS_THERE).scalar():
        return []
    return [f"{row.build}/{row.part}" for row in db.exec_driver_sql(_WAITING)]


def are_done(db: sa.Connection) -> bool:
    """Whether all parts of a build are done, and not what comes last; likewise."""
    if not db.exec_driver_sql(_IS_THERE).scalar():
        return False
    return bool(db.exec_driver_sql(_ARE_DONE).scalar())


def _is_there(db: sa.Connection) -> bool:
    return entered(db) is not None and bool(db.exec_driver_sql(_IS_THERE).scalar())


def _said(db: sa.Connection, words: str, build: str, part: int) -> int | None:
    found: int | None = db.exec_driver_sql(words, {"build": build, "part": part}).scalar()
    return found
