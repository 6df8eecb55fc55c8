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
from functools import lru_cache
from typing import NamedTuple, TypeVar

LONGEST_LINE = 2048
"""Bytes of a line of a reply: RFC 5321 §4.5.3.1.5 has 512, servers have more."""

MOST_BYTES = 64 * 1024
"""Of a whole reply."""

MOST_LINES = 100
"""Of a whole reply; the longest EHLO in the wild has some thirty."""

_AT_ONCE = 4096
# RFC 5321 §4.2: 2yz to 5yz, then a blank, a hyphen where more lines come, or nothing at all.
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ \t-])(.*))?\r?\n", re.DOTALL)


@lru_cache(maxsize=64)  # a server says the same to each envelope
def _understood(line: bytes) -> tuple[int, bytes, bool]:
    """The code of a line, what it says, and whether it is the last of its reply."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise ConnectionError("an answer that is none")
    return int(found[1]), (found[3] or b"").rstrip(), found[2] != b"-"


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
    wait for. `taken` is how much of the last write the connection took, `reads` how often something
    came.
    """

    def __init__(
        self,
        connection: socket.socket,
        timeout: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self._timeout, self._seconds = timeout, seconds
        self._has_tls = isinstance(connection, ssl.SSLSocket)
        self._said, self._at = b"", 0  # what came last, and where what was not read begins
        self._lines: list[bytes] = []  # of the reply that is being read
        self._size = 0
        self._ends = seconds() + timeout
        self._set = timeout
        self._takes_turns = False
        self.taken, self._whole = 0, 0  # bytes of what is being written
        self._rest: tuple[bytes, ...] = ()
        self.reads = 0
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
        return self._at < len(self._said)

    def write(self, *pieces: bytes) -> Turn[None]:
        """Write all of them, together."""
        if not self.put(*pieces):
            yield from self.flush()

    def put(self, *pieces: bytes) -> bool:
        """Write what the connection takes at once; return whether that is all: else `flush`."""
        self.taken, self._whole = 0, sum(map(len, pieces))
        self._await(self._ends)
        self._rest = pieces
        if self._has_tls or not self._takes_turns:
            return False
        try:
            self.taken = self.connection.sendmsg(pieces)  # no copy of the message
        except BlockingIOError:
            return False
        return self.taken == self._whole

    def flush(self) -> Turn[None]:
        """Write what `put` has left."""
        view = memoryview(b"".join(self._rest))
        while self.taken < self._whole:
            self._await(self._ends)
            try:
                self.taken += self.connection.send(view[self.taken :])
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                yield self._need(error, selectors.EVENT_WRITE, self._ends)

    def skip(self, said: bytes) -> bool:
        """Pass over these words, if they are all that has come and was not read."""
        if not said or self._said[self._at :] != said:
            return False
        self._said, self._at = b"", 0
        return True

    def is_silent(self) -> bool:
        """Whether the server is there and has said nothing unasked; looks, in turns, at once."""
        assert self._takes_turns
        if self.has_more:
            return False
        try:
            self.connection.recv(_AT_ONCE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False  # it said 421, or that it goes

    @property
    def unread(self) -> bytes:
        """What has come and was not read."""
        return self._said[self._at :]

    def reply(self) -> Turn[tuple[int, tuple[bytes, ...]]]:
        """Read one reply; see `said`."""
        ends = min(self._ends, self._seconds() + self._timeout)
        while (said := self.said()) is None:
            yield from self._more(ends)
        return said

    def said(self) -> tuple[int, tuple[bytes, ...]] | None:
        """One reply that has come (RFC 5321 §4.2.1), None where more of it must be read.

        It is the code of its last line, and what each line says.
        """
        while (line := self._line()) is not None:
            self._size += len(line)
            code, says, is_last = _understood(line)
            self._lines.append(says)
            if is_last:
                lines = tuple(self._lines)
                self._lines.clear()
                self._size = 0
                return code, lines
            if self._size > MOST_BYTES or len(self._lines) >= MOST_LINES:
                raise ConnectionError("an answer without an end")
        return None

    def _line(self) -> bytes | None:
        """A line with its LF, None where more must be read for one."""
        start = self._at
        end = self._said.find(b"\n", start, start + LONGEST_LINE)
        if end < 0:
            if len(self._said) - start >= LONGEST_LINE:
                raise ConnectionError("an answer without an end")
            return None
        self._at = end + 1
        return self._said[start : end + 1]

    def _more(self, ends: float) -> Turn[None]:
        """Read what the server says next."""
        if self._takes_turns and not self._has_tls:  # nearly always it needs a moment; TLS may
            yield Need(self.connection, selectors.EVENT_READ, ends)  # hold something back
        while True:
            self._await(ends)
            try:
                data = self.connection.recv(_AT_ONCE)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                yield self._need(error, selectors.EVENT_READ, ends)
                continue
            if not data:
                raise ConnectionError("closed")
            self._said, self._at = self._said[self._at :] + data, 0
            self.reads += 1
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
