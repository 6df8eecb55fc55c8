"""A file as it stood, and which answer it is to whom: decisions, from headers alone.

RFC 9110: strong ETag (§8.8.3) of the bytes that are sent, Last-Modified (§8.8.2), If-None-Match
before If-Modified-Since (§13.2.2), Accept-Encoding (§12.5.3).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec

from publisher.outbox.packing import packed

Stamp = tuple[int, int, int]
"""Of a file, when it was changed (ns), its size, and its inode."""

_LONGEST = 500  # letters of the codings that somebody takes: there are three
_TOO_SHORT = 200  # bytes: what is packed would hardly be shorter


class About(msgspec.Struct, frozen=True):
    """What is said of a file to whoever asks: its type and headers.

    `shown` is its type for a browser, which shows it as a page, where that is another one.
    """

    kind: str
    headers: Mapping[str, str]
    shown: str = ""


class Choice(NamedTuple):  # there is one for each request
    """Which of the answers that a file can be: 304, or all of it, in a coding, as a type."""

    status: Literal[200, 304]
    coding: str
    kind: str


@dataclass(frozen=True, slots=True)
class Held:
    """A file as it stood: its bytes by coding, each with the ETag of those bytes.

    `heads` are those of answers that were made of it, as they go out.
    """

    stamp: Stamp
    about: About
    bodies: Mapping[str, bytes]
    etags: Mapping[str, str]
    heads: dict[Choice, bytes] = field(default_factory=dict, compare=False)

    @property
    def modified(self) -> int:
        """When it was changed, in whole seconds, as HTTP has them."""
        return self.stamp[0] // 10**9

    @property
    def is_whole(self) -> bool:
        """Whether its bytes are here, and not only on the disk."""
        return bool(self.bodies)

    def choose(self, asked: Mapping[str, str]) -> Choice:
        """Return which answer the headers of a request ask for."""
        accepted = asked.get("accept-encoding", "")[:_LONGEST]  # for it is remembered
        coding = _coding(accepted, tuple(self.bodies))
        # No feed reader asks for a page.
        is_shown = bool(self.about.shown) and "text/html" in asked.get("accept", "")
        kind = self.about.shown if is_shown else self.about.kind
        return Choice(304 if self.is_fresh(asked) else 200, coding, kind)

    def is_fresh(self, asked: Mapping[str, str]) -> bool:
        """Whether the client has it already: by ETag, else by date."""
        tags = asked.get("if-none-match")
        if tags is not None:
            if tags in self.etags.values():
                return True  # as nearly all ask
            given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in given or bool(given & set(self.etags.values()))
        since = http_date(asked.get("if-modified-since"))
        return since is not None and self.modified <= since

    def headers(self, choice: Choice) -> dict[str, str]:
        """Return the headers of an answer."""
        headers = {**self.about.headers, **self.validators(choice.coding)}
        if self.is_whole:
            headers["vary"] = "Accept-Encoding" + (", Accept" if self.about.shown else "")
        if choice.status == 304:
            return headers
        if choice.coding:
            headers["content-encoding"] = choice.coding
        return {**headers, "content-type": choice.kind, "accept-ranges": "bytes"}

    def validators(self, coding: str) -> dict[str, str]:
        """Return what tells whether it is still the same."""
        modified = formatdate(self.modified, usegmt=True)
        return {"etag": self.etags[coding], "last-modified": modified}


def whole(stamp: Stamp, about: About, data: bytes, *, packs: bool) -> Held:
    """Return a file with its bytes, and those of its codings where it `packs` well."""
    bodies = {"": data}
    if packs and len(data) > _TOO_SHORT:
        bodies |= packed(data)
    etags = {
        coding: f'"{hashlib.sha256(body).hexdigest()[:32]}"' for coding, body in bodies.items()
    }
    return Held(stamp, about, bodies, etags)


def large(stamp: Stamp, about: About) -> Held:
    """Return a file that is not kept in memory; its ETag is of its size and time."""
    return Held(stamp, about, {}, {"": f'"{stamp[0]:x}-{stamp[1]:x}"'})


def http_date(text: str | None) -> float | None:
    """Return the instant that a header says, None for none."""
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, TypeError, OverflowError):
        return None


@lru_cache(maxsize=256)  # a browser, or a feed reader, always says the same
def _coding(accepted: str, bodies: Collection[str]) -> str:
    """The best content coding that is accepted, "" for none."""
    wanted = {}
    for part in accepted.lower().split(","):
        name, _, q = part.strip().partition(";q=")
        wanted[name.strip()] = q.strip() or "1"
    refused = {name for name, q in wanted.items() if re.fullmatch(r"0(\.0*)?", q)}
    offered = [one for one in ("br", "gzip") if one in bodies and one not in refused]
    return next((one for one in offered if one in wanted or "*" in wanted), "")
