"""A worker's part of what is sent: turns of so many messages, or seconds, until another job waits.

A part that ended while its edition went on would leave places of a pace unused until the next one
has begun; one that never ended would keep more urgent mail waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

TURN = 10.0  # seconds after which another job has its turn, if one waits
MOMENT = timedelta(seconds=2)  # what is due so soon is waited for


class Part:
    """A part of an `edition`, "" for any: `most` messages a turn.

    `go_on` says whether another turn may begin; it is told whether nothing is due just now.
    """

    def __init__(self, edition: str, most: int, go_on: Callable[[bool], bool]) -> None:
        self.edition, self._most, self._go_on = edition, most, go_on
        self._left = most
        self._ends: float | None = None
        self._is_over = self._is_moving = False

    def room(self, size: int, seconds: float) -> int:
        """How many of `size` may be claimed at an instant of a steady clock; 0 ends the part."""
        if self._ends is None:
            self._ends = seconds + TURN
        if not self._left or seconds >= self._ends:
            self._is_over = self._is_over or not self._go_on(False)
            self._left, self._ends = self._most, seconds + TURN
        return 0 if self._is_over else min(size, self._left)

    def took(self, count: int) -> None:
        """So many were claimed."""
        self._left -= count
        self._is_moving = self._is_moving or count > 0

    def waits(self, due: datetime | None, now: datetime) -> bool:
        """Whether it waits for what is due next, as nothing is just now.

        Who is too early for a pace is due in the next seconds; another job would come later. Where
        nothing was claimed since this was asked, others send it.
        """
        was_moving, self._is_moving = self._is_moving, False
        if self._is_over or not was_moving or due is None or due - now > MOMENT:
            return False
        return self._go_on(True)
