"""Files over HTTP, as feed readers want them: validators, 304, HEAD, compression, ranges.

RFC 9110: strong ETag (§8.8.3) of the bytes that are sent, Last-Modified (§8.8.2), If-None-Match
before If-Modified-Since (§13.2.2), ranges (§14), Accept-Encoding (§12.5.3).
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_TYPES = {
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
}
_NAMES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
}
_MAX_AGE = 300  # seconds: feed readers poll seldom, editors correct soon


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it stood: its bytes by encoding, each with the ETag of those bytes."""

    stamp: tuple[int, int, int]
    modified: int
    bodies: Mapping[str, bytes]
    etags: Mapping[str, str]


class Files:
    """The files of a folder, kept in memory as long as they stay as they are.

    `link` makes the Link header of a path (RFC 8288); `most` bytes are kept.
    """

    def __init__(self, folder: Path, link: Callable[[str], str], most: int = 64_000_000) -> None:
        self._folder, self._link = folder, link
        self._limit = CapacityLimiter(8)
        self._most = most
        self._known: dict[str, _File] = {}

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD of `path`."""
        name = str(request.path_params["path"])
        found = self._current(name) or await run_sync(self._file, name, limiter=self._limit)
        if found is None:
            return PlainTextResponse("There is no such file.\n", 404)
        coding = _coding(request.headers.get("accept-encoding", ""), found.bodies)
        body, etag = found.bodies[coding], found.etags[coding]
        headers = {
            "etag": etag,
            "last-modified": formatdate(found.modified, usegmt=True),
            "cache-control": f"public, max-age={_MAX_AGE}",
            "vary": "Accept-Encoding",
            "access-control-allow-origin": "*",  # public, and readers in browsers want it
        }
        headers["link"] = self._link(name)
        if _is_fresh(request, found):
            return Response(status_code=304, headers=headers)
        if coding:
            headers["content-encoding"] = coding
        headers["content-type"] = _NAMES.get(Path(name).name) or _TYPES[Path(name).suffix]
        headers["accept-ranges"] = "bytes"
        return _ranged(request, body, etag, found.modified, headers)

    def _current(self, name: str) -> _File | None:
        """What is known of a file, if that is how it stands: one stat, too short for a thread."""
        known = self._known.get(name)
        try:
            return known if known and known.stamp == _stamp(self._folder / name) else None
        except OSError:
            return None

    def _file(self, name: str) -> _File | None:
        """The file of a name, read anew where it has changed; None for what is not served."""
        path = self._folder / name
        is_odd = any(not part or part.startswith(".") for part in name.split("/"))
        if path.suffix not in _TYPES or "\0" in name or is_odd:
            return None
        try:
            stamp = _stamp(path)
            if not path.resolve().is_relative_to(self._folder.resolve()) or not path.is_file():
                return None
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        return self._keep(name, stamp, data)

    def _keep(self, name: str, stamp: tuple[int, int, int], data: bytes) -> _File:
        import brotli

        bodies = {"": data}
        if len(data) > 200:
            bodies["gzip"] = gzip.compress(data, 6, mtime=0)
            bodies["br"] = brotli.compress(data, quality=5)
        etags = {
            coding: f'"{hashlib.sha256(body).hexdigest()[:32]}"' for coding, body in bodies.items()
        }
        found = _File(stamp, stamp[0] // 10**9, bodies, etags)
        self._known[name] = found
        held = sum(len(body) for file in self._known.values() for body in file.bodies.values())
        if held > self._most:  # an archive of feeds that nobody polls
            self._known = {name: found}
        return found


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
        return Response(body, headers=headers)
    size = len(body)
    if found[1]:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    else:
        first, last = max(size - int(found[2]), 0), size - 1
    if first > last or first >= size:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(body[first : last + 1], 206, headers=headers)
