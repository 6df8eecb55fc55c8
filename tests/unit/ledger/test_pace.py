"""The pace of a domain, kept by several hosts together: places that one row gives."""

import heapq
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
import sqlalchemy as sa

from publisher.ledger import ClaimedBatch, Ledger, Limits, tables
from tests.unit.ledger.test_queue import LEASE, NOON, Desk, at

BIG = "big.example"


def frozen(ledger, readers, *domains):
    """An edition in the queue for so many readers, at these domains in turn."""
    desk = Desk(ledger)
    for n, domain in enumerate(domains):
        desk.join(*[f"r{i:05}" for i in range(n, readers, len(domains))], domain=domain)
    desk.freeze()


def settle(ledger, chunk):
    """Mark all of a claim as accepted."""
    d = tables.deliveries.c
    with ledger._engine.begin() as db:
        same = sa.update(tables.deliveries).where(d.claim == chunk.claim)
        db.execute(same.values(state="accepted", claim=None))


def starts_of(ledger, readers, hosts, scope, rate, claims_take):
    """When messages start, in seconds after noon, as hosts claim and send them in simulated time.

    `claims_take` (random numbers) → seconds that one claim, or one waking up, takes.
    """
    rng, starts = random.Random(7), []
    turns = [(rng.random() / 10, host) for host in range(hosts)]
    heapq.heapify(turns)
    while len(starts) < readers:
        seconds, host = heapq.heappop(turns)
        limits = Limits(per_second={scope: rate})
        found = ledger.queue.claim(str(host), at(seconds), 100, LEASE, limits)
        if isinstance(found, ClaimedBatch):
            starts += [(one.at - NOON).total_seconds() for one in found.deliveries]
            settle(ledger, found)
            seconds = max(seconds, starts[-1])
        elif found is None:  # `deliver --wait` looks again after a second
            seconds += 1.0
        else:
            seconds = (found - NOON).total_seconds()
        heapq.heappush(turns, (seconds + claims_take(rng), host))
    return starts


@pytest.mark.parametrize("scope", ["", BIG])
@pytest.mark.parametrize("hosts", [1, 4])
def test_200_a_second_are_195_to_205_in_each_second_however_many_hosts_send(ledger, hosts, scope):
    frozen(ledger, 1000, BIG)
    starts = starts_of(ledger, 1000, hosts, scope, 200.0, lambda rng: 0.01 + rng.random() / 80)
    counts = Counter(int(one - starts[0]) for one in starts)
    assert len(starts) == 1000
    assert all(195 <= counts[second] <= 205 for second in range(4)), counts


def test_no_second_has_more_than_a_fortieth_above_the_pace_whatever_claims_take(ledger):
    frozen(ledger, 1000, BIG)
    starts = sorted(starts_of(ledger, 1000, 3, BIG, 200.0, lambda rng: rng.random()))
    for n, first in enumerate(starts):
        assert sum(one < first + 1.0 for one in starts[n : n + 300]) <= 206


@pytest.fixture
def hosts(place):
    """A ledger, opened by several hosts."""
    with ExitStack() as opened:
        ledgers = [Ledger(place) for _ in range(4)]
        for one in ledgers:
            opened.callback(one.close)
        yield ledgers


def all_of_now(ledger, limits):
    """The instants of all that may be claimed now."""
    found = []
    while isinstance(chunk := ledger.queue.claim("w", NOON, 10, LEASE, limits), ClaimedBatch):
        found += [(one.domain, one.at) for one in chunk.deliveries]
    return found


def test_hosts_that_claim_at_once_are_given_each_place_once(hosts):
    frozen(hosts[0], 200, BIG)
    limits = Limits(per_second={BIG: 64.0})
    with ThreadPoolExecutor(len(hosts)) as pool:
        given = list(pool.map(lambda ledger: all_of_now(ledger, limits), hosts))
    instants = sorted(instant for theirs in given for _, instant in theirs)
    assert instants == [NOON + timedelta(seconds=n / 64) for n in range(65)]


def test_hosts_that_claim_at_several_domains_do_not_wait_for_each_other_in_a_circle(hosts):
    names = [f"d{n}.example" for n in range(5)]
    frozen(hosts[0], 400, *reversed(names), *names)
    limits = Limits(per_second=dict.fromkeys(names, 1000.0))
    with ThreadPoolExecutor(len(hosts)) as pool:
        given = list(pool.map(lambda ledger: all_of_now(ledger, limits), hosts))
    assert sum(map(len, given)) == 400
    with hosts[0]._engine.connect() as db:
        if db.dialect.name == "postgresql":
            ended = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            assert db.exec_driver_sql(ended).scalar_one() == 0
