"""A worker: does what its parent sends, a slice at a time, until that ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from publisher.workers.channel import Channel, Closed


def main() -> None:
    """Take work from standard input and answer on standard output."""
    channel = Channel(os.dup(0), os.dup(1))
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    leave_signals()
    serve(channel)


def leave_signals() -> None:
    """Take none of those that end a program: they are the parent's, and it ends us."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def serve(channel: Channel) -> None:
    """Do what is asked over a channel, until nobody asks any more."""
    do: Callable[[Any], object] | None = None
    with contextlib.suppress(Closed):
        while True:
            work, items = pickle.loads(channel.receive())  # noqa: S301 of our own parent
            if work is not None:
                do = _opened(work)
            channel.send(msgspec.msgpack.encode([_done(do, item) for item in items]))


def _opened(work: bytes) -> Callable[[Any], object] | None:
    try:
        found: Callable[[Any], object] = pickle.loads(work).opened()  # noqa: S301
    except Exception:  # the parent does it all, and finds out what is wrong
        return None
    return found


def _done(do: Callable[[Any], object] | None, item: Any) -> object:
    try:
        return do(item) if do else None
    except Exception:
        return None


if __name__ == "__main__":
    sys.setrecursionlimit(1000)
    main()
