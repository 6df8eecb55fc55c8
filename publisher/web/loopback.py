"""What is for this machine alone: the preview, and the operator's port.

A page elsewhere whose name leads here (DNS rebinding) asks by that name, and is refused.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = {"127.0.0.1", "localhost", "[::1]"}
_HEADERS = [
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]  # fmt: skip


class ThisMachine:
    """Lets in only what asks for this machine by name, and adds the headers of safety."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        host = Headers(scope=scope).get("host", "")
        if re.sub(r":\d+$", "", host).lower() not in _OURS:
            refused = PlainTextResponse("This is for this machine alone.\n", 421)
            await refused(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        await self.app(scope, receive, sent)
