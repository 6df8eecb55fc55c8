"""A process that forks workers: it imports what they need, once, and forks one when it is asked.

It has no thread and no open file but the socket that it is asked by, which begins at standard
input: so a fork of it holds nobody's lock. When that socket ends, so do all of them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys

from publisher.workers.channel import Channel
from publisher.workers.process import leave_signals, serve


def main() -> None:
    """Import the modules that are named, then fork a worker for each two pipes that come."""
    asked = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # whatever a library prints is nobody's answer
    os.close(null)
    leave_signals()
    for name in sys.argv[1:]:
        with contextlib.suppress(Exception):  # work that needs it comes to nothing, and is told of
            importlib.import_module(name)
    gc.freeze()  # what all of them have stays one copy in memory
    started: set[int] = set()
    while pipes := _pipes(asked):
        started -= {one for one in started if os.waitpid(one, os.WNOHANG)[0]}
        pid = os.fork()
        if not pid:
            asked.close()
            _live(*pipes)
        for one in pipes:
            os.close(one)
        started.add(pid)
    for one in started:
        os.kill(one, signal.SIGKILL)  # none of them is reaped yet: it is ours
        os.waitpid(one, 0)


def _pipes(asked: socket.socket) -> list[int]:
    """The two ends of pipes of the next worker; none when our parent has ended."""
    try:
        _, pipes, _, _ = socket.recv_fds(asked, 1, 2)
    except OSError:
        return []
    return pipes


def _live(reading: int, writing: int) -> None:
    """Be a worker, to the end of it."""
    try:
        serve(Channel(reading, writing))
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.setrecursionlimit(1000)
    main()
