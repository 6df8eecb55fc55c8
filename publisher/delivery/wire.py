"""What goes over a connection to a mail server: bounded in bytes, in lines and in time.

A server is not trusted to end what it says. Whatever it does, an answer costs us so many bytes and
so many seconds, and a server that sends one byte a second is as dead as one that sends none.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator

LONGEST_LINE = 2048
"""Bytes of a line of a reply: RFC 5321 §4.5.3.1.5 has 512, servers have more."""

MOST_BYTES = 64 * 1024
"""Of a whole reply."""

MOST_LINES = 100
"""Of a whole reply; the longest EHLO in the wild has some thirty."""

_AT_ONCE = 4096
# RFC 5321 §4.2: 2yz to 5yz, then a blank, a hyphen where more lines come, or nothing at all.
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ \t-])(.*))?\r?", re.DOTALL)


class Wire:
    """A connection with a budget; see `allow`. Raises OSError for all that a server may do wrong.

    `timeout` is in seconds and bounds each answer as a whole; `seconds` is a steady clock.
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
        connection.settimeout(timeout)

    def allow(self, seconds: float) -> None:
        """All that comes next, until this is said again, may take so long together."""
        self._ends = self._seconds() + seconds

    @property
    def has_more(self) -> bool:
        """Whether the server has said more than was read: out of turn, if nothing was asked."""
        return bool(self._buffer)

    def write(self, data: bytes) -> None:
        """Write all of it."""
        for _ in self.writing(data):
            pass

    def writing(self, data: bytes) -> Iterator[int]:
        """Write all of it; yield how many bytes the connection has taken so far."""
        view, done = memoryview(data), 0
        while done < len(data):
            self._await(self._ends)
            done += self.connection.send(view[done:])
            yield done

    def reply(self) -> tuple[int, list[bytes]]:
        """Read one reply (RFC 5321 §4.2.1): the code of its last line, and what each line says."""
        ends = min(self._ends, self._seconds() + self._timeout)
        lines: list[bytes] = []
        size = 0
        while True:
            line = self._line(ends)
            size += len(line)
            found = _LINE.fullmatch(line)
            if found is None:
                raise ConnectionError("an answer that is none")
            lines.append((found[3] or b"").rstrip())
            if found[2] != b"-":
                return int(found[1]), lines
            if size > MOST_BYTES or len(lines) >= MOST_LINES:
                raise ConnectionError("an answer without an end")

    def _line(self, ends: float) -> bytes:
        """A line without its LF."""
        while (end := self._buffer.find(b"\n", 0, LONGEST_LINE)) < 0:
            if len(self._buffer) >= LONGEST_LINE:
                raise ConnectionError("an answer without an end")
            self._await(ends)
            data = self.connection.recv(_AT_ONCE)
            if not data:
                raise ConnectionError("closed")
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _await(self, ends: float) -> None:
        """Let the next call wait until then at most; a system call only where that changes much."""
        left = ends - self._seconds()
        if left <= 0:
            raise TimeoutError("timed out")
        left = min(left, self._timeout)
        if not 0.95 <= left / self._set <= 1.05:
            self.connection.settimeout(left)
            self._set = left
