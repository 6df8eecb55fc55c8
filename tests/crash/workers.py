"""Hosts with a `run` and a `worker` each, one ledger and one outbox: what dies, and what comes of it."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.crash.dying import dying
from tests.crash.harness import CONNECTIONS, SOON, Tally, server, with_group
from tests.crash.hosts import CLAIM, PAUSE, Hosts, Server, hosts_of, served
from tests.crash.slots import Keeping, SlotTally
from tests.processes import Child

LEASE = 2.0  # seconds, of a claim: who is stopped for longer finds its work done
TAKEOVER = 2.0  # seconds, of a worker: who gives no sign of life for longer is dead
ENGINE = f'\n[engine]\nkind = "procrastinate"\ntakeover = "{TAKEOVER:g}s"\n'
_QUIET = 0.3  # seconds between two looks


class Staff:
    """Processes by host and command: those that are killed are started again."""

    def __init__(self, roots: list[Path], log: Path) -> None:
        self.roots, self.log = roots, log
        self.running: dict[tuple[int, str], Child] = {}
        self.kills = 0

    def keep_at_work(
        self, *words: str, own: tuple[str, ...] = (), more: tuple[str, ...] = ()
    ) -> None:
        """Start each of these commands on every host where it does not run."""
        for host, root in enumerate(self.roots):
            for word in words:
                process = self.running.get((host, word))
                if process is None or process.poll() is not None:
                    said = ["none", "0", *own, "--", "-C", str(root), word, *more]
                    self.running[host, word] = Child(dying, said, self.log)

    def kill(self, host: int, word: str) -> None:
        """Kill a process, and all that it started."""
        process = self.running.pop((host, word))
        with_group(process, signal.SIGKILL)
        process.wait(SOON)
        self.kills += 1

    def freeze(self, host: int, word: str, seconds: float) -> None:
        """Stop a process for some time: the others go on, and take over what it has."""
        process = self.running[host, word]
        with_group(process, signal.SIGSTOP)
        time.sleep(seconds)
        with_group(process, signal.SIGCONT)
        self.kills += 1

    def end(self) -> list[str]:
        """End all in order; return what did not."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        return [
            f"{word} of host {host} ended with {code}"
            for (host, word), process in self.running.items()
            if (code := process.wait(SOON)) != 0
        ]


@contextmanager
def staff_of(one: Hosts) -> Iterator[Staff]:
    """Workers on hosts that send one edition; none is left afterwards."""
    staff = Staff([site.root for site in one.sites], one.log.parent / "said.log")
    try:
        yield staff
    finally:
        for process in staff.running.values():
            if process.poll() is None:
                with_group(process, signal.SIGKILL)
                process.wait(SOON)


def sending_at_random(
    faults: int, seed: int, readers: int, hosts: int = 3, design: str = "", pause: float = PAUSE
) -> Tally:
    """Kill and stop workers, and restart or kill PostgreSQL, while they send one edition.

    All of it must be settled by workers alone. The server waits `pause` seconds with each answer:
    the longer, the fewer readers are enough for the faults to come while somebody sends.
    """
    rng = random.Random(seed)
    what = (
        f"a bad design ({design})" if design else "kill -9, SIGSTOP, PostgreSQL restarted, killed"
    )
    tally = Tally(f"{hosts} workers: {what}, resend")
    own = ("--lease", str(LEASE), *([f"--{design}"] if design else []))
    with hosts_of(readers, hosts, more=ENGINE, pause=pause) as one:
        one.frozen()
        with staff_of(one) as staff:
            while staff.kills < faults and one.sent() < readers:
                staff.keep_at_work("worker", own=own)
                time.sleep(1.0 + rng.random() * 2)
                _strike(one, staff, rng)
            staff.keep_at_work("worker", own=own)
            patience = SOON / 6 if design else SOON
            late = waits_for(one.is_settled, patience)
            faulty = staff.end()
            tally.kills = staff.kills
            one.in_flight += CONNECTIONS * (staff.kills + hosts)
        one.compared(tally)
        tally.faults += faulty
        if late:
            tally.faults.append(f"workers never settle it: {one.counts()}")
    return tally


def _strike(one: Hosts, staff: Staff, rng: random.Random) -> None:
    """One fault."""
    host, which = rng.randrange(len(one.sites)), rng.random()
    if which < 0.6:
        staff.kill(host, "worker")
    elif which < 0.85:
        staff.freeze(host, "worker", rng.random() * 2 * TAKEOVER)
    elif which < 0.93:
        with one.database.away():
            pass
        staff.kills += 1
    else:
        one.database.kill()
        one.database.start()
        one.in_flight += CLAIM * len(one.sites)  # of each claim all is in doubt
        staff.kills += 1


def slots_at_random(rounds: int, seed: int, hosts: int = 3) -> SlotTally:
    """Kill runs and workers around slots a minute apart: each slot becomes one edition.

    Nobody stands by, and nobody is elected. All of it must be settled and sent by workers alone.
    """
    tally, rng = SlotTally(f"{hosts} hosts with run and worker, kill -9"), random.Random(seed)
    with served() as (folder, database), server(folder, 0.0) as (port, log):
        one = Keeping(folder, port, log, timedelta(minutes=1), [_shared(folder, database)] * hosts)
        local = (one.site.root / "publisher.toml").read_text()
        for site in one.sites:
            site.config(local.replace("[web]\n", "[web]\nserve = false\n") + ENGINE)
        for number in range(rounds):
            one.write(number)
            tally.faults += _one_slot(one, folder, number, rng)
        for site in one.sites:
            site.config(local)  # the local service finds nothing left to do
        tally += one.tally("", rounds, one.slot(rounds - 1) + timedelta(seconds=50))
    return tally


def _shared(folder: Path, database: Server) -> str:
    """What all hosts share: keys of [publication]."""
    return f'outbox = "{folder / "outbox"}"\nledger = "{database.url}"\n'


def _one_slot(one: Keeping, folder: Path, number: int, rng: random.Random) -> list[str]:
    """Kill at random around a slot, until workers have sent its edition; return what went wrong."""
    at = one.slot(number) - timedelta(seconds=2.0 + rng.random())
    clock = ("--at", at.isoformat(" "))
    staff = Staff([site.root for site in one.sites], folder / "said.log")
    try:
        for _ in range(2):
            staff.keep_at_work("run", "worker", more=clock)
            time.sleep(1.0 + rng.random() * 2.0)
            staff.kill(rng.randrange(len(one.sites)), rng.choice(["run", "worker"]))
        staff.keep_at_work("run", "worker", more=clock)
        edition = f"morning@{one.slot(number):%Y-%m-%dT%H%M}"
        late = waits_for(lambda: _is_out(one, edition))
        return [*staff.end(), *([f"workers never send {edition}"] if late else [])]
    finally:
        one.kills += staff.kills
        for process in staff.running.values():
            if process.poll() is None:
                with_group(process, signal.SIGKILL)
                process.wait(SOON)


def _is_out(one: Keeping, edition: str) -> bool:
    """Whether nothing of an edition waits; what is uncertain waits for a person."""
    found = one.site.run("report", edition, "--json")
    if found.code != 0:
        return False
    counts = found.json["counts"]
    return bool(counts) and counts.keys() <= {"accepted", "uncertain"}


def waits_for(is_so: Callable[[], bool], seconds: float = SOON) -> bool:
    """Wait for what workers are about to do; return whether it never came."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return True
        time.sleep(_QUIET)
    return False
