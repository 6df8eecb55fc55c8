"""A test of two subjects: who gets which of them, and what came of it.

Some readers get A or B at once, each half of the share; the rest get the one that was followed
more, later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from publisher.model.proportions import difference

Group = Literal["A", "B"]
"""Of a test: those who get its first subject, and those who get its second."""


class SubjectPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for: two subjects, the share of readers in all, how long it waits.

    `counted` is whether the edition's links are counted: then they choose, else a person does.
    """

    subjects: Mapping[Group, str]
    share: float
    wait: timedelta
    counted: bool = False


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a group: to how many its mails went, and how many followed a link."""

    mailed: int = 0
    followed: int = 0

    @property
    def rate(self) -> float:
        """The share of those mailed who followed a link; 0 where nobody was mailed."""
        return self._part / self.mailed if self.mailed else 0.0

    @property
    def _part(self) -> int:
        """No more than were mailed: forwarded mails are followed as well."""
        return min(self.followed, self.mailed)

    def less(self, other: Tally) -> tuple[float, float] | None:
        """Return the interval of this rate less the other's; None where nobody was mailed."""
        if not self.mailed or not other.mailed:
            return None
        return difference((self._part, self.mailed), (other._part, other.mailed))


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a test has shown. `interval` is of the rate of A less that of B."""

    tallies: Mapping[Group, Tally]

    @property
    def interval(self) -> tuple[float, float] | None:
        """In which the difference lies with 95 % confidence; None while it cannot be told."""
        return self.tallies["A"].less(self.tallies["B"])

    @property
    def better(self) -> Group | None:
        """The group that did better, None where no difference is shown: 0 lies in the interval."""
        interval = self.interval
        if interval is None or interval[0] <= 0 <= interval[1]:
            return None
        return "A" if interval[0] > 0 else "B"


How = Literal["", "clicks", "no difference", "by hand"]
"""What chose: clicks that differ, clicks that do not (then A goes), or a person."""


class SubjectTest(msgspec.Struct, frozen=True, kw_only=True):
    """The test of an edition, as it is recorded with its audience.

    `until` is when the wait ends, `winner` "" until somebody or something has chosen; `outcome` is
    what was counted then.
    """

    edition: str
    plan: SubjectPlan
    until: datetime
    winner: Group | Literal[""] = ""
    how: How = ""
    decided: datetime | None = None
    outcome: Outcome | None = msgspec.field(default=None)

    def subject(self, group: Group | Literal[""]) -> str:
        """Return the subject of a group; of those in none the winner's, or the first one's."""
        return self.plan.subjects[group or self.winner or "A"]

    @property
    def by_hand(self) -> bool:
        """Whether a person must choose: nothing is counted, and nobody has."""
        return not self.winner and not self.plan.counted


def group_sizes(readers: int, share: float) -> tuple[int, int]:
    """Return how many of so many readers are in A, and in B: each one at least, A no smaller.

    >>> group_sizes(100, 0.2), group_sizes(3, 0.2), group_sizes(3, 1.0)
    ((10, 10), (1, 1), (2, 1))
    """
    tested = min(readers, max(2, int(readers * share + 0.5)))
    return tested - tested // 2, tested // 2


def split_readers(edition: str, readers: Iterable[str], share: float) -> dict[str, Group]:
    """Return the group of each reader that is in one; a reader is known by its address's key.

    Readers stand in an order of their hashes, keyed by the edition; the first of them are in A, the
    next in B. So the groups are as large as they should be, the same for the same readers whatever
    their order, their database and the process, and others for each edition.
    """
    keyed = hashlib.blake2b(key=hashlib.sha256(edition.encode()).digest(), digest_size=16)

    def place(reader: str) -> bytes:
        known, name = keyed.copy(), reader.encode()
        known.update(name)
        return known.digest() + name

    order = sorted(readers, key=place)
    in_a, in_b = group_sizes(len(order), share)
    return {name: "A" if number < in_a else "B" for number, name in enumerate(order[: in_a + in_b])}
