"""How many come in at a time: connections in all, and connections or requests of one client.

Through a web server in front all connections are that server's own: then the requests at hand of
each client that it names are counted instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from publisher.web.clients import Proxies

Refusal = Literal["all", "client"]

_MANY = 50  # connections: some megabytes
_LOOKS = 3  # times that are worth it: not everything is free at the first

TOLD: dict[Refusal, tuple[int, str]] = {
    "all": (503, "Too busy. Please try again soon.\n"),
    "client": (429, "Too much from your address at a time. Please try again soon.\n"),
}
"""How a client is refused: status and text (RFC 9110 §15.6.4, RFC 6585 §4)."""


class Door:
    """Counts who is in. `most` connections in all, `per_client` of each; 0 for no limit of it.

    `refused` is told of each that is not let in. For one event loop: it takes no lock.
    """

    def __init__(
        self,
        most: int,
        per_client: int = 0,
        proxies: Proxies | None = None,
        refused: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._most, self._per_client, self._refused = most, per_client, refused
        self._proxies = proxies or Proxies()
        self._connections = self._peak = self._emptied = 0
        self._of_client: Counter[str] = Counter()
        self._named = lru_cache(maxsize=500)(self._line_of)  # the same ones ask again and again

    def enter(self, peer: str) -> tuple[Refusal | None, Callable[[], None]]:
        """Let a connection in, or say why not; return what is to be called when it ends."""
        if self._connections >= self._most:
            return self._no("all"), _nothing
        client = self._proxies.client(peer, ())
        line = "" if self._proxies.trusts(client.address) else client.line
        if not self._take(line):
            return self._no("client"), _nothing
        self._connections += 1
        self._peak = max(self._peak, self._connections)
        return None, lambda: self._leave(line)

    def _leave(self, line: str) -> None:
        self._connections -= 1
        self._give_back(line)

    def has_emptied(self) -> bool:
        """Whether many have left since this was asked last: what they took can be given back."""
        if self._peak - self._connections >= _MANY:
            self._peak, self._emptied = self._connections, _LOOKS
        self._emptied = max(self._emptied - 1, -1)
        return self._emptied >= 0

    def _take(self, line: str) -> bool:
        if not line or not self._per_client:
            return True
        if self._of_client[line] >= self._per_client:
            return False
        self._of_client[line] += 1
        return True

    def _give_back(self, line: str) -> None:
        if line in self._of_client:
            self._of_client[line] -= 1
            if self._of_client[line] <= 0:
                del self._of_client[line]

    def _no(self, why: Refusal) -> Refusal:
        self._refused(TOLD[why][0])
        return why

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with the requests counted that a web server in front passes on."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            line = self._told(scope)
            if not self._take(line):
                status, text = TOLD["client"]
                answer = PlainTextResponse(text, status, headers={"retry-after": "30"})
                await answer(scope, receive, send)
                return
            try:
                await app(scope, receive, send)
            finally:
                self._give_back(line)

        return counted

    def lets_in(self, peer: str, forwarded: str) -> bool:
        """Whether one more request would be let in now, for an answer that takes no time."""
        line = self._named(peer, (forwarded,))
        return not line or not self._per_client or self._of_client[line] < self._per_client

    def _told(self, scope: Scope) -> str:
        """Who is counted for a request: nobody who was counted by connection."""
        if scope["type"] != "http":
            return ""
        forwarded = Headers(scope=scope).getlist("x-forwarded-for")
        return self._line_of((scope["client"] or ("",))[0], tuple(forwarded))

    def _line_of(self, peer: str, forwarded: tuple[str, ...]) -> str:
        client = self._proxies.client(peer, forwarded)
        return client.line if client.is_told else ""


def _nothing() -> None:
    """A connection that was not let in takes nothing away."""
