"""status: where the publication stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from publisher.errors import Problem
from publisher.ledger import EditionRecord, SendRecord, ServiceRecord, SlotRecord, open_of
from publisher.model import Cause, EditionId, Reasoned, Slot, State
from publisher.pipeline import approvals
from publisher.pipeline.editions.plan import due_slot, is_before_the_first, scheduled
from publisher.pipeline.freshness import Freshness, stale
from publisher.pipeline.reports.held_up import came_back, clock_ahead, held_up, refused
from publisher.pipeline.reports.working import Working, with_folder, working
from publisher.pipeline.sealed import rebuild
from publisher.pipeline.sends import warm_up
from publisher.pipeline.sends.subject_tests import Tested, all_tested
from publisher.pipeline.sends.transports import no_server
from publisher.pipeline.sends.warm_up import WarmUpState
from publisher.pipeline.slots.calendar import said_ahead
from publisher.pipeline.standstill import Standstill
from publisher.pipeline.surveyed import surveyed
from publisher.pipeline.timetable import service_of
from publisher.pipeline.workspace import Workspace

_SENDS = 8  # the newest, in a status


class Waiting(Reasoned, msgspec.Struct, frozen=True, kw_only=True):
    """An edition that waits for a person, and why."""

    edition: str
    cause: Cause
    reason: str = ""

    @property
    def todo(self) -> str:
        """The command that lets it go."""
        if self.cause is Cause.RESTORED:  # nobody gets it twice
            return f"cancel {self.edition}"
        return f"{'approve' if self.cause.wants_approval else 'release'} {self.edition}"


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where the publication stands. Counts are of articles; `waiting` is for a person,
    `stale` editions were built and are not as their articles are now, `again` builds the newest of
    them again. `ahead` says of coming slots, by edition, what was said of them: held, cancelled;
    `cancelled` are slots of which nothing was ever on its way. `tests` are those of two subjects
    with the newest sends. `is_due` is whether a slot has come
    that nobody built or decided. `returned` is what came back and waits for a person, `warm_up`
    how the day's ceiling stands, `working` who does what is due where there are workers.
    """

    title: str
    visible: int
    hidden: int
    errors: int
    warnings: int
    languages: Mapping[str, int]
    editions: Sequence[EditionRecord]
    sending: Mapping[str, Mapping[State, int]]
    standing: Mapping[str, str]
    sent: Sequence[str]
    readers: Mapping[str, Mapping[str, int]]
    waiting: Sequence[Waiting]
    stale: Sequence[Freshness]
    again: str
    no_server: str
    keeper: ServiceRecord | None
    unread: Sequence[Problem]
    held_up: Sequence[Problem]
    coming: Sequence[tuple[str, Slot]]
    ahead: Mapping[str, str]
    cancelled: Sequence[SlotRecord]
    is_due: bool
    tests: Sequence[Tested] = ()
    returned: Sequence[Problem] = ()
    warm_up: WarmUpState | None = None
    working: Working | None = None

    @property
    def next(self) -> str:
        """The command that is due."""
        if self.errors:
            return "check"
        wait = {one.test.edition: one.waiting for one in self.tests if one.wants_hand}
        if any(open_of(counts) > wait.get(one, 0) for one, counts in self.sending.items()):
            return "watch" if self.working and self.working.workers else "deliver"
        if wait:
            return f"send {next(iter(wait))} --winner A"
        if self.waiting:
            return self.waiting[-1].todo
        if self.keeper:
            return "schedule list"
        if self.stale:
            return self.again
        if unsent := self._unsent():
            has_readers = any(counts.get("active") for counts in self.readers.values())
            return f"send {unsent[-1]}" if has_readers else "subscribers add ADDRESS"
        if self.is_due or not self.editions:
            return "build"
        if not self.sent:  # its slots had no stories
            return "preview"
        return f"report {self.sent[-1]}"

    def _unsent(self) -> list[str]:
        """The newest edition of each newsletter, if it was built and not sent, oldest first."""
        gone = {one.edition for one in self.cancelled}
        newest = {one.newsletter: one.id for one in self.editions if one.state == "built"}
        return [
            one.id
            for one in self.editions
            if one.id in newest.values() and one.id not in self.sent and one.id not in gone
        ]


def keeper(space: Workspace) -> ServiceRecord | None:
    """Return the service that keeps the schedules now, None where nobody does."""
    return service_of(space.ledger, space.now)


def status(space: Workspace, coming: int = 3) -> Status:
    """Return counts, the editions so far and the next slots, `coming` a newsletter."""
    known = Standstill(space).surveyed() or surveyed(
        space.archive.articles, space.archive.problems, space.now
    )
    slots = [
        (newsletter.name, slot)
        for newsletter in space.publication.newsletters
        if space.timetable.knows(newsletter.name)
        for slot in space.timetable.upcoming(newsletter.name, space.now, coming)
    ]
    sends = space.ledger.sends.all()
    editions = space.ledger.editions.all()
    newest = sends[-_SENDS:]
    old = stale(space, known.fresh)
    counts = {send.edition: space.ledger.sends.counts(send.edition) for send in newest}
    return Status(
        title=space.publication.title,
        visible=known.visible,
        hidden=known.hidden,
        errors=known.errors,
        warnings=known.warnings,
        languages=known.languages,
        editions=editions,
        sending=counts,
        standing={send.edition: send.standing(counts[send.edition]) for send in newest},
        sent=[send.edition for send in sends],
        readers=space.ledger.readers.totals(),
        waiting=_waiting(space, {send.edition for send in sends}),
        stale=old,
        again=rebuild(space, old[-1].edition) if old else "",
        no_server=no_server(space),
        keeper=keeper(space),
        unread=space.timetable.unread(),
        held_up=[
            *clock_ahead(space),
            *held_up(space),
            *(problem for send in newest for problem in refused(space, send)),
        ],
        coming=sorted(slots, key=lambda one: (one[1].instant, one[0])),
        ahead={name: f"{one.state}: {one.why}" for name, one in said_ahead(space).items()},
        cancelled=_cancelled(space, {send.edition for send in sends}),
        is_due=_is_due(space, sends, editions),
        returned=list(came_back(space)),
        warm_up=warm_up.state(space),
        working=with_folder(space, working(space)),
        tests=[one for one in all_tested(space) if one.waiting or one.test.edition in counts],
    )


def _cancelled(space: Workspace, sent: Collection[str]) -> list[SlotRecord]:
    """Slots that were cancelled and have come, before anything of them was on its way."""
    return [
        one
        for one in space.ledger.slots.all(state="cancelled")
        if one.edition not in sent and one.instant <= space.now
    ]


def _is_due(
    space: Workspace, sends: Sequence[SendRecord], editions: Sequence[EditionRecord]
) -> bool:
    """Whether a slot has come, since its newsletter's last send, that nobody built or decided."""
    made = {one.id for one in editions}
    for newsletter in scheduled(space):
        slot = due_slot(space, newsletter) if space.timetable.knows(newsletter.name) else None
        if slot is None or is_before_the_first(space, slot):
            continue
        sent = [one.frozen for one in sends if one.newsletter == newsletter.name]
        edition = EditionId.of(newsletter.name, slot)
        is_new = edition not in made and space.ledger.slots.get(edition) is None
        if is_new and all(slot.instant > frozen for frozen in sent):
            return True
    return False


def _waiting(space: Workspace, sent: Collection[str]) -> list[Waiting]:
    """What waits for a person, by edition: held slots, and drafts to approve."""
    held = {
        one.edition: Waiting(edition=one.edition, cause=one.cause, reason=one.reason)
        for one in space.ledger.slots.all(state="held")
    }
    drafts = {
        one.id: Waiting(edition=one.id, cause=missing)
        for one in space.ledger.editions.all(state="built")
        if one.newsletter in {newsletter.name for newsletter in space.publication.newsletters}
        and (one.instant > space.now or space.ledger.slots.get(one.id) is None)
        and (missing := approvals.missing(space, one.id, one.seal))
    }
    return [one for name, one in sorted((drafts | held).items()) if name not in sent]


def slot_shown(slot: Slot) -> str:
    """A slot as an editor reads it: `Tue 2026-11-24 07:00 Asia/Tokyo`."""
    return f"{_weekday(slot.local)} {slot.local:%Y-%m-%d %H:%M} {slot.zone}"


def _weekday(local: datetime) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[local.weekday()]
