"""The connection between a host and PostgreSQL, which may be cut in silence, or reset."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable

GONE = 30.0
"""Seconds after which TCP gives a connection up, at both ends: what `engine` asks for."""

_LOOK = 0.05  # seconds between two looks at whether a cut is over
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: an end by RST


class Link:
    """Listens on a port of 127.0.0.1, and passes on what comes to a socket of this machine.

    While it is cut nothing passes, and nobody is told: who writes waits, and who connects waits.
    What was on its way comes when the cut is over, as TCP sends again what was lost; after `GONE`
    seconds both ends find the connection reset, as they would have given it up by themselves.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._other: dict[socket.socket, socket.socket] = {}
        self._cut: tuple[float, float] | None = None  # since when, and until when
        self._asked: list[Callable[[], None]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._thread.start()

    def cut(self, seconds: float) -> None:
        """Let nothing pass for some time; return at once."""
        now = time.monotonic()
        self._cut = now, now + seconds

    @property
    def is_cut(self) -> bool:
        return self._cut is not None

    def reset(self) -> None:
        """Reset all connections, as a firewall does that has forgotten them; return at once."""
        self._asked.append(self._reset)

    def close(self) -> None:
        """End all of it."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with self._listening, self._selector:
            while not self._over.is_set():
                self._turn()
            self._reset()

    def _turn(self) -> None:
        while self._asked:
            self._asked.pop()()
        if self._cut is not None:
            since, until = self._cut
            if (now := time.monotonic()) < until:
                if now - since > GONE:
                    self._reset()
                self._over.wait(_LOOK)
                return
            self._cut = None
        for key, _ in self._selector.select(_LOOK):
            assert isinstance(key.fileobj, socket.socket)
            if key.fileobj is self._listening:
                self._accept()
            elif key.fileobj in self._other:  # it may have ended in this very turn
                self._pass_on(key.fileobj)

    def _accept(self) -> None:
        client, _ = self._listening.accept()
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._path)
        except OSError:  # it is being restarted
            client.close()
            server.close()
            return
        for one, other in ((client, server), (server, client)):
            self._other[one] = other
            self._selector.register(one, selectors.EVENT_READ)

    def _pass_on(self, one: socket.socket) -> None:
        try:
            data = one.recv(1 << 16)
            if data:
                self._other[one].sendall(data)
                return
        except OSError:
            pass
        self._end(one)

    def _end(self, one: socket.socket) -> None:
        for end in (one, self._other[one]):
            del self._other[end]
            self._selector.unregister(end)
            end.close()

    def _reset(self) -> None:
        for one in list(self._other):
            if one in self._other:
                for end in (one, self._other[one]):
                    with contextlib.suppress(OSError):
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                self._end(one)
