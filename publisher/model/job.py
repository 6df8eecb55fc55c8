"""What workers are asked to do: names, lanes, and of which only one may run or wait.

A job says what to look at, never what to do there: rows of the ledger decide that. So a job that is
done twice does nothing the second time, and one that is lost is found again by the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import msgspec
from msgspec.structs import replace

Lane = Literal["breaking", "editions", "mail", "pages"]
"""Breaking news · editions built and frozen · their mails · feeds, pages, what comes back."""

Task = Literal["settle", "drafts", "deliver", "sign-ups", "pages", "part", "hub", "returns"]

LANES: tuple[Lane, ...] = get_args(Lane)

TASKS: tuple[Task, ...] = get_args(Task)

PART = 1000
"""Deliveries of one job: some seconds, after which more urgent mail has its turn."""

_PRIORITIES: Mapping[Task, int] = {
    "settle": 30, "sign-ups": 25, "drafts": 20, "deliver": 10, "part": -10
}  # fmt: skip
_BREAKING = 100  # before all else


class Job(msgspec.Struct, frozen=True, kw_only=True):
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
    delay: timedelta = msgspec.field(default=timedelta())

    @property
    def priority(self) -> int:
        """The higher, the sooner."""
        return _PRIORITIES.get(self.task, 0) + (_BREAKING if self.lane == "breaking" else 0)


def queues_of(lane: Lane) -> tuple[Lane, ...]:
    """Return whose jobs a lane's workers do: those who build and send do breaking news first."""
    return ("breaking", lane) if lane in ("editions", "mail") else (lane,)


def beside(lane: Lane) -> tuple[Lane, ...]:
    """Whose jobs may wait for a worker that is at one of a lane.

    >>> beside("mail"), beside("breaking")
    (('breaking', 'mail'), ('breaking', 'editions', 'mail'))
    """
    theirs = {one for other in LANES if lane in queues_of(other) for one in queues_of(other)}
    return tuple(one for one in LANES if one in theirs)


def settling(newsletter: str, *, breaking: bool) -> Job:
    """Settle the slots of a newsletter that have come: one builds, and one waits."""
    name = f"settle {newsletter}"
    lane: Lane = "breaking" if breaking else "editions"
    return Job(task="settle", lane=lane, about=newsletter, lock=name, queueing_lock=name)


def drafting(at: datetime | None = None, now: datetime | None = None) -> Job:
    """Build the drafts whose time has come; `at` a later time, by the clock that it is `now`."""
    lock, delay = _later("drafts", at, now)
    return Job(task="drafts", lane="editions", delay=delay, queueing_lock=lock)


def delivering(edition: str, *, breaking: bool = False, delay: timedelta = timedelta()) -> Job:
    """Send a part of an edition; of "" whatever is to be looked at."""
    lane: Lane = "breaking" if breaking else "mail"
    one = "" if edition else "deliver"
    return Job(task="deliver", lane=lane, about=edition, delay=delay, queueing_lock=one)


def redelivering(edition: str, at: datetime, now: datetime, *, breaking: bool, part: int) -> Job:
    """Send a part of what of an edition was put off until a time; one waits for each."""
    lock, delay = _later(f"deliver {edition} {part}", at, now)
    job = delivering(edition, breaking=breaking, delay=delay)
    return replace(job, queueing_lock=lock)


def looking(at: datetime, now: datetime) -> Job:
    """See to whatever is to be sent, or decided, at a time."""
    lock, delay = _later("deliver", at, now)
    return Job(task="deliver", lane="mail", delay=delay, queueing_lock=lock)


def mailing_signups(at: datetime | None = None, now: datetime | None = None) -> Job:
    """Mail who signed up; `at` a later time, as in `drafting`."""
    queueing, delay = _later("sign-ups", at, now)
    lock = "sign-ups" if at is None else ""
    return Job(task="sign-ups", lane="mail", delay=delay, lock=lock, queueing_lock=queueing)


def making_pages(at: datetime | None = None, now: datetime | None = None) -> Job:
    """Bring feeds and pages up to what is visible; `at` a later time, as in `drafting`."""
    lock, delay = _later("pages", at, now)
    return Job(task="pages", lane="pages", delay=delay, queueing_lock=lock)


def making_part(name: str) -> Job:
    """Make a part of feeds and pages that are many: `BUILD/NUMBER`."""
    return Job(task="part", lane="pages", about=name, lock=name, queueing_lock=name)


def telling_hub(feeds: Sequence[str]) -> Job:
    """Tell the hub which feeds have changed, by address."""
    return Job(task="hub", lane="pages", feeds=tuple(feeds))


def reading_returns() -> Job:
    """Read what came back into the mailbox."""
    return Job(task="returns", lane="pages", lock="returns", queueing_lock="returns")


def parts(due: int) -> int:
    """Return into how many jobs so many deliveries go."""
    return -(-due // PART)


def _later(name: str, at: datetime | None, now: datetime | None) -> tuple[str, timedelta]:
    """The queueing lock of a job for now, or for a time, and how long it waits.

    One waits for now, and one for each time: none keeps another from coming. They have no `lock`,
    for of jobs that share one the oldest is done first, were its time next week. What they do takes
    the publication's own lock.
    """
    if at is None or now is None:
        return name, timedelta()
    return f"{name} {at.astimezone(UTC).isoformat()}", max(at - now, timedelta())
