"""`deliver` to a server that is 50 ms away, beside smtplib: messages a second and connection.

    python -m benchmarks.far PORT

is the distance to the server at PORT: all that comes in goes out half a round trip later, both
ways; it prints its own port first.
"""

from __future__ import annotations

import queue
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from publisher.delivery import Stop
from publisher.pipeline.sends.deliver import deliver
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.workspace import Workspace

ROUND_TRIP = 0.050  # seconds
EACH = 20  # messages of smtplib on each connection are enough to see it


def rates(root: Path, port: int, size: int, connections: int) -> list[tuple[str, float]]:
    """Messages a second and connection, of a queue drained by `deliver` and of smtplib."""
    space = Workspace(root, datetime.now(UTC), writing=True)
    try:
        delivered = deliver(space, transport_of(space), lambda: datetime.now(UTC), Stop())
    finally:
        space.close()
    ours = delivered.counts["accepted"] / delivered.seconds / connections
    return [("publisher deliver", ours), ("smtplib", _smtplib(port, size, connections))]


def _smtplib(port: int, size: int, connections: int) -> float:
    message = b"Subject: News\r\n\r\n" + b"A sentence of news that says something.\r\n" * (
        size // 41
    )

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port, "bench.example") as client:
            started.wait()
            for number in range(EACH):
                client.sendmail("letter@bench.example", f"reader{number}@mail.example", message)
            ended.wait()

    started, ended = threading.Barrier(connections + 1), threading.Barrier(connections + 1)
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    started.wait()
    begin = time.perf_counter()
    ended.wait()
    seconds = time.perf_counter() - begin
    for thread in threads:
        thread.join()
    return EACH / seconds


@contextmanager
def distance(port: int) -> Iterator[int]:
    """A port that leads to another one, `ROUND_TRIP` away."""
    command = [sys.executable, "-m", "benchmarks.far", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def _lead(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            near, _ = server.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for source, target in ((near, far), (far, near)):
                target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                under_way: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
                for work, end in ((_take, source), (_bring, target)):
                    threading.Thread(target=work, args=(end, under_way), daemon=True).start()


def _take(source: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    data = b"."
    while data:
        try:
            data = source.recv(1 << 18)
        except OSError:
            data = b""
        under_way.put((time.monotonic() + ROUND_TRIP / 2, data))


def _bring(target: socket.socket, under_way: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    while True:
        due, data = under_way.get()
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            target.sendall(data)
        except OSError:
            return


if __name__ == "__main__":
    _lead(int(sys.argv[1]))
