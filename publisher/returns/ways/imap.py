"""A mailbox on an IMAP server (RFC 9051, RFC 3501) as a way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from publisher.returns.ways.imap_login import Mailbox
from publisher.returns.ways.imap_session import Session
from publisher.returns.ways.recipient import Ours
from publisher.returns.ways.way import Collected, Take

_IDLE = 9 * 60.0  # seconds; RFC 2177 allows 29 minutes, many routers forget a connection in ten


class Imap:
    """Takes the messages of one folder, and moves them into others beside it; see `way.Way`.

    Nothing is remembered between two runs: what lies in the folder is what is to be taken, so that
    a new UIDVALIDITY (RFC 9051 §2.3.1.1) can hide nothing. UIDs are used within one SELECT alone. A
    message at which the connection is lost again and again is left where it is, and named.
    """

    name = "imap"

    def __init__(self, mailbox: Mailbox, ours: Ours) -> None:
        self._mailbox, self._ours = mailbox, ours
        self._session: Session | None = None
        self._trouble: Counter[tuple[int, int]] = Counter()
        self._has_ended = False

    def collect(self, take: Take) -> Collected:
        """Take what is there; see `way.Way.collect`."""
        with self._connected() as session:
            return session.collect(take, lambda: self._has_ended)

    def waiting(self) -> int:
        """How many lie there; see `way.Way`."""
        with self._connected() as session:
            return session.waiting()

    @contextmanager
    def _connected(self) -> Iterator[Session]:
        """A session, an old one if there is one; it is closed where something goes wrong."""
        try:
            if self._session is None:
                self._session = Session(self._mailbox, self._ours, self._trouble)
            yield self._session
        except BaseException:
            self._drop()
            raise

    def stay(self, take: Take, seconds: float) -> bool:
        """Wait by IDLE, where the server has it; or else let go of it until the next round."""
        if self._session is None or not self._session.can_idle:
            self.close()
            return False
        with self._connected() as session:
            if not self._has_ended:
                session.idle(min(seconds, _IDLE))
        return True

    def end(self) -> None:
        """Let go of the server; whoever waits for it finds the connection closed."""
        self._has_ended = True
        if (session := self._session) is not None:
            session.client.connection.cut()

    def close(self) -> None:
        """Say goodbye, if that is still possible."""
        if self._session is not None:
            self._session.log_out()
        self._session = None

    def _drop(self) -> None:
        if self._session is not None:
            self._session.drop()
        self._session = None
