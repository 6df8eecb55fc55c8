"""A command's seconds and peak memory; a table to print."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PUBLISHER = (sys.executable, "-m", "publisher")


@dataclass(frozen=True)
class Cost:
    """Wall-clock seconds, CPU seconds and peak resident memory in MB."""

    seconds: float
    cpu: float
    megabytes: float


def cost(*command: str) -> Cost:
    """Run a command to its end; its output is thrown away unless it fails."""
    return side_by_side(1, *command)


def side_by_side(count: int, *command: str) -> Cost:
    """Run a command so many times at once: seconds until all end, CPU of all, the highest peak."""
    started = time.perf_counter()
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(count)
    ]
    usages = [_ended(process, (0,) if count == 1 else (0, _LEFT)) for process in running]
    return Cost(
        time.perf_counter() - started,
        sum(usage.ru_utime + usage.ru_stime for usage in usages),
        max(usage.ru_maxrss for usage in usages) / 1024,
    )


_LEFT = 4
"""What one exits with that left something to those beside it."""


def _ended(process: subprocess.Popen[bytes], fine: tuple[int, ...]) -> resource.struct_rusage:
    """What a process used; raises SystemExit with what it said, where it failed."""
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        raise SystemExit(f"{process.args!r}\n{output.decode()}")
    return usage


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|" + "|".join("---" if n == 0 else "---:" for n in range(len(heads))) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with a digest of its bytes.

    Not with the bytes: what this process holds counts as the peak of whatever it starts.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
