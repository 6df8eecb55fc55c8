"""`make crash`: every sweep in full, and the table; exits with 1 if a promise was broken."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys

from tests.crash import harness as h
from tests.crash.dying import STEPS

HEADS = ("sweep", "kills", "readers", "lost", "doubled", "other Message-ID", "uncertain, listed")
ALL_STEPS = [f"{step}-{when}" for step in STEPS for when in ("before", "after")]
CALLS = ("fdatasync", "pwrite64", "sendto", "recvfrom")


def sweeps(kills: int) -> list[h.Sweep]:
    """All of them, about `kills` kills in all."""
    found: list[h.Sweep] = [
        lambda: h.at_random(kills // 2, "resend", 1),
        lambda: h.at_random(kills // 4, "hold", 2),
        lambda: h.at_random(max(kills // 20, 5), "resend", 3, signal.SIGTERM),
        lambda: h.at_every_step("resend", ALL_STEPS, (1, 3, 9)),
        lambda: h.at_every_step("hold", ALL_STEPS, (2,)),
        h.stopped_past_its_lease,
        lambda: h.together(3),
    ]
    if shutil.which("strace"):
        found += [
            lambda: h.at_system_calls(CALLS, 2, "resend"),
            lambda: h.at_system_calls(("pwrite64", "fdatasync"), 7, "resend", "error=ENOSPC"),
            lambda: h.at_system_calls(("pwrite64", "fdatasync"), 7, "resend", "error=EIO"),
        ]
    return [*found, lambda: h.bad_design("checkpoint", max(kills // 50, 5), 4),
            lambda: h.bad_design("marks", max(kills // 50, 5), 5)]  # fmt: skip


def main() -> int:
    """Run them and print the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    print("| " + " | ".join(HEADS) + " |\n|---|" + "---:|" * (len(HEADS) - 1), flush=True)
    faults, kills = [], 0
    for sweep in sweeps(parser.parse_args().kills):
        tally = sweep()
        print("| " + " | ".join(tally.row()) + " |", flush=True)
        is_bad = "bad design" in tally.name
        kills += 0 if is_bad else tally.kills
        faults += tally.faults
        if not is_bad and tally.lost + tally.otherwise:
            faults.append(f"{tally.name}: lost {tally.lost}, other Message-ID {tally.otherwise}")
        if not is_bad and tally.doubled and ("hold" in tally.name or "SIGTERM" in tally.name):
            faults.append(f"{tally.name}: {tally.doubled} doubled")
        if is_bad and not tally.lost + tally.doubled:
            faults.append(f"{tally.name}: the sweep found nothing, so that it proves nothing")
    print(f"\n{kills:,} kills.", *faults, sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
