"""Senders that die around a test of two subjects: who got which, and how often."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from publisher.ledger import Ledger
from tests.crash.dying import dying
from tests.crash.harness import AT, EDITION, SENDING, SOON, Tally
from tests.processes import Child
from tests.site import NO_PAGES, PAGED, Site
from tests.smtpd import Server

A, B = "The bridge is open", "Open at last: the bridge"
READERS = 12
COMMANDS = {
    "send": ("send", EDITION, "--ab", A, B, "--share", "50%", "--wait", "2h", "--yes", "--at", AT),
    "first": ("deliver", "--at", AT),
    "second": ("deliver", "--at", "2026-11-24 09:00"),
}
"""The life of a test: a process each."""

STEPS = {
    "send": ("freeze",),
    "first": ("claim", "compose", "mark", "send", "answer", "finish"),
    "second": ("recover", "decide", "claim", "mark", "send", "finish"),
}
ALL_STEPS = [
    (command, f"{step}-{when}")
    for command, steps in STEPS.items()
    for step in steps
    for when in ("before", "after")
]


@cache
def _prepared() -> TemporaryDirectory[str]:
    """An edition whose links are counted, and its readers: made once, copied for each death."""
    folder = TemporaryDirectory(prefix="publisher-crash-")
    site = Site(Path(folder.name) / "site", _config(1))
    site.story("a")
    site.build(AT)
    csv = Path(folder.name) / "readers.csv"
    csv.write_text("email\n" + "".join(f"r{n}@x{n % 3}.example\n" for n in range(READERS)))
    assert site.run("subscribers", "import", str(csv)).code == 0
    return folder


def _config(port: int) -> str:
    sending = SENDING.format(connections=2, policy="resend", port=port)
    return f"{PAGED}\n{NO_PAGES}clicks = true\n{sending}"


@dataclass
class Life:
    """A publication, and the server that outlives whoever sends to it."""

    site: Site
    server: Server

    def follow(self, group: str) -> None:
        """Count three people that followed a link of a group."""
        with closing(Ledger(self.site.root / ".publisher/ledger.db")) as ledger:
            ledger.counts.add(date(2026, 11, 24), {("followed", f"{EDITION} {group}"): 3}, {})

    def groups(self) -> dict[str, str]:
        """The group of each reader, by address, as the ledger says it."""
        with closing(Ledger(self.site.root / ".publisher/ledger.db")) as ledger:
            groups = ledger.subject_tests.groups(EDITION)
            readers = ledger.readers.listed(frozen=EDITION)
            return {one.address: groups.get(one.id, "") for one in readers}


@contextmanager
def _life() -> Iterator[Life]:
    folder = Path(tempfile.mkdtemp(prefix="publisher-crash-"))
    try:
        with Server() as server:
            site = Site(shutil.copytree(Path(_prepared().name) / "site", folder / "site"))
            site.config(_config(server.port))
            yield Life(site, server)
    finally:
        shutil.rmtree(folder)


def at_test_steps(steps: Sequence[tuple[str, str]], numbers: Sequence[int] = (1,)) -> Tally:
    """Kill a test's process at a step of one of its commands, and go on from there."""
    tally = Tally("kill -9 around a test of subjects")
    for deadly, step in steps:
        for number in numbers:
            with _life() as life:
                died = sum(_lived(life, command, deadly, step, number) for command in COMMANDS)
                tally += _counted(life, died, f"{deadly}: {step}")
    return tally


def _lived(life: Life, command: str, deadly: str, step: str, number: int) -> bool:
    """Run a command of a test's life, killed at the n-th step if it is deadly; whether it was."""
    words, was_killed = COMMANDS[command], False
    if command == "second":
        life.follow("B")
    if command == deadly:
        own = [step, str(number), "--", "-C", str(life.site.root)]
        was_killed = Child(dying, [*own, *words]).wait(SOON) == -signal.SIGKILL
    ended = life.site.run(*words)
    assert ended.code in (0, 4), ended
    return was_killed


def _counted(life: Life, died: int, where: str) -> Tally:
    """Compare what the server accepted with the groups that the ledger froze."""
    groups, got = life.groups(), dict[str, list[tuple[str, str]]]()
    for address, data in life.server.messages:
        mail = message_from_bytes(data, policy=policy.default)
        got.setdefault(address, []).append((str(mail["Subject"]), mail["Message-ID"]))
    wanted = {"A": A, "B": B, "": B}
    tally = Tally(
        where,
        kills=died,
        readers=READERS,
        lost=sum(address not in got for address in groups),
        doubled=sum(len(mails) - 1 for mails in got.values()),
        otherwise=sum(len(set(mails)) - 1 for mails in got.values()),
    )
    if any(mails[0][0] != wanted[groups[address]] for address, mails in got.items()):
        tally.faults.append(f"{where}: another subject than that of the group")
    if sorted(groups.values()) != [""] * 6 + ["A"] * 3 + ["B"] * 3:
        tally.faults.append(f"{where}: the groups are {groups}")
    if tally.doubled > died * 2:
        tally.faults.append(f"{where}: {tally.doubled} doubled by {died} kills")
    counts = life.site.run("report", EDITION, "--json").json["counts"]
    if counts != {"accepted": READERS}:
        tally.faults.append(f"{where}: {counts}")
    return tally
