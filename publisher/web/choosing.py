"""unsubscribe · preferences: pages with one button, and RFC 8058's one click.

GET, HEAD and OPTIONS change nothing (mail scanners follow every link). A POST is answered the same
way, after the same time, whatever the token is worth.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs
from zoneinfo import available_timezones

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from publisher.pipeline import Choice, Workspace, choice, choose, leave_by_link, newsletter_of
from publisher.rendering import language_name, page

_MOST = 16_384  # bytes of a form
_PATIENCE = 10.0  # seconds for a form to come
_FLOOR = 0.05  # seconds that an answer to a token takes: more than the ledger needs
_PRIVATE = {"cache-control": "no-store"}

_T = TypeVar("_T")

Form = Mapping[str, Sequence[str]]


class Choosing:
    """The pages behind the links in mails."""

    def __init__(self, space: Workspace, now: Callable[[], datetime], root: str) -> None:
        self._space, self._now, self._root = space, now, root
        places = (zone for zone in available_timezones() if zone.split("/")[0] in _CONTINENTS)
        self._zones = sorted(places)

    async def leave(self, request: Request) -> Response:
        """Ask on GET, leave on POST; one click (RFC 8058) gets a plain line."""
        token = request.path_params["token"]
        if request.method != "POST":
            return self._page("unsubscribe", token, done=False)
        form = await _form(request)
        if form is None:
            return _too_much()
        await _evenly(lambda: leave_by_link(self._space, token, self._now()))
        if form.get("List-Unsubscribe") == ["One-Click"]:
            return PlainTextResponse("Unsubscribed.\n", headers=_PRIVATE)
        return self._page("unsubscribe", token, done=True)

    async def prefer(self, request: Request) -> Response:
        """Show a reader's choice on GET, change it on POST."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await _evenly(lambda: choice(self._space, token))
            return self._choice(found, done=False)
        form = await _form(request)
        if form is None:
            return _too_much()
        names = [] if form.get("action") == ["leave"] else form.get("newsletter", [])
        tag, place = ("".join(form.get(name, [])[:1]) for name in ("language", "zone"))
        found = await _evenly(
            lambda: choose(self._space, token, names, self._now(), tag=tag, place=place)
        )
        return self._choice(found, done=True)

    async def style(self, _: Request) -> Response:
        """The pages' style."""
        text = self._space.theme.source("web/style.css")
        return Response(text, media_type="text/css", headers={"cache-control": "max-age=3600"})

    def _page(self, name: str, token: str, *, done: bool) -> Response:
        newsletter = newsletter_of(self._space, token)
        language = (newsletter or self._space.publication).language
        return self._html(name, language, newsletter=newsletter, done=done)

    def _choice(self, found: Choice | None, *, done: bool) -> Response:
        publication = self._space.publication
        if found is None:
            return self._html("dead", publication.language, status=404)
        tags = {publication.language, found.reader.language}
        tags |= {newsletter.language for newsletter in publication.newsletters}
        language = found.reader.language or publication.language
        return self._html(
            "preferences", language, done=done, reader=found.reader, chosen=found.chosen,
            newsletters=found.newsletters, zones=self._zones,
            languages=[{"tag": tag, "name": language_name(tag)} for tag in sorted(tags - {""})],
        )  # fmt: skip

    def _html(self, name: str, language: str, *, status: int = 200, **values: Any) -> Response:
        space = self._space
        text = page(name, space.publication, language, space.theme, root=self._root, **values)
        return HTMLResponse(text, status, headers={**_PRIVATE, "content-language": language})


_CONTINENTS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe",
               "Indian", "Pacific"}  # fmt: skip


async def _evenly(work: Callable[[], _T]) -> _T:
    """Do some work in a thread, and answer no earlier than the floor."""
    found, _ = await asyncio.gather(run_in_threadpool(work), asyncio.sleep(_FLOOR))
    return found


async def _form(request: Request) -> Form | None:
    """Return the fields of a form, urlencoded or multipart; None for one too large or too slow."""
    body = b""
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MOST:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _multipart(request.headers["content-type"], body)
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=None)


def _multipart(content_type: str, body: bytes) -> Form:
    """Fields of a multipart form (RFC 7578); files are no fields of ours."""
    from email import message_from_bytes, policy

    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    found: dict[str, list[str]] = {}
    for part in message_from_bytes(head + body, policy=policy.HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            found.setdefault(name, []).append(data.decode("utf-8", "replace"))
    return found


def _too_much() -> Response:
    return PlainTextResponse("That is too much, or came too slowly.\n", 413)
