"""Services that die around slots: each slot becomes one edition, and each leaves a record."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.crash.dying import dying
from tests.crash.harness import SENDING, SOON, server, with_group
from tests.processes import Child
from tests.site import CONFIG, Site

READERS = 3
AT_ONCE = 8  # slots that may be late together: a service holds what is late in a flood
USUAL = 0.5  # seconds of a `run --once` where a service of a few seconds comes to its slot
BEGIN = datetime(2026, 11, 24, 7)  # local: the first slot


@dataclass
class SlotTally:
    """What a sweep over slots found. `unsettled` slots have no record, `doubled` mails came twice."""

    name: str
    kills: int = 0
    slots: int = 0
    unsettled: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        return (
            self.name,
            *(f"{n:,}" for n in (self.kills, self.slots, self.unsettled, self.lost, self.doubled)),
        )

    def __iadd__(self, other: SlotTally) -> SlotTally:
        for name in ("kills", "slots", "unsettled", "lost", "doubled"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        return self


class Keeping:
    """A publication whose newsletter goes out every `step`, with a story for each slot.

    With several `keys` of [publication] as many hosts keep it, each in a folder of its own.
    """

    def __init__(
        self, folder: Path, port: int, log: Path, step: timedelta, keys: Sequence[str] = ("",)
    ) -> None:
        rule = 'cron = "* * * * *"' if step < timedelta(hours=1) else 'every = "day"\nat = "07:00"'
        config = CONFIG.replace('every = "day"\nat = "07:00"', f'{rule}\ncatch_up = "all"')
        config += SENDING.format(connections=1, policy="hold", port=port)
        self.sites = [
            Site(
                folder / f"site{number or ''}",
                config.replace("[publication]\n", f"[publication]\n{theirs}", 1),
            )
            for number, theirs in enumerate(keys)
        ]
        self.site = self.sites[0]
        self.log, self.step = log, step
        self.kills = 0
        csv = folder / "readers.csv"
        csv.write_text("email\n" + "".join(f"r{n}@x.example\n" for n in range(READERS)))
        assert self.site.run("subscribers", "import", str(csv)).code == 0
        self.once(BEGIN - timedelta(seconds=40))
        began = time.monotonic()
        self.once(BEGIN - timedelta(seconds=30))
        self.slowness = min(max(1.0, (time.monotonic() - began) / USUAL), 10.0)

    def slot(self, number: int) -> datetime:
        """A slot's local time."""
        return BEGIN + number * self.step

    def write(self, number: int) -> None:
        """The story that the edition of a slot holds."""
        date = f"{self.slot(number) - timedelta(seconds=20):%Y-%m-%d %H:%M:%S}"
        for site in self.sites:
            site.story(f"s{number}", date=date)

    def once(self, at: datetime) -> None:
        """A `run --once` that nothing happens to."""
        result = self.site.run("run", "--once", "--at", at.isoformat(" "))
        assert result.code in (0, 4), result

    def start(
        self,
        at: datetime,
        *words: str,
        step: str = "none",
        number: int = 0,
        own: Sequence[str] = (),
        host: int = 0,
    ) -> Child:
        """Start a host's `run` that may die at a step."""
        clock = ["--at", at.isoformat(" ")]
        run = ["-C", str(self.sites[host].root), "run", *clock, *words]
        return Child(dying, [step, str(number), *own, "--", *run])

    def reap(self, process: Child) -> None:
        """Wait for a run that dies by itself."""
        self.kills += process.wait(SOON) == -signal.SIGKILL

    def tally(self, name: str, slots: int, end: datetime) -> SlotTally:
        """Run until all is settled, and compare slots and mails with what should be."""
        for minutes in (0, 1):
            self.once(end + timedelta(minutes=minutes))
        site, at = self.site, end.isoformat(" ")
        log = site.run("schedule", "log", "--since", "2026-11-01", "--at", at, "--json").json
        known = {one["edition"] for one in log if one["state"] in ("sent", "caught up")}
        listed = {
            (one["address"], one["edition"]) for one in site.run("uncertain", "list", "--json").json
        }
        lines = [line.split() for line in self.log.read_text().splitlines()]
        got = Counter((address, message.strip("<>").split(".")[0]) for address, message in lines)
        ids = [f"morning@{self.slot(n):%Y-%m-%dT%H%M}" for n in range(slots)]
        tally = SlotTally(name, kills=self.kills, slots=slots)
        tally.unsettled = sum(one not in known for one in ids)
        for one in ids:
            stem = one.lower().replace("@", "-")
            tally.lost += sum(
                (f"r{n}@x.example", stem) not in got and (f"r{n}@x.example", one) not in listed
                for n in range(READERS)
            )
        tally.doubled = sum(count - 1 for count in got.values())
        editions = site.run("outbox", "list", "--json").json
        if len(editions) != slots:
            tally.faults.append(f"{len(editions)} editions for {slots} slots")
        audit = site.run("audit", "--at", at)
        if audit.code:
            tally.faults.append(audit.out)
        return tally


@contextmanager
def keeping(step: timedelta = timedelta(days=1)) -> Iterator[Keeping]:
    """A publication in a folder of its own, with its server."""
    folder = Path(tempfile.mkdtemp(prefix="publisher-slots-"))
    try:
        with server(folder, 0.0) as (port, log):
            yield Keeping(folder, port, log, step)
    finally:
        shutil.rmtree(folder)


def at_slot_steps(
    steps: Sequence[str], numbers: Sequence[int] = (1,), own: Sequence[str] = ()
) -> SlotTally:
    """Kill `run --once` at each named step of a slot's life; the next run makes it whole.

    With `--checkpoint` of `own`, a design that settles a slot before it sends: it must be found.
    """
    tally = SlotTally("a bad design, the same" if own else "kill -9 of run at named steps")
    with keeping() as one:
        slots = 0
        for number in numbers:
            for step in steps:
                one.write(slots)
                at = one.slot(slots) + timedelta(seconds=2)
                one.reap(one.start(at, "--once", step=step, number=number, own=own))
                one.once(at + timedelta(seconds=5))
                slots += 1
        tally += one.tally("", slots, one.slot(slots - 1) + timedelta(minutes=1))
    return tally


def services_at_random(rounds: int, seed: int, services: int = 1) -> SlotTally:
    """Kill services at random around slots a minute apart; none of them holds a lock for itself."""
    tally = SlotTally(f"kill -9 at random, {services} service{'s' * (services > 1)}")
    rng = random.Random(seed)
    with keeping(timedelta(minutes=1)) as one:
        for number in range(rounds):
            one.write(number)
            at = one.slot(number) - timedelta(seconds=0.8 + rng.random())
            running = [one.start(at, own=["--unlocked"]) for _ in range(services)]
            for process in running:
                time.sleep((0.4 + rng.random() * 2.0 / services) * one.slowness)
                with_group(process, signal.SIGKILL)
                process.wait()
                one.kills += 1
            if number % AT_ONCE == AT_ONCE - 1:
                one.once(one.slot(number) + timedelta(seconds=50))
        # What follows the last kill is late by more than a minute for none of them.
        tally += one.tally("", rounds, one.slot(rounds - 1) + timedelta(seconds=50))
    return tally


def clock_moved(rounds: int, seed: int) -> SlotTally:
    """Days whose clock is set hours forwards and back, with a service that dies in between."""
    tally, rng = SlotTally("kill -9, the clock set forwards and back"), random.Random(seed)
    steps = ["freeze", "settle", "seal", "mark sent", "advance"]
    with keeping() as one:
        for number in range(rounds):
            one.write(number)
            for hours in (-5, 0, rng.choice([2, 4]), -3, 1):
                at = one.slot(number) + timedelta(hours=hours, seconds=3)
                step = f"{rng.choice(steps)}-{rng.choice(['before', 'after'])}"
                one.reap(one.start(at, "--once", step=step, number=1))
            one.once(one.slot(number) + timedelta(hours=5))
        tally += one.tally("", rounds, one.slot(rounds - 1) + timedelta(hours=6))
    return tally
