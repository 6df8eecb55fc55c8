"""The life of a worker: it does jobs by lane, and keeps them, until it is to end."""

from __future__ import annotations

import gc
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
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
from publisher.model.job import Lane, Task
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import Configuration
from publisher.service.events import Event, Events
from publisher.service.run import end_in_time
from publisher.service.web import Places, Web

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
    from publisher.engine.procrastinate import Place, tables, work_on  # slow to import

    gc.set_threshold(*_GARBAGE)
    with ExitStack() as ours:
        space = ours.enter_context(closing(Workspace(root, now(), writing=True)))
        jobs = jobs_of(space)
        schema = jobs.prepare(*tables())
        events = Events(now, say)
        configuration = Configuration(root, now, events)
        ours.callback(lambda: configuration.space.close())
        doing = ours.enter_context(closing(Doing(root, now, stop, events, jobs)))
        worker = _named(lanes, concurrency)
        keeper = Keeper(configuration, events, now, Clock(), stop, worker)
        keeping = threading.Thread(target=keeper.run, name="keep", daemon=True)
        keeping.start()
        ours.callback(keeping.join)
        if health:
            at = _answering(health)
            web = Web(configuration, events, now, stop, lambda: keeper.is_well, at)
            answering = threading.Thread(target=web.run, name="answer", daemon=True)
            answering.start()
            ours.callback(answering.join)
        ends = (lambda: configuration.publication.service.grace, stop, talk)
        threading.Thread(target=end_in_time, args=ends, daemon=True).start()
        words, options = space.ledger.dialled()
        place = Place(words=words, options=options, schema=schema)
        takeover = space.publication.engine.takeover
        talk(f"Working on {', '.join(lanes)}, {concurrency} at a time of each.")
        work_on(place, lanes, concurrency, takeover, doing.do, stop, doing.complain)
    return 0


def _answering(port: int) -> Callable[[WebSettings], Places]:
    """Where a worker answers probes: it has no readers."""
    return lambda web: Places(None, (web.health_host, port))


def jobs_of(space: Workspace) -> Jobs:
    """Return the jobs of a publication that has workers; raise ConfigError for one without."""
    if space.ledger.jobs is None:
        raise ConfigError(
            "this publication has no workers",
            why="`publisher run` does all of it.",
            todo='For workers: [engine] kind = "procrastinate" in publisher.toml',
        )
    return space.ledger.jobs


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
        self._spaces = Spaces(root, now, lambda damage: events.say("state", damage.headline))
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
        return Done() if seconds is None else self._again(seconds)

    def complain(self, error: BaseException) -> None:
        """Say what goes wrong with the database of jobs."""
        self._events.complain("workers", error.__cause__ or error)

    def _work(self, space: Workspace) -> Work:
        return Work(
            space=space,
            now=self._now,
            stop=self._stop,
            events=self._events,
            put=self._jobs.put,
        )

    def _failed(self, task: str, asked: Asked, error: Exception, attempts: int) -> Ending:
        if not isinstance(error, Locked):  # somebody else is at it: that is no failure
            with suppress(StateUnavailable):
                self._jobs.fail(task, asked.about, self._host, _in_words(error))
        seconds = pause(task, error, attempts)
        return GivenUp(error) if seconds is None else self._again(seconds)

    def _again(self, seconds: float) -> Again:
        try:
            now = self._jobs.clock()
        except StateUnavailable:  # nor is it there to be told when: the job is taken over
            now = self._now()
        return Again(now + timedelta(seconds=seconds))


def _in_words(error: Exception) -> str:
    if isinstance(error, PublisherError):
        return error.problem.what
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
