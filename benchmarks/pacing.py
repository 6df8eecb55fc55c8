"""The pace of one domain, kept by several hosts or workers together: messages in each second."""

from __future__ import annotations

import signal
import statistics
import time
from collections import Counter

from benchmarks.measuring import table
from benchmarks.staff import ENGINE
from tests.crash.harness import SOON
from tests.crash.hosts import hosts_of

RATE = 200
DOMAIN = "big.example"
ENDS = 3  # seconds at the beginning and at the end that are left out


def run(readers: int) -> None:
    """Print what came in each second from one, two and four hosts, and from four workers."""
    rows = [row(hosts, readers, "deliver --wait") for hosts in (1, 2, 4)]
    rows.append(row(4, readers, "worker"))
    heads = (
        "hosts", "each with", "messages", "a second, mean", "least", "most",
        "seconds within 195 to 205",
    )  # fmt: skip
    table(f"A pace of {RATE} a second for one domain, PostgreSQL", heads, rows)


def row(hosts: int, readers: int, words: str) -> tuple[str, ...]:
    """A row of the table; what came in each second is printed before."""
    counts = seconds(hosts, readers, words)
    print(f"{hosts} × {words}:", *counts, flush=True)
    found = counts[ENDS:-ENDS]
    within = sum(195 <= one <= 205 for one in found)
    mean = statistics.mean(found)
    told = (hosts, words, f"{readers:,}", f"{mean:.1f}", min(found), max(found))
    return (*map(str, told), f"{within} of {len(found)}")


def seconds(hosts: int, readers: int, words: str) -> list[int]:
    """How many messages a server took in each second from hosts that send side by side."""
    pace = f'[domains."{DOMAIN}"]\nper_second = {RATE}\n'
    pace += ENGINE if words == "worker" else ""
    with hosts_of(readers, hosts, domains=[DOMAIN], more=pace, smtp=["--times"]) as sending:
        sending.frozen()
        running = [host.start(words.split()) for host in sending.hosts]
        while any(process.poll() is None for process in running):
            time.sleep(0.5)
            if words == "worker" and sending.sent() >= readers:
                for process in running:
                    process.send_signal(signal.SIGTERM)
                break
        for process in running:
            process.wait(SOON)
        lines = [line.split() for line in sending.log.read_text().splitlines()]
    assert len({one[0] for one in lines}) == len(lines) == readers
    begun = min(float(one[2]) for one in lines)
    counts = Counter(int(float(one[2]) - begun) for one in lines)
    return [counts[second] for second in range(max(counts) + 1)]
