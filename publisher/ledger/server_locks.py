"""Locks on PostgreSQL, for all hosts that share a ledger: advisory ones of sessions, and a fence.

The lock of a session is free as soon as the server knows that the session is over: at once where
its process died, after half a minute where the host did. A process that is stopped gives no sign of
life, and whoever waits ends its session.

The lock tells who is alive; what decides is the fence, a number in the ledger. Whoever takes a lock
raises it, and each transaction that writes by the ledger whose lock it is begins by looking at it:
once somebody else has the lock, nothing more is written by that one. Marks (`spoken`) have their
claims for it; a service, which writes by ledgers of its own, looks at `is_ours`.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa

from publisher.errors import Locked, StateUnavailable
from publisher.ledger.engine import ADVISORY
from publisher.ledger.locks import FileLocks, Hold

BEAT = 10.0
"""Seconds between two signs of life of who holds a lock."""

LEASE = 60.0
"""Seconds without one, until whoever waits may end the session."""

_TURN = 0.1  # seconds between two tries of who waits
_AGAIN = 1.0  # seconds until a session that was lost is opened again
_SENDERS = "senders/"

_TRY = f"SELECT pg_try_advisory_lock({ADVISORY})"
_FREE = f"SELECT pg_advisory_unlock({ADVISORY})"
_RAISE = (
    "INSERT INTO locks (name, fence, holder) VALUES (%(name)s, 1, %(holder)s) ON CONFLICT (name) "
    "DO UPDATE SET fence = locks.fence + 1, holder = excluded.holder RETURNING fence"
)
_FENCE = "SELECT fence FROM locks WHERE name = %(name)s"
_FENCES = "SELECT name, fence FROM locks WHERE name = ANY(%(names)s) ORDER BY name FOR SHARE"
_HOLDER = "SELECT holder FROM locks WHERE name = %(name)s"
_FORGET = "DELETE FROM locks WHERE name = %(name)s"
_ALL = "SELECT name FROM locks WHERE starts_with(name, %(name)s) ORDER BY name"
_END_STOPPED = (  # 1 is what PostgreSQL writes of keys with 64 bits
    "SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "  # noqa: S608 no input
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) "
    f"AND ((l.classid::bigint << 32) | l.objid::bigint) = {ADVISORY} "
    "AND a.state_change < clock_timestamp() - make_interval(secs => %(lease)s)"
)


class Fences:
    """Lets who holds locks write as long as they are theirs: on each connection of an engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.held: dict[str, int] = {}  # by name: the number that we raised the fence to
        sa.event.listen(engine, "begin", self._look)

    def check(self) -> None:
        """Raise Locked where somebody else has had a lock since we took it, StateUnavailable."""
        if self.held:
            with self.engine.begin():
                pass  # it is looked at when it begins

    def _look(self, db: sa.Connection) -> None:
        """Raise Locked where somebody else has had a lock since we took it.

        Until this transaction ends, nobody else can: whoever raises the fence waits for it.
        """
        held = dict(self.held)
        if not held or db.get_execution_options().get("look"):
            return
        rows = db.exec_driver_sql(_FENCES, {"names": list(held)}).all()
        if {tuple(row) for row in rows} != set(held.items()):
            raise Locked(
                "another run has taken over this publication",
                why="This one gave no sign of life, or lost its connection to the ledger.",
                todo="Nothing is lost: run the command again.",
            )


class ServerLocks:
    """Locks of all hosts; the processes of one take turns by its files first."""

    def __init__(self, fences: Fences, files: FileLocks) -> None:
        self._fences, self._files = fences, files

    @contextmanager
    def held(self, name: str, patience: float = 0.0) -> Iterator[Hold]:
        """Hold a lock among all hosts. Raises StateUnavailable as well."""
        until = time.monotonic() + patience
        with self._files.held(name, patience):
            session = _taken(self._fences.engine, name, until)
            self._fences.held[name] = session.fence
            try:
                yield session
            finally:
                del self._fences.held[name]
                session.close()

    @contextmanager
    def present(self, name: str) -> Iterator[None]:
        """Be known as alive to all hosts."""
        session = _taken(self._fences.engine, _SENDERS + name, time.monotonic())
        is_over = False
        try:
            yield
            is_over = True
        finally:  # after an error it is one of the dead: what it was at is taken over at once
            session.close(forgets=is_over)

    @contextmanager
    def dead(self) -> Iterator[list[str]]:
        """Those on any host whose sessions are over."""
        with _opened(self._fences.engine) as db:
            try:
                names = list(db.exec_driver_sql(_ALL, {"name": _SENDERS}).scalars())
                found = [name for name in names if _said(db, _TRY, name)]
                yield [name.removeprefix(_SENDERS) for name in found]
                for name in found:
                    db.exec_driver_sql(_FORGET, {"name": name})
                    _said(db, _FREE, name)
            except BaseException:
                _drop(db)  # and with it what it holds
                raise


class _Session:
    """A lock that a session of its own holds; `is_ours` until somebody else has had it.

    A thread gives signs of life, and takes the lock again where the session was lost: with the
    fence as it was, nobody has had it meanwhile.
    """

    def __init__(self, engine: sa.Engine, name: str, db: sa.Connection, fence: int) -> None:
        self._engine, self._name, self.fence = engine, name, fence
        self._db: sa.Connection | None = db
        self._over = threading.Event()
        self.is_ours = True
        self._thread = threading.Thread(target=self._keep, name=f"hold {name}", daemon=True)
        self._thread.start()

    def close(self, *, forgets: bool = False) -> None:
        """Let go of the lock; with `forgets` nobody will know that it was ever there."""
        self._over.set()
        self._thread.join()
        if self._db is None:
            return
        try:
            if forgets:
                self._db.exec_driver_sql(_FORGET, {"name": self._name})
            _said(self._db, _FREE, self._name)
            self._db.close()
        except StateUnavailable:  # the session is over, and so is the lock
            _drop(self._db)

    def _keep(self) -> None:
        while self.is_ours and not self._over.wait(BEAT if self._db is not None else _AGAIN):
            try:
                if self._db is None:
                    self._db = self._opened_again()
                else:
                    self._db.exec_driver_sql("SELECT 1")
            except StateUnavailable:
                if self._db is not None:
                    _drop(self._db)
                self._db = None

    def _opened_again(self) -> sa.Connection | None:
        """A session that has the lock, None where it cannot be had yet."""
        db = _opened(self._engine)
        try:
            has_it = _said(db, _TRY, self._name)
            self.is_ours = _said(db, _FENCE, self._name) == self.fence
            if has_it and self.is_ours:
                return db
        except StateUnavailable:
            pass
        _drop(db)
        return None


def _taken(engine: sa.Engine, name: str, until: float) -> _Session:
    """Take a lock; raise Locked where it is somebody else's until then."""
    db = _opened(engine)
    try:
        while not _said(db, _TRY, name):
            db.exec_driver_sql(_END_STOPPED, {"name": name, "lease": LEASE})
            if time.monotonic() >= until:
                raise _is_held(_said(db, _HOLDER, name))
            time.sleep(_TURN)
        holder = f"{socket.gethostname()}, process {os.getpid()}"
        fence = db.exec_driver_sql(_RAISE, {"name": name, "holder": holder}).scalar_one()
    except Locked:
        db.close()  # it holds nothing: the next try has it
        raise
    except BaseException:
        _drop(db)
        raise
    return _Session(engine, name, db, fence)


def _is_held(holder: str | None) -> Locked:
    return Locked(
        f"another run is at work on this publication{f' ({holder})' if holder else ''}",
        todo="Wait for it to end, and run the command again.",
    )


def _opened(engine: sa.Engine) -> sa.Connection:
    """A session that commits each statement: it may be idle for hours, in no transaction."""
    return engine.execution_options(isolation_level="AUTOCOMMIT", look=True).connect()


def _said(db: sa.Connection, words: str, name: str) -> Any:
    return db.exec_driver_sql(words, {"name": name}).scalar_one_or_none()


def _drop(db: sa.Connection) -> None:
    """End a session, and with it what it holds."""
    with suppress(StateUnavailable, sa.exc.SQLAlchemyError):
        db.invalidate()
    db.close()
