"""Two pipes to another process, and how messages are framed: a length, then the bytes."""

from __future__ import annotations

import contextlib
import os
import select
import struct
from types import ModuleType

import msgspec

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

_LENGTH = struct.Struct(">Q")
_MOST = 1 << 30  # bytes of one message: a mail has a megabyte, a page seldom more
_PIPE = 1 << 20  # bytes on their way, of many a message all of it


class Closed(Exception):
    """The other side has ended, or says nothing any more."""


class Channel(msgspec.Struct, frozen=True):
    """Two pipes to the other side, as file descriptors."""

    reading: int
    writing: int

    def send(self, data: bytes) -> None:
        """Send a message; raise Closed where nobody takes it."""
        rest = memoryview(_LENGTH.pack(len(data)) + data)
        try:
            while rest:
                rest = rest[os.write(self.writing, rest) :]
        except OSError:
            raise Closed from None

    def receive(self, patience: float | None = None) -> bytes:
        """Return the next message; raise Closed after `patience` seconds without a word."""
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, patience))
        if length > _MOST:
            raise Closed
        return self._read(length, patience)

    def _read(self, count: int, patience: float | None) -> bytes:
        found = bytearray()
        while len(found) < count:
            if patience is not None and not _is_ready(self.reading, patience):
                raise Closed
            try:
                part = os.read(self.reading, min(count - len(found), 1 << 20))
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            found += part
        return bytes(found)


def _is_ready(handle: int, patience: float) -> bool:
    poll = select.poll()  # select() knows no handle above 1,023
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(patience * 1000))


def widen(handle: int) -> None:
    """Let a pipe hold more at once, where the system can: both sides wait less for each other."""
    number = getattr(fcntl, "F_SETPIPE_SZ", None)  # Linux alone
    if fcntl and number is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, number, _PIPE)
