"""What the answers to readers are made with: pages in their language, or a plain line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from publisher.pipeline.readers.signups import can_mail
from publisher.pipeline.sends.transports import has_server
from publisher.pipeline.workspace import Workspace
from publisher.web.clients import Proxies
from publisher.web.forms import Desk

PRIVATE = {"cache-control": "no-store"}


class Answers:
    """Renders pages of a publication. `now` is the clock, `root` the path before ours."""

    def __init__(self, space: Workspace, now: Callable[[], datetime], root: str) -> None:
        self.space, self.now, self.root = space, now, root
        self.desk = Desk()
        self._proxies = Proxies(space.publication.web.proxies)

    def network_of(self, request: Request) -> str:
        """Return the network that a request comes from: a /24, or a /64 of IPv6."""
        peer = request.client.host if request.client else ""
        return self._proxies.client(peer, request.headers.getlist("x-forwarded-for")).network

    def html(self, name: str, language: str, *, status: int = 200, **values: Any) -> Response:
        """Return a page in a language."""
        text = self.space.renderer.page(name, language, root=self.root, **values)
        return HTMLResponse(text, status, headers={**PRIVATE, "content-language": language})

    async def style(self, _: Request) -> Response:
        """Return the pages' style."""
        text = self.space.renderer.style()
        return Response(text, media_type="text/css", headers={"cache-control": "max-age=3600"})

    def dead(self) -> Response:
        """Return the page for a link that cannot be read, with the way to a new one."""
        language = self.space.publication.language
        return self.html("dead", language, status=404, wrong="", given="")

    def spent(self) -> Response:
        """Return the page for a link that was good once."""
        language = self.space.publication.language
        return self.html("spent", language, status=410, wrong="", given="")

    @property
    def can_mail(self) -> bool:
        """Whether a mail that is promised can leave: there is a sender, and a server to take it."""
        return can_mail(self.space) and has_server(self.space)
