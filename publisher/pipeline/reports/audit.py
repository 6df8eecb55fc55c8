"""audit: whether every slot, story, edition and reader is accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from publisher import editions, schedule
from publisher.errors import OutboxError, Problem, PublisherError, StateUnavailable
from publisher.ledger import SendRecord, open_of
from publisher.model import EditionId
from publisher.pipeline.reports.held_up import held_up, refused
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sends.subject_tests import hands_wanted, overdue
from publisher.pipeline.workspace import Workspace

_SINCE = timedelta(days=30)  # an audit looks back so far


def audit(space: Workspace, since: datetime | None = None) -> list[Problem]:
    """Return all that is not accounted for: errors where a sum, a bundle, a slot or a story is.

    Slots and stories are looked at from `since` on, thirty days by default. Warnings are what
    waits for a person or for `deliver`; notes, editions never sent.
    """
    sends = {send.edition: send for send in space.ledger.sends.all()}
    problems = [problem for send in sends.values() for problem in _audited(space, send)]
    since = since or space.now - _SINCE
    for send in sends.values():
        problems += _expired(space, send, since)
    problems += held_up(space)
    problems += _tests(space)
    problems += _slots(space, since, sends)
    problems += _stories(space, since)
    slots = {slot.edition for slot in space.ledger.slots.all(state="held")}
    unsent = (
        record.id
        for record in space.ledger.editions.all()
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


def _tests(space: Workspace) -> Iterator[Problem]:
    """Tests of subjects of which readers wait, for a person or for `deliver`."""
    for one in hands_wanted(space):
        yield Problem(
            what=f"{one.waiting:,} wait for the winner of its test of subjects",
            path=one.test.edition,
            severity="warning",
            todo=f"Choose one: publisher send {one.test.edition} --winner A, or B",
        )
    for one in overdue(space):
        yield Problem(
            what=f"its test of subjects is over, and {one.waiting:,} are not sent the winner",
            path=one.test.edition,
            severity="warning",
            todo="Send it: publisher deliver",
        )


def _slots(space: Workspace, since: datetime, sends: Mapping[str, SendRecord]) -> Iterator[Problem]:
    """Slots that passed without a record, and those whose record waits for a person."""
    known = {slot.edition: slot for slot in space.ledger.slots.all(since)}
    kept = {one.name for one in space.ledger.schedules.all()}
    for one in space.timetable.all():
        if one.name not in kept:
            continue  # no service has ever looked at it
        try:
            passed = space.timetable.between(one, one.through, space.now - schedule.PUNCTUAL)
        except StateUnavailable:
            raise
        except PublisherError as error:
            yield error.problem
            continue
        for slot in passed:
            edition = EditionId.of(one.newsletter, slot)
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
            verb = "approve" if record.cause.wants_approval else "release"
            yield Problem(
                what=f"held: {record.why}",
                path=record.edition,
                severity="warning",
                todo=f"Let it go: publisher {verb} {record.edition}; "
                f"or not: publisher cancel {record.edition}",
            )
        if record.state == "missed":
            yield Problem(what=f"missed: {record.why}", path=record.edition, severity="note")


def _stories(space: Workspace, since: datetime) -> Iterator[Problem]:
    """Published articles that a newsletter should have had, and that none of its slots looked at.

    A story that was looked at and had no place is a note; one that a coming slot will take is fine.
    """
    sends = space.ledger.sends.all()
    cancelled = {send.edition for send in sends if send.state == "cancelled"}
    for newsletter in space.publication.newsletters:
        slots = space.ledger.slots.all(newsletter=newsletter.name)
        if not slots:
            continue
        begun = max(since, slots[0].instant)
        had = space.ledger.editions.sent(newsletter.name, but="")
        excluded = set(space.ledger.pins.of(newsletter.name)["exclude"])
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
                and slot.edition not in cancelled
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
    except StateUnavailable:
        raise
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
    yield from refused(space, send)
    late = space.ledger.sends.overdue(send.edition, space.now - timedelta(minutes=10))
    if send.state == "sending" and late and send.start < space.now - timedelta(minutes=10):
        yield Problem(
            what=f"{late:,} are due and not sent",
            path=send.edition,
            severity="warning",
            todo="Send them: publisher deliver",
        )


def _expired(space: Workspace, send: SendRecord, since: datetime) -> Iterator[Problem]:
    """Readers for whom an edition came to its end before it came to them."""
    if since <= send.expires and (late := space.ledger.sends.expired(send.edition)):
        yield Problem(
            what=f"{late:,} of {send.readers:,} readers got nothing: it was not sent in time",
            why=f"It expired at {send.expires:%Y-%m-%d %H:%M} UTC, while they waited for the pace, "
            "a server, or somebody to deliver.",
            path=send.edition,
            todo=f"Send it to them even so: publisher release {send.edition} --failed",
        )


def extent(space: Workspace) -> tuple[int, int]:
    """Return what an audit looks at: how many editions were sent, to how many readers in all."""
    sends = space.ledger.sends.all()
    return len(sends), sum(send.readers for send in sends)
