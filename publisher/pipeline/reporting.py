"""report · why · audit · watch · uncertain: what became of editions and readers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from publisher import editions, schedule
from publisher.errors import OutboxError, Problem, PublisherError
from publisher.ledger import SendRecord, Uncertain, open_of
from publisher.model import State, edition_id
from publisher.pipeline.following import links_in
from publisher.pipeline.readers import subscriber
from publisher.pipeline.sending import queued, sealed
from publisher.pipeline.workspace import Workspace

_SINCE = timedelta(days=30)  # an audit looks back so far
_DOMAINS = 12  # shown in a report
_REPLIES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What became of an edition. `counts` sum up to `send.readers`.

    `domains` are the largest, `zones` those of the readers where each gets it at the time of its
    own, `replies` the commonest of those that were not accepted; `first` and
    `last` are when messages were accepted, `twice` how many may have been accepted twice. `left`
    counts who left the newsletter from its start until that of the next edition, by how. `clicks`
    are (address, how often), most followed first; `set_aside` those of what looked like scanners.
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
    )


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
    theirs = (one for one in space.ledger.sends.sends() if one.newsletter == send.newsletter)
    until = min((one.start for one in theirs if one.start > send.start), default=None)
    events = space.ledger.counts.consents(send.start, until, send.newsletter)
    return {how: count for (_, what, how), count in events.items() if what == "unsubscribed"}


def _by_zone(space: Workspace, send: SendRecord) -> dict[str, Counter[State]]:
    if not any(one.rule.per_reader for one in space.timetable.of(send.newsletter)):
        return {}
    own = space.newsletter(send.newsletter).zone
    found: dict[str, Counter[State]] = {}
    for zone, counts in space.ledger.sends.by("zone", send.edition).items():
        found.setdefault(zone or own, Counter()).update(counts)
    return dict(sorted(found.items(), key=lambda one: (-one[1].total(), one[0])))


def why(space: Workspace, name: str, edition: str) -> list[tuple[datetime | None, str]]:
    """Return all that happened between a reader and an edition, in order of time (UTC)."""
    send, reader = queued(space, edition), subscriber(space, name)
    lines: list[tuple[datetime | None, str]] = [
        (
            consent.at,
            f"{consent.what}: {consent.newsletter} ({_joined(consent.how, consent.source)})",
        )
        for consent in space.ledger.readers.consents(reader.id)
        if consent.newsletter == send.newsletter
    ]
    if reader.suppression:
        s = reader.suppression
        lines.append((s.at, f"suppressed: {s.reason} {s.detail}".rstrip()))
    lines.append((send.frozen, f"{send.edition} was frozen, with {send.readers:,} in its audience"))
    lines += [
        (attempt.at, f"{attempt.state}: {attempt.reply or attempt.about}")
        for attempt in space.ledger.sends.attempts(send.edition, reader.id)
    ]
    lines.sort(key=lambda line: line[0] or send.frozen)
    at, now = _now(space, send, reader.id)
    return lines if lines[-1][1].startswith(f"{now}:") else [*lines, (at, now)]


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


def _now(space: Workspace, send: SendRecord, reader: int) -> tuple[datetime | None, str]:
    delivery = space.ledger.sends.delivery(send.edition, reader)
    if delivery is None:
        return None, "this reader was not in the audience"
    if delivery.state in ("queued", "deferred") and send.state == "sending":
        due = max(delivery.due, send.start)
        when = f", due {due:%Y-%m-%d %H:%M} UTC" if due > space.now else ", due now"
        return None, f"{delivery.state}{when}"
    return delivery.settled, delivery.state


def uncertain(space: Workspace, name: str | None = None) -> list[Uncertain]:
    """Return the deliveries that a person must decide about."""
    return space.ledger.sends.uncertain(queued(space, name).edition if name else None)


def resolve(space: Workspace, name: str | None, *, sent: bool, only: str | None = None) -> int:
    """Settle uncertain deliveries: as accepted, or into the queue again; return how many."""
    readers = [subscriber(space, only).id] if only else []
    editions = {one.edition for one in uncertain(space, name)}
    sends = space.ledger.sends
    return sum(
        sends.resolve(
            edition,
            readers,
            sent=sent,
            now=space.now,
            expires=space.now + space.publication.delivery.expires,
        )
        for edition in sorted(editions)
    )


def audit(space: Workspace, since: datetime | None = None) -> list[Problem]:
    """Return all that is not accounted for: errors where a sum, a bundle, a slot or a story is.

    Slots and stories are looked at from `since` on, thirty days by default. Warnings are what
    waits for a person or for `deliver`; notes, editions never sent.
    """
    sends = {send.edition: send for send in space.ledger.sends.sends()}
    problems = [problem for send in sends.values() for problem in _audited(space, send)]
    since = since or space.now - _SINCE
    problems += _slots(space, since, sends)
    problems += _stories(space, since)
    slots = {slot.edition for slot in space.ledger.schedules.slots(state="held")}
    unsent = (
        record.id
        for record in space.ledger.editions()
        if record.state == "built"
        and record.id not in sends
        and record.id not in slots
        and record.instant <= space.now
    )
    problems += (
        Problem(
            what="it was built and not sent",
            path=edition,
            severity="note",
            todo=f"Send it: publisher send {edition}",
        )
        for edition in unsent
    )
    return problems


def _slots(space: Workspace, since: datetime, sends: Mapping[str, SendRecord]) -> Iterator[Problem]:
    """Slots that passed without a record, and those whose record waits for a person."""
    known = {slot.edition: slot for slot in space.ledger.schedules.slots(since)}
    kept = {one.name for one in space.ledger.schedules.all()}
    for one in space.timetable.all():
        if one.name not in kept:
            continue  # no service has ever looked at it
        try:
            passed = space.timetable.between(one, one.through, space.now - schedule.PUNCTUAL)
        except PublisherError as error:
            yield error.problem
            continue
        for slot in passed:
            edition = edition_id(one.newsletter, slot)
            if edition not in known and slot.instant >= since:
                yield Problem(
                    what="its slot passed without a record",
                    path=edition,
                    why="Nobody kept the schedules then.",
                    todo="Keep them: publisher run",
                )
    for record in known.values():
        if record.state in ("sent", "caught up") and record.edition not in sends:
            yield Problem(
                what=f"its slot is {record.state}, and it has no send", path=record.edition
            )
        if record.state == "held" and record.edition not in sends and record.instant <= space.now:
            verb = "approve" if "approval" in record.reason else "release"
            yield Problem(
                what=f"held: {record.reason}",
                path=record.edition,
                severity="warning",
                todo=f"Let it go: publisher {verb} {record.edition}; "
                f"or not: publisher cancel {record.edition}",
            )
        if record.state == "missed":
            yield Problem(what=f"missed: {record.reason}", path=record.edition, severity="note")


def _stories(space: Workspace, since: datetime) -> Iterator[Problem]:
    """Published articles that a newsletter should have had, and that none of its slots looked at.

    A story that was looked at and had no place is a note; one that a coming slot will take is fine.
    """
    for newsletter in space.publication.newsletters:
        slots = space.ledger.schedules.slots(newsletter=newsletter.name)
        if not slots:
            continue
        begun = max(since, slots[0].instant)
        had = space.ledger.sent(newsletter.name, but="")
        excluded = set(space.ledger.hands(newsletter.name)["exclude"])
        for article in space.archive.articles:
            limit = editions.longest(newsletter, article)
            if limit is None or article.id in had or article.id in excluded:
                continue
            visible = max(filter(None, (article.published, article.embargo)))
            if article.hidden(space.now) or visible < begun or visible + limit > space.now:
                continue
            looked = [
                slot
                for slot in slots
                if visible <= slot.instant <= article.published + limit
                and slot.state in ("sent", "caught up", "skipped")
            ]
            yield Problem(
                what=f"no edition of {newsletter.name} had it, and none will",
                why=f"It had no place in {looked[0].edition}."
                if looked
                else "No edition was sent while it was young enough.",
                path=f"{space.publication.articles}/{article.path}",
                todo=f"Pin it: publisher pin {newsletter.name} {article.slug}",
                severity="note" if looked else "error",
            )


def _audited(space: Workspace, send: SendRecord) -> Iterator[Problem]:
    counts = space.ledger.sends.counts(send.edition)
    open_ = open_of(counts)
    if sum(counts.values()) != send.readers:
        yield Problem(
            what=f"{sum(counts.values()):,} deliveries for {send.readers:,} readers",
            why="Each reader of the frozen audience must have exactly one.",
            path=send.edition,
        )
    try:
        if sealed(space, send.edition).seal != send.seal:
            raise OutboxError("its bundle is not the one whose audience was frozen")
    except PublisherError as error:
        yield Problem(what=error.problem.what, why=error.problem.why, path=send.edition)
    if send.state == "cancelled" and open_ > counts.get("uncertain", 0) + counts.get("sending", 0):
        yield Problem(what=f"cancelled, and {open_:,} still wait", path=send.edition)
    if doubtful := counts.get("uncertain", 0):
        yield Problem(
            what=f"{doubtful:,} may have been accepted",
            path=send.edition,
            severity="warning",
            todo="Decide: publisher uncertain list",
        )
    if send.state == "held" and open_:
        yield Problem(
            what=f"held, {open_:,} wait{': ' + send.reason if send.reason else ''}",
            path=send.edition,
            severity="warning",
            todo=f"Go on: publisher release {send.edition}",
        )
    late = space.ledger.sends.overdue(send.edition, space.now - timedelta(minutes=10))
    if send.state == "sending" and late and send.start < space.now - timedelta(minutes=10):
        yield Problem(
            what=f"{late:,} are due and not sent",
            path=send.edition,
            severity="warning",
            todo="Send them: publisher deliver",
        )


def standing(space: Workspace, name: str) -> tuple[SendRecord, Mapping[State, int]]:
    """Return a send and its counts: what `watch` looks at again and again."""
    send = queued(space, name)
    return send, space.ledger.sends.counts(send.edition)
