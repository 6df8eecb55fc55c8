"""`publisher`, which kills itself at the n-th time it comes to a named step.

    python -m tests.crash.dying STEP N [--lease SECONDS] -- deliver …

A step is a place of `STEPS`, with "before" or "after"; "none" never dies.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

from publisher.cli import run
from publisher.delivery.letter import Letter
from publisher.delivery.smtp import SmtpSession
from publisher.ledger.queue import Queue
from publisher.ledger.sends import Sends
from publisher.pipeline import delivering

STEPS = {
    "freeze": (Sends, "freeze"), "claim": (Queue, "claim"), "mark": (Queue, "mark"),
    "finish": (Queue, "finish"), "recover": (Queue, "recover"), "compose": (Letter, "message"),
    "announce": (SmtpSession, "_announce"), "send": (SmtpSession, "_finish"),
    "answer": (SmtpSession, "_reply"),
}  # fmt: skip


def die_at(step: str, number: int) -> None:
    """Arm a step."""
    place, _, when = step.partition("-")
    owner, name = STEPS[place]
    original, count = getattr(owner, name), [0]

    def deadly(*args, **kwargs):
        count[0] += 1
        is_it = count[0] == number
        if is_it and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*args, **kwargs)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    own, words = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    if own[0] != "none":
        die_at(own[0], int(own[1]))
    if "--lease" in own:
        delivering.LEASE = timedelta(seconds=float(own[own.index("--lease") + 1]))
        delivering.MARGIN = delivering.LEASE / 4
    sys.argv = ["publisher", *words]
    run()
