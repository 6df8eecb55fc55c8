"""What goes over a connection to a mail server: bounded in bytes, in lines and in time.

A server is not trusted to end what it says. Whatever it does, an answer costs us so many bytes and
so many seconds, and a server that sends one byte a second is as dead as one that sends none.
"""

from __future__ import annotations

import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Generator
from typing import NamedTuple, TypeVar

LONGEST_LINE = 2048
"""Bytes of a line of a reply: RFC 5321 §4.5.3.1.5 has 512, servers have more."""

MOST_BYTES = 64 * 1024
"""Of a whole reply."""

MOST_LINES = 100
"""Of a whole reply; the longest EHLO in the wild has some thirty."""

_AT_ONCE = 4096
# RFC 5321 §4.2: 2yz to 5yz, then a blank, a hyphen where more lines come, or nothing at all.
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ \t-])(.*))?\r?", re.DOTALL)


class Need(NamedTuple):
    """What a turn waits for: that a connection can be read, or written to; `ends` bounds it.

    Past that instant of the steady clock it is to go on as well, and finds its time over.
    """

    connection: socket.socket
    events: int  # of `selectors`
    ends: float


Result = TypeVar("Result")
Turn = Generator[Need, None, Result]


def finished(turn: Turn[Result]) -> Result:
    """Run a turn over a connection that makes its thread wait."""
    try:
        next(turn)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    raise AssertionError("this connection waits for nobody")


class Wire:
    """A connection with a budget; see `allow`. Raises OSError for all that a server may do wrong.

    `timeout` is in seconds and bounds each answer as a whole; `seconds` is a steady clock. Reading
    and writing are generators: they make their thread wait, or after `take_turns` yield what they
    wait for. `taken` is how much of the last write the connection took.
    """

    def __init__(
        self,
        connection: socket.socket,
        timeout: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self._timeout, self._seconds = timeout, seconds
        self._buffer = bytearray()
        self._ends = seconds() + timeout
        self._set = timeout
        self._takes_turns = False
        self.taken = 0
        connection.settimeout(timeout)

    def take_turns(self) -> None:
        """Never make the thread wait from now on."""
        self._takes_turns = True
        self.connection.setblocking(False)

    def allow(self, seconds: float) -> None:
        """All that comes next, until this is said again, may take so long together."""
        self._ends = self._seconds() + seconds

    @property
    def has_more(self) -> bool:
        """Whether the server has said more than was read: out of turn, if nothing was asked."""
        return bool(self._buffer)

    def write(self, data: bytes) -> Turn[None]:
        """Write all of it."""
        self.taken = 0
        view = memoryview(data)
        while self.taken < len(data):
            self._await(self._ends)
            try:
                self.taken += self.connection.send(view[self.taken :])
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                yield self._need(error, selectors.EVENT_WRITE, self._ends)

    def reply(self) -> Turn[tuple[int, list[bytes]]]:
        """Read one reply (RFC 5321 §4.2.1): the code of its last line, and what each line says."""
        ends = min(self._ends, self._seconds() + self._timeout)
        lines: list[bytes] = []
        size = 0
        while True:
            while (line := self._line()) is None:
                yield from self._more(ends)
            size += len(line)
            found = _LINE.fullmatch(line)
            if found is None:
                raise ConnectionError("an answer that is none")
            lines.append((found[3] or b"").rstrip())
            if found[2] != b"-":
                return int(found[1]), lines
            if size > MOST_BYTES or len(lines) >= MOST_LINES:
                raise ConnectionError("an answer without an end")

    def _line(self) -> bytes | None:
        """A line without its LF, None where more must be read for one."""
        end = self._buffer.find(b"\n", 0, LONGEST_LINE)
        if end < 0:
            if len(self._buffer) >= LONGEST_LINE:
                raise ConnectionError("an answer without an end")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _more(self, ends: float) -> Turn[None]:
        """Read what the server says next."""
        while True:
            self._await(ends)
            try:
                data = self.connection.recv(_AT_ONCE)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                yield self._need(error, selectors.EVENT_READ, ends)
                continue
            if not data:
                raise ConnectionError("closed")
            self._buffer += data
            return

    def _await(self, ends: float) -> None:
        """Let the next call wait until then at most; a system call only where that changes much."""
        left = ends - self._seconds()
        if left <= 0:
            raise TimeoutError("timed out")
        if self._takes_turns:
            return
        left = min(left, self._timeout)
        if not 0.95 <= left / self._set <= 1.05:
            self.connection.settimeout(left)
            self._set = left

    def _need(self, error: OSError, events: int, ends: float) -> Need:
        """TLS may have to read before it can write, and the other way round."""
        if isinstance(error, ssl.SSLWantReadError):
            events = selectors.EVENT_READ
        elif isinstance(error, ssl.SSLWantWriteError):
            events = selectors.EVENT_WRITE
        return Need(self.connection, events, ends)
