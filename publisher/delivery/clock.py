"""Time for a sender, and what asks it to end."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec


@dataclass(slots=True, weakref_slot=True)
class Stop:
    """Asks every connection to end after the message it is at; remembers why.

    A part ends with the whole, and may end alone: a round of a service that goes on.
    """

    event: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None
    _parts: list[weakref.ref[Stop]] = field(default_factory=list)
    _turn: threading.RLock = field(default_factory=threading.RLock)  # signals come at any moment

    def ask(self) -> None:
        """Stop, with all parts that somebody still looks at."""
        self.event.set()
        with self._turn:
            parts = [part() for part in self._parts]
        for part in parts:
            if part is not None:
                part.ask()

    def because(self, error: BaseException) -> None:
        """Stop for an error; the first one counts."""
        if self.error is None:
            self.error = error
        self.ask()

    def part(self) -> Stop:
        """Return a part; jobs side by side have one each."""
        part = Stop()
        with self._turn:
            living = [one for one in self._parts if one() is not None]
            self._parts = [*living, weakref.ref(part)]
        if self.event.is_set():  # looked at after the part is known: whoever asks now finds it
            part.ask()
        return part


_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def _seconds() -> float:
    """Seconds that go on while the machine sleeps, where it can tell them."""
    return time.monotonic() if _BOOT is None else time.clock_gettime(_BOOT)


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """Time for a sender: `seconds` goes on while a process is stopped; `wait` may be woken."""

    seconds: Callable[[], float] = _seconds
    wait: Callable[[threading.Event, float], object] = threading.Event.wait
