"""What comes in a request: a form's fields, bounded in size and time; where it comes from."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import parse_qs

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from publisher.errors import Locked, StateUnavailable

_MOST = 16_384  # bytes of a form
_PATIENCE = 10.0  # seconds for a form to come
_FLOOR = 0.05  # seconds: an answer takes a multiple of it, mostly more than the ledger needs
_THREADS = 8  # for the ledger
_WAITING = 64  # requests for them; more are told to come again
_RETRY = {"retry-after": "5"}

_T = TypeVar("_T")

Form = Mapping[str, Sequence[str]]


async def body_of(
    request: Request, most: int, grows: Callable[[int], object] = lambda _: None
) -> bytes | None:
    """Return a body of at most so many bytes; None for one too large or too slow.

    `grows` is told of each piece, and may raise where there is no room for it.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.stream():
                grows(len(chunk))
                body += chunk
                if len(body) > most:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(body)


async def form_of(request: Request) -> Form | None:
    """Return the fields of a form, urlencoded or multipart; None for one too large or too slow."""
    body = await body_of(request, _MOST)
    if body is None:
        return None
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _multipart(request.headers["content-type"], body)
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _multipart(content_type: str, body: bytes) -> Form:
    """Fields of a multipart form (RFC 7578 §4); files are no fields of ours."""
    found: dict[str, list[str]] = {}
    boundary = re.search(r'boundary="?([^";,\s]{1,70})', content_type[:200])
    for part in body.split(b"--" + boundary[1].encode())[1:-1] if boundary else ():
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'\bname="([^"]{1,100})"', head[:300])
        if name:
            text = value.removesuffix(b"\r\n").decode("utf-8", "replace")
            found.setdefault(name[1].decode("utf-8", "replace"), []).append(text)
    return found


def first(form: Form, name: str) -> str:
    """Return a field's first value, "" where it has none."""
    return next(iter(form.get(name, [])), "")


def wanted(form: Form) -> list[str]:
    """Return the newsletters that a form asks for: ticked, or chosen as one of several."""
    either = [
        name for field, names in form.items() if field.startswith("frequency.") for name in names
    ]
    return [name for name in (*form.get("newsletter", ()), *either) if name]


def too_much() -> Response:
    """What a form is answered that is too large or too slow."""
    return PlainTextResponse("That is too much, or came too slowly.\n", 413)


class Desk:
    """Does work that the ledger is asked for, in a few threads of its own.

    Files are served by others: a ledger that is locked holds up no feed.
    """

    def __init__(self) -> None:
        self._limit = CapacityLimiter(_THREADS)

    async def evenly(self, work: Callable[[], _T]) -> _T:
        """Do some work, and take a multiple of the floor for it, whatever it found.

        Raises HTTPException (503) where too many wait, or the ledger cannot be written now.
        """
        if self._limit.statistics().tasks_waiting > _WAITING:
            raise HTTPException(503, headers=_RETRY)
        begun = time.monotonic()
        try:
            found = await run_sync(work, limiter=self._limit)
        except (Locked, StateUnavailable):
            raise HTTPException(503, headers=_RETRY) from None
        await asyncio.sleep(_FLOOR - (time.monotonic() - begun) % _FLOOR)
        return found
