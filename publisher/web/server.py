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
from functools import partial
from http import HTTPStatus
from typing import Any

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from publisher.errors import UsageError
from publisher.web.door import TOLD, Door, Refusal
from publisher.web.parts import PART

_GRACE = 5  # seconds for answers on their way when the service ends
_CHORE = 30.0  # seconds between two
_MOST = 2000  # connections at a time, where nobody says otherwise
_REFUSED = 500  # more connections that are told so; beyond them, they are only closed
_HEADS = 10.0  # seconds for the head of a request to come
_LIFE = 120.0  # seconds of a connection,
_LEAST = 1_000_000  # and as many more for so many bytes taken: who is slower is let go


class Server:
    """Serves an application on an address.

    A client that is slow cannot hold it, and costs a bounded buffer. `door` says how many may be in
    at a time. Nothing is logged: addresses of pages are keys.
    """

    def __init__(self, app: ASGIApp, listening: socket.socket, door: Door | None = None) -> None:
        self._socket = listening.dup()  # uvicorn closes what it is given
        self.port: int = self._socket.getsockname()[1]
        _silence()
        config = uvicorn.Config(
            _unambiguous(app),
            http=partial(_Impatient, door=door or Door(room())),  # type: ignore[arg-type]
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
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


def room(most: int = _MOST) -> int:
    """How many connections there may be: half the files that a process may open, at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * most if hard == resource.RLIM_INFINITY else min(4 * most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return most if soft == resource.RLIM_INFINITY else min(most, soft // 2)


def _unambiguous(app: ASGIApp) -> ASGIApp:
    """Return an application that refuses requests whose end is said in two ways, and hangs up.

    RFC 9112 §6.1: a server in front may go by the one, and we by the other; what one of us takes
    for a body is a request for the other.
    """

    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _ in scope["headers"]} if scope["type"] == "http" else set()
        doubtful = b"content-length" in names or scope.get("http_version") == "1.0"
        if b"transfer-encoding" in names and doubtful:
            answer = PlainTextResponse("Bad request.\n", 400, headers={"connection": "close"})
            await answer(scope, receive, send)
        else:
            await app(scope, receive, send)

    return refusing


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
    _refused: Refusal | None = None
    _to_refuse = 0  # of all connections

    def __init__(self, *args: Any, door: Door, **keys: Any) -> None:
        super().__init__(*args, **keys)
        self._door = door

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Let the connection in and give it its time, or refuse it once it asks."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=PART)
        self._refused, self._leave = self._door.enter((self.client or ("",))[0])
        if self._refused:
            _Impatient._to_refuse += 1
            if _Impatient._to_refuse > _REFUSED:
                transport.abort()
                return
        # asyncio does so for sockets that name their protocol; ours was made without. Head and body
        # are two writes: the second would wait 40 ms for a delayed acknowledgement of the first.
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = self._metered = _Metered(transport)  # type: ignore[assignment]
        self._life = self.loop.call_later(_LIFE, self._look)
        self._head = self.loop.call_later(_HEADS, self._late)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head no longer than for the first."""
        if self._refused:
            self.transport.write(_refusal(self._refused))
            self.transport.close()
            return
        super().data_received(data)
        if self._head is None and self._is_idle():
            self._head = self.loop.call_later(_HEADS, self._late)
        elif self._head is not None and not self._is_idle():
            self._head.cancel()  # it came; between two requests uvicorn's own clock runs
            self._head = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks, and make room."""
        self._leave()
        _Impatient._to_refuse -= bool(self._refused)
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


def _refusal(why: Refusal) -> bytes:
    """The answer to a connection that was not let in, whatever it asks."""
    status, text = TOLD[why]
    return (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nRetry-After: 30\r\n"
        f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}"
    ).encode("ascii")
