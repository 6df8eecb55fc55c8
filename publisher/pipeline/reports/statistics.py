"""subscribers stats, and what metrics tell: sums, and nobody's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from publisher.feeds import FORMATS
from publisher.pipeline.reports.working import Working, working
from publisher.pipeline.sends.subject_tests import Tested, all_tested
from publisher.pipeline.workspace import Workspace

_SLOTS, _SENDS = timedelta(days=30), timedelta(days=7)


_LOST = timedelta(days=14)  # a feed reader that has not come since then has gone


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads, as far as it can be known without watching anybody.

    `active` is by newsletter; `events` by (newsletter, what, how); `feeds` sums of answers by
    (format, status); `feed_readers` are (program, feed, subscribers as the program says); `tests`
    are those of two subjects.
    """

    since: datetime
    active: Mapping[str, int]
    unconfirmed: int
    events: Mapping[tuple[str, str, str], int]
    feeds: Mapping[tuple[str, str], int]
    feed_readers: Sequence[tuple[str, str, int]]
    tests: Sequence[Tested] = ()

    @property
    def feed_subscribers(self) -> int:
        """For how many feed readers read: of each program the largest feed, for most have one."""
        largest: dict[str, int] = {}
        for program, _, subscribers in self.feed_readers:
            largest[program] = max(largest.get(program, 0), subscribers)
        return sum(largest.values())


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What metrics tell of the ledger: by (newsletter, state); `looked` is UTC.

    `working` is None where there are no workers.
    """

    slots: Mapping[tuple[str, str], int]
    deliveries: Mapping[tuple[str, str], int]
    subscriptions: Mapping[str, int]
    looked: datetime | None
    working: Working | None = None


def statistics(space: Workspace, days: int) -> Statistics:
    """Return what the last days were like."""
    since = space.now - timedelta(days=days)
    counts = space.ledger.counts
    sums = counts.sums(since.date())
    keys = {one.key for one in FORMATS}
    return Statistics(
        since=since,
        active=counts.active(),
        unconfirmed=counts.unconfirmed(),
        events=counts.consents(since),
        feeds={key: count for key, count in sums.items() if key[0] in keys},
        feed_readers=counts.feed_readers((space.now - _LOST).date()),
        tests=all_tested(space, since),
    )


def health(space: Workspace, now: datetime) -> Health:
    """Return what the ledger says at a time (UTC)."""
    ledger = space.ledger
    deliveries: Counter[tuple[str, str]] = Counter()
    for send in ledger.sends.all():
        if send.frozen >= now - _SENDS:
            for state, count in ledger.sends.counts(send.edition).items():
                deliveries[send.newsletter, state] += count
    slots: Counter[tuple[str, str]] = Counter(
        (slot.newsletter, slot.state) for slot in ledger.slots.all(since=now - _SLOTS)
    )
    services = ledger.services.all()
    return Health(
        slots=slots,
        deliveries=deliveries,
        subscriptions=ledger.counts.active(),
        looked=max((one.looked for one in services), default=None),
        working=working(space),
    )


def keep_counts(
    space: Workspace,
    now: datetime,
    answers: Mapping[tuple[str, str], int],
    readers: Mapping[tuple[str, str], int],
) -> None:
    """Keep what was counted of the web."""
    if answers or readers:
        space.ledger.counts.add(now.date(), answers, readers)
