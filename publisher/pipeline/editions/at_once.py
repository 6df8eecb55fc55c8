"""send --now: what is due at this minute, in an edition of its own; no slot is used up."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec.structs import replace

from publisher import schedule
from publisher.errors import Held, UsageError
from publisher.ledger import EditionRecord, SendRecord
from publisher.model import Cause, EditionId, Newsletter, Plan, Slot
from publisher.pipeline import sealed, sent_marks
from publisher.pipeline.editions.compose import bundled
from publisher.pipeline.editions.plan import plan_of
from publisher.pipeline.editions.seal import put_edition, withdraw
from publisher.pipeline.freshness import stale
from publisher.pipeline.sealed import rebuild
from publisher.pipeline.sends import freeze
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace


class AtOnce(msgspec.Struct, frozen=True, kw_only=True):
    """This minute's edition of a newsletter. `known` is its send, where it went out already.

    Stories of `freed`, editions whose time has passed and that nobody was sent, go into it;
    those of `kept`, still to come, or waiting for a person, stay there. `schedules` are those
    whose slot is this very minute: then it is that slot's edition.
    """

    planned: Plan
    known: SendRecord | None = None
    freed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()


def at_once(space: Workspace, name: str) -> AtOnce:
    """Return what `send --now` makes of a newsletter; write nothing.

    Raises UnknownName, UsageError where this minute's id means something else, Held where there
    is nothing to send.
    """
    newsletter = space.newsletter(name)
    slot, schedules = _this_minute(space, newsletter)
    edition = EditionId.of(newsletter.name, slot)
    known = space.ledger.sends.get(edition)
    _check_minute(space, slot, edition)
    unsent = _unsent(space, newsletter, edition)
    free = [one.id for one in unsent if _is_free(space, one)]
    planned = plan_of(space, newsletter, slot, max(slot.instant, space.now), besides=free)
    holds = {one.id: set(space.ledger.editions.stories(one.id)) for one in unsent}
    taken = {article.id for article in planned.articles}
    missed = {one.article.id for one in planned.left_out}
    found = AtOnce(
        planned=planned,
        known=known,
        freed=tuple(one for one in free if taken & holds[one]),
        kept=tuple(one for one in holds if one not in free and missed & holds[one]),
        schedules=schedules,
    )
    if known is None and planned.skipped:
        raise _nothing(space, found)
    return found


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What a newsletter has to come: the plan of its next slot, None without a schedule, and how
    many stories `send --now` would take.
    """

    coming: Plan | None
    now: int


def outlook(space: Workspace, name: str) -> Outlook:
    """Return what a newsletter has to come, where no edition of it is due."""
    newsletter = space.newsletter(name)
    after = space.now + timedelta(microseconds=1)  # the slot of this instant was looked at
    slots = space.timetable.upcoming(name, after, 1)
    coming = plan_of(space, newsletter, slots[0], slots[0].instant) if slots else None
    try:
        now = len(at_once(space, name).planned.articles)
    except (Held, UsageError):
        now = 0
    return Outlook(coming=coming, now=now)


def send_at_once(space: Workspace, name: str, undo: timedelta = timedelta()) -> SendRecord:
    """Build this minute's edition and put it into the queue; twice in a minute is once.

    Raises what `at_once` and `send` raise. A newsletter that wants an approval has its edition
    built, and Held says what to type.
    """
    with alone(space) as turn:
        sent_marks.remember(turn, space)
        found = at_once(space, name)
        if found.known:
            return found.known
        check_at_once(space, found)
        for edition in found.freed:  # first: should we die, no story is in two editions
            withdraw(turn, space, edition)
        put_edition(turn, space, found.planned)
        bundle = sealed.sealed(space, found.planned.id)
        freeze.check_approved(space, bundle)
        slot = replace(freeze.slot_by_hand(space, bundle.id), schedule=", ".join(found.schedules))
        try:
            send = freeze.frozen(
                turn,
                space,
                bundle,
                slot,
                start=space.now + undo,
                over=("held", "skipped", "missed"),
            )
            if send is None:
                raise UsageError(f"{bundle.id} was settled meanwhile", todo=_WAIT)
        except BaseException:
            if space.ledger.sends.get(bundle.id) is None:
                withdraw(turn, space, bundle.id)
            raise
        return send


def check_at_once(space: Workspace, found: AtOnce) -> None:
    """Raise what sending this minute's edition would raise: before anybody is asked."""
    freeze.check_way(space, found.planned.newsletter)
    freeze.check_slot(space, found.planned.id)
    freeze.check_mark(space, found.planned.id)


def subject_of(space: Workspace, found: AtOnce) -> str:
    """The subject that this minute's edition has; nothing is written.

    It is rendered for that, before `send_at_once` holds the lock, which gets what came of it.
    """
    with space.renderer.rehearsing():
        return bundled(space, found.planned)[1].subject.filled()


_WAIT = "Wait for the next minute."


def _this_minute(space: Workspace, newsletter: Newsletter) -> tuple[Slot, tuple[str, ...]]:
    """This very minute's slot, and the schedules that have it, if any do.

    One by hand begins now and not with the minute: an article of some seconds ago is in it.
    """
    cut = schedule.exact(newsletter.zone, space.now)
    found = space.timetable.slot_of(EditionId.of(newsletter.name, cut))
    if found:
        return found[0], tuple(one.name for one in found[1])
    return replace(cut, instant=space.now), ()


def _check_minute(space: Workspace, slot: Slot, edition: str) -> None:
    """Raise UsageError where the edition of this id is another minute's, or is breaking news.

    It may be another zone's slot of the same wall-clock time, or the hour that comes twice.
    """
    said, record = space.ledger.slots.get(edition), space.ledger.editions.get(edition)
    instants = [
        slot.instant,
        *([record.instant] if record else []),
        *([said.instant] if said else []),
    ]
    minute = timedelta(minutes=1)
    is_other = any(not -minute < instant - space.now < minute for instant in instants)
    if is_other or (said and said.cause is Cause.BREAKING):
        raise UsageError(f"{edition} is another edition", todo=_WAIT)


def _unsent(space: Workspace, newsletter: Newsletter, but: str) -> list[EditionRecord]:
    """The editions that were built, and that nobody was sent; edition `but` aside."""
    out = {but, *(send.edition for send in space.ledger.sends.all())}
    return [
        one
        for one in space.ledger.editions.all(newsletter.name, state="built")
        if one.id not in out and not space.outbox.is_marked(one.id)
    ]


def _is_free(space: Workspace, one: EditionRecord) -> bool:
    """Whether nobody waits for an unsent edition: its time has passed, nobody has a word in it."""
    said = space.ledger.slots.get(one.id)
    is_settled = said is not None and said.state not in ("skipped", "missed")
    has_approval = space.ledger.approvals.get(one.id) is not None
    return one.instant <= space.now and not is_settled and not has_approval


def _nothing(space: Workspace, found: AtOnce) -> Held:
    """Nothing is due, and why."""
    name, skipped = found.planned.newsletter.name, found.planned.skipped
    why = "All that is published it had, or has no place for."
    todo = f"See why: publisher plan {name}"
    if found.planned.articles:
        why = "The newsletter's skip_if_fewer_than, in publisher.toml, leaves such an edition out."
    if found.kept:
        why = f"Stories wait in {', '.join(found.kept[-3:])}, which nobody was sent yet."
        todo = f"Send that: publisher send {found.kept[-1]}"
        if found.kept[-1] in {one.edition for one in stale(space)}:
            todo = f"Build that again, then send it: publisher {rebuild(space, found.kept[-1])}"
    return Held(f"nothing of {name} is due now: {skipped}", why=why, todo=todo)
