"""What each job does: the use case that the local service calls, and what is said of it.

A body returns None when it is done, or in how many seconds it is to be asked again: for a pace, a
server that does not answer, or a worker that ends. What it raises is tried again as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

import msgspec
from msgspec.structs import replace

from publisher.delivery import Stop, tell_hub
from publisher.engine.sharing import build_or_share, make
from publisher.errors import ConfigError, PublisherError
from publisher.ledger import SlotRecord
from publisher.model.job import (
    PART,
    Job,
    Lane,
    Task,
    drafting,
    making_pages,
    making_part,
    telling_hub,
)
from publisher.pipeline.checkouts import committed
from publisher.pipeline.commits import is_still, newest
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.returns.ways import fetch, mailboxes, taking
from publisher.pipeline.sends.circuits import refusal_now
from publisher.pipeline.sends.deliver import RETRY, deliver
from publisher.pipeline.sends.part import Part
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.slots.occasions import Occasion, occasions
from publisher.pipeline.slots.settle import is_quiet, settle, settle_quiet
from publisher.pipeline.workspace import Workspace
from publisher.service import delivery, pages
from publisher.service.drafts import Drafts
from publisher.service.events import Events
from publisher.service.hub import feeds_of

_AT_ONCE = 0.0  # another worker goes on with it
_LEAST = 1.0  # seconds until a pace is asked again
_COMMIT = "commit"
_AWAY = 5.0  # seconds in which others may have a job that cannot be done here


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a job asks for: a newsletter or an edition, "" for all; addresses of feeds."""

    about: str = ""
    feeds: tuple[str, ...] = ()


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a body has: a workspace to itself, the clock (aware UTC), and whom to tell.

    `put` asks workers for what comes of it; `is_current` tells whether publisher.toml is still as
    the workspace has it.
    """

    space: Workspace
    now: Callable[[], datetime]
    stop: Stop
    events: Events
    put: Callable[[Sequence[Job]], object]
    is_current: Callable[[], bool] = lambda: True

    @property
    def is_over(self) -> bool:
        """Whether this worker ends."""
        return self.stop.event.is_set()


Body = Callable[[Work, Asked], float | None]


def _settle(work: Work, asked: Asked) -> float | None:
    """Settle the slots of a newsletter that have come, in order."""
    space = work.space
    schedules = [one for one in space.timetable.all() if one.newsletter == asked.about]
    found = occasions(space, schedules)
    for record in settle_quiet(space, found):
        work.events.settled(space, record)
    for occasion in found:
        if work.is_over:
            return _AT_ONCE
        space.now = work.now()  # its undo window begins now
        if is_quiet(space, occasion):
            continue  # settled before the others
        settled = _settled(space, occasion)
        work.events.lost(space.lost.values())
        if settled:
            work.events.settled(space, settled)
    return None


def _settled(space: Workspace, occasion: Occasion) -> SlotRecord | None:
    """Settle a slot, from the commit that was named for it."""
    source = space.ledger.commits.of(occasion.edition)
    if source is None:
        return settle(space, occasion)
    with committed(space, source) as there:
        newsletter = there.newsletter(occasion.newsletter.name)
        return settle(there, replace(occasion, newsletter=newsletter))


@contextmanager
def _of_newest(work: Work, again: Job) -> Iterator[Workspace]:
    """Yield the publication as the newest commit has it, for what is of no edition.

    Whatever comes of it: where it is of an older one by then, it is asked for `again`. This worker
    may have been stopped while it showed it.
    """

    def tell(problem: PublisherError | None) -> None:
        if problem:
            work.events.complain(_COMMIT, problem)
        else:
            work.events.well(_COMMIT)

    with ExitStack() as ours:
        try:
            space = ours.enter_context(newest(work.space, tell))
        except PublisherError:
            _leave(work, again)
            raise
        try:
            yield space
        finally:
            if not is_still(space):
                work.put([again])


def _leave(work: Work, job: Job) -> None:
    """Leave pages to hosts that have their commit: at once, and this one is busy for a while.

    Else it may be the first to have the job again, and again. Nothing of other lanes waits for it.
    """
    if job.task == "pages":
        work.put([job])
        work.stop.event.wait(_AWAY)


def _drafts(work: Work, _: Asked) -> float | None:
    """Build the drafts whose time has come; the next one gets a job for its time."""
    drafts = Drafts(work.events)
    with _of_newest(work, drafting()) as space:
        drafts.build(space)
    if drafts.opening is not None:
        work.put([drafting(drafts.opening, work.now())])
    return None


def _deliver(work: Work, asked: Asked) -> float | None:
    """Send a part of an edition, by claims with their lease and fence."""
    space = work.space
    if refusal_now(space):
        return RETRY  # it was said when it happened
    transport = transport_of(space)
    part = Part(asked.about, PART, _goes_on(work, asked.about))
    sent = deliver(space, transport, work.now, work.stop, part=part)
    delivery.report(work.events, space, sent, part=True)
    if sent.expired:
        delivery.say_late(work.events, sent.expired)
    if sent.down is not None:
        work.events.complain("delivery", sent.down)
        return RETRY
    work.events.well("delivery")
    if sent.limited is not None:
        # At a day's limit as well: publisher.toml may allow more before the day ends.
        return min(max((sent.limited - work.now()).total_seconds(), _LEAST), RETRY)
    return _AT_ONCE if work.is_over or not work.is_current() else None


def _goes_on(work: Work, edition: str) -> Callable[[bool], bool]:
    """Whether another turn at an edition may begin: nothing else comes first, or has changed."""
    jobs, send = work.space.ledger.jobs, work.space.ledger.sends.get(edition)
    lane: Lane = "breaking" if send and send.lane == 0 else "mail"

    def goes_on(is_idle: bool) -> bool:
        return bool(jobs and work.is_current() and jobs.go_on(edition, lane, is_idle=is_idle))

    return goes_on


def _sign_ups(work: Work, _: Asked) -> float | None:
    """Mail who signed up, some at a time."""
    space = work.space
    mail_signups(space, transport_of(space), space.now, work.stop)
    return _AT_ONCE if space.ledger.signups.waiting(space.now) else None


def _pages(work: Work, _: Asked) -> float | None:
    """Bring feeds and pages up, or have workers share them, where they are many.

    The next change gets a job for its time, the hub a word.
    """
    with _of_newest(work, making_pages()) as space:
        built = build_or_share(space, work.events)
        if built is None:
            return None  # what comes last has its job when all parts are done
        pages.report(work.events, built)
        if space.publication.feeds.hub and (feeds := feeds_of(space, built.written)):
            work.put([telling_hub(feeds)])
        if (change := pages.next_change(space)) is not None:
            work.put([making_pages(change, work.now())])
    return None


def _part(work: Work, asked: Asked) -> float | None:
    """Make a part of feeds and pages that are many; who puts all there takes what is as it says."""
    with _of_newest(work, making_part(asked.about)) as space:
        make(space, asked.about, work.events)
    return None


def _hub(work: Work, asked: Asked) -> float | None:
    """Tell the hub which feeds have changed."""
    if hub := work.space.publication.feeds.hub:
        tell_hub(hub, asked.feeds)
    return None


def _returns(work: Work, _: Asked) -> float | None:
    """Read what came back into the mailbox, and look again in a while."""
    space = work.space
    try:
        ways = mailboxes(space)
    except ConfigError:
        return None
    if not ways:
        return None  # it is named no more
    take = taking  # each message is recorded at the moment when it comes
    found = fetch(ways, lambda way: take(space, way, work.now), lambda: work.is_over)
    if total := sum(found.kinds.values()):
        parts = ", ".join(f"{count} {kind}" for kind, count in sorted(found.kinds.items()))
        work.events.say("returned", f"{total}: {parts}")
    for problem in found.problems:
        work.events.say("error", f"what comes back: {problem}")
    return space.publication.returns.every.total_seconds()


BODIES: Mapping[Task, Body] = {
    "settle": _settle,
    "drafts": _drafts,
    "deliver": _deliver,
    "sign-ups": _sign_ups,
    "pages": _pages,
    "part": _part,
    "hub": _hub,
    "returns": _returns,
}
