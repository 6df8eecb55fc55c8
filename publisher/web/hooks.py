"""hooks: what a mail provider tells of deliveries, by POST; 200 once it is recorded.

Nobody is led anywhere, and nothing is shown. Who does not show that the provider calls learns
nothing but that; what cannot be recorded now is answered so that the provider tries again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher import __version__
from publisher.errors import ConfigError
from publisher.model import PROVIDERS, Publication
from publisher.pipeline.workspace import Workspace
from publisher.returns.told import Told
from publisher.returns.webhooks import (
    MOST,
    SECRET,
    Call,
    Forged,
    Hook,
    Unable,
    Unreadable,
    amazon,
    hook_of,
)
from publisher.web.answers import PRIVATE, Answers
from publisher.web.forms import Desk, body_of, too_much

_ROOM = 64 * MOST
_AGAIN = {**PRIVATE, "retry-after": "60"}
_UNKNOWN = {**PRIVATE, "www-authenticate": 'Basic realm="hooks"'}  # RFC 9110 §11.6.1


class Take(Protocol):
    """What records events: `pipeline.returns.take.take_told`."""

    def __call__(self, space: Workspace, told: Sequence[Told], *, now: datetime) -> object:
        """Record each event once, by its provider and id."""
        ...


def hook_named(publication: Publication, complain: Callable[[Exception], object]) -> Hook | None:
    """What reads the calls of the provider that publisher.toml names; None for none, or where its
    secret is missing. A secret that cannot be one is told, and keeps no reader from leaving.
    """
    settings = publication.provider
    transport = publication.delivery.transport
    name = settings.name or (transport if transport in PROVIDERS else "")
    agent = f"publisher/{__version__}"
    try:
        return hook_of(name, settings, os.environ.get(SECRET, "").strip(), amazon(agent))
    except ConfigError as error:
        complain(error)
        return None


class _Room:
    """How many bytes of bodies are in memory: anybody may send one. For one event loop."""

    def __init__(self, most: int = _ROOM) -> None:
        self._most, self._held = most, 0

    @contextmanager
    def seat(self) -> Iterator[Callable[[int], None]]:
        """Give what a body grows by; it raises HTTPException (503) where there is no room left."""
        mine = 0

        def grows(size: int) -> None:
            nonlocal mine
            if self._held + size > self._most:
                raise HTTPException(503, headers=_AGAIN)
            self._held += size
            mine += size

        try:
            yield grows
        finally:
            self._held -= mine


class Hooks:
    """The address that a provider calls: `/hooks/NAME`."""

    def __init__(self, answers: Answers, hook: Hook | None, take: Take) -> None:
        """Without a hook there is no such page."""
        self._answers, self._hook, self._take = answers, hook, take
        self._room = _Room()
        self._desk = Desk()  # its own threads: a call may wait for Amazon, and no reader for it

    async def called(self, request: Request) -> Response:
        """Verify a call, record what it tells, and only then say that all is well."""
        hook = self._hook
        if hook is None or request.path_params["provider"] != hook.provider:
            return PlainTextResponse("There is no such page.\n", 404)
        with self._room.seat() as grows:
            body = await body_of(request, MOST, grows)
            if body is None:
                return too_much()
            call = Call(
                headers={name.lower(): value for name, value in request.headers.items()},
                body=body,
                at=self._answers.now(),
            )
            return await self._desk.evenly(lambda: self._answered(hook, call))

    def _answered(self, hook: Hook, call: Call) -> Response:
        try:
            told = hook.read(call)
            if told:
                self._take(self._answers.space, told, now=call.at)
        except Forged as error:
            if error.is_old or hook.provider not in ("postmark", "brevo"):
                return PlainTextResponse("Not taken.\n", 403, headers=PRIVATE)
            return PlainTextResponse("Not taken.\n", 401, headers=_UNKNOWN)
        except Unreadable:
            return PlainTextResponse("This could not be read.\n", 400, headers=PRIVATE)
        except Unable:
            return PlainTextResponse("Please try again later.\n", 503, headers=_AGAIN)
        return PlainTextResponse("Taken.\n", headers=PRIVATE)
