"""`make crash`: every sweep in full, and the table; exits with 1 if a promise was broken."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
from collections.abc import Callable

from tests.crash import commits, host_faults, subjects, workers
from tests.crash import harness as h
from tests.crash import slots as s
from tests.crash.dying import SLOT_STEPS, STEPS

HOST_HEADS = (
    "sweep", "faults", *host_faults.KINDS, "readers", "lost", "doubled", "were in flight",
    "other Message-ID",
)  # fmt: skip
HEADS = ("sweep", "kills", "readers", "lost", "doubled", "other Message-ID", "uncertain, listed")
ALL_STEPS = [f"{step}-{when}" for step in STEPS for when in ("before", "after")]
ALL_SLOT_STEPS = [f"{step}-{when}" for step in SLOT_STEPS for when in ("before", "after")]
SLOT_HEADS = ("sweep", "kills", "slots", "without a record", "mails lost", "mails doubled")
COMMIT_HEADS = ("sweep", "kills", "commits", "looks", "shown again", "ends otherwise")
CALLS = ("fdatasync", "pwrite64", "sendto", "sendmsg", "recvfrom")


def sweeps(kills: int) -> list[h.Sweep]:
    """All of them, about `kills` kills in all."""
    found: list[h.Sweep] = [
        lambda: h.at_random(kills // 2, "resend", 1),
        lambda: h.at_random(kills // 4, "hold", 2),
        lambda: h.at_random(max(kills // 20, 5), "resend", 3, signal.SIGTERM),
        lambda: h.at_every_step("resend", ALL_STEPS, (1, 3, 9)),
        lambda: h.at_every_step("hold", ALL_STEPS, (2,)),
        lambda: subjects.at_test_steps(subjects.ALL_STEPS, (1, 3)),
        h.stopped_past_its_lease,
        lambda: h.together(3),
    ]
    if shutil.which("strace"):
        found += [
            lambda: h.at_system_calls(CALLS, 2, "resend"),
            lambda: h.at_system_calls(("pwrite64", "fdatasync"), 7, "resend", "error=ENOSPC"),
            lambda: h.at_system_calls(("pwrite64", "fdatasync"), 7, "resend", "error=EIO"),
        ]
    return [
        *found,
        lambda: h.bad_design("checkpoint", max(kills // 50, 5), 4),
        lambda: h.bad_design("marks", max(kills // 50, 5), 5),
    ]


def slot_sweeps(kills: int) -> list[Callable[[], s.SlotTally]]:
    """Services that die around slots, about `kills` kills in all."""
    return [
        lambda: s.at_slot_steps(ALL_SLOT_STEPS, (1, 2)),
        lambda: s.services_at_random(kills // 3, 6),
        lambda: s.services_at_random(kills // 6, 7, services=2),
        lambda: s.clock_moved(max(kills // 12, 2), 8),
        lambda: s.at_slot_steps(["build-before", "seal-after"], (1,), ["--checkpoint"]),
    ]


def host_sweeps(faults: int) -> list[h.Sweep]:
    """Hosts that share a ledger on PostgreSQL and an outbox, and so many faults."""
    return [
        lambda: host_faults.at_random(faults, 9, 20_000, say=progress),
        lambda: host_faults.at_random(max(faults // 20, 5), 10, 2_000, design="deaf"),
    ]


def progress(text: str) -> None:
    """Say how far it is."""
    print(text, file=sys.stderr, flush=True)


def host_slot_sweeps(kills: int) -> list[Callable[[], s.SlotTally]]:
    """The same around slots."""
    return [
        lambda: host_faults.slots_at_random(kills // 12, 11),
        lambda: host_faults.slots_at_random(kills // 12, 12, unlocked=True),
    ]


def commit_sweeps(kills: int) -> list[Callable[[], s.SlotTally]]:
    """Hosts at different commits, while stories are withdrawn, and about so many kills."""
    return [
        lambda: commits.at_random(kills // 3, 15),
        lambda: commits.at_random(max(kills // 30, 4), 16, design="own"),
    ]


def worker_sweeps(faults: int) -> list[h.Sweep]:
    """The same with workers, which do all of it."""
    return [lambda: workers.sending_at_random(faults, 13, 20_000)]


def worker_slot_sweeps(kills: int) -> list[Callable[[], s.SlotTally]]:
    """The same around slots, with a run and a worker on each host."""
    return [lambda: workers.slots_at_random(kills // 6, 14)]


def main() -> int:
    """Run them and print the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--slots", type=int, default=280, help="kills of services around slots")
    parser.add_argument("--hosts", type=int, default=150, help="faults of hosts by one ledger")
    parser.add_argument("--only", choices=["slots", "sends", "hosts", "workers"])
    given = parser.parse_args()
    faults = _sends(sweeps(given.kills)) if given.only in (None, "sends") else []
    faults += _slots(slot_sweeps(given.slots)) if given.only in (None, "slots") else []
    if given.only in (None, "hosts"):
        faults += _sends(host_sweeps(given.hosts), HOST_HEADS)
        faults += _slots(host_slot_sweeps(given.hosts), ("sweep", "faults", *SLOT_HEADS[2:]))
        faults += _slots(commit_sweeps(given.hosts // 3), COMMIT_HEADS)
    if given.only in (None, "workers"):
        faults += _sends(worker_sweeps(given.hosts // 3))
        faults += _slots(worker_slot_sweeps(given.hosts))
    print(*faults, sep="\n")
    return int(bool(faults))


def _slots(
    found: list[Callable[[], s.SlotTally]], heads: tuple[str, ...] = SLOT_HEADS
) -> list[str]:
    print("\n| " + " | ".join(heads) + " |\n|---|" + "---:|" * (len(heads) - 1), flush=True)
    faults, count = [], 0
    for sweep in found:
        tally = sweep()
        print("| " + " | ".join(tally.row()) + " |", flush=True)
        if "bad design" in tally.name:
            faults += [] if tally.lost else ["the bad design was not found: this proves nothing"]
            continue
        count += tally.kills
        faults += tally.faults
        if tally.unsettled + tally.lost + tally.doubled:
            faults.append(f"{tally.name}: {tally}")
    print(f"\n{count:,} {heads[1]}.")
    return faults


def _sends(found: list[h.Sweep], heads: tuple[str, ...] = HEADS) -> list[str]:
    print("| " + " | ".join(heads) + " |\n|---|" + "---:|" * (len(heads) - 1), flush=True)
    faults, kills = [], 0
    for sweep in found:
        tally = sweep()
        print("| " + " | ".join(tally.row()) + " |", flush=True)
        is_bad = "bad design" in tally.name
        kills += 0 if is_bad else tally.kills
        faults += [] if is_bad else tally.faults
        if not is_bad and tally.lost + tally.otherwise:
            faults.append(f"{tally.name}: lost {tally.lost}, other Message-ID {tally.otherwise}")
        if not is_bad and tally.doubled and ("hold" in tally.name or "SIGTERM" in tally.name):
            faults.append(f"{tally.name}: {tally.doubled} doubled")
        if is_bad and not tally.lost + tally.doubled:
            faults.append(f"{tally.name}: the sweep found nothing, so that it proves nothing")
    print(f"\n{kills:,} {heads[1]}.")
    return faults


if __name__ == "__main__":
    sys.exit(main())
