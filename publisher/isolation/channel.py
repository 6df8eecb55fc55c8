"""What parent and child say to each other.

The parent sends pickles, which only it can make. The child has read hostile input in native code:
what it says is data (msgpack) of known types, and never unpickled.
"""

from __future__ import annotations

from typing import Any

import msgspec

from publisher.errors import Problem
from publisher.workers.channel import Closed

BUSY = 3
"""So many seconds by the clock may a second of the processor take."""

GRACE = 5
"""Seconds after the time is up in which a step that no alarm can interrupt may still end."""


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
