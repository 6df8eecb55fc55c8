"""How long the command line takes to answer, beside Python itself."""

from __future__ import annotations

import sys
import tempfile

from benchmarks.measuring import PUBLISHER, cost, table


def run(_articles: int) -> None:
    """Print the best of seven runs each."""
    with tempfile.TemporaryDirectory() as folder:
        cost(*PUBLISHER, "init", folder)
        commands = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "publisher --help": (*PUBLISHER, "--help"),
            "publisher status": (*PUBLISHER, "-C", folder, "status"),
            "publisher plan morning": (*PUBLISHER, "-C", folder, "plan", "morning"),
        }
        best = {name: min(cost(*c).seconds for _ in range(7)) for name, c in commands.items()}
    floor = best["python -c pass"]
    table(
        "Answering",
        ("command", "seconds, best of 7", "of Python's own start"),
        [(name, f"{seconds:.3f}", f"{seconds / floor:.1f}") for name, seconds in best.items()],
    )
