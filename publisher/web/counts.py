"""What is counted of requests: what was asked, how it was answered, and never by whom.

Feed readers that read for many say for how many in their User-Agent ("Feedly/1.0 (…; 16
subscribers; …)"): that is a count of people without a trace of any.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from publisher.feeds import FORMATS, LIST

_FEEDS = {one.file: one.key for one in FORMATS} | {LIST: "opml"}
_OF_FEEDS = frozenset(_FEEDS.values())

_FOR_MANY = re.compile(r"\b(\d{1,7}) (?:subscriber|reader|user)s?\b", re.IGNORECASE)
_NAME = re.compile(r"^([A-Za-z][A-Za-z0-9 ._-]{1,39}?)(?:/| feed[- ]|[;(-]| \d|$)", re.IGNORECASE)
_LONGEST = 300  # letters that are read of what a reader says of itself
_MOST = 200  # different feed readers between two looks

Note = Callable[[str, str, int, str], object]
"""Counts an answer: method, path, status, User-Agent."""


class Counted(msgspec.Struct):
    """Sums by (what, status), and subscribers by (feed reader, feed)."""

    answers: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    readers: dict[tuple[str, str], int] = msgspec.field(default_factory=dict)


class Counting:
    """Counts what an application answers. `told` hears of each answer: what, method, status."""

    def __init__(self, told: Callable[[Mapping[str, Any]], object] | None = None) -> None:
        self._lock = threading.Lock()
        self._new, self._all = Counted(), Counter[tuple[str, str]]()
        self._told = told

    def around(self, app: ASGIApp, root: str, base: str, forms: Collection[str]) -> ASGIApp:
        """Return the application with its answers counted, as `noting` counts them."""
        note = self.noting(root, base, forms)

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return

            async def sent(message: Message) -> None:
                if message["type"] == "http.response.start":
                    agent = Headers(scope=scope).get("user-agent", "")
                    note(scope["method"], scope["path"], message["status"], agent)
                await send(message)

            await app(scope, receive, sent)

        return counted

    def noting(self, root: str, base: str, forms: Collection[str]) -> Note:
        """Return what counts an answer by its request; `base` is the path of the site.

        `forms` are the first parts of addresses that are counted by name.
        """

        def note(method: str, path: str, status: int, agent: str) -> None:
            self.note(kind_of(path, root, base, forms), method, status, agent, path)

        return note

    def note(self, what: str, method: str, status: int, agent: str, path: str) -> None:
        """Count an answer."""
        is_poll = what in _OF_FEEDS and status in (200, 304)
        reader = feed_reader(agent[:_LONGEST]) if is_poll else None
        key = what, str(status)
        with self._lock:
            self._new.answers[key] += 1
            self._all[key] += 1
            if reader:
                self._keep((reader[0], path.rpartition("/feeds/")[2]), reader[1])
        if self._told:
            self._told({"method": method, "what": what, "status": status})

    def _keep(self, reader: tuple[str, str], subscribers: int) -> None:
        if reader in self._new.readers or len(self._new.readers) < _MOST:
            self._new.readers[reader] = subscribers

    def give_back(self, taken: Counted) -> None:
        """Count again what was taken, and could not be kept."""
        with self._lock:
            self._new.answers.update(taken.answers)
            for reader, subscribers in taken.readers.items():
                if reader not in self._new.readers:
                    self._keep(reader, subscribers)

    def add(self, what: str, detail: str) -> None:
        """Count something else."""
        with self._lock:
            self._new.answers[what, detail] += 1

    def take(self) -> Counted:
        """Return what was counted since the last time."""
        with self._lock:
            taken, self._new = self._new, Counted()
        return taken

    def totals(self) -> dict[tuple[str, str], int]:
        """Return the sums since the start."""
        with self._lock:
            return dict(self._all)


def kind_of(path: str, root: str, base: str, forms: Collection[str]) -> str:
    """Return what a path asks for, in a word; never a part of the path."""
    if path.startswith(f"{base}/feeds/"):
        return _FEEDS.get(path.rpartition("/")[2], "other feed")
    if root and not path.startswith(f"{root}/"):
        return "page"
    first = path.removeprefix(root).strip("/").partition("/")[0]
    return first if first in forms else "page"


@lru_cache(maxsize=512)  # the same ones ask again and again
def feed_reader(agent: str) -> tuple[str, int] | None:
    """Return the name of a program that reads feeds for others, and for how many; or None.

    >>> feed_reader("Feedly/1.0 (+http://feedly.example/fetcher.html; 16 subscribers)")
    ('Feedly', 16)
    """
    many, name = _FOR_MANY.search(agent), _NAME.match(agent)
    return (name[1].strip(), int(many[1])) if many and name else None
