"""uvicorn, for a command of its own or a thread of `run`."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.errors import UsageError
from publisher.web.connection import Connection
from publisher.web.door import Door
from publisher.web.shortcuts import Shortcuts

_GRACE = 5  # seconds for answers on their way when the service ends
_PAUSE = 5  # seconds between two requests on a connection
_CHORE = 30.0  # seconds between two
_MOST = 2000  # connections at a time, where nobody says otherwise


class Server:
    """Serves an application on an address.

    A client that is slow cannot hold it, and costs a bounded buffer. `door` says how many may be in
    at a time; `shortcuts` answer what they can without the application. Nothing is logged:
    addresses of pages are keys.
    """

    def __init__(
        self,
        app: ASGIApp,
        listening: socket.socket,
        door: Door | None = None,
        shortcuts: Shortcuts | None = None,
    ) -> None:
        self._socket = listening.dup()  # uvicorn closes what it is given
        self.port: int = self._socket.getsockname()[1]
        _silence()
        config = uvicorn.Config(
            _unambiguous(app),
            http=partial(  # type: ignore[arg-type]
                Connection, door=door or Door(room()), shortcuts=shortcuts
            ),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
            timeout_keep_alive=_PAUSE,
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
