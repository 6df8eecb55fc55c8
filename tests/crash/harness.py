"""A publication, a recording server that outlives every sender, and what came of both."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests import smtpd
from tests.crash import bad
from tests.crash.dying import dying, held
from tests.processes import Child, until
from tests.site import CONFIG, Site

ROOT = Path(__file__).resolve().parents[2]
AT = "2026-11-24 07:00"
EDITION = "morning@2026-11-24T0700"
CONNECTIONS = 4
SOON = 120  # seconds: none of them is waited for in full
STRACE = ["strace", "-f", "-qq"]

SENDING = """
[delivery]
connections = {connections}
on_uncertain = "{policy}"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""


@dataclass
class Tally:
    """What a sweep found."""

    name: str
    kills: int = 0
    readers: int = 0
    lost: int = 0
    doubled: int = 0
    otherwise: int = 0  # duplicates under another Message-ID
    uncertain: int = 0
    faults: list[str] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        return (
            self.name,
            f"{self.kills:,}",
            f"{self.readers:,}",
            str(self.lost),
            str(self.doubled),
            str(self.otherwise),
            str(self.uncertain),
        )

    def __iadd__(self, other: Tally) -> Tally:
        for name in ("kills", "readers", "lost", "doubled", "otherwise", "uncertain"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        return self


T = TypeVar("T", bound=Tally)


@cache
def _prepared(readers: int, _ledger: str) -> TemporaryDirectory[str]:
    """A publication with an edition and its readers: made once, and copied for each campaign."""
    folder = TemporaryDirectory(prefix="publisher-crash-")
    site = Site(Path(folder.name) / "site")
    site.story("a")
    site.build(AT)
    csv = Path(folder.name) / "readers.csv"
    csv.write_text("email\n" + "".join(f"{one}\n" for one in _addresses(readers)))
    assert site.run("subscribers", "import", str(csv)).code == 0
    return folder


def _addresses(readers: int) -> list[str]:
    return [f"r{n}@x{n % 7}.example" for n in range(readers)]


class Campaign:
    """One edition on its way to a number of readers."""

    def __init__(self, folder: Path, readers: int, policy: str, port: int, log: Path) -> None:
        ledger = os.environ.get("PUBLISHER_LEDGER", "")  # another one than the folder's own
        shutil.copytree(_prepared(readers, ledger).name, folder, dirs_exist_ok=True)
        self.site = Site(folder / "site")
        self.site.config(CONFIG + SENDING.format(connections=CONNECTIONS, policy=policy, port=port))
        self.log, self.port, self.policy = log, port, policy
        self.addresses = _addresses(readers)
        self.kills = 0

    def frozen(self) -> Campaign:
        """Put the edition into the queue."""
        sent = self.site.run("send", EDITION, "--yes")
        assert sent.code == 0, sent.err
        return self

    def start(
        self,
        *words: str,
        step: str = "none",
        number: int = 0,
        lease: float | None = None,
    ) -> Child:
        """Start a command that may die at a step."""
        return Child(dying, self._words(words, step, number, lease))

    def run_traced(self, *options: str) -> int:
        """Run `deliver` with strace attached before it begins; return its exit code."""
        process = Child(held, self._words(()))
        status = Path(f"/proc/{process.pid}/status")
        until(lambda: "State:\tT" in status.read_text())
        tracer = subprocess.Popen([*STRACE, *options, "-p", str(process.pid)])
        until(lambda: "TracerPid:\t0\n" not in status.read_text() or tracer.poll() is not None)
        assert tracer.poll() is None, "strace cannot attach"
        process.send_signal(signal.SIGCONT)
        code = process.wait(SOON)
        tracer.wait(SOON)
        return code

    def _words(
        self,
        words: Sequence[str],
        step: str = "none",
        number: int = 0,
        lease: float | None = None,
    ) -> list[str]:
        own = [step, str(number), *(["--lease", str(lease)] if lease else [])]
        return [*own, "--", "-C", str(self.site.root), *(words or ("deliver",))]

    def kill(self, process: Child, number: int = signal.SIGKILL) -> None:
        """Kill a process and all it started."""
        with_group(process, number)
        process.wait(SOON)
        self.kills += number == signal.SIGKILL

    def settle(self, *, resolve: bool = False) -> None:
        """Run deliver until nothing waits but what a person must decide."""
        for _ in range(30):
            result = self.site.run("deliver")
            counts = self.counts()
            if not counts.keys() - {"accepted", "uncertain"}:
                return
            if counts.keys() - {
                "accepted",
                "uncertain",
                "queued",
                "claimed",
                "sending",
                "deferred",
            }:
                break
            time.sleep(0.1)
            if "deferred" in counts:
                self.site.run("deliver", "--at", "2099-01-01 00:00") if resolve else None
        raise AssertionError((counts, result))

    def counts(self) -> dict[str, int]:
        return self.site.run("report", EDITION, "--json").json["counts"]

    def tally(self, name: str) -> Tally:
        """Compare what the server wrote down with what the ledger says."""
        tally = Tally(name, kills=self.kills)
        return compared(tally, self.site, self.log, self.addresses, self.kills * CONNECTIONS)


def compared(tally: T, site: Site, log: Path, addresses: Sequence[str], in_flight: int) -> T:
    """Fill in a tally: what a server wrote down, and what the ledger says of one edition.

    `in_flight` is how many connections were open when something happened to their senders.
    """
    lines = [line.split() for line in log.read_text().splitlines()]
    got = Counter(address for address, *_ in lines)
    names: dict[str, set[str]] = {}
    for address, message, *_ in lines:
        names.setdefault(address, set()).add(message)
    listed = {one["address"] for one in site.run("uncertain", "list", "--json").json}
    tally.readers, tally.uncertain = len(addresses), len(listed)
    tally.lost = sum(one not in got and one not in listed for one in addresses)
    tally.doubled = sum(count - 1 for count in got.values())
    tally.otherwise = sum(len(found) - 1 for found in names.values())
    counts = site.run("report", EDITION, "--json").json["counts"]
    if sum(counts.values()) != len(addresses):
        tally.faults.append(f"the sums do not match: {counts}")
    if set(got) - set(addresses):
        tally.faults.append("somebody else got a message")
    if tally.doubled > in_flight:
        tally.faults.append(f"{tally.doubled} doubled, {in_flight} were in flight")
    if (audit := site.run("audit")).code:
        tally.faults.append(audit.out)
    return tally


def with_group(process: Child | subprocess.Popen[bytes], number: int) -> None:
    """Signal a process and its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


@contextmanager
def server(folder: Path, pause: float, *more: str) -> Iterator[tuple[int, Path]]:
    """The recording server in a process of its own: its port and its log."""
    log, said = folder / "accepted.log", folder / "smtpd.said"
    log.touch()
    process = Child(smtpd.main, ["--log", str(log), "--pause", str(pause), *more], said)
    try:
        until(lambda: said.exists() and said.read_text().endswith("\n"), pause=0.005)
        yield int(said.read_text()), log
    finally:
        process.kill()
        process.wait()


@contextmanager
def campaign(readers: int, policy: str = "resend", pause: float = 0.0) -> Iterator[Campaign]:
    """A campaign in a folder of its own, with its server."""
    folder = Path(tempfile.mkdtemp(prefix="publisher-crash-"))
    try:
        with server(folder, pause) as (port, log):
            yield Campaign(folder, readers, policy, port, log)
    finally:
        shutil.rmtree(folder)


def at_random(kills: int, policy: str, seed: int, number: int = signal.SIGKILL) -> Tally:
    """Kill deliver at random moments, campaign after campaign, until there were so many kills."""
    name = {signal.SIGKILL: "kill -9", signal.SIGTERM: "SIGTERM"}[signal.Signals(number)]
    tally, rng = Tally(f"{name} at random, {policy}"), random.Random(seed)
    struck = 0
    while struck < kills:
        with campaign(min(60 * (kills - struck), 600), policy, pause=0.003) as one:
            one.frozen()
            while struck < kills:
                process = one.start()
                time.sleep(0.05 + rng.random() * 0.6)
                if process.poll() is not None:
                    break  # all sent
                one.kill(process, number)
                struck += 1
            one.settle()
            tally += one.tally("")
    if number != signal.SIGKILL:
        tally.kills = struck
    return tally


def at_every_step(policy: str, steps: Sequence[str], numbers: Sequence[int]) -> Tally:
    """Kill at the n-th time that each named step is reached, before and after."""
    tally = Tally(f"kill -9 at named steps, {policy}")
    for step in steps:
        for number in numbers:
            with campaign(24, policy) as one:
                if step.startswith("freeze"):
                    process = one.start("send", EDITION, "--yes", step=step, number=1)
                    one.kills += process.wait(SOON) == -signal.SIGKILL
                    one.frozen()
                else:
                    one.frozen()
                    process = one.start(step=step, number=number)
                    one.kills += process.wait(SOON) == -signal.SIGKILL
                one.settle()
                tally += one.tally(step)
    return tally


def at_system_calls(
    calls: Sequence[str], every: int, policy: str, fault: str = "signal=KILL"
) -> Tally:
    """Let strace kill, or fail, at the n-th of each system call, until a run gets through."""
    tally = Tally(f"strace {fault} at {' '.join(calls)}, {policy}")
    for call in calls:
        number = 1
        while True:
            with campaign(8, policy) as one:
                one.frozen()
                log = one.log.with_name("strace.log")
                trace = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}"]
                died = one.run_traced("-o", str(log), *trace) not in (0, 4)
                was_reached = died or "INJECTED" in log.read_text()  # some faults are survived
                one.kills += died
                one.settle(resolve=True)
                tally += one.tally(call)
            if number == 1 and not was_reached:
                tally.faults.append(f"{call} was never reached: this proves nothing")
            number += every
            if number > 400 or not was_reached:
                break
    return tally


def bad_design(design: str, kills: int, seed: int) -> Tally:
    """Kills in the midst of batches of a sender that checkpoints, or marks, at the wrong time."""
    tally, rng = Tally(f"kill -9 at random, a bad design ({design})"), random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="publisher-crash-"))
    addresses = [f"r{n}@x.example" for n in range(60 * kills)]
    bad.prepare(str(folder / "bad.db"), addresses)
    with server(folder, 0.003) as (port, log):
        command = [
            sys.executable,
            "-m",
            "tests.crash.bad",
            design,
            str(folder / "bad.db"),
            str(port),
        ]
        for last in [False] * kills + [True]:
            before = log.stat().st_size
            process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
            if not last:
                while log.stat().st_size == before and process.poll() is None:
                    time.sleep(0.005)  # however long it takes to start
                time.sleep(rng.random() * 0.1)
                tally.kills += process.poll() is None
                with_group(process, signal.SIGKILL)
            process.wait()
        got = Counter(line.split()[0] for line in log.read_text().splitlines())
    tally.readers = len(addresses)
    tally.lost = sum(one not in got for one in addresses)
    tally.doubled = sum(count - 1 for count in got.values())
    shutil.rmtree(folder)
    return tally


def stopped_past_its_lease() -> Tally:
    """Two senders; one is stopped by SIGSTOP until its lease has ended, and woken."""
    with campaign(400, pause=0.003) as one:
        one.frozen()
        first = one.start(lease=1.0)
        time.sleep(1.0)
        with_group(first, signal.SIGSTOP)
        time.sleep(1.5)
        second = one.start(lease=1.0)
        time.sleep(1.0)
        with_group(first, signal.SIGCONT)
        for process in (first, second):
            process.wait(SOON)
        one.settle()
        one.kills = 1  # what one stop may double: the connections in flight
        tally = one.tally("SIGSTOP past the lease, two senders")
        tally.kills = 0
        return tally


def together(senders: int) -> Tally:
    """Several senders at once."""
    with campaign(300, pause=0.001) as one:
        one.frozen()
        for process in [one.start() for _ in range(senders)]:
            process.wait(SOON)
        one.settle()
        return one.tally(f"{senders} senders at once")


Sweep = Callable[[], Tally]
