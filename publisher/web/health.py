"""Liveness, readiness and Prometheus metrics, on a port of their own, for operators."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from publisher.feeds import FORMATS
from publisher.pipeline.reports.statistics import Health, health
from publisher.pipeline.reports.working import Working
from publisher.pipeline.workspace import Workspace
from publisher.web.counts import Counting
from publisher.web.loopback import ThisMachine, is_loopback

_FEEDS = {one.key for one in FORMATS}
_FRESH = 30.0  # seconds


def health_application(
    space: Workspace, counting: Counting, now: Callable[[], datetime], is_well: Callable[[], bool]
) -> ASGIApp:
    """Return what answers `/livez`, `/readyz` and `/metrics`; `now` is the clock, aware UTC.

    Ready is who can ask the ledger, and whose schedules are kept as they should (`is_well`).
    """
    registry = CollectorRegistry()
    registry.register(_Collected(space, counting, now))

    async def live(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_: Request) -> Response:
        try:
            await run_in_threadpool(lambda: space.ledger.editions.get("") is None)
        except Exception:  # whatever it is: the operator looks into the log of what serves
            return PlainTextResponse("the ledger does not answer\n", 503)
        if not is_well():
            return PlainTextResponse("the schedules are not kept\n", 503)
        return PlainTextResponse("ready\n")

    async def metrics(_: Request) -> Response:
        try:
            data = await run_in_threadpool(generate_latest, registry)
        except Exception:
            return PlainTextResponse("the ledger does not answer\n", 503)
        return Response(data, headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})

    routes = [Route("/livez", live), Route("/readyz", ready), Route("/metrics", metrics)]
    here = is_loopback(space.publication.web.health_host)
    return ThisMachine(Starlette(routes=routes), here)


class _Collected(Collector):
    """Metrics made when they are asked for."""

    def __init__(self, space: Workspace, counting: Counting, now: Callable[[], datetime]) -> None:
        self._space, self._counting, self._now = space, counting, now
        self._kept: tuple[float, Health] | None = None

    def _health(self) -> Health:
        """What the ledger says, at most half a minute old: it counts every reader for it."""
        steady = time.monotonic()
        if self._kept is None or steady - self._kept[0] > _FRESH:
            self._kept = (steady, health(self._space, self._now()))
        return self._kept[1]

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield from _of_ledger(self._health())
        answers = CounterMetricFamily(
            "publisher_http_answers",
            "Answers, by what was asked and status.",
            labels=["what", "status"],
        )
        totals = self._counting.totals()
        for (what, status), count in sorted(totals.items()):
            answers.add_metric([what, status], count)
        yield answers
        polls = sum(count for (what, _), count in totals.items() if what in _FEEDS)
        same = sum(count for (what, s), count in totals.items() if what in _FEEDS and s == "304")
        yield GaugeMetricFamily(
            "publisher_feed_unchanged_share",
            "Share of feed answers that were 304.",
            value=same / polls if polls else 0.0,
        )


def _of_ledger(found: Health) -> Iterator[Metric]:
    slots = GaugeMetricFamily(
        "publisher_slots",
        "Slots of the last 30 days, by newsletter and state.",
        labels=["newsletter", "state"],
    )
    for (newsletter, state), count in sorted(found.slots.items()):
        slots.add_metric([newsletter, state], count)
    yield slots
    deliveries = GaugeMetricFamily(
        "publisher_deliveries",
        "Deliveries of the last 7 days' editions, by newsletter and state.",
        labels=["newsletter", "state"],
    )
    for (newsletter, kind), count in sorted(found.deliveries.items()):
        deliveries.add_metric([newsletter, kind], count)
    yield deliveries
    active = GaugeMetricFamily(
        "publisher_subscriptions", "Who gets a newsletter.", labels=["newsletter"]
    )
    for newsletter, count in sorted(found.subscriptions.items()):
        active.add_metric([newsletter], count)
    yield active
    if found.looked is not None:
        yield GaugeMetricFamily(
            "publisher_schedules_looked_timestamp_seconds",
            "When all was settled.",
            value=found.looked.timestamp(),
        )
    if found.working is not None:
        yield from _of_workers(found.working)


def _of_workers(found: Working) -> Iterator[Metric]:
    workers = GaugeMetricFamily(
        "publisher_workers", "Workers that give signs of life, by host.", labels=["host"]
    )
    for host, count in sorted(Counter(one.host for one in found.workers).items()):
        workers.add_metric([host], count)
    yield workers
    jobs = GaugeMetricFamily(
        "publisher_jobs", "Jobs of workers, by lane and state.", labels=["lane", "state"]
    )
    oldest = GaugeMetricFamily(
        "publisher_jobs_oldest_seconds",
        "For how long the first job waits that could begin, by lane.",
        labels=["lane"],
    )
    for lane in found.lanes:
        for state in ("waiting", "later", "doing", "given_up"):
            jobs.add_metric([lane.lane, state], getattr(lane, state))
        oldest.add_metric([lane.lane], lane.oldest)
    yield jobs
    yield oldest
    yield GaugeMetricFamily(
        "publisher_jobs_failing", "Jobs that failed last time.", value=len(found.failures)
    )
