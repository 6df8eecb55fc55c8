"""uvicorn, for a command of its own or a thread of `run`."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

_GRACE = 5  # seconds for answers on their way when the service ends
_MOST = 1000  # connections at a time; more are told to come again


class Server:
    """Serves an application on an address; the socket is bound when this is made.

    Raises OSError where the address is taken. Nothing is logged: addresses of pages are keys.
    """

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._socket = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            limit_concurrency=_MOST, timeout_graceful_shutdown=_GRACE, lifespan="off",
            ws="none",
        )  # fmt: skip
        self._server = uvicorn.Server(config)

    def run(self, ends: Callable[[], bool]) -> None:
        """Serve until `ends` says so; it is asked some times a second."""
        asyncio.run(self._run(ends))

    async def _run(self, ends: Callable[[], bool]) -> None:
        serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not ends() and not serving.done():
            await asyncio.sleep(0.1)
        self._server.should_exit = True
        await serving
