"""The edges of every answer: a slash off the end of an address, and the headers of safety."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self' https:; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",  # the address of a page is a key
    b"cross-origin-opener-policy": b"same-origin",
}


def safe(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return headers with those of safety that are not among them."""
    own = list(headers)
    given = {name.lower() for name, _ in own}
    return own + [pair for pair in _HEADERS.items() if pair[0] not in given]


def bare(path: str) -> str:
    """Return a path without slashes at its end."""
    return path.rstrip("/") or "/"


class Edges:
    """Takes slashes off the end of an address, and adds the headers of safety to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, changed."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": safe(message["headers"])}
            await send(message)

        await self.app({**scope, "path": bare(scope.get("path", "/"))}, receive, sent)
