"""What becomes of slots that have come: built, sent, skipped, held, missed. One record each.

A slot is decided in one transaction, which whoever comes second finds done: two services, a
restart, a clock that jumps and a `run` typed twice make one edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from publisher import schedule
from publisher.errors import ConfigError, Held, Locked, PublisherError, UnknownName, UsageError
from publisher.ledger import Approval, SendRecord, SlotRecord, SlotState
from publisher.model import Newsletter, Schedule, Slot, edition_id, edition_named
from publisher.pipeline import approvals, sending, witness
from publisher.pipeline.building import build_slot, withdraw
from publisher.pipeline.built import Edited
from publisher.pipeline.workspace import Workspace
from publisher.schedule import Due

_DAY = timedelta(days=1)

OPEN: tuple[SlotState, ...] = ("held",)
"""States that a person, or an approval, may still change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """A slot that has come, with the schedules that have it, and what its lateness makes of it."""

    newsletter: Newsletter
    due: Due
    schedules: tuple[str, ...]

    @property
    def advanced(self) -> dict[str, datetime]:
        """Until when these schedules are settled once this slot is."""
        return dict.fromkeys(self.schedules, schedule.at_home(self.due.slot))

    @property
    def edition(self) -> str:
        """The edition's id."""
        return edition_id(self.newsletter.name, self.due.slot)


def adopt(space: Workspace) -> bool:
    """Bring the ledger's schedules up to publisher.toml; return whether anything changed.

    A new one counts from now. A changed rule counts from when a service last looked: whoever
    edits it between two runs of cron loses no slot, and none of the past is made up. Slots of the
    rule before that nobody looked at are recorded as missed. Only the holder of the
    publication's lock may.
    """
    kept = {one.name: one for one in space.ledger.schedules.all() if one.declared}
    wanted = {one.name: one for one in space.timetable.all() if one.declared}
    looked = max((one.looked for one in space.ledger.schedules.services()), default=space.now)
    changed = []
    for name, one in wanted.items():
        if name not in kept:
            changed.append(one)
        elif one.rule != kept[name].rule:
            since = max(one.through, min(looked, space.now))
            changed.append(replace(one, through=since))
            close(space, [kept[name]], "the schedule was changed", keep=changed[-1])
    gone = kept.keys() - wanted.keys()
    close(space, [kept[name] for name in gone], "the schedule was removed")
    if changed:
        space.ledger.schedules.put(changed, space.now)
    if gone:
        space.ledger.schedules.remove(gone)
    if changed or gone:
        space.__dict__.pop("timetable", None)
    return bool(changed or gone)


def close(
    space: Workspace,
    schedules: Collection[Schedule],
    reason: str,
    *,
    state: SlotState = "missed",
    keep: Schedule | None = None,
) -> None:
    """Settle what has come of schedules and nobody looked at, before they change.

    Slots that `keep`, or another schedule of the newsletter, has as well go on being due. Only
    the holder of the publication's lock may.
    """
    closed = {one.name for one in schedules}
    newsletters = {one.newsletter for one in schedules}
    others = [
        one
        for one in space.timetable.all()
        if one.newsletter in newsletters and one.name not in closed and not one.paused
    ]
    staying = [*others, keep] if keep else others
    kept = {(one.newsletter, slot.local) for one in staying for slot in _passed(space, one)}
    records = [
        SlotRecord(
            edition=edition_id(one.newsletter, slot),
            newsletter=one.newsletter,
            slot=slot.local.isoformat(timespec="minutes"),
            instant=slot.instant,
            state=state,
            reason=reason,
            schedule=one.name,
            recorded=space.now,
        )
        for one in schedules
        for slot in _passed(space, one)
        if (one.newsletter, slot.local) not in kept
    ]
    for record in space.ledger.schedules.settle(records):
        _let_go(space, record)


def _passed(space: Workspace, one: Schedule) -> list[Slot]:
    """Slots of a schedule that have come and are not settled, whatever its calendar is worth."""
    try:
        return space.timetable.between(one, one.through, space.now)
    except ConfigError:
        return schedule.between(one.rule, one.through, space.now)


def occasions(space: Workspace, schedules: Iterable[Schedule]) -> list[Occasion]:
    """Return the slots of these schedules that have come and are not settled, oldest first.

    Raises ConfigError for a calendar of holidays that cannot be read.
    """
    by_newsletter: dict[str, list[Schedule]] = {}
    for one in schedules:
        by_newsletter.setdefault(one.newsletter, []).append(one)
    found = []
    for name, theirs in by_newsletter.items():
        found += _occasions(space, space.newsletter(name), theirs)
    return sorted(found, key=lambda one: (one.due.slot.instant, one.edition))


def _occasions(
    space: Workspace, newsletter: Newsletter, schedules: Sequence[Schedule]
) -> list[Occasion]:
    slots: dict[datetime, Slot] = {}
    last: dict[datetime, datetime] = {}
    names: dict[datetime, list[Schedule]] = {}
    for one in schedules:
        for slot in space.timetable.between(one, one.through, space.now):
            slots.setdefault(slot.local, slot)
            last[slot.local] = space.timetable.last_turn(one, slot)
            names.setdefault(slot.local, []).append(one)
    first = min((slot.instant for slot in slots.values()), default=space.now)
    known = {
        datetime.fromisoformat(one.slot)
        for one in space.ledger.schedules.slots(first - _DAY, newsletter=newsletter.name)
    }
    # What is settled makes no other slot late, or superseded.
    running = {
        local for local in slots.keys() - known if not all(one.paused for one in names[local])
    }
    coming = sorted(
        ((slots[local], last[local]) for local in running), key=lambda pair: pair[0].instant
    )
    dues = {one.slot.local: one for one in schedule.due(newsletter, coming, space.now)}
    return [
        Occasion(
            newsletter=newsletter,
            due=dues.get(local)
            or Due(slot=slot, timing="on time" if local in known else "paused", reason="paused"),
            schedules=tuple(one.name for one in names[local]),
        )
        for local, slot in slots.items()
    ]


def fire(
    space: Workspace, occasion: Occasion, over: Collection[SlotState] = ()
) -> SlotRecord | None:
    """Settle a slot; None where it was settled before, as none of `over`.

    Its edition is built and its audience frozen, or the record says why not. Raises Locked, and
    what the ledger or the disk raise: then the slot is still due.
    """
    with space.alone():
        known = space.ledger.schedules.slot(occasion.edition)
        if known and known.state not in over:
            space.ledger.schedules.advance(occasion.advanced)
            return None
        return _decided(space, occasion, over)


def settle_quiet(space: Workspace, found: Sequence[Occasion]) -> list[SlotRecord]:
    """Settle, in one transaction, all slots that send nothing now: missed, paused, held as late.

    Together: a crash half-way would make a flood look small. None of them is built: what is held
    takes no story from an edition that is on time. Returns those that nobody had settled before.
    """
    quiet = [one for one in found if is_quiet(space, one)]
    if not quiet:
        return []
    with space.alone():
        records = [_record(space, one) for one in quiet]
        for record in records:
            _let_go(space, record)
        advanced: dict[str, datetime] = {}
        for one in quiet:
            for name, through in one.advanced.items():
                advanced[name] = max(through, advanced.get(name, through))
        first = {name: min(_open(found, name), default=None) for name in advanced}
        # Never past one that is still to be sent.
        safe = {
            name: through
            for name, through in advanced.items()
            if (before := first[name]) is None or through < before
        }
        return space.ledger.schedules.settle(records, safe)


def is_quiet(space: Workspace, one: Occasion) -> bool:
    """Whether a slot sends nothing now; one that the outbox knows is looked at for itself."""
    is_late = one.due.timing in ("missed", "paused", "held")
    return is_late and not witness.of(space, one.edition).exists()


def _open(found: Sequence[Occasion], name: str) -> list[datetime]:
    return [
        schedule.at_home(one.due.slot)
        for one in found
        if name in one.schedules and one.due.timing not in ("missed", "paused", "held")
    ]


def _record(space: Workspace, occasion: Occasion) -> SlotRecord:
    """What becomes of a slot by its lateness alone."""
    due = occasion.due
    states: dict[str, SlotState] = {
        "missed": "missed",
        "paused": "skipped",
        "held": "held",
        "caught up": "caught up",
    }
    return SlotRecord(
        edition=occasion.edition,
        newsletter=occasion.newsletter.name,
        slot=due.slot.local.isoformat(timespec="minutes"),
        instant=due.slot.instant,
        state=states.get(due.timing, "sent"),
        reason=due.reason,
        schedule=", ".join(occasion.schedules),
        recorded=space.now,
    )


def _let_go(space: Workspace, record: SlotRecord) -> None:
    """Free the stories of an edition that is not to be sent; one that somebody has stays."""
    if (
        record.state != "held"
        and record.edition in space.outbox.ids()
        and space.ledger.sends.send(record.edition) is None
        and not witness.of(space, record.edition).exists()
    ):
        withdraw(space, record.edition)


def _decided(
    space: Workspace, occasion: Occasion, over: Collection[SlotState]
) -> SlotRecord | None:
    due, newsletter = occasion.due, occasion.newsletter
    record = _record(space, occasion)

    def settle(state: SlotState, reason: str) -> SlotRecord | None:
        settled = replace(record, state=state, reason=reason)
        _let_go(space, settled)
        if over:
            return (
                settled
                if space.ledger.schedules.resettle(settled.edition, state, reason, space.now)
                else None
            )
        return settled if space.ledger.schedules.settle([settled], occasion.advanced) else None

    if space.ledger.sends.send(record.edition):
        return settle("sent", "by hand")
    if witness.of(space, record.edition).exists() and not over:
        witness.remember(space)
        return settle("held", witness.FORGOTTEN)
    if due.timing in ("missed", "paused", "held"):
        return settle(record.state, due.reason)
    if not sending.readers_of(space, newsletter):
        return settle("skipped", f"nobody subscribes to {newsletter.name}")
    try:
        edited = build_slot(space, newsletter, due.slot, again=bool(over))
        if edited.what == "skipped":
            return settle("skipped", edited.reason)
        bundle = sending.sealed(space, record.edition)
        if lacking := approvals.missing(space, bundle.id, bundle.seal):
            return settle("held", lacking)
        start = max(space.now, due.slot.instant) + newsletter.undo
        send = sending.frozen(
            space, bundle, record, start=start, advanced=occasion.advanced, over=over
        )
        if send is None and (known := space.ledger.schedules.slot(record.edition)):
            _let_go(space, known)  # by whoever does not need our lock: a hold keeps it
        return record if send else None
    except Locked:
        raise
    except PublisherError as error:
        return settle("held", error.problem.what)
    except Exception as error:
        if isinstance(error, OSError) or type(error).__name__ == "OperationalError":
            raise  # a disk that is full, a database that is away: it is due until they are back
        return settle("held", f"it could not be built: {type(error).__name__}: {error}")


def draft(space: Workspace, newsletter: Newsletter) -> Edited | None:
    """Build the draft of a newsletter's next slot, if its time has come; None if it has not."""
    if newsletter.mode != "draft":
        return None
    _take_orphans_out(space, newsletter)
    for slot in space.timetable.upcoming(newsletter.name, space.now, 3):
        if slot.instant - newsletter.draft_before > space.now:
            break
        known = space.ledger.schedules.slot(edition_id(newsletter.name, slot))
        if known is None or known.state == "held":
            with space.alone():
                return build_slot(space, newsletter, slot)
    return None


def _take_orphans_out(space: Workspace, newsletter: Newsletter) -> None:
    """Drafts whose slot is no more, for the rule has changed, let go of their stories."""
    for record in space.ledger.editions(newsletter.name, state="built"):
        is_out = space.ledger.sends.send(record.id) or witness.of(space, record.id).exists()
        if record.instant <= space.now or is_out:
            continue
        if space.timetable.slot_of(record.id) is None:
            with space.alone():
                withdraw(space, record.id)


def approve(space: Workspace, name: str, by: str) -> tuple[Approval, SlotRecord | None]:
    """Approve the bundle of an edition as it lies in the outbox; send it if its slot has come.

    Returns the approval, and what became of the slot if that was now. A change of the bundle
    voids the approval. Raises UnknownName, OutboxError for a damaged bundle, Held.
    """
    with space.alone():  # not while a service decides about it
        bundle = sending.sealed(space, name)
        if space.ledger.sends.send(bundle.id):
            raise UsageError(f"{bundle.id} is on its way already")
        known = space.ledger.schedules.slot(bundle.id)
        if known and known.state != "held":
            raise UsageError(f"{bundle.id} is {known.state}: {known.reason}")
        approval = Approval(edition=bundle.id, seal=bundle.seal, by=by, at=space.now)
        space.ledger.schedules.approve(approval)
    if known and known.instant <= space.now and known.reason in approvals.UNAPPROVED:
        return approval, released(space, known)
    return approval, known


def released(space: Workspace, known: SlotRecord) -> SlotRecord:
    """Let the edition of a held slot go: now, or when its slot comes.

    Raises Held where it still lacks something.
    """
    newsletter = space.newsletter(known.newsletter)
    if known.instant > space.now and known.reason == witness.FORGOTTEN:
        raise Held(
            f"{known.edition} was sent, as the outbox says, and its slot is still to come",
            todo=f"Look into {witness.of(space, known.edition)}; if nobody has it, remove that.",
        )
    if known.instant > space.now and space.timetable.slot_of(known.edition):
        names = [one.name for one in space.timetable.of(known.newsletter)]
        space.ledger.schedules.unsettle(known, names, space.now)
        return replace(known, state="sent", reason="goes out at its slot")
    slot = space.timetable.recorded(known.edition, known.slot, known.instant)
    due = Due(slot=slot, timing="on time", reason=f"released; was held: {known.reason}")
    schedules = tuple(filter(None, known.schedule.split(", ")))
    occasion = Occasion(newsletter=newsletter, due=due, schedules=schedules)
    record = fire(space, occasion, over=OPEN)
    if record is None or record.state == "held":
        raise Held(
            f"{known.edition} is still held: {record.reason if record else known.reason}",
            todo=_todo(known.edition, record),
        )
    return record


def _todo(edition: str, record: SlotRecord | None) -> str:
    if record and "approval" in record.reason:
        return f"Look at it, then: publisher approve {edition}"
    return f"Mend it, then: publisher release {edition}; or: publisher cancel {edition}"


def hold(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Start nothing more of an edition, sent or still to come, until it is released."""
    if _comes(space, name):
        return _ahead(space, name, "held", reason or "by hand")
    return sending.hold(space, name, reason)


def cancel(space: Workspace, name: str, reason: str) -> SendRecord | SlotRecord:
    """Send no more of an edition for good; of one still to come or held, nothing at all."""
    known = held_named(space, name)
    if known is None and not _comes(space, name):
        return sending.cancel(space, name, reason)
    reason = reason or "by hand"
    with space.alone():
        if known:
            space.ledger.schedules.resettle(known.edition, "cancelled", reason, space.now)
            found = replace(known, state="cancelled", reason=reason)
        else:
            found = _ahead(space, name, "cancelled", reason)
        _let_go(space, found)  # its stories are free for the next one
    return found


def release(space: Workspace, name: str) -> SendRecord | SlotRecord:
    """Go on with a held edition, or let one go whose slot was held."""
    if known := held_named(space, name):
        return released(space, known)
    settled = space.ledger.schedules.slot(name)
    if settled and not space.ledger.sends.send(name):
        raise UsageError(f"{name} is not held, it is {settled.state}: {settled.reason}")
    if _comes(space, name):
        raise UsageError(f"{name} is not held: it goes out at its time")
    return sending.release(space, name)


def held_named(space: Workspace, name: str) -> SlotRecord | None:
    """Return the held slot that a name means; one whose edition is on its way is none."""
    held = {
        one.edition: one
        for one in space.ledger.schedules.slots(state="held")
        if not space.ledger.sends.send(one.edition)
    }
    found = edition_named(name, held)
    newer = edition_named(name, [one.edition for one in space.ledger.sends.sends()])
    if found and newer and newer > found and name != found:
        return None  # a newsletter's name means its newest edition
    return held[found] if found else None


def _comes(space: Workspace, name: str) -> bool:
    found = space.timetable.slot_of(name)
    is_sent = space.ledger.sends.send(name) is not None
    return found is not None and found[0].instant > space.now and not is_sent


def _ahead(space: Workspace, name: str, state: SlotState, reason: str) -> SlotRecord:
    """Settle a slot before it comes."""
    found = space.timetable.slot_of(name)
    if found is None or found[0].instant <= space.now:
        known = [
            edition_id(one.newsletter, slot)
            for one in space.timetable.all()
            for slot in space.timetable.upcoming(one.newsletter, space.now, 3)
        ]
        raise UnknownName(
            "edition", name, known, todo="List what is coming: publisher schedule list"
        )
    slot, schedules = found
    record = SlotRecord(
        edition=name,
        newsletter=name.partition("@")[0],
        slot=slot.local.isoformat(timespec="minutes"),
        instant=slot.instant,
        state=state,
        reason=reason,
        schedule=", ".join(one.name for one in schedules),
        recorded=space.now,
    )
    if not space.ledger.schedules.settle([record]):
        known_slot = space.ledger.schedules.slot(name)
        assert known_slot
        raise UsageError(f"{name} is {known_slot.state} already")
    return record
