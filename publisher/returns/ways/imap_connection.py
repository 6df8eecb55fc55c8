"""A connection to an IMAP server: verified, and bounded in bytes and in time.

imaplib by itself verifies nothing, takes a literal of any length that a server announces, and
waits for one that sends a byte a minute. IMAPClient, which speaks over this, has the commands and
the answers.
"""

from __future__ import annotations

import contextlib
import imaplib
import select
import socket
import ssl
import time
from typing import Any

from imapclient import IMAPClient

_LONGEST_LINE = 1_000_000  # imaplib's own bound
_BESIDE = 1_000_000  # bytes of an answer beside the messages in it
_AT_ONCE = 64 * 1024
_TIMES = 3  # a whole answer, in timeouts


class Connection(imaplib.IMAP4):
    """imaplib over a socket with a budget, that each command begins anew; see `send`.

    `timeout` is in seconds and bounds each silence, `most` the bytes of the messages of one answer.
    With `context` it is TLS from the first byte on.
    """

    sock: socket.socket

    def __init__(
        self, host: str, port: int, context: ssl.SSLContext | None, timeout: float, most: int
    ) -> None:
        self._context, self._patience, self._most = context, timeout, most
        self._buffer = bytearray()
        self._of: socket.socket | None = None  # whose bytes these are
        self.is_lost = False
        self._allow(b"")
        super().__init__(host, port, timeout)

    def _allow(self, command: bytes) -> None:
        self._left = _BESIDE + (self._most if b"BODY.PEEK[" in command else 0)
        self._ends = time.monotonic() + _TIMES * self._patience

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is None:
            return connection
        return self._context.wrap_socket(connection, server_hostname=self.host)

    def send(self, data: Any) -> None:
        """Send all of it; what is answered may have its bytes and its time from now on."""
        self._allow(bytes(data))
        self.sock.settimeout(self._patience)
        try:
            self.sock.sendall(data)
        except OSError:
            self.is_lost = True
            raise

    def read(self, size: int) -> bytes:
        """Return so many bytes."""
        if size > self._left:
            self.is_lost = True
            raise self.abort("an answer that is too long")
        while len(self._ahead) < size:
            self._receive(size - len(self._ahead))
        found = bytes(memoryview(self._ahead)[:size])
        del self._ahead[:size]
        return found

    def readline(self) -> bytes:
        """Return a line with its end."""
        sought = 0
        while (end := self._ahead.find(b"\n", sought)) < 0:
            sought = len(self._ahead)
            if sought > _LONGEST_LINE:
                self.is_lost = True
                raise self.abort("a line that is too long")
            self._receive(0)
        line = bytes(self._ahead[: end + 1])
        del self._ahead[: end + 1]
        return line

    @property
    def _ahead(self) -> bytearray:
        """What was received and not read.

        What came before TLS counts no more once it is there (RFC 9051 §6.2.1): others may have
        written that.
        """
        if self._of is not self.sock:
            self._buffer, self._of = bytearray(), self.sock
        return self._buffer

    def _receive(self, wanted: int) -> None:
        left = self._ends - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError("timed out")
            self.sock.settimeout(min(left, self._patience))
            data = self.sock.recv(max(_AT_ONCE, min(wanted, 1_000_000)))
        except OSError:
            self.is_lost = True
            raise
        self._left -= len(data)
        if not data or self._left < 0:
            self.is_lost = True
            raise self.abort("closed" if not data else "an answer that is too long")
        self._ahead.extend(data)

    def await_word(self, seconds: float) -> bool:
        """Wait until the server says something by itself; return whether it has."""
        has_more = bool(self._ahead) or (
            isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0
        )
        if has_more:
            return True
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def cut(self) -> None:
        """Wake whoever waits for the server, from another thread: he finds it closed."""
        with contextlib.suppress(OSError, AttributeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # below TLS, which has no locks


class Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient over a `Connection`; `implicit` is TLS from the first byte on."""

    _imap: Connection

    def __init__(
        self,
        host: str,
        port: int,
        context: ssl.SSLContext | None,
        timeout: float,
        *,
        implicit: bool,
        most: int,
    ) -> None:
        self._made = Connection(host, port, context if implicit else None, timeout, most)
        super().__init__(host, port, ssl=implicit, ssl_context=context, timeout=timeout)
        self._made.debug = 0  # nothing of a mailbox, nor of its password, is for a log

    def _create_IMAP4(self) -> Connection:
        return self._made

    def _set_read_timeout(self) -> None:
        """The connection sets its own."""

    @property
    def connection(self) -> Connection:
        """What it speaks over."""
        return self._made
