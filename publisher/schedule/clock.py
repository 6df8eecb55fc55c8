"""The alarm clock: APScheduler with its memory store rings each second, and no more.

What is due is decided by `lateness` and the ledger. APScheduler's own store deletes what another
process added, and its cron fires twice in an overlap: neither is used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta
from threading import Event

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_JUMP = 1.5  # seconds by which the wall clock may differ from the steady one


def ring(
    work: Callable[[], None],
    stop: Event,
    every: float = 1.0,
    offer: Callable[[Callable[[], None]], object] = lambda _: None,
) -> None:
    """Call `work` in a thread every so many seconds until `stop`; never twice at a time.

    Work that takes longer than a turn is followed by one turn, not by all that were missed.
    Returns once the last call has ended. `work` must not raise. `offer` is given what any thread
    may call to have a turn at once, unless one is going on.
    """
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long turn is no news
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        work, _trigger(every), id="tick", coalesce=True, max_instances=1, misfire_grace_time=None
    )
    scheduler.start()

    def at_once() -> None:
        with suppress(JobLookupError):  # it has stopped
            if job := scheduler.get_job("tick"):
                job.modify(next_run_time=job.next_run_time - timedelta(seconds=every))

    offer(at_once)
    drift = _drift()
    try:
        while not stop.wait(every):
            # It reckons by the wall clock: set back an hour, it would sleep an hour.
            if abs(_drift() - drift) > _JUMP:
                drift = _drift()
                scheduler.reschedule_job("tick", trigger=_trigger(every))
    finally:
        scheduler.shutdown(wait=True)


def _trigger(every: float) -> IntervalTrigger:
    return IntervalTrigger(seconds=every, timezone=UTC)


def _drift() -> float:
    return time.clock_gettime(time.CLOCK_REALTIME) - time.monotonic()
