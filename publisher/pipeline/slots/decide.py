"""What becomes of a slot that has come: one pure function over facts.

Building an edition is dear: `decide` asks for it (`Build`) where nothing else settles the slot,
and decides again with what it gave.
"""

from __future__ import annotations

import msgspec

from publisher.model import Cause, SlotState, lacking
from publisher.schedule import Timing

_QUIET: dict[Timing, SlotState] = {"missed": "missed", "paused": "skipped", "held": "held"}


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """The edition was not built: it would be empty, or too small."""

    cause: Cause
    reason: str = ""


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """The edition could not be built, or may not be sent as it is; `is_ours` for a mistake of ours.

    What passes by itself is none of this: a full disk, a database that is away.
    """

    text: str
    is_ours: bool = False


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """The edition lies in the outbox under this seal."""

    seal: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a slot that has come.

    `cause` and `reason` say why its timing is what it is. `is_queued`: its edition has a send
    already. `is_marked`: the outbox says that it was sent, and the ledger does not know it.
    `is_let_go`: a person, or an approval, let it go after it was held. `approved` is the seal of
    the bundle that was approved last. `built` is None until the edition was asked for.
    """

    newsletter: str
    timing: Timing
    cause: Cause = Cause.UNKNOWN
    reason: str = ""
    is_queued: bool = False
    is_marked: bool = False
    is_let_go: bool = False
    readers: int = 1
    wants_approval: bool = False
    approved: str | None = None
    built: Skipped | Failed | Sealed | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a slot becomes, and why: the cause, and the text that is particular to this one."""

    state: SlotState
    cause: Cause = Cause.UNKNOWN
    text: str = ""

    @property
    def goes_out(self) -> bool:
        """Whether the edition that was built for it is to be sent now."""
        return self.state in ("sent", "caught up")


class Build(msgspec.Struct, frozen=True):
    """Nothing settles the slot yet: build its edition, and decide again."""


def sends_nothing(timing: Timing) -> bool:
    """Whether a slot sends nothing by its lateness alone."""
    return timing in _QUIET


def decide(facts: Facts) -> Decision | Build:
    """Return what becomes of a slot, or that its edition must be built to know."""
    if facts.is_queued:
        return Decision(state="sent", cause=Cause.BY_HAND)
    if facts.is_marked and not facts.is_let_go:
        return Decision(state="held", cause=Cause.RESTORED)
    if facts.timing in _QUIET:
        return Decision(state=_QUIET[facts.timing], cause=facts.cause, text=facts.reason)
    if not facts.readers:
        return Decision(state="skipped", cause=Cause.NOBODY_SUBSCRIBES, text=facts.newsletter)
    match facts.built:
        case None:
            return Build()
        case Skipped(cause=cause, reason=reason):
            return Decision(state="skipped", cause=cause, text=reason)
        case Failed(text=text, is_ours=is_ours):
            cause = Cause.BUILD_FAILED if is_ours else Cause.FAULT
            return Decision(state="held", cause=cause, text=text)
        case Sealed(seal=seal):
            return _sealed(facts, seal)


def _sealed(facts: Facts, seal: str) -> Decision:
    lacks = lacking(wants_approval=facts.wants_approval, approved=facts.approved, seal=seal)
    if lacks:
        return Decision(state="held", cause=lacks)
    state: SlotState = "caught up" if facts.timing == "caught up" else "sent"
    return Decision(state=state, cause=facts.cause, text=facts.reason)
