"""Ways for a message to leave: what they have in common, and the one in memory for tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from publisher.delivery.verdicts import judge
from publisher.model import Envelope, Reply


class Session(Protocol):
    """One open connection, used by one thread.

    `is_open` turns False once nothing more can be sent on it; the next message needs a new one.
    """

    is_open: bool

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Send a message and return the answer to it; never raises for what a server does.

        `following` is the envelope that comes next if all goes well: a session may announce it
        ahead (RFC 2920), and must then forget it again by `skip` if it does not come. A
        connection lost is a reply of code 0, at stage "dot" if the message may be accepted.
        """
        ...

    def skip(self) -> None:
        """The envelope that was announced does not come."""
        ...

    def close(self) -> None:
        """Say goodbye, if that is still possible."""
        ...


class Transport(Protocol):
    """Opens sessions; may be called by several threads."""

    def connect(self) -> Session:
        """Return a new session.

        Raises TransportDown where trying again later may help, TransportRefused where a person
        must change something: both before any message is touched.
        """
        ...


Script = Callable[[Envelope, bytes], Reply]


class Memory:
    """Keeps messages in memory, and answers as a script says: for tests, of others as well."""

    def __init__(self, script: Script | None = None) -> None:
        self.messages: list[tuple[Envelope, bytes]] = []
        self._script = script or (lambda *_: Reply(code=250, text="kept"))
        self._lock = threading.Lock()

    def connect(self) -> Session:
        """Return a session; there is always one more."""
        return _MemorySession(self)

    def take(self, envelope: Envelope, message: bytes) -> Reply:
        """Answer, and keep what is accepted."""
        with self._lock:
            reply = self._script(envelope, message)
            if judge(reply).state == "accepted":
                self.messages.append((envelope, message))
            return reply


class _MemorySession:
    is_open = True

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        reply = self._memory.take(envelope, message)
        self.is_open = reply.code not in (0, 421)
        return reply

    def skip(self) -> None: ...

    def close(self) -> None: ...
