"""What parent and child say to each other, and how it is framed: a length, then the bytes.

The parent sends pickles, which only it can make. The child has read hostile input in native code:
what it says is data (msgpack) of known types, and never unpickled.
"""

from __future__ import annotations

import os
import select
import struct
from dataclasses import dataclass
from typing import Any

import msgspec

from publisher.errors import Problem

BUSY = 3
"""So many seconds by the clock may a second of the processor take."""

GRACE = 5
"""Seconds after the time is up in which a step that no alarm can interrupt may still end."""

_LENGTH = struct.Struct(">Q")
_MOST = 1 << 30  # bytes of one message: a mail has a megabyte, a page seldom more


class Ask(msgspec.Struct, tag=True):
    """The child needs the body of an article, by its id."""

    article: str


class Done(msgspec.Struct, tag=True):
    """What was rendered, as the verb's own type."""

    value: msgspec.Raw


class Failed(msgspec.Struct, tag=True):
    """An error of `publisher.errors`, by its name, or a fault of ours ("")."""

    kind: str
    problem: Problem
    article: str = ""
    name: str = ""


Message = Ask | Done | Failed


class Closed(Exception):
    """The other side has ended, or says nothing any more."""


@dataclass(frozen=True, slots=True)
class Channel:
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


def encoded(message: Message) -> bytes:
    """Return what the child sends."""
    return msgspec.msgpack.encode(message)


def decoded(data: bytes) -> Message:
    """Return what the child sent; raise Closed for what makes no sense."""
    try:
        found: Message = msgspec.msgpack.decode(data, type=Message)
    except msgspec.MsgspecError:
        raise Closed from None
    return found


def value_of(done: Done, kind: Any) -> Any:
    """Return the value of a type; raise Closed for what is none."""
    try:
        return msgspec.msgpack.decode(done.value, type=kind)
    except msgspec.MsgspecError:
        raise Closed from None
