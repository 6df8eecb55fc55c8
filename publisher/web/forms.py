"""What comes in a request: a form's fields, bounded in size and time; where it comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from email import message_from_bytes, policy
from ipaddress import ip_address, ip_network
from typing import TypeVar
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

_MOST = 16_384  # bytes of a form
_PATIENCE = 10.0  # seconds for a form to come
_FLOOR = 0.05  # seconds that an answer takes: more than the ledger needs

_T = TypeVar("_T")

Form = Mapping[str, Sequence[str]]


async def form_of(request: Request) -> Form | None:
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
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _multipart(content_type: str, body: bytes) -> Form:
    """Fields of a multipart form (RFC 7578); files are no fields of ours."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("utf-8", "replace")
    found: dict[str, list[str]] = {}
    for part in message_from_bytes(head + body, policy=policy.HTTP).iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            found.setdefault(name, []).append(data.decode("utf-8", "replace"))
    return found


def first(form: Form, name: str) -> str:
    """Return a field's first value, "" where it has none."""
    return next(iter(form.get(name, [])), "")


def too_much() -> Response:
    """What a form is answered that is too large or too slow."""
    return PlainTextResponse("That is too much, or came too slowly.\n", 413)


async def evenly(work: Callable[[], _T]) -> _T:
    """Do some work in a thread, and take no less time than the floor, whatever it found."""
    found, _ = await asyncio.gather(run_in_threadpool(work), asyncio.sleep(_FLOOR))
    return found


def network_of(request: Request) -> str:
    """Return the network that a request comes from: a /24, or a /64 of IPv6.

    Through a proxy on this machine, what that says of its client.
    """
    peer = request.client.host if request.client else ""
    if peer in ("127.0.0.1", "::1") and (said := request.headers.get("x-forwarded-for")):
        peer = said.split(",")[-1].strip()
    try:
        address = ip_address(peer)
    except ValueError:
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))
