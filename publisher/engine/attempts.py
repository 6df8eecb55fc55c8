"""When a job is tried again: a pure decision on what it raised and how often it was tried."""

from __future__ import annotations

from publisher.errors import Locked, StateUnavailable, WayRefused
from publisher.model.job import Task

_SOON = 5.0  # seconds
_MOST = 15 * 60.0
_PATIENT: tuple[Task, ...] = ("sign-ups", "hub", "returns")  # servers of others: later and later
_TRIES = 8
"""Of a word to the hub: feeds are read without it. All else is tried until it goes well."""


def pause(task: str, error: BaseException, attempts: int) -> float | None:
    """Return seconds until a job that failed is tried again; None where it is given up.

    `attempts` are those before this one. What builds and sends is tried every few seconds, as the
    local service does: whoever mends it waits for no back-off.
    """
    if isinstance(error, Locked | StateUnavailable) or task not in _PATIENT:
        return _SOON
    if task == "hub" and attempts + 1 >= _TRIES:
        return None
    wait = min(_MOST, _SOON * 2.0 ** min(attempts, 20))
    return max(wait, 5 * 60.0) if isinstance(error, WayRefused) else wait
