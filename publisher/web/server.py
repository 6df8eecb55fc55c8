"""uvicorn, for a command of its own or a thread of `run`."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
import time
from asyncio import TimerHandle, Transport
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from publisher.errors import UsageError

_GRACE = 5  # seconds for answers on their way when the service ends
_CHORE = 30.0  # seconds between two
_MOST = 2000  # connections at a time; more are told to come again
_HEADS = 10.0  # seconds for the head of a request to come
_LIFE = 120.0  # seconds of a connection,
_LEAST = 1_000_000  # and as many more for so many bytes taken: who is slower is let go


class Server:
    """Serves an application on an address.

    A client that is slow cannot hold it. Nothing is logged: addresses of pages are keys.
    """

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        self._socket = listening.dup()  # uvicorn closes what it is given
        self.port: int = self._socket.getsockname()[1]
        _silence()
        config = uvicorn.Config(
            app,
            http=_Impatient,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_room(),
            timeout_graceful_shutdown=_GRACE,
            lifespan="off",
            ws="none",
        )
        self._server = _Server(config)

    def run(self, ends: Callable[[], bool]) -> None:
        """Serve until `ends` says so; it is asked some times a second."""
        serve_all([self], ends)

    async def serve(self) -> None:
        """Serve until it is ended."""
        await self._server.serve(sockets=[self._socket])

    def end(self) -> None:
        """Take no more requests, and finish those at hand."""
        self._server.should_exit = True


def serve_all(
    servers: Sequence[Server], ends: Callable[[], bool], chore: Callable[[], object] | None = None
) -> None:
    """Serve all of them until `ends` says so, or one of them ends; do a chore twice a minute."""
    asyncio.run(_serve_all(servers, ends, chore or (lambda: None)))


async def _serve_all(
    servers: Sequence[Server], ends: Callable[[], bool], chore: Callable[[], object]
) -> None:
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    due, work = time.monotonic() + _CHORE, None
    while not ends() and not any(task.done() for task in tasks):
        await asyncio.sleep(0.1)
        if time.monotonic() >= due and (work is None or work.done()):
            work = asyncio.create_task(asyncio.to_thread(chore))  # it may wait for the ledger
            due = time.monotonic() + _CHORE
    for server in servers:
        server.end()
    await asyncio.gather(*tasks, *([work] if work else []))
    await asyncio.to_thread(chore)


class _Server(uvicorn.Server):
    """Leaves signals to whoever started it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


_OTHER_PORT = "Name another port in publisher.toml: [web] port, or let it be: serve = false"


def listening(host: str, port: int, *, todo: str = _OTHER_PORT) -> socket.socket:
    """Return a socket that listens on an address; raise UsageError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"{host}:{port} cannot be listened on: "
            f"{os.strerror(error.errno) if error.errno else error}",
            todo=todo,
        ) from None


def _room() -> int:
    """How many connections there may be: half the files that a process may open, at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * _MOST if hard == resource.RLIM_INFINITY else min(4 * _MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return _MOST if soft == resource.RLIM_INFINITY else min(_MOST, soft // 2)


def _silence() -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False


class _Metered:
    """A transport that knows how much it was given to send."""

    def __init__(self, transport: Transport) -> None:
        self._transport, self.sent = transport, 0

    def write(self, data: bytes) -> None:
        """Send, and count."""
        self.sent += len(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Impatient(H11Protocol):
    """HTTP/1.1 for clients that come to the point: uvicorn waits for a head for ever."""

    _life: TimerHandle | None = None
    _head: TimerHandle | None = None
    _taken = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Give the connection its time."""
        super().connection_made(transport)
        # asyncio does so for sockets that name their protocol; ours was made without. Head and body
        # are two writes: the second would wait 40 ms for a delayed acknowledgement of the first.
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = self._metered = _Metered(transport)  # type: ignore[assignment]
        self._life = self.loop.call_later(_LIFE, self._look)
        self._head = self.loop.call_later(_HEADS, self._late)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head no longer than for the first."""
        super().data_received(data)
        if self._head is None and self._is_idle():
            self._head = self.loop.call_later(_HEADS, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        for timer in (self._life, self._head):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Let go of whoever is not in the midst of a large file that comes along."""
        taken = self._metered.sent - self._metered.get_write_buffer_size()
        if self._is_idle() or taken - self._taken < _LEAST:
            self.transport.abort()
            return
        self._taken = taken
        self._life = self.loop.call_later(_LIFE, self._look)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _late(self) -> None:
        self._head = None
        if self._is_idle():
            self.transport.abort()
