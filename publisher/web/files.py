"""Files over HTTP, as feed readers want them: validators, 304, HEAD, compression, ranges.

Which answer a file is to whom, `held` decides. Ranges: RFC 9110 §14.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.outbox.packing import SUFFIXES
from publisher.pipeline.served import (
    FEED_NAMES,
    FEED_TYPES,
    TEXTS,
    feed_age,
    feed_type,
    page_age,
    page_type,
)
from publisher.web.held import About, Held, Stamp, http_date, large, whole
from publisher.web.parts import FileParts, Parts

_IN_MEMORY = 4_000_000  # bytes: a larger file is read as it is sent
_PACKED = set(SUFFIXES.values())


Led = Callable[[str, "Files", str], object]
"""What is told which path leads to which file of which folder."""


class Files:
    """The files of a folder, kept in memory as long as they stay as they are.

    `link` makes the Link header of a path (RFC 8288); `most` bytes are kept. Feeds that are
    `styled` have a style sheet: a browser gets them as what it shows by one. `led` is told which
    path led to which of our files, wherever no other file could be meant by it.
    """

    def __init__(
        self,
        folder: Path,
        link: Callable[[str], str],
        most: int = 64_000_000,
        *,
        styled: bool = False,
        led: Led | None = None,
    ) -> None:
        self._folder, self._link, self._styled = folder, link, styled
        self._place = str(folder)
        self._led = led
        self._limit = CapacityLimiter(8)
        self._most = most
        self._known: dict[str, Held] = {}

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD of `path`."""
        name = str(request.path_params["path"])
        found = await self._found(name)
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        if self._led:
            self._led(request.scope["path"], self, name)
        return self._answered(request, found, name)

    def current(self, name: str) -> Held | None:
        """What is known of a file, if that is how it stands: one stat, too short for a thread."""
        known = self._known.get(name)
        try:
            return known if known and known.stamp == _stamp(f"{self._place}/{name}") else None
        except (OSError, ValueError):
            return None

    async def _found(self, name: str) -> Held | None:
        if known := self.current(name):
            return known
        try:
            _stamp(self._folder / name)  # what is not there needs no thread
        except (OSError, ValueError):
            return None
        return await run_sync(self._file, name, limiter=self._limit)

    def _is_served(self, path: Path) -> bool:
        return path.suffix in FEED_TYPES or path.name in FEED_NAMES

    def _file(self, name: str) -> Held | None:
        """The file of a name, read anew where it has changed; None for what is not served."""
        path = self._folder / name
        is_odd = any(not part or part.startswith(".") for part in name.split("/"))
        if not self._is_served(path) or "\0" in name or is_odd:
            return None
        try:
            stamp = _stamp(path)
            if not path.resolve().is_relative_to(self._folder.resolve()) or not path.is_file():
                return None
            if stamp[1] > _IN_MEMORY:
                return self._remember(name, large(stamp, self._about(name)))
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        packs = path.suffix in {*TEXTS, *FEED_TYPES} or path.name in FEED_NAMES
        return self._remember(name, whole(stamp, self._about(name), data, packs=packs))

    def _about(self, name: str) -> About:
        own = Path(name).name
        headers = {
            "cache-control": feed_age(),
            "access-control-allow-origin": "*",  # public, and readers in browsers want it
            "link": self._link(name),
        }
        is_shown = self._styled and own in FEED_NAMES and not own.endswith(".json")
        return About(feed_type(name), headers, FEED_TYPES[".xml"] if is_shown else "")

    def _remember(self, name: str, found: Held) -> Held:
        self._known[name] = found
        held = sum(len(body) for file in self._known.values() for body in file.bodies.values())
        if held > self._most:  # an archive of feeds that nobody polls
            self._known = {name: found}
        return found

    def _answered(self, request: Request, found: Held, name: str) -> Response:
        if found.is_whole:
            return _answered(request, found)
        headers = {**found.about.headers, **found.validators("")}
        if found.is_fresh(request.headers):
            return Response(status_code=304, headers=headers)
        return FileParts(self._folder / name, headers=headers, media_type=found.about.kind)


class Site(Files):
    """The pages in a folder, and what lies beside them. `policy` is a page's, by its file."""

    def __init__(
        self,
        folder: Path,
        policy: Callable[[str], str],
        led: Led | None = None,
    ) -> None:
        super().__init__(folder, lambda _: "", led=led)
        self._policy = policy

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD of `path`, the first page without one; a folder's is its index."""
        name = str(request.path_params.get("path", ""))
        index = f"{name}/index.html".lstrip("/")
        places = (name, index) if "." in name.rpartition("/")[2] else (index, name)
        for place in filter(None, places):
            if found := await self._found(place):
                if self._led and place == places[0]:
                    self._led(request.scope["path"], self, place)
                return self._answered(request, found, place)
        found = await self._found("404.html")
        if found is None or not found.is_whole:
            return PlainTextResponse("There is no such page.\n", 404)
        about = found.about
        return Parts(found.bodies[""], 404, headers=about.headers, media_type=about.kind)

    def _about(self, name: str) -> About:
        headers = {
            "cache-control": page_age(name),
            "content-security-policy": self._policy(name),
            "referrer-policy": "strict-origin-when-cross-origin",
        }
        return About(page_type(name), headers)

    def _is_served(self, path: Path) -> bool:
        return path.suffix not in _PACKED


def _stamp(path: str | Path) -> Stamp:
    stat = os.stat(path)  # noqa: PTH116 - for each request, and a Path takes longer than it
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _answered(request: Request, found: Held) -> Response:
    """A file that is in memory, in the best coding, or what of it was asked for."""
    choice = found.choose(request.headers)
    headers = found.headers(choice)
    if choice.status == 304:
        return Response(status_code=304, headers=headers)
    return _ranged(request, found, choice.coding, headers)


def _ranged(request: Request, file: Held, coding: str, headers: dict[str, str]) -> Response:
    """The whole of it, or the one range that is asked for (RFC 9110 §14.2)."""
    body = file.bodies[coding]
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("range", ""))
    condition = request.headers.get("if-range")
    is_same = condition is None or condition == headers["etag"]
    is_same = is_same or http_date(condition) == file.modified
    if not found or found[0] == "bytes=-" or not is_same or request.method != "GET":
        return Parts(body, headers=headers)
    size = len(body)
    if found[1]:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(found[2]), 0), size - 1
    if first > last or first >= size:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Parts(memoryview(body)[first : last + 1], 206, headers=headers)
