"""Sweeps over hosts: faults of every kind at random, and what comes of what they send."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from tests.crash.harness import SOON, Tally, server, with_group
from tests.crash.hosts import PAUSE, Host, Hosts, faulty_store, hosts_of, served
from tests.crash.links import Link
from tests.crash.slots import AT_ONCE, Keeping, SlotTally
from tests.crash.workers import waits_for
from tests.processes import Child, until

APART = 5.0
"""Seconds between the clocks of the first host and of the last, in every other send."""

LEASES = 2.0, 24.0
"""Seconds of a claim: who is stopped for longer finds its work done. With clocks apart it is more,
as it is outside of tests (ten minutes): four times as much, at least, as they differ by."""

SLOWLY = 0.02
"""Seconds of each answer of a server: who sends waits, and costs little, while something comes."""

LONG = 32.0
"""Seconds of the few cuts, stops and failures that last longer than TCP, a lease, or we wait."""

KINDS = {
    "kill -9": 0.4,
    "SIGSTOP": 0.17,
    "PostgreSQL restarted": 0.07,
    "PostgreSQL kill -9": 0.06,
    "cut": 0.14,
    "reset": 0.08,
    "store 500, 503": 0.08,
}
"""What happens, and how often: its share of all faults."""


@dataclass
class HostTally(Tally):
    """What came of a sweep over hosts; `kills` counts faults of every kind."""

    kinds: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0  # connections open at the hosts that something happened to

    def row(self) -> tuple[str, ...]:
        kinds = [f"{self.kinds[kind]:,}" for kind in KINDS]
        ends = (self.lost, self.doubled, self.in_flight, self.otherwise)
        return (
            self.name,
            f"{self.kills:,}",
            *kinds,
            f"{self.readers:,}",
            *(f"{n:,}" for n in ends),
        )

    def __iadd__(self, other: Tally) -> HostTally:
        super().__iadd__(other)
        if isinstance(other, HostTally):
            self.kinds += other.kinds
            self.in_flight += other.in_flight
        return self


class Faults:
    """Strikes hosts at random; a few faults are long ones, of each kind that has a length."""

    def __init__(self, rng: random.Random, is_long: Callable[[str], bool]) -> None:
        self.kinds: Counter[str] = Counter()
        self._rng, self._is_long = rng, is_long
        self._store_until = 0.0

    def strike(self, one: Hosts, lease: float) -> None:
        """One fault: of a host that is at work, of the database, or of the store."""
        (kind,) = self._rng.choices(list(KINDS), list(KINDS.values()))
        host = self._rng.choice(one.hosts)
        seconds = LONG if self._is_long(kind) else self._rng.random() * 2 * min(lease, LEASES[0])
        if kind in ("kill -9", "SIGSTOP") and not host.is_at_work:
            return
        self.kinds[kind] += 1
        if kind == "PostgreSQL restarted":
            one.restart_database()
        elif kind == "PostgreSQL kill -9":
            one.kill_database()
        elif kind == "store 500, 503":
            self._store_fails(one, seconds)
        else:
            one.struck(host)
            self._strike_host(kind, host, seconds)

    def _strike_host(self, kind: str, host: Host, seconds: float) -> None:
        if kind == "kill -9":
            host.kill()
        elif kind == "SIGSTOP":
            host.stop(seconds)
        elif kind == "cut":
            host.link.cut(seconds)
        else:
            host.link.reset()

    def _store_fails(self, one: Hosts, seconds: float) -> None:
        assert one.store
        one.store.failing = self._rng.choice((500, 503))
        self._store_until = time.monotonic() + seconds

    def pass_by(self, one: Hosts) -> bool:
        """End what has lasted as long as it should; return whether nothing lasts any more."""
        assert one.store
        if time.monotonic() >= self._store_until:
            one.store.failing = 0
        awake = [host.wake() for host in one.hosts]
        is_cut = any(host.link.is_cut for host in one.hosts)
        return all(awake) and not is_cut and not one.store.failing


def _quiet(_: str) -> None:
    pass


def at_random(
    faults: int,
    seed: int,
    readers: int,
    hosts: int = 3,
    design: str = "",
    say: Callable[[str], object] = _quiet,
    pause: float = PAUSE,
) -> HostTally:
    """Let all kinds of faults come over hosts while they send, at random moments.

    Each send has so many readers; there are as many sends as the faults take, two at least. In
    every other one the clocks of the hosts differ. The server waits `pause` seconds with each
    answer: the longer, the fewer readers are enough for the faults to come while somebody sends.
    """
    rng = random.Random(seed)
    name = f"{hosts} hosts{f': a bad design ({design})' if design else ''}"
    tally, longs = HostTally(name), Counter({"cut": 2, "SIGSTOP": 1, "store 500, 503": 1})

    def is_long(kind: str) -> bool:
        is_one = faults >= 100 and longs[kind] > 0 and rng.random() < 0.1
        longs[kind] -= is_one
        return is_one

    with faulty_store() as store:
        number = 0
        while tally.kills < faults:
            is_apart = number % 2 == 1
            apart, lease = (APART, LEASES[1]) if is_apart else (0.0, LEASES[0])
            own = ("--lease", str(lease), *([f"--{design}"] if design else []))
            struck = Faults(rng, is_long)
            with hosts_of(readers, hosts, store, apart=apart, pause=pause) as one:
                one.frozen()
                number += 1
                left = min(faults - tally.kills, (faults + 1) // 2)
                while struck.kinds.total() < left and one.sent() < readers:
                    done = tally.kills + struck.kinds.total()
                    if done % 20 == 0:
                        say(f"{done} of {faults} faults, {one.sent():,} sent of send {number}")
                    _keep_at_work(one, own, rng, waits=not design)
                    time.sleep(0.2 + rng.random())
                    struck.pass_by(one)
                    struck.strike(one, lease)
                tally += _ended(one, struck, own, lease + apart, waits=not design)
    return tally


def joined(word: str, readers: int, design: str = "", *, more: str = "") -> Tally:
    """One host sends, and another begins in the midst of it: both live, so nothing is doubled.

    `word` is the command that sends, and `more` is of publisher.toml.
    """
    own = [f"--{design}"] if design else []
    tally = Tally("a host begins beside one that sends")
    with hosts_of(readers, 2, more=more, pause=SLOWLY) as one:
        one.frozen()
        for host in one.hosts:
            host.start([word], own)
            until(lambda: one.sent() > 0)
        waits_for(one.is_settled, SOON / 6 if design else SOON)
        for host in one.hosts:
            host.kill()
        return one.compared(tally)


def _keep_at_work(one: Hosts, own: Sequence[str], rng: random.Random, *, waits: bool) -> None:
    """Start every host that has ended: to send what is due, or to stay until all is settled."""
    for host in one.hosts:
        if not host.is_at_work:
            host.start(["deliver", *(["--wait"] if waits and rng.random() < 0.5 else [])], own)


def _ended(
    one: Hosts, struck: Faults, own: Sequence[str], lease: float, *, waits: bool
) -> HostTally:
    """Let all faults pass, and the hosts send the rest; say what came of it."""
    until = time.monotonic() + SOON
    while not struck.pass_by(one):
        assert time.monotonic() < until
        time.sleep(0.2)
    _keep_at_work(one, own, random.Random(0), waits=waits)
    waiting = one.settle(own, 2 * lease + 15)
    kills = struck.kinds.total()
    tally = HostTally("", kills=kills, kinds=struck.kinds, in_flight=one.in_flight)
    one.compared(tally).faults += waiting
    return tally


def slots_at_random(rounds: int, seed: int, hosts: int = 3, *, unlocked: bool = False) -> SlotTally:
    """Kill the hosts that keep a publication around slots a minute apart, one after the other.

    One of them runs and the others stand by; `unlocked`, all of them run. Before a host dies, it
    may be stopped for a while, or its connection to PostgreSQL be cut or reset. Their clocks differ.
    """
    way = "all at work" if unlocked else "one at work"
    tally, rng = SlotTally(f"{hosts} hosts, {way}"), random.Random(seed)
    own, words = (["--unlocked"], []) if unlocked else ([], ["--stand-by"])
    with served() as (folder, database), server(folder, 0.0) as (port, log), ExitStack() as ours:
        links = [database.link() for _ in range(hosts)]
        for link in links:
            ours.callback(link.close)
        keys = [f'outbox = "{folder / "outbox"}"\nledger = "{link.url}"\n' for link in links]
        one = Keeping(folder, port, log, timedelta(minutes=1), keys)
        for number in range(rounds):
            one.write(number)
            at = one.slot(number) - timedelta(seconds=0.8 + rng.random())
            running = [
                one.start(at + _ahead(host, hosts), *words, own=own, host=host)
                for host in range(hosts)
            ]
            for process, link in zip(running, links, strict=True):
                time.sleep((0.6 + rng.random() * 3.0 / hosts) * one.slowness)
                one.kills += 1 + _troubled(process, link, rng)
                with_group(process, signal.SIGKILL)
                process.wait(SOON)
            if rng.random() < 0.3:
                one.kills += 1
                rng.choice((database.stop, database.kill))()
                database.start()
            _wait_for_links(links)
            if number % AT_ONCE == AT_ONCE - 1:
                one.once(one.slot(number) + timedelta(seconds=50))
        tally += one.tally("", rounds, one.slot(rounds - 1) + timedelta(seconds=50))
    return tally


def _ahead(host: int, hosts: int) -> timedelta:
    """How much a host's clock is ahead of the first one's."""
    return timedelta(seconds=APART * host / max(1, hosts - 1))


def _troubled(process: Child, link: Link, rng: random.Random) -> bool:
    """Perhaps make trouble for a host before it dies; return whether."""
    which = rng.random()
    if which < 0.15:
        link.cut(1.0 + rng.random() * 2)
    elif which < 0.25:
        link.reset()
    elif which < 0.4:
        with_group(process, signal.SIGSTOP)
    else:
        return False
    time.sleep(rng.random())
    with_group(process, signal.SIGCONT)
    time.sleep(rng.random())
    return True


def _wait_for_links(links: Sequence[Link]) -> None:
    until = time.monotonic() + SOON
    while any(link.is_cut for link in links):
        assert time.monotonic() < until
        time.sleep(0.1)
