"""What keeping many schedules costs: the start, the memory, and how late slots are settled."""

from __future__ import annotations

import json
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
MINUTES = 3
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
        f"Keeping schedules of {NEWSLETTERS} newsletters, all of which go out each minute",
        ("schedules", "seconds to start", "peak MB", "slots", "sent", "late p50 s", "late p99 s"),
        rows,
    )


def _measured(count: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ends = _publication(root, count).timestamp() + 45
        started = time.perf_counter()
        told = root / "events"
        with told.open("wb") as out:
            process = subprocess.Popen(
                [*PUBLISHER, "-C", folder, "run", "--json"],
                stdout=out,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "NOTIFY_SOCKET": ""},
            )
        while not told.stat().st_size:  # the feeds were written: the first tick is done
            time.sleep(0.01)
        ready = time.perf_counter() - started
        time.sleep(max(0.0, ends - time.time()))
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        events = [json.loads(line) for line in told.read_text().splitlines()]
    slots = [event for event in events if event["what"] == "slot"]
    late = [_late(event) for event in slots]
    sent = sum(event["text"].startswith("sent") for event in slots)
    cuts = quantiles(late, n=100) if len(late) > 1 else [0.0] * 99
    megabytes = int(peak[1]) / 1024 if peak else 0
    return (
        f"{count:,}",
        f"{ready:.2f}",
        f"{megabytes:.0f}",
        f"{len(late):,}",
        f"{sent:,}",
        f"{cuts[49]:.2f}",
        f"{cuts[98]:.2f}",
    )


def _late(event: dict[str, str]) -> float:
    """Seconds from a slot until it was built, frozen and told."""
    slot = datetime.strptime(event["edition"].partition("@")[2], "%Y-%m-%dT%H%M").replace(
        tzinfo=UTC
    )
    return (datetime.fromisoformat(event["at"]) - slot).total_seconds()


def _publication(root: Path, count: int) -> datetime:
    """Newsletters with one reader and one story a slot; returns when the last slot comes."""
    tables = "".join(
        f'[newsletters.n{n}]\ntitle = "N{n}"\n'
        f'[[newsletters.n{n}.sections]]\nname = "lead"\nmax = 1\n'
        for n in range(NEWSLETTERS)
    )
    (root / "publisher.toml").write_text(HEAD + tables)
    (root / "articles").mkdir()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for number in range(MINUTES + 1):
        (root / f"articles/a{number}.md").write_text(
            f"---\ntitle: Story {number}\ndate: {now - timedelta(hours=number + 1):%Y-%m-%d %H:%M}"
            "\n---\nText.\n"
        )
    ledger = Ledger(root / ".publisher/ledger.db")
    made = []
    for number in range(count):
        at = now + timedelta(minutes=2 + number // NEWSLETTERS % MINUTES)
        rule = Rule(every="day", at=f"{at:%H:%M}", zone="UTC")
        made.append(
            Schedule(
                name=f"s{number}", newsletter=f"n{number % NEWSLETTERS}", rule=rule, through=now
            )
        )
    ledger.schedules.put(made, now)
    ledger.close()
    words = [word for n in range(NEWSLETTERS) for word in ("--newsletter", f"n{n}")]
    command = [*PUBLISHER, "-C", str(root), "subscribers", "add", "ana@reader.example", *words]
    subprocess.run(command, check=True, capture_output=True)
    return now + timedelta(minutes=1 + MINUTES)
