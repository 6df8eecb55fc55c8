"""report: what became of an edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from publisher.ledger import SendRecord, open_of
from publisher.model import ReturnedClass, State
from publisher.pipeline.reports.working import JobCounts, jobs_of
from publisher.pipeline.sends.clicks import links_in
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.sends.subject_tests import Tested, tested
from publisher.pipeline.sends.warm_up import days_of
from publisher.pipeline.workspace import Workspace

_DOMAINS = 12  # shown in a report


_REPLIES = 8


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an edition. `counts` sum up to `send.readers`.

    `domains` are the largest, `zones` those of the readers where each gets it at the time of its
    own, `replies` the commonest of those that were not accepted; `first` and
    `last` are when messages were accepted, `twice` how many may have been accepted twice. `left`
    counts who of its audience left the newsletter, from its start until that of the next edition,
    by how. `clicks`
    are (address, how often), most followed first; `set_aside` those of what looked like scanners.
    `test` is how a test of two subjects stands. `returned` counts readers of whom something came
    back later, by domain and class: what a server accepted stays accepted, whatever came after.
    `warm_up` says how many wait for which day; `jobs` are those of workers.
    """

    send: SendRecord
    counts: Mapping[State, int]
    domains: Mapping[str, Mapping[State, int]]
    zones: Mapping[str, Mapping[State, int]]
    replies: Mapping[str, int]
    first: datetime | None
    last: datetime | None
    twice: int
    left: Mapping[str, int]
    clicks: Sequence[tuple[str, int]]
    set_aside: int
    test: Tested | None = None
    returned: Mapping[str, Mapping[ReturnedClass, int]] = msgspec.field(default_factory=dict)
    warm_up: Mapping[date, int] = msgspec.field(default_factory=dict)
    jobs: JobCounts | None = None

    @property
    def came_back(self) -> dict[ReturnedClass, int]:
        """How many readers something came back of, by class, commonest first."""
        sums: Counter[ReturnedClass] = Counter()
        for counts in self.returned.values():
            sums.update(counts)
        return dict(sums.most_common())

    @property
    def open(self) -> int:
        """How many are not settled."""
        return open_of(self.counts)

    @property
    def standing(self) -> str:
        """The send's state in a word: "sent" once all is settled."""
        return self.send.standing(self.counts)


def report(space: Workspace, name: str) -> Report:
    """Return what became of an edition so far."""
    send, sends = queued(space, name), space.ledger.sends
    by_domain = sends.by("domain", send.edition)
    largest = sorted(by_domain, key=lambda domain: (-sum(by_domain[domain].values()), domain))
    attempts = sends.attempts(send.edition)
    replies = Counter(attempt.reply or attempt.about for attempt in attempts)
    first, last = sends.settled(send.edition)
    return Report(
        send=send,
        counts=sends.counts(send.edition),
        first=first,
        last=last,
        domains={domain: by_domain[domain] for domain in largest[:_DOMAINS]},
        zones=_by_zone(space, send),
        replies=dict(replies.most_common(_REPLIES)),
        twice=len({attempt.reader for attempt in attempts if attempt.about == "uncertain"}),
        left=_left(space, send),
        clicks=_clicks(space, send),
        set_aside=sum(_counted(space, send, "click set aside").values()),
        test=tested(space, send.edition),
        returned=_largest(space.ledger.returns.counts(send.edition)),
        warm_up=days_of(space, send.edition),
        jobs=jobs_of(space, send.edition),
    )


def _largest(
    found: Mapping[str, Mapping[ReturnedClass, int]],
) -> dict[str, Mapping[ReturnedClass, int]]:
    """The domains of which most came back, in order; the others together, as "(others)"."""
    order = sorted(found, key=lambda domain: (-sum(found[domain].values()), domain))
    shown = {domain: found[domain] for domain in order[:_DOMAINS]}
    rest: Counter[ReturnedClass] = Counter()
    for domain in order[_DOMAINS:]:
        rest.update(found[domain])
    return {**shown, "(others)": rest} if rest else shown


def _counted(space: Workspace, send: SendRecord, what: str) -> dict[int, int]:
    sums = space.ledger.counts.sums(send.start.date(), what)
    found = {}
    for (_, detail), count in sums.items():
        edition, _, number = detail.rpartition(" ")
        if edition == send.edition:
            found[int(number)] = count
    return found


def _clicks(space: Workspace, send: SendRecord) -> list[tuple[str, int]]:
    links = links_in(space, send.edition)
    found = _counted(space, send, "click").items()
    named = [(links[number], count) for number, count in found if number < len(links)]
    return sorted(named, key=lambda one: (-one[1], one[0]))


def _left(space: Workspace, send: SendRecord) -> dict[str, int]:
    theirs = (one for one in space.ledger.sends.all() if one.newsletter == send.newsletter)
    until = min((one.start for one in theirs if one.start > send.start), default=None)
    events = space.ledger.counts.consents(send.start, until, send.newsletter, audience=send.edition)
    return {how: count for (_, what, how), count in events.items() if what == "unsubscribed"}


def _by_zone(space: Workspace, send: SendRecord) -> dict[str, Counter[State]]:
    if not any(one.rule.per_reader for one in space.timetable.of(send.newsletter)):
        return {}
    own = space.newsletter(send.newsletter).zone
    found: dict[str, Counter[State]] = {}
    for zone, counts in space.ledger.sends.by("zone", send.edition).items():
        found.setdefault(zone or own, Counter()).update(counts)
    return dict(sorted(found.items(), key=lambda one: (-one[1].total(), one[0])))
