"""What workers are asked to do: names, lanes, and of which only one may run or wait.

A job says what to look at, never what to do there: rows of the ledger decide that. So a job that is
done twice does nothing the second time, and one that is lost is found again by the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

Lane = Literal["breaking", "editions", "mail", "pages"]
"""Breaking news · editions built and frozen · their mails · feeds, pages, what comes back."""

Task = Literal["settle", "drafts", "deliver", "sign-ups", "pages", "hub", "returns"]

LANES: tuple[Lane, ...] = get_args(Lane)

TASKS: tuple[Task, ...] = get_args(Task)

PART = 1000
"""Deliveries of one job: some seconds, after which more urgent mail has its turn."""

_PRIORITIES: Mapping[Task, int] = {"settle": 30, "sign-ups": 25, "drafts": 20, "deliver": 10}
_BREAKING = 100  # before all else


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Something for a worker to do; `about` is the newsletter or edition, "" for all.

    Of jobs with the same `lock` one runs at a time, of those with the same `queueing_lock` one
    waits; "" is none. `delay` is how long it waits at least.
    """

    task: Task
    lane: Lane
    about: str = ""
    feeds: tuple[str, ...] = ()
    lock: str = ""
    queueing_lock: str = ""
    delay: timedelta = field(default=timedelta())

    @property
    def priority(self) -> int:
        """The higher, the sooner."""
        return _PRIORITIES.get(self.task, 0) + (_BREAKING if self.lane == "breaking" else 0)


def queues_of(lane: Lane) -> tuple[Lane, ...]:
    """Return whose jobs a lane's workers do: those who build and send do breaking news first."""
    return ("breaking", lane) if lane in ("editions", "mail") else (lane,)


def settling(newsletter: str, *, breaking: bool) -> Job:
    """Settle the slots of a newsletter that have come: one builds, and one waits."""
    name = f"settle {newsletter}"
    lane: Lane = "breaking" if breaking else "editions"
    return Job(task="settle", lane=lane, about=newsletter, lock=name, queueing_lock=name)


def drafting(delay: timedelta = timedelta()) -> Job:
    """Build the drafts whose time has come."""
    return Job(task="drafts", lane="editions", delay=delay, queueing_lock=_waiting("drafts", delay))


def delivering(edition: str, *, breaking: bool = False, delay: timedelta = timedelta()) -> Job:
    """Send a part of an edition; of "" whatever is to be looked at."""
    lane: Lane = "breaking" if breaking else "mail"
    one = "" if edition else "deliver"
    return Job(task="deliver", lane=lane, about=edition, delay=delay, queueing_lock=one)


def mailing_signups() -> Job:
    """Mail who signed up."""
    return Job(task="sign-ups", lane="mail", lock="sign-ups", queueing_lock="sign-ups")


def making_pages(delay: timedelta = timedelta()) -> Job:
    """Bring feeds and pages up to what is visible then."""
    return Job(task="pages", lane="pages", delay=delay, queueing_lock=_waiting("pages", delay))


def telling_hub(feeds: Sequence[str]) -> Job:
    """Tell the hub which feeds have changed, by address."""
    return Job(task="hub", lane="pages", feeds=tuple(feeds))


def reading_returns() -> Job:
    """Read what came back into the mailbox."""
    return Job(task="returns", lane="pages", lock="returns", queueing_lock="returns")


def parts(due: int) -> int:
    """Return into how many jobs so many deliveries go."""
    return -(-due // PART)


def _waiting(name: str, delay: timedelta) -> str:
    """One waits for now, and one for later.

    They have no `lock`: of jobs that share one the oldest is done first, and one for next week
    would keep all others waiting. What they do takes the publication's own lock.
    """
    return f"{name} later" if delay else name
