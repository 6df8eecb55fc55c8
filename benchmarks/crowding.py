"""What a crowd of slow readers costs `publisher serve`: memory before, with them, and after."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from benchmarks.measuring import PUBLISHER, table

READERS = 2000
SIZE = 3_900_000  # bytes of the file that each asks for: the largest that is kept in memory
CHORES = 100  # seconds: memory is given back twice a minute, and three times
CONFIG = """\
[publication]
title = "Many"
base_url = "https://many.example"
[web]
connections = 2500
"""


def run(_: int) -> None:
    """Print the memory of `serve` before, with slow readers, and after they have left."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _publication(root)
        process = subprocess.Popen(
            [*PUBLISHER, "-C", str(root), "serve", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr
        found = re.search(r":(\d+)/", process.stderr.readline())
        assert found
        try:
            rows = [_round(process.pid, int(found[1])) for _ in range(2)]
        finally:
            process.terminate()
            process.wait()
    table(
        f"Memory of publisher serve, MB: {READERS:,} slow readers of {SIZE / 1e6:.1f} MB",
        ("round", "before", "with them", "after"),
        [(str(n), *(f"{one:.0f}" for one in row)) for n, row in enumerate(rows, 1)],
    )


def _publication(root: Path) -> None:
    (root / "publisher.toml").write_text(CONFIG)
    (root / "articles").mkdir()
    (root / "static").mkdir()
    (root / "articles/one.md").write_text("---\ntitle: One\ndate: 2026-01-01\n---\nText.\n")
    (root / "static/large.bin").write_bytes(os.urandom(SIZE))
    subprocess.run([*PUBLISHER, "-C", str(root), "build"], check=True, capture_output=True)


def _round(pid: int, port: int) -> tuple[float, float, float]:
    urlopen(f"http://127.0.0.1:{port}/large.bin").close()
    before = _megabytes(pid)
    with contextlib.ExitStack() as opened:
        for _ in range(READERS):
            one = opened.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(("127.0.0.1", port))
            one.sendall(b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(12) == b"HTTP/1.1 200"
        crowded = _megabytes(pid)
    time.sleep(CHORES)
    return before, crowded, _megabytes(pid)


def _megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
