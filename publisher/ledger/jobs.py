"""The jobs of workers: rows beside the ledger's, written in the transaction that decides them.

They are Procrastinate's tables, in a schema of their own beside the ledger's (`public_jobs`), and
its own functions write them: no command but `worker` imports it. Where there are no tables yet,
nothing is written: the first worker makes them, and finds what is due by the ledger's rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from publisher.errors import PublisherError
from publisher.ledger.due import Facts, gathered
from publisher.ledger.engine import ADVISORY, in_turn, looking, retried
from publisher.ledger.job_tables import entered, prepared
from publisher.ledger.job_turns import next_turn
from publisher.model.job import Job, Lane, beside

_KEPT = timedelta(days=7)  # jobs that were given up, and workers that ended

_TRY = f"SELECT pg_try_advisory_xact_lock({ADVISORY})"
_WAITS = (
    "SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %(lock)s AND status = 'todo' LIMIT 1"
)
_DEFER = (
    "SELECT procrastinate_defer_jobs_v1(array_agg(job)) "
    "FROM jsonb_populate_recordset(NULL::procrastinate_job_to_defer_v1, %(jobs)s::jsonb) AS job"
)
_STALLED = (
    "DELETE FROM procrastinate_jobs WHERE id IN (SELECT j.id FROM procrastinate_jobs j "
    "LEFT JOIN procrastinate_workers w ON w.id = j.worker_id WHERE j.status = 'doing' "
    "AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %(seconds)s)) "
    "FOR UPDATE OF j SKIP LOCKED) RETURNING "
    "queue_name, task_name, priority, lock, queueing_lock, args"
)
_PRUNE = "SELECT procrastinate_prune_stalled_workers_v1(%(seconds)s)"
_SOON = (
    "(status = 'doing' OR status = 'todo' AND coalesce(scheduled_at, now()) <= now() + "
    "CASE WHEN queueing_lock IS NULL THEN interval '2 minutes' ELSE interval '0' END)"
)
"""What is done, or soon will be: a job for tomorrow does nothing of what is due now, nor does one
for what was put off. Of one that is tried again shortly, the lock keeps another from coming.
"""
_LIVE = (
    "SELECT task_name, coalesce(args->>'about', '') AS about, count(*) AS jobs "  # noqa: S608 ours
    f"FROM procrastinate_jobs WHERE {_SOON} GROUP BY 1, 2"
)
_IS_LIVE = (
    "SELECT 1 FROM procrastinate_jobs "  # noqa: S608 ours
    "WHERE task_name = %(task)s AND args->>'about' = %(about)s "
    f"AND {_SOON} LIMIT 1"
)
_LOOK = (
    "INSERT INTO workers VALUES (%(name)s, %(host)s, %(lanes)s, %(concurrency)s, now(), now(), "
    "%(ended)s) ON CONFLICT (name) DO UPDATE SET looked = now(), ended = excluded.ended"
)
_FAILED = (
    "INSERT INTO failures VALUES (%(task)s, %(about)s, %(host)s, now(), 1, %(what)s) "
    "ON CONFLICT (task, about) DO UPDATE SET host = excluded.host, at = now(), "
    "times = failures.times + 1, what = excluded.what RETURNING times"
)
_WELL = "DELETE FROM failures WHERE task = %(task)s AND about = %(about)s"
_LANES = (
    "SELECT queue_name AS lane, "
    "count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) "
    "AS waiting, count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS later, "
    "count(*) FILTER (WHERE status = 'doing') AS doing, "
    "coalesce(extract(epoch FROM now() - min(greatest(scheduled_at, (SELECT min(at) "
    "FROM procrastinate_events e WHERE e.job_id = j.id))) FILTER (WHERE status = 'todo' "
    "AND coalesce(scheduled_at, now()) <= now())), 0)::float AS oldest, "
    "count(*) FILTER (WHERE status = 'failed') AS given_up "
    "FROM procrastinate_jobs j GROUP BY 1 ORDER BY 1"
)
_WORKERS = (
    "SELECT name, host, lanes, concurrency, ended, extract(epoch FROM now() - looked)::float "
    "AS silent FROM workers WHERE NOT ended AND looked > now() - interval '1 hour' "
    "ORDER BY host, name"
)
_OF = (
    "SELECT count(*) FILTER (WHERE status = 'todo') AS waiting, "
    "count(*) FILTER (WHERE status = 'doing') AS doing "
    "FROM procrastinate_jobs WHERE args->>'about' = %(about)s"
)
_FAILURES = "SELECT task, about, host, at, times, what FROM failures ORDER BY at, task, about"
_CLEAN = (
    "DELETE FROM procrastinate_jobs WHERE status IN ('failed', 'cancelled', 'aborted', "
    "'succeeded') AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = "
    "procrastinate_jobs.id AND e.at > now() - make_interval(secs => %(seconds)s))",
    "DELETE FROM workers WHERE looked < now() - make_interval(secs => %(seconds)s)",
    "DELETE FROM failures WHERE at < now() - make_interval(secs => %(seconds)s)",
)


class LaneRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The jobs of a lane. `oldest` is for how many seconds the first one waits that could begin."""

    lane: str
    waiting: int
    later: int
    doing: int
    oldest: float
    given_up: int


class WorkerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A worker that has not ended in order; `silent` is seconds since its last sign of life."""

    name: str
    host: str
    lanes: str
    concurrency: int
    ended: bool = False
    silent: float = 0.0


class FailureRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A job that failed last time, and is tried again."""

    task: str
    about: str
    host: str
    at: datetime
    times: int
    what: str


class Jobs:
    """The verbs of whoever gives workers something to do, and of workers."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def defer(self, db: sa.Connection, jobs: Sequence[Job]) -> int:
        """Write jobs in the caller's transaction; return how many were not waiting already."""
        now = entered(db)
        if now is None or not jobs:
            return 0
        count = 0
        rows = [_row(one, now) for one in jobs]
        for is_one, some in groupby(rows, key=lambda row: bool(row["queueing_lock"])):
            if is_one:
                count += sum(_deferred(db, row) for row in some)
            else:
                count += _written(db, list(some))
        return count

    def is_live(self, db: sa.Connection, task: str, about: str) -> bool:
        """Whether a job is done, or soon will be; in the caller's transaction."""
        values = {"task": task, "about": about}
        return entered(db) is not None and db.exec_driver_sql(_IS_LIVE, values).first() is not None

    @retried
    def put(self, jobs: Sequence[Job]) -> int:
        """Write jobs; return how many were not waiting already."""
        with self._engine.begin() as db:
            return self.defer(db, jobs)

    @retried
    def go_on(self, edition: str, lane: Lane, *, is_idle: bool) -> bool:
        """Whether a worker goes on sending an edition, by a job of a lane: none is before it.

        With `is_idle` nothing of it is due just now; see `job_turns.next_turn`.
        """
        with self._engine.begin() as db:
            if entered(db) is None:
                return False
            return next_turn(db, edition, beside(lane), is_idle=is_idle)

    @retried
    def reconcile(
        self, now: datetime, most: int, decide: Callable[[Facts], list[Job]], *, has_mailbox: bool
    ) -> int:
        """Defer again what is due and has no job, as is decided; return how many were deferred.

        One worker of all at a time: another one that comes meanwhile has nothing to do.
        """
        with self._engine.begin() as db:
            if entered(db) is None or not db.exec_driver_sql(_TRY, {"name": "jobs"}).scalar():
                return 0
            live = {(row.task_name, row.about): row.jobs for row in db.exec_driver_sql(_LIVE)}
            facts = gathered(db, now, live, most, has_mailbox=has_mailbox)
            return self.defer(db, decide(facts))

    @retried
    def take_over(self, silent: timedelta) -> list[tuple[str, str]]:
        """Give the jobs of workers that gave no sign of life for so long to others.

        Returns their tasks, with what they are about. Each gets another number, which is the fence:
        a worker that wakes up finds its own job gone, and ends nothing of the one that has it now.
        """
        with self._engine.begin() as db:
            if entered(db) is None:
                return []
            seconds = {"seconds": silent.total_seconds()}
            lost = db.exec_driver_sql(_STALLED, seconds).mappings().all()
            for row in lost:
                again = dict(row, scheduled_at=None)
                if row["queueing_lock"]:
                    _deferred(db, again)
                else:
                    _written(db, [again])
            db.exec_driver_sql(_PRUNE, seconds)
        return [(row["task_name"], row["args"].get("about", "")) for row in lost]

    @retried
    def look(self, worker: WorkerRecord) -> None:
        """Say that a worker is alive, or has ended."""
        values = {name: getattr(worker, name) for name in ("name", "host", "lanes", "concurrency")}
        with self._engine.begin() as db:
            if entered(db) is not None:
                db.exec_driver_sql(_LOOK, {**values, "ended": worker.ended})

    @retried
    def fail(self, task: str, about: str, host: str, what: str) -> int:
        """Keep that a job failed; return how many times it did since it last went well."""
        values = {"task": task, "about": about, "host": host, "what": what}
        with self._engine.begin() as db:
            if entered(db) is None:
                return 1
            times: int = db.exec_driver_sql(_FAILED, values).scalar_one()
            return times

    @retried
    def well(self, task: str, about: str) -> None:
        """Forget that a job failed: it went well."""
        with self._engine.begin() as db:
            if entered(db) is not None:
                db.exec_driver_sql(_WELL, {"task": task, "about": about})

    @retried
    def clean(self) -> None:
        """Forget jobs that were given up, failures and workers of which nothing was heard."""
        with self._engine.begin() as db:
            if entered(db) is not None:
                for statement in _CLEAN:
                    db.exec_driver_sql(statement, {"seconds": _KEPT.total_seconds()})

    def clock(self) -> datetime:
        """Return the server's clock, by which jobs begin: hosts' clocks may differ."""
        with self._look.connect() as db:
            found: datetime = db.exec_driver_sql("SELECT now()").scalar_one()
            return found

    def lanes(self) -> list[LaneRecord]:
        """Return how many jobs wait and are done, by lane."""
        return [LaneRecord(**row) for row in self._rows(_LANES)]

    def workers(self) -> list[WorkerRecord]:
        """Return the workers that have not ended in order and were alive an hour ago, by host."""
        return [WorkerRecord(**row) for row in self._rows(_WORKERS)]

    def of(self, about: str) -> tuple[int, int]:
        """Return how many jobs about a newsletter or an edition wait, and are done now."""
        (found,) = self._rows(_OF, {"about": about}) or [{"waiting": 0, "doing": 0}]
        return found["waiting"], found["doing"]

    def failures(self) -> list[FailureRecord]:
        """Return what failed last time, oldest first."""
        return [FailureRecord(**row) for row in self._rows(_FAILURES)]

    def _rows(self, query: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        with self._look.connect() as db:
            if entered(db) is None:
                return []
            return [dict(row) for row in db.exec_driver_sql(query, dict(values or {})).mappings()]

    def prepare(self, whole: str, steps: Mapping[str, str]) -> str:
        """Make the tables, or bring them up, and return the schema that they are in.

        `whole` makes Procrastinate's at once; `steps` are its migrations by name, in their order.
        Raises PublisherError where this role may make no schema.
        """
        try:
            with self._engine.begin() as db:
                in_turn(db, "jobs")
                return prepared(db, whole, steps)
        except sa.exc.ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) != "42501":
                raise
            raise PublisherError(
                f"the ledger's role may not make the tables of jobs: {error.orig}",
                why="They lie in a schema of their own, beside the ledger's.",
                todo="Let it, in psql: GRANT CREATE ON DATABASE … TO …",
            ) from None


def _written(db: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write jobs in one statement; return how many."""
    db.exec_driver_sql(_DEFER, {"jobs": json.dumps([dict(row) for row in rows])})
    return len(rows)


def _deferred(db: sa.Connection, row: Mapping[str, Any]) -> bool:
    """Write a job of which one may wait; return whether none did."""
    if db.exec_driver_sql(_WAITS, {"lock": row["queueing_lock"]}).first() is not None:
        return False
    try:
        with db.begin_nested():
            _written(db, [row])
    except sa.exc.IntegrityError:  # another transaction was first
        return False
    return True


def _row(job: Job, now: datetime) -> dict[str, Any]:
    """A job as its table has it."""
    args: dict[str, Any] = {"about": job.about}
    if job.feeds:
        args["feeds"] = list(job.feeds)
    return {
        "queue_name": job.lane,
        "task_name": job.task,
        "priority": job.priority,
        "lock": job.lock or None,
        "queueing_lock": job.queueing_lock or None,
        "args": args,
        "scheduled_at": (now + job.delay).isoformat() if job.delay > timedelta() else None,
    }
