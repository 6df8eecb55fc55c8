"""What the web costs: a 304 and a feed of 50 entries, beside nginx; a thousand connections."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.measuring import PUBLISHER, table

ENTRIES = 50
SECONDS = 8
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
        with _ours(root) as (ours, process), _nginx(root) as nginx:
            rows = []
            asked = (
                ("304 of the feed", FEED, FEED, True), (f"{ENTRIES} entries", FEED, FEED, False),
                ("an article's page", PAGE, f"/web{PAGE}", False),
            )  # fmt: skip
            for name, path, its_path, is_known in asked:
                mine = _rate(f"{ours}{path}", is_known)
                its = _rate(f"{nginx}{its_path}", is_known)
                rows.append((name, f"{mine:,.0f}", f"{its:,.0f}", f"{mine / its:.3f}"))
            size = (root / f"outbox{FEED}").stat().st_size
            table(
                f"Requests a second, a feed of {size / 1000:.0f} KB, one process each",
                ("", "publisher serve", "nginx", "of nginx"),
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
def _nginx(root: Path) -> Iterator[str]:
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
        yield at
    finally:
        process.terminate()
        process.wait()


def _rate(url: str, is_known: bool) -> float:
    words = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", url]
    if is_known:
        with urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:
            words += ["-H", f"If-None-Match: {answer.headers['ETag']}"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found, said
    # wrk counts a 304 as good, and anything from 400 on as an error.
    assert "Non-2xx or 3xx" not in said, said
    return float(found[1])


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
