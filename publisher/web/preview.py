"""The editor's preview: an edition on a page of its own that follows every change of its files.

On loopback only, and for requests that name this machine: a page elsewhere whose name leads here
(DNS rebinding) reads nothing of it. Mails stand in sandboxed frames under a policy of their own.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import urlencode

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
from watchfiles import awatch

from publisher.config import FILE
from publisher.errors import Problem, PublisherError
from publisher.pipeline.editions.preview import Look, look, shown
from publisher.pipeline.readers.subscribers import listed
from publisher.pipeline.workspace import Workspace
from publisher.rendering import SCHEMES, WIDTHS, Theme, mail_view, preview_page
from publisher.web.loopback import ThisMachine

_T = TypeVar("_T")

_PROBLEMS = 10
_READERS = 200  # to choose from; any other can be typed
_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups"
)
_SCRIPT = """\
const live = document.getElementById("live"), form = document.querySelector("form");
let source, typed = false;
form.addEventListener("input", () => { typed = true; });
function follow() {
  source = new EventSource("/changes?since=" + document.body.dataset.since);
  source.onopen = () => { live.textContent = "Shows every change as it is saved."; };
  source.onerror = () => { live.textContent = "Waits for the preview …"; };
  source.onmessage = () => {
    if (!typed) location.reload();
    live.textContent = "Something has changed: press Show.";
    source.close();
  };
}
// A browser opens few connections to one host: a tab that nobody sees lets go of its own.
document.addEventListener("visibilitychange", () => document.hidden ? source.close() : follow());
follow();
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What the editor wants to see."""

    name: str
    reader: str
    scheme: str
    images: bool

    @property
    def schemes(self) -> tuple[str, ...]:
        """Light, dark, or both."""
        return SCHEMES if self.scheme == "both" else (self.scheme,)

    def plain(self) -> SimpleNamespace:
        """Return it as templates see it, in words that the process which renders them knows."""
        return SimpleNamespace(**asdict(self), schemes=self.schemes)


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
    preview = _Preview(root, now, name, reader, ends, fit)
    return ThisMachine(
        Starlette(
            routes=[
                Route("/", preview.page),
                Route("/frame", preview.frame),
                Route("/picture/{number:int}", preview.picture),
                Route("/changes", preview.changes),
                Route("/preview.js", _script),
                Route("/favicon.ico", _nothing),
            ]
        )
    )


class _Preview:
    def __init__(
        self,
        root: Path,
        now: Callable[[], datetime],
        name: str,
        reader: str,
        ends: Callable[[], bool],
        fit: bool | None,
    ) -> None:
        self._root, self._now, self._ends, self._fit = root, now, ends, fit
        self._first = Chosen(name=name, reader=reader, scheme="light", images=True)
        self._alone = ThreadPoolExecutor(1)  # a workspace is one thread's
        self._space: Workspace | None = None
        self._stamp: object = None
        self._looks: dict[tuple[str, str], Look] = {}
        self._pictures: list[Path] = []
        self._changes = 0
        self._watching: asyncio.Task[None] | None = None

    async def page(self, request: Request) -> Response:
        """The edition as it would be now."""
        if self._watching is None:
            await self._in_order(self._begin)  # which says what to watch
            self._watching = asyncio.create_task(self._watch())
            await asyncio.sleep(0)  # it watches from now on
        chosen, since = self._chosen(request), self._changes
        values = {"since": since, **await self._in_order(self._values, chosen)}
        html = await self._in_order(self._html, chosen, values)
        return HTMLResponse(html, headers={"content-security-policy": _PAGE})

    async def frame(self, request: Request) -> Response:
        """The mail itself, in light or in the dark."""
        chosen = self._chosen(request)
        html = await self._in_order(self._mail, chosen)
        origin = f"http://{request.headers['host']}"
        pictures = f"{origin} https: http: data:" if chosen.images else "'none'"
        policy = _FRAME.format(pictures=pictures)
        return HTMLResponse(html, headers={"content-security-policy": policy})

    async def picture(self, request: Request) -> Response:
        """A picture that lies beside an article."""
        number = request.path_params["number"]
        if number >= len(self._pictures) or not self._pictures[number].is_file():
            return PlainTextResponse("There is no such picture.\n", 404)
        path = self._pictures[number]
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return FileResponse(path, media_type=kind, headers={"content-security-policy": policy})

    async def changes(self, request: Request) -> Response:
        """A line as soon as anything has changed since the page was made."""
        since = request.query_params.get("since", "")
        return StreamingResponse(self._told(request, since), media_type="text/event-stream")

    async def _told(self, request: Request, since: str) -> AsyncIterator[str]:
        yield "retry: 500\n\n"
        while not self._ends() and not await request.is_disconnected():
            if since != str(self._changes):
                yield "data: changed\n\n"
                return
            await asyncio.sleep(0.1)

    async def _watch(self) -> None:
        """Count changes of articles, templates, static files and publisher.toml."""
        while not self._ends():
            folders, stamp = self._folders(), self._config_stamp()
            try:
                async for found in awatch(
                    *folders,
                    debounce=200,
                    step=50,
                    rust_timeout=500,
                    yield_on_timeout=True,
                    watch_filter=None,
                ):
                    is_other = self._config_stamp() != stamp or self._folders() != folders
                    self._changes += bool(found) or is_other
                    if self._ends() or is_other:
                        break
            except (OSError, RuntimeError):  # no inotify left, or a folder went: look now and then
                self._changes += 1
                await asyncio.sleep(5)
        self._alone.submit(self._close)
        self._alone.shutdown(wait=False)

    def _close(self) -> None:
        if self._space:
            self._space.close()

    def _folders(self) -> list[Path]:
        names = [self._root / "templates"]
        if self._space:
            own = self._space.publication
            names += [self._root / own.articles, self._root / own.web.static]
        return [folder for folder in names if folder.is_dir()] or [self._root]

    def _config_stamp(self) -> object:
        try:
            stat = (self._root / FILE).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _chosen(self, request: Request) -> Chosen:
        given = request.query_params
        scheme = given.get("scheme", "light")
        return Chosen(
            name=given.get("name", self._first.name),
            reader=given.get("as", self._first.reader),
            scheme=scheme if scheme in (*SCHEMES, "both") else "light",
            images=given.get("images") != "off",
        )

    async def _in_order(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._alone, work, *arguments)

    # In the one thread

    def _opened(self) -> Workspace:
        """The publication as its files stand now."""
        stamp = self._config_stamp()
        if self._space is None or stamp != self._stamp:
            fresh = Workspace(self._root, self._now())
            if self._space:
                self._space.close()
            self._space, self._stamp = fresh, stamp
        self._space.refresh()
        self._space.now = self._now()
        self._looks.clear()
        return self._space

    def _begin(self) -> None:
        with suppress(PublisherError, OSError):  # the page says why
            self._opened()

    def _html(self, chosen: Chosen, values: Mapping[str, Any]) -> str:
        try:
            if self._space is None:
                return preview_page(Theme(), chosen=chosen, **values)
            seen = {**values, "found": found.plain()} if (found := values.get("found")) else values
            return self._space.renderer.preview_page(chosen=chosen.plain(), **seen)
        except PublisherError as error:  # in a preview page of their own: ours shows it
            return preview_page(Theme(), chosen=chosen, **{**values, "problem": error.problem})

    def _values(self, chosen: Chosen) -> dict[str, Any]:
        """What the page shows: the edition, or why there is none."""
        values: dict[str, Any] = {}
        try:
            space = self._opened()
            values["names"] = shown(space)
            values["readers"] = [one.address for one in islice(listed(space), _READERS)]
            found = self._look(chosen)
        except PublisherError as error:
            return {**values, "problem": error.problem, "others": self._left_out()}
        except OSError as error:  # a file that goes while we look
            return {**values, "problem": Problem(what=str(error))}
        frames = [
            {"width": width, "scheme": scheme, "src": f"/frame?{_query(found, chosen, scheme)}"}
            for scheme, width in product(chosen.schemes, WIDTHS)
        ]
        return {**values, "found": found, "frames": frames if found.html else ()}

    def _left_out(self) -> list[Problem]:
        """Articles with a mistake: often the reason why an edition cannot be shown."""
        problems = self._space.archive.problems if self._space else ()
        return [problem for problem in problems if problem.severity == "error"][:_PROBLEMS]

    def _look(self, chosen: Chosen) -> Look:
        key = (chosen.name, chosen.reader)
        if key not in self._looks:
            space = self._space or self._opened()
            self._looks[key] = look(space, chosen.name, chosen.reader, self._fit)
        return self._looks[key]

    def _mail(self, chosen: Chosen) -> str:
        try:
            found = self._look(chosen)
        except PublisherError:
            return ""
        return mail_view(found.html, chosen.schemes[0], self._places(found))

    def _places(self, found: Look) -> Mapping[str, str]:
        for path in found.pictures.values():
            if path not in self._pictures:
                self._pictures.append(path)
        return {
            url: f"/picture/{self._pictures.index(path)}" for url, path in found.pictures.items()
        }


def _query(found: Look, chosen: Chosen, scheme: str) -> str:
    given = {"name": chosen.name, "as": found.reader, "scheme": scheme}
    return urlencode(given if chosen.images else {**given, "images": "off"})


async def _script(_: Request) -> Response:
    return Response(_SCRIPT, media_type="text/javascript")


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)
