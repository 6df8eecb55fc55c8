"""The routes, and the headers that every answer has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from h11 import LocalProtocolError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from publisher.feeds import quiet_folders
from publisher.hosts import ascii_url
from publisher.pipeline.returns.take import take_told
from publisher.pipeline.urls import links_origin, site_root
from publisher.pipeline.workspace import Workspace
from publisher.rendering import MAIL_POLICY, page_policy
from publisher.web.answers import Answers
from publisher.web.clicks import Clicks
from publisher.web.counts import Counting
from publisher.web.edges import Edges
from publisher.web.files import Files, Site
from publisher.web.hooks import Hooks, Take, hook_named
from publisher.web.preferences import Preferences
from publisher.web.shortcuts import Shortcuts
from publisher.web.subscribe import Subscribe
from publisher.web.unsubscribe import Unsubscribe

FORMS = ("to", "unsubscribe", "preferences", "subscribe", "confirm", "hooks")
"""The first parts of addresses that the service alone can answer: a web server hands them on."""


def application(
    space: Workspace,
    now: Callable[[], datetime],
    root: str = "",
    complain: Callable[[Exception], object] = lambda _: None,
    counting: Counting | None = None,
    take: Take = take_told,
    shortcuts: Shortcuts | None = None,
) -> Starlette:
    """Return the web application of a publication; `now` is the clock, aware UTC.

    Its site and feeds, sign-up, and the pages behind the links in its mails. `root` is the path
    that links have before ours (`delivery.links`). Whoever asks for what is not there is told so
    in one plain line; no answer holds what was asked, and none leads where an edition does not.
    `complain` is told what went wrong in us; `counting` counts the answers; `take` records what a
    provider tells by its webhook; `shortcuts` learn which paths lead to files.
    """
    _ = space.ledger, space.renderer  # opened once, before many threads ask for them
    answers = Answers(space, now, root)
    subscribe, preferences = Subscribe(answers), Preferences(answers)
    hooks = Hooks(answers, hook_named(space.publication, complain), take)
    base = site_root(space.publication)
    styled = space.publication.feeds.stylesheet
    led = shortcuts.learn if shortcuts else None
    feeds = Files(space.feeds_folder, _linked(space), styled=styled, led=led)
    site = Site(space.pages_folder, _policies(space), led=led)
    both = ["GET", "POST"]

    async def failed(_: Request, error: Exception) -> Response:
        if not isinstance(error, LocalProtocolError):  # the client broke off what it said
            complain(error)
        return PlainTextResponse("Something went wrong. Please try again later.\n", 500)

    app = Starlette(
        routes=[
            Route("/favicon.ico", _nothing),  # every browser asks for it
            Route(f"{root}/unsubscribe/{{token}}", Unsubscribe(answers).leave, methods=both),
            Route(f"{root}/preferences", preferences.by_mail, methods=both),
            Route(f"{root}/preferences/{{token}}", preferences.prefer, methods=both),
            Route(f"{root}/subscribe", subscribe.subscribe, methods=both),
            Route(f"{root}/confirm/{{token}}", subscribe.confirm, methods=both),
            Route(f"{root}/to/{{edition}}/{{number}}", Clicks(answers, counting).follow),
            Route(f"{root}/hooks/{{provider}}", hooks.called, methods=["POST"]),
            Route(f"{root}/style.css", answers.style),
            Route(f"{base}/feeds/{{path:path}}", feeds.answer),
            Route(f"{base}/{{path:path}}", site.answer),
            *([Route(base, site.answer)] if base else []),  # the first page, its slash taken off
        ],
        exception_handlers={404: _missing, 405: _refused, 503: _busy, Exception: failed},
    )
    app.router.redirect_slashes = False  # by the client's Host, and one click must not be led away
    app.add_middleware(Edges)
    return app


def _linked(space: Workspace) -> Callable[[str], str]:
    """What says where a feed's own address and its hub are (W3C WebSub §4), by its path.

    A hub would learn of a partner's feed that nobody is told of: it is not named there.
    """
    own = space.publication
    base, hub = ascii_url(own.base_url).rstrip("/"), own.feeds.hub
    rest = f', <{ascii_url(hub)}>; rel="hub"' if hub else ""
    quiet = quiet_folders(own)

    def link(path: str) -> str:
        named = "" if path.startswith(quiet) else rest
        return f'<{base}/feeds/{quote(path)}>; rel="self"{named}'

    return link


def _policies(space: Workspace) -> Callable[[str], str]:
    """What says which policy a page of the site has, by its file: an edition's has its styles."""
    strict = page_policy(links_origin(space.publication))
    searching = page_policy(links_origin(space.publication), searches=True)
    ours = "; frame-ancestors 'none'"

    def policy(name: str) -> str:
        if name.endswith(".svg"):
            return "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        # Whatever else stands at such an address says in its own head that it runs no script.
        if re.fullmatch(r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*/)?search/index\.html", name):
            return searching + ours
        is_edition = re.fullmatch(r"newsletters/[^/]+/[^/]+/index\.html", name)
        return (MAIL_POLICY if is_edition else strict) + ours

    return policy


async def _nothing(_: Request) -> Response:
    return Response(status_code=204, headers={"cache-control": "max-age=86400"})


async def _missing(_: Request, __: Exception) -> Response:
    return PlainTextResponse("There is no such page.\n", 404)


async def _refused(_: Request, error: Any) -> Response:
    return PlainTextResponse("Not here.\n", 405, headers=error.headers)


async def _busy(_: Request, error: Any) -> Response:
    return PlainTextResponse("Too busy. Please try again soon.\n", 503, headers=error.headers)
