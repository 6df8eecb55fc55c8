"""The editor's preview: an edition on a page of its own that follows every change of its files.

On loopback only, and for requests that name this machine: a page elsewhere whose name leads here
(DNS rebinding) reads nothing of it. Mails and pages of the site stand in sandboxed frames under a
policy of their own.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from starlette.types import ASGIApp

from publisher.rendering import WIDTHS, Theme
from publisher.web.loopback import ThisMachine
from publisher.web.preview_changes import Changes
from publisher.web.preview_chosen import Chosen, chosen_of
from publisher.web.preview_desk import SITE, Desk, rules

_T = TypeVar("_T")

_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups"
)
_SITE = (
    "default-src 'none'; style-src {origin} 'unsafe-inline'; img-src {origin} https: http: data:; "
    "media-src {origin} https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups"
)


def preview_application(
    root: Path,
    now: Callable[[], datetime],
    name: str,
    reader: str,
    ends: Callable[[], bool],
    fit: bool | None = None,
) -> ASGIApp:
    """Return the preview of a publication; `name` and `reader` are shown first.

    `now` is the clock, aware UTC; what is open for changes closes when `ends` says so. `fit` is as
    for `build`.
    """
    preview = _Preview(Desk(root, now, fit), Chosen(name=name, reader=reader), ends)
    return ThisMachine(
        Starlette(
            routes=[
                Route("/", preview.page),
                Route("/sheet", preview.sheet),
                Route("/compare", preview.compare),
                Route("/site", preview.site),
                Route("/rules", preview.rules),
                Route("/frame", preview.frame),
                Route(f"{SITE}/{{scheme}}/{{path:path}}", preview.site_file),
                Route("/picture/{number:int}", preview.picture),
                Route("/changes", preview.changes),
                Route("/preview.js", _script),
                Route("/favicon.ico", _nothing),
            ]
        )
    )


class _Preview:
    def __init__(self, desk: Desk, first: Chosen, ends: Callable[[], bool]) -> None:
        self._desk, self._first, self._ends = desk, first, ends
        self._alone = ThreadPoolExecutor(1)  # a workspace is one thread's
        self._changes: Changes | None = None
        self._watching: asyncio.Task[None] | None = None

    async def page(self, request: Request) -> Response:
        """The edition as it would be now."""

        def mail(chosen: Chosen) -> Mapping[str, Any]:
            found = self._desk.look(chosen)
            one = chosen.with_(reader=found.reader)
            frames = [
                {
                    "width": width,
                    "scheme": scheme,
                    "src": f"/frame?{one.with_(scheme=scheme).query}",
                }
                for scheme, width in product(chosen.schemes, WIDTHS)
            ]
            return {"found": found.plain(), "frames": frames if found.html else ()}

        return await self._page("preview", request, mail)

    async def sheet(self, request: Request) -> Response:
        """Every template at every width, in every look."""
        return await self._page("preview_sheet", request, self._desk.sheet)

    async def compare(self, request: Request) -> Response:
        """The edition beside the last one."""
        return await self._page("preview_compare", request, self._desk.comparison)

    async def site(self, request: Request) -> Response:
        """The pages of the site."""

        def pages(chosen: Chosen) -> Mapping[str, Any]:
            site = self._desk.site()
            at = chosen.path if site.has(chosen.path) else "index.html"
            choices = [
                {"path": one.path, "title": one.title, "kind": one.kind} for one in site.choices()
            ]
            return {"choices": choices, "at": at, "below": SITE}

        return await self._page("preview_site", request, pages)

    async def rules(self, request: Request) -> Response:
        """What the rules of `check` say."""
        return await self._page("preview_rules", request, lambda _: {"rules": rules()})

    async def _page(
        self, name: str, request: Request, of: Callable[[Chosen], Mapping[str, Any]]
    ) -> Response:
        changes = await self._followed()
        chosen, since = chosen_of(request.query_params, self._first), changes.count
        values = await self._in_order(self._desk.values, of, chosen)
        values |= {"since": since, "here": request.url.path}
        html = await self._in_order(self._desk.page, name, chosen, values)
        return HTMLResponse(html, headers={"content-security-policy": _PAGE})

    async def frame(self, request: Request) -> Response:
        """The mail itself, in light, in the dark, or inverted."""
        await self._followed()
        chosen = chosen_of(request.query_params, self._first)
        html = await self._in_order(self._desk.mail, chosen)
        pictures = f"{_origin(request)} https: http: data:" if chosen.images else "'none'"
        policy = _FRAME.format(pictures=pictures)
        return HTMLResponse(html, headers={"content-security-policy": policy})

    async def site_file(self, request: Request) -> Response:
        """A page of the site as a build would make it, or what lies beside it."""
        await self._followed()
        given = request.path_params
        found = await self._in_order(self._desk.site_file, given["scheme"], given["path"])
        policy = {"content-security-policy": _SITE.format(origin=_origin(request))}
        if found is None:
            return PlainTextResponse("The site has nothing here.\n", 404, headers=policy)
        return Response(found[0], media_type=found[1], headers=policy)

    async def picture(self, request: Request) -> Response:
        """A picture that lies beside an article."""
        path = self._desk.picture(request.path_params["number"])
        if path is None or not path.is_file():
            return PlainTextResponse("There is no such picture.\n", 404)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return FileResponse(path, media_type=kind, headers={"content-security-policy": policy})

    async def changes(self, request: Request) -> Response:
        """A line as soon as anything has changed since the page was made."""
        changes = await self._followed()
        since = request.query_params.get("since", "")
        return StreamingResponse(
            self._told(request, changes, since), media_type="text/event-stream"
        )

    async def _told(self, request: Request, changes: Changes, since: str) -> AsyncIterator[str]:
        yield "retry: 500\n\n"
        while not self._ends() and not await request.is_disconnected():
            if since != str(changes.count):
                yield "data: changed\n\n"
                return
            await asyncio.sleep(0.1)

    async def _followed(self) -> Changes:
        if self._changes is None:
            await self._in_order(self._desk.begin)  # which says what to watch
        if self._changes is None:  # others may have asked meanwhile
            self._changes = Changes(
                folders=self._desk.folders,
                files=self._desk.files,
                ledger=self._desk.ledger(),
                said=lambda: self._in_order(self._desk.said),
                has_passed=self._desk.has_passed,
                ends=self._ends,
            )
            await self._changes.begin()
            self._watching = asyncio.create_task(self._watch(self._changes))
            await asyncio.sleep(0)  # it watches from now on
        return self._changes

    async def _watch(self, changes: Changes) -> None:
        try:
            await changes.follow()
        finally:  # the server may end first, and takes this along
            self._alone.submit(self._desk.close)
            self._alone.shutdown()

    async def _in_order(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._alone, work, *arguments)


def _origin(request: Request) -> str:
    return f"http://{request.headers['host']}"


async def _script(_: Request) -> Response:
    return Response(Theme().source("web/preview.js"), media_type="text/javascript")


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)
