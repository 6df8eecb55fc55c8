"""The life of a worker: it does jobs by lane, and keeps them, until it is to end."""

from __future__ import annotations

import gc
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from publisher.delivery import Clock, Stop
from publisher.engine.attempts import pause
from publisher.engine.bodies import BODIES, Asked, Work
from publisher.engine.endings import Again, Done, Ending, GivenUp
from publisher.engine.keeper import Keeper
from publisher.engine.spaces import Spaces
from publisher.errors import ConfigError, Locked, PublisherError, StateUnavailable
from publisher.ledger.jobs import Jobs, WorkerRecord
from publisher.model import WebSettings
from publisher.model.job import Lane, Task, drafting, making_pages
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import Configuration
from publisher.service.events import Event, Events
from publisher.service.run import end_in_time
from publisher.service.web import Places, Web

_WORKERS = "workers"
_LOOK = 0.5  # seconds between two looks at a ledger that does not answer
_GARBAGE = 2_000, 10, 10
"""How often it is collected: the threshold of a command that is over soon is none for months."""


def work(
    root: Path,
    now: Callable[[], datetime],
    stop: Stop,
    *,
    lanes: Sequence[Lane],
    concurrency: int,
    health: int = 0,
    say: Callable[[Event], None],
    talk: Callable[[str], None],
) -> int:
    """Do the jobs of a publication's lanes until `stop`; return the exit code.

    `health` is a port for probes, 0 for none. `say` is told what happens, `talk` what the person
    who started it wants to know. Raises ConfigError where `[engine]` names no workers, and what
    the ledger raises when it is opened.
    """
    gc.set_threshold(*_GARBAGE)
    with ExitStack() as ours:
        space = ours.enter_context(closing(Workspace(root, now(), writing=True)))
        check_engine(space)
        from publisher.engine.procrastinate import Lanes, Place, tables  # an extra, and slow

        schema = _prepared(space, tables(), stop, talk)
        if schema is None:
            return 0
        jobs = jobs_of(space)
        events = Events(now, say)
        doing = ours.enter_context(closing(Doing(root, now, stop, events, jobs)))
        worker = _named(lanes, concurrency)
        configuration = ours.enter_context(
            _kept(root, now, stop, events, jobs, worker, health, talk)
        )
        words, options = space.ledger.dialled()
        place = Place(words=words, options=options, schema=schema)
        talk(f"Working on {worker.lanes}, {concurrency} at a time of each.")
        Lanes(
            place=place,
            lanes=lanes,
            concurrency=concurrency,
            takeover=configuration.publication.engine.takeover,
            do=doing.do,
            stop=stop,
            complain=doing.complain,
        ).work()
    return 0


def _prepared(
    space: Workspace,
    tables: tuple[str, Mapping[str, str]],
    stop: Stop,
    talk: Callable[[str], None],
) -> str | None:
    """Make the tables of jobs, or bring them up, and return their schema; None after `stop`.

    A ledger that does not answer is waited for.
    """
    told = ""
    while not stop.event.is_set():
        try:
            jobs = jobs_of(space)
            schema = jobs.prepare(*tables)
            jobs.put([making_pages(), drafting()])  # nobody may have asked: there were no tables
            return schema
        except StateUnavailable as error:
            if error.problem.what != told:
                talk(f"Standing by: {error.problem.what}.")
            told = error.problem.what
            stop.event.wait(_LOOK)
    return None


@contextmanager
def _kept(
    root: Path,
    now: Callable[[], datetime],
    stop: Stop,
    events: Events,
    jobs: Jobs,
    worker: WorkerRecord,
    health: int,
    talk: Callable[[str], None],
) -> Iterator[Configuration]:
    """Keep the jobs in a thread, and see to it that a worker ends in time; until the work ends.

    Probes are answered at a port, 0 for none.
    """
    configuration = Configuration(root, now, events)
    keeper = Keeper(configuration, jobs, events, now, Clock(), stop, worker)
    threads = [threading.Thread(target=keeper.run, name="keep", daemon=True)]
    if health:

        def at(web: WebSettings) -> Places:
            return Places(None, (web.health_host, health))  # it has no readers

        answers = Web(configuration, events, now, stop, lambda: keeper.is_well, at)
        threads.append(threading.Thread(target=answers.run, name="answer", daemon=True))
    for thread in threads:
        thread.start()
    ends = (lambda: configuration.publication.service.grace, stop, talk)
    threading.Thread(target=end_in_time, args=ends, daemon=True).start()
    try:
        yield configuration
    finally:
        stop.ask()  # whatever ended the work
        for thread in threads:
            thread.join()
        configuration.space.close()


def check_engine(space: Workspace) -> None:
    """Raise ConfigError for a publication without workers."""
    if not space.publication.engine.has_workers:
        raise ConfigError(
            "this publication has no workers",
            why="`publisher run` does all of it.",
            todo='For workers: [engine] kind = "procrastinate" in publisher.toml',
        )


def jobs_of(space: Workspace) -> Jobs:
    """Return the jobs of a publication that has workers."""
    jobs = space.ledger.jobs
    assert jobs is not None  # `check_engine` has said so
    return jobs


def _named(lanes: Sequence[Lane], concurrency: int) -> WorkerRecord:
    host = socket.gethostname()
    return WorkerRecord(
        name=f"{host}-{os.getpid()}-{secrets.token_hex(4)}",
        host=host,
        lanes=", ".join(lanes),
        concurrency=concurrency,
    )


class Doing:
    """Does jobs, whatever they raise, and keeps in the ledger what failed."""

    def __init__(
        self, root: Path, now: Callable[[], datetime], stop: Stop, events: Events, jobs: Jobs
    ) -> None:
        self._now, self._stop, self._events, self._jobs = now, stop, events, jobs
        self._host = socket.gethostname()
        self._spaces = Spaces(root, now, events)
        self.close = self._spaces.close

    def do(self, task: str, args: Mapping[str, Any], attempts: int) -> Ending:
        """Do a job; see `endings.Do`."""
        asked = Asked(about=args.get("about", ""), feeds=tuple(args.get("feeds", ())))
        name = f"{task} {asked.about}".strip()
        try:
            with self._spaces.lent() as space:
                seconds = BODIES[cast(Task, task)](self._work(space), asked)
            self._jobs.well(task, asked.about)
        except Exception as error:  # of a disk, a server, a database, or ours
            self._events.complain(name, error)
            return self._failed(task, asked, error, attempts)
        self._events.well(name)
        self._events.well(_WORKERS)
        return Done() if seconds is None else self._again(seconds)

    def complain(self, error: BaseException) -> None:
        """Say what goes wrong with the database of jobs."""
        self._events.complain(_WORKERS, error.__cause__ or error)

    def _work(self, space: Workspace) -> Work:
        return Work(
            space=space,
            now=self._now,
            stop=self._stop,
            events=self._events,
            put=self._jobs.put,
            is_current=lambda: self._spaces.is_current(space),
        )

    def _failed(self, task: str, asked: Asked, error: Exception, attempts: int) -> Ending:
        # A job that looks again and again was asked often, and failed as often as it is on record.
        failed = attempts + 1
        if not isinstance(error, Locked):  # somebody else is at it: that is no failure
            with suppress(StateUnavailable):
                failed = self._jobs.fail(task, asked.about, self._host, _in_words(error))
        seconds = pause(task, error, min(attempts, failed - 1))
        return GivenUp(error) if seconds is None else self._again(seconds)

    def _again(self, seconds: float) -> Again:
        try:
            now = self._jobs.clock()
        except StateUnavailable:  # nor is it there to be told when: the job is taken over
            now = self._now()
        return Again(now + timedelta(seconds=seconds))


def _in_words(error: Exception) -> str:
    if isinstance(error, PublisherError):
        problem = error.problem
        return f"{problem.what}. {problem.todo}" if problem.todo else problem.what
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
