"""Ways in for messages that come back: what they have in common, and the one in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Literal, Protocol

import msgspec

Kind = Literal["read", "unread", "personal"]
"""What became of a message: it was understood, nobody can read it, or it is for a person."""


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A message that came back, or its first `MOST` bytes; `to` is its envelope recipient or ""."""

    data: bytes
    to: str = ""


Take = Callable[[Arrived], Kind]
"""Records a message, and returns when that is committed. It may be called twice with the same one,
and then changes nothing. What it raises means that it cannot now: the message stays where it is."""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """What a round has brought: how many were taken, and what could not be, in words."""

    count: int = 0
    problem: str = ""


class Way(Protocol):
    """Where messages arrive. A message is moved away only after `Take` has returned.

    Whatever ends in between (a connection, the process), it is there still, and is taken again. No
    message is ever deleted. One thread uses a way; `end` may be called by any, at any moment.
    """

    name: str

    def collect(self, take: Take) -> Collected:
        """Take what is there, some hundreds at most; if it was anything, there may be more.

        Raises WayDown where trying again later may help, WayRefused where a person must change
        something, and what `take` raises.
        """
        ...

    def waiting(self) -> int:
        """Return how many messages lie there, and leave them as they are; raises as `collect`."""
        ...

    def stay(self, take: Take, seconds: float) -> bool:
        """Wait so long at most for what comes, as far as this way can tell of it.

        Returns whether it can: if not, at once, and whoever asks waits by himself. Raises as
        `collect` does.
        """
        ...

    def end(self) -> None:
        """Let go at once of whatever is waited for; nothing more is taken after that."""
        ...

    def close(self) -> None:
        """Say goodbye, if that is still possible."""
        ...


class Memory:
    """A way whose messages lie in memory; `kept` are those that were moved away, as what."""

    name = "memory"

    def __init__(self, messages: Iterable[Arrived] = ()) -> None:
        self.messages = deque(messages)
        self.kept: list[tuple[Arrived, Kind]] = []
        self.has_ended = False

    def collect(self, take: Take) -> Collected:
        """Take all that is there."""
        count = 0
        while self.messages and not self.has_ended:
            kind = take(self.messages[0])
            self.kept.append((self.messages.popleft(), kind))
            count += 1
        return Collected(count=count)

    def waiting(self) -> int:
        """How many lie there."""
        return len(self.messages)

    def stay(self, take: Take, seconds: float) -> bool:
        """Tell of nothing."""
        return False

    def end(self) -> None:
        """Take no more."""
        self.has_ended = True

    def close(self) -> None:
        """Nothing is open."""
