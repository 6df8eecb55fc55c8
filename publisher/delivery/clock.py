"""Time for a sender, and what asks it to end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stop:
    """Asks every connection to end after the message it is at; remembers why.

    A part ends with the whole, and may end alone: a round of a service that goes on.
    """

    event: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    _part: Stop | None = None

    def ask(self) -> None:
        """Stop, with the newest part."""
        self.event.set()
        if self._part is not None:
            self._part.ask()

    def because(self, error: BaseException) -> None:
        """Stop for an error; the first one counts."""
        if self.error is None:
            self.error = error
        self.ask()

    def part(self) -> Stop:
        """Return a part; there is one at a time."""
        self._part = part = Stop()
        if self.event.is_set():  # looked at after the part is known: whoever asks now finds it
            part.ask()
        return part


_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def _seconds() -> float:
    """Seconds that go on while the machine sleeps, where it can tell them."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """Time for a sender: `seconds` goes on while a process is stopped; `wait` may be woken."""

    seconds: Callable[[], float] = _seconds
    wait: Callable[[threading.Event, float], object] = threading.Event.wait
