"""What hostile articles cost the mail of another newsletter while they come and go."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measuring import table
from tests.fire import PACE, under_fire

SECONDS = 180


def run(_: int) -> None:
    """Print a table of three minutes under fire."""
    with tempfile.TemporaryDirectory() as folder:
        found = under_fire(Path(folder) / "site", SECONDS)
    table(
        f"A queue of {PACE} messages a second, and a slot a minute, under {found.attacks} attacks",
        ("messages", "longest wait s", "slots sent", "latest slot s"),
        [
            (
                f"{len(found.gaps):,}",
                f"{max(found.gaps, default=0.0):.2f}",
                f"{len(found.late)}",
                f"{max(found.late, default=0.0):.2f}",
            )
        ],
    )
