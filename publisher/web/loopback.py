"""What is for this machine alone: the preview; and the operator's port, as a rule.

A page elsewhere whose name leads here (DNS rebinding) asks by that name, and is refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = {"127.0.0.1", "localhost", "[::1]"}
_HEADERS = [
    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]  # fmt: skip


def is_loopback(host: str) -> bool:
    """Whether who listens on an address is reached by this machine alone."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


class ThisMachine:
    """Lets in only what asks for this machine by name, and adds the headers of safety.

    `alone` is False where it listens on a network: then it is asked for by any name.
    """

    def __init__(self, app: ASGIApp, alone: bool = True) -> None:
        self.app, self._alone = app, alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        host = Headers(scope=scope).get("host", "")
        if self._alone and re.sub(r":\d+$", "", host).lower() not in _OURS:
            refused = PlainTextResponse("This is for this machine alone.\n", 421)
            await refused(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        await self.app(scope, receive, sent)
