"""Why a slot or an edition is as it is: a code that logic reads, and its words for people.

The ledger keeps the code, and beside it what is particular to one record: a person's own reason,
a number, an error's text. The words are made when they are printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Cause(StrEnum):
    """Why. The values stand in ledgers: an old one keeps its meaning for ever."""

    UNKNOWN = ""  # nothing to say, or the free words of an older ledger
    BY_HAND = "by-hand"
    RELEASED = "released"
    COMING = "coming"
    BREAKING = "breaking"
    LATE = "late"
    FLOOD = "flood"
    NOT_CAUGHT_UP = "not-caught-up"
    SUPERSEDED = "superseded"
    TOO_MANY = "too-many"
    PAUSED = "paused"
    SCHEDULE_CHANGED = "schedule-changed"
    SCHEDULE_REMOVED = "schedule-removed"
    RESTORED = "restored"  # the outbox says that it was sent, the ledger does not know it
    NOBODY_SUBSCRIBES = "nobody-subscribes"
    EMPTY = "empty"
    TOO_FEW = "too-few"
    UNAPPROVED = "unapproved"
    CHANGED_SINCE_APPROVAL = "changed-since-approval"
    FAULT = "fault"  # something that a person must mend, named in the reason
    BUILD_FAILED = "build-failed"  # a mistake of ours

    @property
    def wants_approval(self) -> bool:
        """Whether an approval is all that is missing."""
        return self in (Cause.UNAPPROVED, Cause.CHANGED_SINCE_APPROVAL)


WORDS: Mapping[Cause, str] = {
    Cause.UNKNOWN: "",
    Cause.BY_HAND: "by hand",
    Cause.RELEASED: "released; was held: {}",
    Cause.COMING: "goes out at its slot",
    Cause.BREAKING: "breaking news",
    Cause.LATE: "{} late",
    Cause.FLOOD: "one of {} that are late",
    Cause.NOT_CAUGHT_UP: "nobody was there, and late ones are not caught up",
    Cause.SUPERSEDED: "a later one took its place",
    Cause.TOO_MANY: "too many are late",
    Cause.PAUSED: "paused",
    Cause.SCHEDULE_CHANGED: "the schedule was changed",
    Cause.SCHEDULE_REMOVED: "the schedule was removed",
    Cause.RESTORED: "the outbox says that it was sent, the ledger does not know it: "
    "was it restored from a backup?",
    Cause.NOBODY_SUBSCRIBES: "nobody subscribes to {}",
    Cause.EMPTY: "no stories",
    Cause.TOO_FEW: "{}",
    Cause.UNAPPROVED: "waits for approval",
    Cause.CHANGED_SINCE_APPROVAL: "was changed after its approval",
    Cause.FAULT: "{}",
    Cause.BUILD_FAILED: "it could not be built: {}",
}
"""What people read; `{}` is what is particular to a record."""


def cause_in_words(cause: Cause, reason: str = "") -> str:
    """Return a cause in words; a reason that its words have no place for stands instead of them.

    >>> cause_in_words(Cause.LATE, "3 hours")
    '3 hours late'
    >>> cause_in_words(Cause.BY_HAND, "a typo")
    'a typo'
    """
    text = WORDS[cause]
    return text.replace("{}", reason) if "{}" in text else reason or text


def lacking(*, wants_approval: bool, approved: str | None, seal: str) -> Cause | None:
    """Return what an edition lacks before it may go out: an approval of these very bytes.

    `approved` is the seal of the bundle that was approved last, None where none was.
    """
    if not wants_approval or approved == seal:
        return None
    return Cause.UNAPPROVED if approved is None else Cause.CHANGED_SINCE_APPROVAL


class Reasoned:
    """What has a cause, and says it in words: `why`."""

    __slots__ = ()

    cause: Cause
    reason: str

    @property
    def why(self) -> str:
        """Why, in words; "" where there is nothing to say."""
        return cause_in_words(self.cause, self.reason)
