"""Files over HTTP, as feed readers want them: validators, 304, HEAD, compression, ranges.

RFC 9110: strong ETag (§8.8.3) of the bytes that are sent, Last-Modified (§8.8.2), If-None-Match
before If-Modified-Since (§13.2.2), ranges (§14), Accept-Encoding (§12.5.3).
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from publisher.feeds import FORMATS
from publisher.outbox.packing import SUFFIXES, packed
from publisher.web.parts import FileParts, Parts

_TYPES = {
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_NAMES = {one.file: f"{one.type}; charset=utf-8" for one in FORMATS}
_MAX_AGE = 300  # seconds: feed readers poll seldom, editors correct soon
_PICTURES_AGE = 86_400
_MADE = re.compile(r"pictures/(?:mail/)?[0-9a-f]{32}\.[a-z]+")
_IN_MEMORY = 4_000_000  # bytes: a larger file is read as it is sent
_TEXTS = {".css", ".csv", ".html", ".htm", ".ics", ".js", ".json", ".svg", ".txt", ".vtt", ".xml"}
_PACKED = set(SUFFIXES.values())


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stood: its bytes by encoding, each with the ETag of those bytes."""

    stamp: tuple[int, int, int]
    modified: int
    bodies: Mapping[str, bytes]
    etags: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether its bytes are here, and not only on the disk."""
        return bool(self.bodies)


def _large(stamp: tuple[int, int, int]) -> _File:
    """A file that is not kept in memory; its ETag is of its size and time."""
    return _File(stamp, stamp[0] // 10**9, {}, {"": f'"{stamp[0]:x}-{stamp[1]:x}"'})


class Files:
    """The files of a folder, kept in memory as long as they stay as they are.

    `link` makes the Link header of a path (RFC 8288); `most` bytes are kept. Feeds that are
    `styled` have a style sheet: a browser gets them as what it shows by one.
    """

    def __init__(
        self,
        folder: Path,
        link: Callable[[str], str],
        most: int = 64_000_000,
        *,
        styled: bool = False,
    ) -> None:
        self._folder, self._link, self._styled = folder, link, styled
        self._limit = CapacityLimiter(8)
        self._most = most
        self._known: dict[str, _File] = {}

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD of `path`."""
        name = str(request.path_params["path"])
        found = await self._found(name)
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        kind = _NAMES.get(Path(name).name) or _TYPES[Path(name).suffix]
        headers = {
            "cache-control": f"public, max-age={_MAX_AGE}",
            "access-control-allow-origin": "*",  # public, and readers in browsers want it
            "link": self._link(name),
        }
        if not self._styled or Path(name).name not in _NAMES or name.endswith(".json"):
            return _answered(request, found, kind, headers)
        if "text/html" in request.headers.get("accept", ""):  # no feed reader asks for a page
            kind = _TYPES[".xml"]
        response = _answered(request, found, kind, headers)
        response.headers["vary"] = "Accept-Encoding, Accept"  # RFC 9110 §12.5.5
        return response

    async def _found(self, name: str) -> _File | None:
        if known := self._current(name):
            return known
        try:
            _stamp(self._folder / name)  # what is not there needs no thread
        except (OSError, ValueError):
            return None
        return await run_sync(self._file, name, limiter=self._limit)

    def _is_served(self, path: Path) -> bool:
        return path.suffix in _TYPES or path.name in _NAMES

    def _current(self, name: str) -> _File | None:
        """What is known of a file, if that is how it stands: one stat, too short for a thread."""
        known = self._known.get(name)
        try:
            return known if known and known.stamp == _stamp(self._folder / name) else None
        except (OSError, ValueError):
            return None

    def _file(self, name: str) -> _File | None:
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
                return self._remember(name, _large(stamp))
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        return self._keep(name, stamp, data)

    def _keep(self, name: str, stamp: tuple[int, int, int], data: bytes) -> _File:
        bodies = {"": data}
        is_text = Path(name).suffix in {*_TEXTS, *_TYPES} or Path(name).name in _NAMES
        if len(data) > 200 and is_text:
            bodies |= packed(data)
        etags = {
            coding: f'"{hashlib.sha256(body).hexdigest()[:32]}"' for coding, body in bodies.items()
        }
        return self._remember(name, _File(stamp, stamp[0] // 10**9, bodies, etags))

    def _remember(self, name: str, found: _File) -> _File:
        self._known[name] = found
        held = sum(len(body) for file in self._known.values() for body in file.bodies.values())
        if held > self._most:  # an archive of feeds that nobody polls
            self._known = {name: found}
        return found


class Site(Files):
    """The pages in a folder, and what lies beside them. `policy` is a page's, by its file."""

    def __init__(self, folder: Path, policy: Callable[[str], str]) -> None:
        super().__init__(folder, lambda _: "")
        self._policy = policy

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD of `path`; a folder's is its index."""
        name = str(request.path_params["path"])
        index = f"{name}/index.html".lstrip("/")
        for place in (name, index) if "." in name.rpartition("/")[2] else (index, name):
            if place and (response := await self._answer(request, place)):
                return response
        found = await self._found("404.html")
        if found is None:
            return PlainTextResponse("There is no such page.\n", 404)
        headers = self._headers("404.html")
        return Parts(found.bodies[""], 404, headers=headers, media_type=_kind("404.html"))

    async def _answer(self, request: Request, name: str) -> Response | None:
        found = await self._found(name)
        if found is None:
            return None
        headers = self._headers(name)
        if found.is_whole:
            return _answered(request, found, _kind(name), headers)
        headers |= {"etag": found.etags[""], "last-modified": _http_date(found.modified)}
        if _is_fresh(request, found):
            return Response(status_code=304, headers=headers)
        return FileParts(self._folder / name, headers=headers, media_type=_kind(name))

    def _headers(self, name: str) -> dict[str, str]:
        age = _MAX_AGE if Path(name).suffix in _TEXTS else _PICTURES_AGE
        is_for_ever = _MADE.fullmatch(name)  # its name tells what is in it (RFC 8246)
        kept = "max-age=31536000, immutable" if is_for_ever else f"max-age={age}"
        return {
            "cache-control": f"public, {kept}",
            "content-security-policy": self._policy(name),
            "referrer-policy": "strict-origin-when-cross-origin",
        }

    def _is_served(self, path: Path) -> bool:
        return path.suffix not in _PACKED


def _kind(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if Path(name).suffix in _TEXTS else kind


def _answered(request: Request, found: _File, kind: str, headers: dict[str, str]) -> Response:
    """A file that is in memory, in the best coding, or what of it was asked for."""
    coding = _coding(request.headers.get("accept-encoding", ""), found.bodies)
    body, etag = found.bodies[coding], found.etags[coding]
    headers |= {
        "etag": etag,
        "last-modified": _http_date(found.modified),
        "vary": "Accept-Encoding",
    }
    if _is_fresh(request, found):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["content-encoding"] = coding
    headers["content-type"] = kind
    headers["accept-ranges"] = "bytes"
    return _ranged(request, body, etag, found.modified, headers)


def _http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def _stamp(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _coding(accepted: str, bodies: Mapping[str, bytes]) -> str:
    """The best content coding that is accepted, "" for none."""
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, q = part.strip().partition(";q=")
        wanted[name.strip()] = q.strip() or "1"
    refused = {name for name, q in wanted.items() if re.fullmatch(r"0(\.0*)?", q)}
    offered = [one for one in ("br", "gzip") if one in bodies and one not in refused]
    return next((one for one in offered if one in wanted or "*" in wanted), "")


def _is_fresh(request: Request, found: _File) -> bool:
    """Whether the client has it already: by ETag, else by date."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in given or bool(given & set(found.etags.values()))
    return (since := _date(request.headers.get("if-modified-since"))) is not None and (
        found.modified <= since
    )


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError):
        return None


def _ranged(
    request: Request, body: bytes, etag: str, modified: int, headers: dict[str, str]
) -> Response:
    """The whole of it, or the one range that is asked for (RFC 9110 §14.2)."""
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("range", ""))
    condition = request.headers.get("if-range")
    is_same = condition is None or condition == etag or _date(condition) == modified
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
