"""Who works on a publication that has workers: hosts, lanes, jobs that wait, what fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from publisher.errors import Problem
from publisher.model import span_in_words
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.ledger.jobs import FailureRecord, LaneRecord, WorkerRecord
    from publisher.ledger.parts import Shared


class Working(msgspec.Struct, frozen=True, kw_only=True):
    """Workers that give signs of life, those that give none, jobs by lane, and what failed last.

    `parts` is how a build of feeds and pages stands that workers share, if they do; `folder` what
    is odd about the commit of this host's folder.
    """

    workers: Sequence[WorkerRecord]
    silent: Sequence[WorkerRecord]
    lanes: Sequence[LaneRecord]
    failures: Sequence[FailureRecord]
    parts: Shared | None = None
    folder: Problem | None = None

    @property
    def line(self) -> str:
        """Who works, and how much waits, on a line."""
        hosts = len({one.host for one in self.workers})
        waiting, doing = (
            sum(getattr(lane, name) for lane in self.lanes) for name in ("waiting", "doing")
        )
        return (
            f"{_counted(len(self.workers), 'worker')} on {_counted(hosts, 'host')}: "
            f"{_counted(waiting, 'job')} waiting, {doing:,} at work{self._shared}"
        )

    @property
    def _shared(self) -> str:
        """How far a build of feeds and pages is that workers share; "" without one."""
        parts = self.parts
        return f"; pages: {parts.done} of {parts.parts} parts" if parts else ""

    @property
    def problems(self) -> list[Problem]:
        """What keeps jobs from being done."""
        found = [*self._nobody(), *map(_silent, self.silent), *map(_failing, self.failures)]
        return [*found, self.folder] if self.folder else found

    def _nobody(self) -> list[Problem]:
        """The lanes in which jobs wait, and nobody works; all of them where there is no worker."""
        if not self.workers:
            return [
                Problem(
                    what="no worker does what is due",
                    why='publisher.toml has [engine] kind = "procrastinate".',
                    todo="Start one, on any host: publisher worker",
                )
            ]
        served = {lane for one in self.workers for lane in one.lanes.split(", ")}
        if served & {"editions", "mail"}:
            served.add("breaking")  # they do its jobs first
        return [
            Problem(
                what=f"{_counted(lane.waiting, 'job')} of lane {lane.lane} waiting, "
                "and no worker does them",
                todo=f"Start one: publisher worker --lanes {lane.lane}",
            )
            for lane in self.lanes
            if lane.waiting and lane.lane not in served
        ]


def working(space: Workspace) -> Working | None:
    """Return who works, None for a publication whose `run` does all of it."""
    jobs = space.ledger.jobs
    if jobs is None:
        return None
    takeover = space.publication.engine.takeover.total_seconds()
    workers = jobs.workers()
    shared = space.ledger.parts.stands() if space.ledger.parts else None
    return Working(
        workers=[one for one in workers if one.silent <= takeover],
        silent=[one for one in workers if one.silent > takeover],
        lanes=jobs.lanes(),
        failures=jobs.failures(),
        parts=shared if shared and not shared.is_taken else None,
    )


def with_folder(space: Workspace, found: Working | None) -> Working | None:
    """Add what is odd about the commit of this host's folder: git is asked."""
    if found is None:
        return None
    from publisher.pipeline.commits import look  # late: few publications have workers

    here = look(space)
    odd = here.problem
    if not (odd or here.is_abreast or here.comes_later):
        odd = here.refusal
    return replace(found, folder=replace(odd.problem, severity="warning")) if odd else found


class JobCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many jobs of an edition wait, and how many workers are at."""

    waiting: int
    doing: int

    @property
    def line(self) -> str:
        """Both on a line."""
        return f"{_counted(self.waiting, 'job')} waiting, {self.doing:,} at work"


def jobs_of(space: Workspace, edition: str) -> JobCounts | None:
    """Return the jobs of an edition, None for a publication without workers."""
    if space.ledger.jobs is None:
        return None
    waiting, doing = space.ledger.jobs.of(edition)
    return JobCounts(waiting=waiting, doing=doing)


def _silent(one: WorkerRecord) -> Problem:
    ago = span_in_words(timedelta(seconds=round(one.silent)))
    return Problem(
        what=f"the worker on {one.host} gave its last sign of life {ago} ago",
        why="Its jobs are done by others.",
        severity="warning",
    )


def _failing(one: FailureRecord) -> Problem:
    name = f"{one.task} {one.about}".strip()
    times = "once" if one.times == 1 else f"{one.times:,} times"
    return Problem(
        what=f"the job “{name}” failed {times}, last on {one.host}: {one.what}",
        why="It is tried again.",
        severity="warning",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
