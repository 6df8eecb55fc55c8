"""The one module that knows Procrastinate: its tables, its workers, and how their jobs end.

Each lane has a worker of its own, so that no lane waits for another: mails go on while pages are
made. Fetching, heartbeats and word of new jobs are on one event loop, bodies in threads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import procrastinate
import psycopg
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.schema import SchemaManager
from psycopg import sql

from publisher.delivery import Stop
from publisher.engine.endings import Again, Do, GivenUp
from publisher.model.job import TASKS, Lane, queues_of

_POLL = 1.0  # seconds until a job is seen whose time has come
_AGAIN = 1.0  # seconds until a worker that lost its database begins again
_CONNECTIONS = 4  # to fetch, to end jobs and to be alive; one more a lane hears of new jobs
_PATIENCE = 5.0  # seconds for a connection: a worker that is to end waits for none that is away
_AT_ONCE = datetime.fromtimestamp(0, UTC)  # by no clock of a host
_LOOK = 0.1  # seconds between two looks whether it is to end


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the jobs are: libpq's words and options of the ledger's database, and the schema."""

    words: str
    options: Mapping[str, str]
    schema: str


def tables() -> tuple[str, dict[str, str]]:
    """Return what makes Procrastinate's tables, and its migrations by name, in their order."""
    folder = Path(SchemaManager.get_migrations_path())
    steps = sorted(folder.glob("*.sql"))
    return SchemaManager.get_schema(), {one.name: one.read_text("utf-8") for one in steps}


class _Again(Exception):
    """Ends a job that is to be asked again at a time."""

    def __init__(self, at: datetime) -> None:
        self.at = at


class _Retry(BaseRetryStrategy):
    """Our verdicts: a job is asked again when its ending says so."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when, None for a job that is given up."""
        return RetryDecision(retry_at=exception.at) if isinstance(exception, _Again) else None


class _Ends(JobManager):
    """Ends jobs: of two of which one may wait, the one that waits already does it all."""

    async def retry_job(self, job: Job, *args: Any, **keys: Any) -> None:
        """Ask for a job again, unless another one like it waits: then it is done."""
        try:
            await super().retry_job(job, *args, **keys)
        except UniqueViolation:
            await self.finish_job(job, Status.SUCCEEDED, delete_job=True)


class Lanes(msgspec.Struct, frozen=True, kw_only=True):
    """Works on lanes, so many jobs of each at a time, until `stop`: then what is at hand ends.

    A worker without a sign of life for `takeover` is dead to the others. `complain` is told what
    goes wrong with the database; it is tried again.
    """

    place: Place
    lanes: Sequence[Lane]
    concurrency: int
    takeover: timedelta
    do: Do
    stop: Stop
    complain: Callable[[BaseException], object]

    def work(self) -> None:
        """Work on them until the end."""
        logging.getLogger("procrastinate").addHandler(logging.NullHandler())  # `do` says it all
        logging.getLogger("procrastinate").propagate = False
        asyncio.run(self._work())

    async def _work(self) -> None:
        """Work until the end, whatever becomes of the database meanwhile."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(len(self.lanes) * self.concurrency + 1))
        loop.set_exception_handler(self._lost)
        while not self.stop.event.is_set():
            try:
                await self._run()
            except Exception as error:  # of the database, or ours: it begins anew
                self.complain(error)
                await asyncio.sleep(_AGAIN)

    async def _run(self) -> None:
        async with self._app().open_async() as app:
            lanes = [asyncio.create_task(self._lane(app, lane)) for lane in self.lanes]
            while not self.stop.event.is_set():
                await asyncio.sleep(_LOOK)
            for one in lanes:
                one.cancel()  # it fetches no more, and waits for what is at hand
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _lane(self, app: procrastinate.App, lane: Lane) -> None:
        while True:
            try:
                await app.run_worker_async(
                    queues=list(queues_of(lane)),
                    name=lane,
                    concurrency=self.concurrency,
                    fetch_job_polling_interval=_POLL,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self.takeover.total_seconds() / 4,
                    stalled_worker_timeout=self.takeover.total_seconds(),
                )
            except Exception as error:  # likewise: a lane must not be silent
                self.complain(error)
            await asyncio.sleep(_AGAIN)  # it lost its database, or a heartbeat

    def _app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self.place.words,
            kwargs=dict(self.place.options),
            configure=self._configured,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_PATIENCE,
        )
        app = procrastinate.App(connector=connector)
        app.job_manager = _Ends(connector)
        for name in TASKS:
            app.task(name=name, pass_context=True, retry=_Retry())(self._body(name))
        return app

    async def _configured(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Let a connection find the tables of jobs."""
        path = sql.SQL("SET search_path TO {}").format(sql.Identifier(self.place.schema))
        await connection.execute(path)
        if not connection.autocommit:
            await connection.commit()

    def _body(self, name: str) -> Callable[..., None]:
        def body(context: procrastinate.JobContext, **args: Any) -> None:
            if self.stop.event.is_set():  # fetched while it was asked to end: another worker's
                raise _Again(_AT_ONCE)
            match self.do(name, args, context.job.attempts):
                case Again(at=at):
                    raise _Again(at)
                case GivenUp(error=error):
                    raise error

        return body

    def _lost(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What ended with nobody waiting: a job that was another's by then, mostly."""
        if isinstance(error := context.get("exception"), BaseException):
            self.complain(error)
