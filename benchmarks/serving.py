"""What the web costs: a 304, a page and a feed of 50 entries, beside nginx; many connections."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.measuring import PUBLISHER, table

ENTRIES = 50
SECONDS, ROUNDS = 1, 8  # each round asks one after the other: other work on the machine is shared
CONNECTIONS = 1000
FEED, PAGE = "/feeds/atom.xml", "/story-0/"
CONFIG = f"""\
[publication]
title = "Many"
base_url = "https://many.example"
[feeds]
entries = {ENTRIES}
"""
NGINX = """\
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  types {{ application/atom+xml xml; text/html html; }}
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {root}; etag on; }}
}}
"""


def run(_: int) -> None:
    """Print requests a second of ours and of nginx, and the memory of many connections."""
    missing = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if missing:
        print(f"\nServing is not measured: there is no {' and no '.join(missing)} (Debian).")
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _publication(root)
        with _ours(root) as (ours, process), _nginx(root) as (nginx, its_process):
            rows = []
            asked = (
                ("304 of the feed", FEED, FEED, True), (f"{ENTRIES} entries", FEED, FEED, False),
                ("an article's page", PAGE, f"/web{PAGE}", False),
            )  # fmt: skip
            for name, path, its_path, is_known in asked:
                rounds = [
                    (
                        _asked(f"{ours}{path}", process.pid, is_known),
                        _asked(f"{nginx}{its_path}", its_process.pid, is_known),
                    )
                    for _ in range(ROUNDS)
                ]
                rates = [max(one[n].rate for one in rounds) for n in (0, 1)]
                costs = [min(one[n].cpu for one in rounds) * 1e6 for n in (0, 1)]
                rows.append((
                    name, *(f"{rate:,.0f}" for rate in rates), f"{rates[0] / rates[1]:.2f}",
                    *(f"{cpu:.1f}" for cpu in costs), f"{costs[1] / costs[0]:.2f}",
                ))  # fmt: skip
            size = (root / f"outbox{FEED}").stat().st_size
            table(
                f"Requests, a feed of {size / 1000:.0f} KB, one process each, best of {ROUNDS}",
                (
                    "",
                    "publisher serve, a second",
                    "nginx, a second",
                    "of nginx",
                    "publisher serve, CPU µs",
                    "nginx, CPU µs",
                    "of nginx",
                ),
                rows,
            )
            before, after = _memory(ours, process)
            table(
                f"Memory of publisher serve, MB, with {CONNECTIONS:,} connections open",
                ("before", "open and answered"),
                [(f"{before:.0f}", f"{after:.0f}")],
            )


def _publication(root: Path) -> None:
    (root / "publisher.toml").write_text(CONFIG)
    (root / "articles").mkdir()
    text = "A paragraph of some length, as articles have them, with words in it. " * 8
    for number in range(ENTRIES):
        day = f"2026-01-{number % 28 + 1:02} 12:00"
        head = f"---\ntitle: Story {number}\nslug: story-{number}\ndate: {day}\n---\n\n"
        (root / f"articles/{number}.md").write_text(head + f"{text}\n\n" * 4)
    subprocess.run([*PUBLISHER, "-C", str(root), "build"], check=True, capture_output=True)


@contextlib.contextmanager
def _ours(root: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [*PUBLISHER, "-C", str(root), "serve", "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    found = re.search(r"(http://\S+?)/ ", process.stderr.readline())
    assert found
    try:
        yield found[1], process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _nginx(root: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = root / "nginx.conf"
    config.write_text(NGINX.format(folder=root, root=root / "outbox", port=port))
    root.chmod(0o755)  # its worker is nobody
    process = subprocess.Popen(
        ["nginx", "-c", str(config), "-e", str(root / "error.log")], stderr=subprocess.DEVNULL
    )
    at = f"http://127.0.0.1:{port}"
    for _ in range(100):
        with contextlib.suppress(OSError):
            urlopen(f"{at}/feeds/atom.xml").close()
            break
        time.sleep(0.05)
    try:
        yield at, process
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Asked:
    """Requests a second, and what each cost the server, in seconds of its processor."""

    rate: float
    cpu: float


def _asked(url: str, pid: int, is_known: bool) -> Asked:
    words = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", url]
    if is_known:
        with urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:
            words += ["-H", f"If-None-Match: {answer.headers['ETag']}"]
    before = _cpu(pid)
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    taken = _cpu(pid) - before
    rate, count = (
        re.search(r"Requests/sec:\s+([\d.]+)", said),
        re.search(r"(\d+) requests in", said),
    )
    assert rate and count, said
    # wrk counts a 304 as good, and anything from 400 on as an error.
    assert "Non-2xx or 3xx" not in said, said
    return Asked(float(rate[1]), taken / int(count[1]))


def _cpu(pid: int) -> float:
    """Seconds of the processor that a process and its children have taken."""
    here = Path(f"/proc/{pid}")
    own = here.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
    children = [
        int(child)
        for task in here.joinpath("task").iterdir()
        for child in task.joinpath("children").read_text().split()
    ]
    return sum(map(int, own)) / os.sysconf("SC_CLK_TCK") + sum(map(_cpu, children))


def _memory(url: str, process: subprocess.Popen[str]) -> tuple[float, float]:
    host, port = url.removeprefix("http://").split(":")
    before = _megabytes(process.pid)
    with contextlib.ExitStack() as opened:
        for _ in range(CONNECTIONS):
            one = opened.enter_context(socket.create_connection((host, int(port))))
            one.sendall(b"GET /feeds/atom.xml HTTP/1.1\r\nHost: x\r\n\r\n")
            assert one.recv(12) == b"HTTP/1.1 200"
        return before, _megabytes(process.pid)


def _megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
