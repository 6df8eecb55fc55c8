"""The pace of one domain, kept by several hosts together: messages in each second."""

from __future__ import annotations

import statistics
import time
from collections import Counter

from benchmarks.measuring import table
from tests.crash.hosts import hosts_of

RATE = 200
DOMAIN = "big.example"
ENDS = 3  # seconds at the beginning and at the end that are left out


def run(readers: int) -> None:
    """Print what came in each second from one, two and four hosts."""
    rows = [row(hosts, readers) for hosts in (1, 2, 4)]
    heads = ("hosts", "messages", "a second, mean", "least", "most", "seconds within 195 to 205")
    table(f"A pace of {RATE} a second for one domain, PostgreSQL", heads, rows)


def row(hosts: int, readers: int) -> tuple[str, ...]:
    """A row of the table."""
    found = seconds(hosts, readers)[ENDS:-ENDS]
    within = sum(195 <= one <= 205 for one in found)
    mean = statistics.mean(found)
    counts = (hosts, f"{readers:,}", f"{mean:.1f}", min(found), max(found))
    return (*map(str, counts), f"{within} of {len(found)}")


def seconds(hosts: int, readers: int) -> list[int]:
    """How many messages a server took in each second from hosts that send side by side."""
    pace = f'[domains."{DOMAIN}"]\nper_second = {RATE}\n'
    with hosts_of(readers, hosts, domains=[DOMAIN], more=pace, smtp=["--times"]) as sending:
        sending.frozen()
        for process in [host.start(["deliver", "--wait"]) for host in sending.hosts]:
            while process.poll() is None:
                time.sleep(0.5)
        lines = [line.split() for line in sending.log.read_text().splitlines()]
    assert len({one[0] for one in lines}) == len(lines) == readers
    begun = min(float(one[2]) for one in lines)
    counts = Counter(int(float(one[2]) - begun) for one in lines)
    return [counts[second] for second in range(max(counts) + 1)]
