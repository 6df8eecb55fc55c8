"""The short way to a file: from the letters of a request to those of its answer.

A request for a page or a feed that has been asked for before goes by no parser, no route and no
task: of 600 µs on the long way, a dozen were work. What is answered here is what the long way
answered, byte for byte; it teaches which path leads where, and whatever is not plain is left to it.
A file is looked at (`stat`) for each answer: what is gone or other is left to the long way, too.
"""

from __future__ import annotations

from typing import NamedTuple

from starlette.responses import Response

from publisher.web.counts import Note
from publisher.web.door import Door
from publisher.web.edges import bare, safe
from publisher.web.files import Files
from publisher.web.heads import asked
from publisher.web.held import Choice, Held
from publisher.web.parts import PART

_MOST = 10_000  # paths
_LONGEST = 500  # letters of one, or of addresses that are told
_STATUS = {200: b"HTTP/1.1 200 OK\r\n", 304: b"HTTP/1.1 304 Not Modified\r\n"}


class Answer(NamedTuple):  # there is one for each request
    """What goes out: a status line, headers without the date, and a body."""

    status: bytes
    head: bytes
    body: bytes
    closes: bool


class Shortcuts:
    """Knows which paths lead to files. `note` counts answers, `door` says who is let in."""

    def __init__(self, note: Note, door: Door) -> None:
        self._note, self._door = note, door
        self._ways: dict[str, tuple[Files, str]] = {}

    def learn(self, path: str, files: Files, name: str) -> None:
        """Learn that a path leads to a file, and will as long as it is there."""
        if len(path) > _LONGEST:
            return
        if len(self._ways) >= _MOST:
            self._ways.clear()
        self._ways[path] = files, name

    def answer(self, data: bytes, peer: str) -> Answer | None:
        """Return the answer to the request that data is, or None: then the long way is to be gone.

        `peer` is the address at the other end of the line.
        """
        request = asked(data)
        way = self._ways.get(bare(request.path)) if request else None
        if request is None or way is None:
            return None
        files, name = way
        held = files.current(name)
        if held is None or not held.is_whole:
            return None
        choice = held.choose(request.headers)
        is_empty = choice.status == 304 or request.method == "HEAD"
        body = b"" if is_empty else held.bodies[choice.coding]
        forwarded = request.headers.get("x-forwarded-for")
        if forwarded is not None and not self._lets_in(peer, forwarded, body):
            return None
        agent = request.headers.get("user-agent", "")
        self._note(request.method, request.path, choice.status, agent)
        return Answer(_STATUS[choice.status], _head(held, choice), body, request.closes)

    def _lets_in(self, peer: str, forwarded: str, body: bytes) -> bool:
        """Whether a client that is told of may have this: what takes its time is to be counted."""
        is_short = len(body) <= PART and len(forwarded) <= _LONGEST
        return is_short and self._door.lets_in(peer, forwarded)


def _head(held: Held, choice: Choice) -> bytes:
    """The headers of an answer, made once."""
    made = held.heads.get(choice)
    if made is None:
        body = held.bodies[choice.coding] if choice.status == 200 else b""
        answer = Response(body, choice.status, headers=held.headers(choice))
        made = b"".join(b"%b: %b\r\n" % pair for pair in safe(answer.raw_headers))
        held.heads[choice] = made
    return made
