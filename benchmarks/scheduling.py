"""What keeping many schedules costs: the start, the memory, and how late slots are settled."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from benchmarks.measuring import PUBLISHER, table
from publisher.ledger import Ledger
from publisher.model import Rule, Schedule

NEWSLETTERS = 100
SECONDS = 150
HEAD = """\
[publication]
title = "Many"
base_url = "https://many.example"
sender = "letter@many.example"
[postal]
city = "Town"
"""


def run(schedules: int) -> None:
    """Print a table for a tenth of the schedules, and for all."""
    rows = [_measured(count) for count in (schedules // 10, schedules)]
    table(
        f"Keeping schedules, one of {NEWSLETTERS} newsletters each, spread over the day",
        ("schedules", "seconds to start", "peak MB", "slots", "late p50 s", "late p99 s"),
        rows,
    )


def _measured(count: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _publication(root, count)
        started = time.perf_counter()
        process = subprocess.Popen([*PUBLISHER, "-C", folder, "run"], stdout=subprocess.PIPE,
                                   text=True, env={**os.environ, "NOTIFY_SOCKET": ""})  # fmt: skip
        assert process.stdout
        process.stdout.readline()  # the feeds were written: the first tick is done
        ready = time.perf_counter() - started
        time.sleep(SECONDS)
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        ledger = Ledger(root / ".publisher/ledger.db", readonly=True)
        late = [(one.recorded - one.instant).total_seconds() for one in ledger.schedules.slots()]
        ledger.close()
    cuts = quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    megabytes = int(peak[1]) / 1024 if peak else 0
    return (f"{count:,}", f"{ready:.2f}", f"{megabytes:.0f}", f"{len(late):,}",
            f"{cuts[49]:.2f}", f"{cuts[98]:.2f}")  # fmt: skip


def _publication(root: Path, count: int) -> None:
    """Newsletters without readers: a slot is settled as skipped, which costs its decision."""
    tables = "".join(f'[newsletters.n{n}]\ntitle = "N{n}"\n' for n in range(NEWSLETTERS))
    (root / "publisher.toml").write_text(HEAD + tables)
    (root / "articles").mkdir()
    (root / "articles/a.md").write_text("---\ntitle: A\ndate: 2026-01-01\n---\nText.\n")
    now = datetime.now(UTC)
    ledger = Ledger(root / ".publisher/ledger.db")
    made = []
    for number in range(count):
        at = now + timedelta(seconds=86400 * number / count)
        rule = Rule(every="day", at=f"{at:%H:%M}", zone="UTC")
        made.append(Schedule(name=f"s{number}", newsletter=f"n{number % NEWSLETTERS}", rule=rule,
                             through=now))  # fmt: skip
    ledger.schedules.put(made, now)
    ledger.close()
