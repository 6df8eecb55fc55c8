"""Whether who sends an edition goes on with it: by the job that its worker would be given next."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

_WAITS = (
    "FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = ANY(%(lanes)s) "
    "AND coalesce(scheduled_at, now()) <= now()"
)
_OURS = "task_name = 'deliver' AND coalesce(args->>'about', '') = %(about)s"
_NEXT = (  # in the order of procrastinate_fetch_job
    f"SELECT id, {_OURS} AS is_ours {_WAITS} ORDER BY priority DESC, id LIMIT 1 "
    "FOR UPDATE SKIP LOCKED"
)
_DROP = "DELETE FROM procrastinate_jobs WHERE id = %(id)s"
_DROP_OURS = (
    "DELETE FROM procrastinate_jobs WHERE id IN "  # noqa: S608 ours
    f"(SELECT id {_WAITS} AND {_OURS} FOR UPDATE SKIP LOCKED)"
)


def next_turn(db: sa.Connection, edition: str, lanes: Sequence[str], *, is_idle: bool) -> bool:
    """Take the next turn at an edition; return False where another job of the lanes comes first.

    A job of the edition that comes first is taken from the queue, for this turn does what it asks
    for. Where nothing of the edition is due just now (`is_idle`) none of its jobs has anything to
    do: all are taken, so that they keep no other waiting.
    """
    values = {"lanes": list(lanes), "about": edition}
    if is_idle:
        db.exec_driver_sql(_DROP_OURS, values)
    first = db.exec_driver_sql(_NEXT, values).one_or_none()
    if first is None:
        return True
    if first.is_ours:
        db.exec_driver_sql(_DROP, {"id": first.id})
    return bool(first.is_ours)
