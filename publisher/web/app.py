"""The routes, and the headers that every answer has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.model import Publication
from publisher.pipeline import Workspace
from publisher.web.choosing import Choosing
from publisher.web.files import Files
from publisher.web.joining import Joining
from publisher.web.pages import Pages

_HEADERS = {
    b"content-security-policy": b"default-src 'none'; style-src 'self'; img-src 'self' https:; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",  # the address of a page is a key
    b"cross-origin-opener-policy": b"same-origin",
}


def application(space: Workspace, now: Callable[[], datetime], root: str = "") -> Starlette:
    """Return the web application of a publication; `now` is the clock, aware UTC.

    Its feeds, sign-up, and the pages behind the links in its mails.

    `root` is the path that links have before ours (`delivery.links`). Whoever asks for what is
    not there is told so in one plain line; no answer holds what was asked.
    """
    pages = Pages(space, now, root)
    choosing, joining = Choosing(pages), Joining(pages)
    feeds = Files(space.feeds_folder, lambda path: _links(space.publication, path))
    routes = [
        Route("/unsubscribe/{token}", choosing.leave, methods=["GET", "POST"]),
        Route("/preferences/{token}", choosing.prefer, methods=["GET", "POST"]),
        Route("/subscribe", joining.subscribe, methods=["GET", "POST"]),
        Route("/confirm/{token}", joining.confirm, methods=["GET", "POST"]),
        Route("/style.css", pages.style),
        Route("/feeds/{path:path}", feeds.answer),
    ]
    icon = Route("/favicon.ico", _nothing)  # every browser asks for it
    app = Starlette(
        routes=[icon, *([Mount(root, routes=routes)] if root else routes)],
        exception_handlers={404: _missing, 405: _refused, 500: _failed},
    )
    app.add_middleware(_Headers)
    return app


def _links(publication: Publication, path: str) -> str:
    """Where a feed's own address and its hub are (W3C WebSub §4)."""
    found = [f'<{publication.base_url}feeds/{quote(path)}>; rel="self"']
    if publication.feeds.hub:
        found.append(f'<{quote(publication.feeds.hub, safe=":/?&=%")}>; rel="hub"')
    return ", ".join(found)


async def _nothing(_: Request) -> Response:
    return Response(status_code=204, headers={"cache-control": "max-age=86400"})


async def _missing(_: Request, __: Exception) -> Response:
    return PlainTextResponse("There is no such page.\n", 404)


async def _refused(_: Request, error: Any) -> Response:
    return PlainTextResponse("Not here.\n", 405, headers=error.headers)


async def _failed(_: Request, __: Exception) -> Response:
    return PlainTextResponse("Something went wrong. Please try again later.\n", 500)


class _Headers:
    """Adds the headers of safety to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding to what is sent."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [pair for pair in _HEADERS.items() if pair[0] not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.app(scope, receive, sent)
