"""A command's seconds and peak memory; a table to print."""

from __future__ import annotations

import hashlib
import os
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
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\n{output.decode()}")
    return Cost(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
    )


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
