"""A ledger's database opened: SQLite in a file, or PostgreSQL by a URL; its schema kept up.

Every writer begins with the write lock (SQLite's BEGIN IMMEDIATE), so that no transaction fails
half-way for another's sake; a commit is on disk when it returns, but for those of a `cheap` one.
"""

from __future__ import annotations

import importlib
import os
import shlex
import sqlite3
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from publisher.errors import (
    ConfigError,
    LedgerUnavailable,
    Locked,
    PublisherError,
    StateUnavailable,
)
from publisher.ledger import schema
from publisher.model import concealed, is_secret, ledger_place

WAIT = 10
"""Seconds that a writer waits for another one."""

Verb = TypeVar("Verb", bound=Callable[..., Any])


def opened(
    where: Path | str | None, *, readonly: bool, on_empty: Callable[[], None] = lambda: None
) -> sa.Engine:
    """Return the engine of the database at a path or URL, in memory for None; its schema is ours.

    An older schema is brought up (in memory alone if `readonly`); a newer one is used where what
    was done since has only added to it. A database that is empty and `readonly` is an empty one in
    memory; `on_empty` is asked first. Raises what that does, PublisherError where the schema is too
    new for this program or the file is no database, Held where programs at work could not go on
    with ours, ConfigError for a URL that is none, Locked.
    """
    engine = _engine(where, readonly)
    try:
        with looking(engine).connect() as db:
            is_ours, is_empty = schema.is_ours(db), schema.version_of(db) is None
            if is_empty:
                schema.check_file(db)
                on_empty()
        if is_ours:
            return engine
        if readonly:
            engine.dispose()
            if is_empty:
                return opened(None, readonly=False)
            engine = _copied_to_memory(engine, where)
        with engine.begin() as db:
            in_turn(db, "schema")
            schema.bring_up(db)  # asks again: another process may have been first
    except sa.exc.DatabaseError as error:
        engine.dispose()
        raise PublisherError(
            f"the ledger {shown(where)} cannot be read: {concealed(str(error.orig))}",
            why="It holds what was sent to whom, so that nothing goes on without it.",
            todo="Restore it from a backup.",
        ) from None
    except PublisherError:
        engine.dispose()
        raise
    return engine


def retried(verb: Verb) -> Verb:
    """Let a verb run again when PostgreSQL ends it for another's sake (deadlock, serialization)."""

    @wraps(verb)
    def patient(*args: Any, **keys: Any) -> Any:
        for _ in range(9):
            try:
                return verb(*args, **keys)
            except StateUnavailable as error:
                if getattr(error.__cause__, "sqlstate", None) not in ("40P01", "40001"):
                    raise
        return verb(*args, **keys)

    return cast(Verb, patient)


def upserting(db: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that may say what to do ON CONFLICT: the one thing each dialect has for itself."""
    dialect = importlib.import_module(f"sqlalchemy.dialects.{db.dialect.name}")  # when needed
    return dialect.insert(table)


ADVISORY = "hashtextextended('publisher ' || current_schema() || ' ' || %(name)s, 0)"
"""PostgreSQL's number for a name of ours: a database may hold ledgers in a schema each."""


def in_turn(db: sa.Connection, what: str) -> None:
    """Let one transaction at a time go on from here: for what is counted before it is written.

    On SQLite they take turns from their beginning.
    """
    if db.dialect.name != "sqlite":
        words = f"SELECT pg_advisory_xact_lock({ADVISORY})"
        db.exec_driver_sql(words, {"name": f"turn {what}"})


def looking(engine: sa.Engine) -> sa.Engine:
    """The same database, for transactions that only read: they wait for nobody."""
    return engine.execution_options(look=True)


def cheap(engine: sa.Engine) -> sa.Engine:
    """The same database, for commits that a power cut may lose (never a crash of ours)."""
    return engine.execution_options(cheap=True)


def epoch(engine: sa.Engine) -> str:
    """What a cheap commit outlives: it changes when the machine, or PostgreSQL, comes up again."""
    if engine.dialect.name == "sqlite":
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        except OSError:  # not Linux: a power cut goes unnoticed, a kill never loses anything
            return ""
    # The checkpointer starts anew when one backend crashes, the postmaster does not; not every
    # role may see it.
    started = (
        "SELECT coalesce((SELECT max(backend_start) FROM pg_stat_activity WHERE backend_type = "
        "'checkpointer'), pg_postmaster_start_time())"
    )
    with looking(engine).connect() as db:
        return str(db.exec_driver_sql(started).scalar_one())


def _copied_to_memory(engine: sa.Engine, where: Path | str | None) -> sa.Engine:
    """Look at an older ledger without touching it."""
    if engine.dialect.name != "sqlite":
        raise PublisherError(
            f"the ledger {shown(where)} has an older schema",
            todo="Bring it up: publisher ledger upgrade",
        )
    copy = _engine(None, readonly=False)
    with engine.connect() as old, copy.connect() as new:
        source, target = old.connection.driver_connection, new.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        assert isinstance(target, sqlite3.Connection)
        try:
            source.backup(target)
        except sqlite3.OperationalError as error:
            raise StateUnavailable(str(error)) from error
    return copy


def shown(where: Path | str | None) -> str:
    """A path, or a URL without its password."""
    return ledger_place(where) if isinstance(where, str) else str(where)


class Dialect(SQLiteDialect_pysqlite):
    """SQLite as SQLAlchemy speaks it: each is the same, so that what one compiled serves all.

    SQLAlchemy keeps compiled statements by dialect. Compiling is a third of what the ledger costs a
    command, and a service opens the ledger again for each newsletter whose slot has come.
    """

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


sa.dialects.registry.register("sqlite.publisher", __name__, "Dialect")
_OPTIONS: dict[str, LRUCache[Any, Any]] = {"compiled_cache": LRUCache(500)}


def _engine(where: Path | str | None, readonly: bool) -> sa.Engine:
    if isinstance(where, str):
        return _postgresql(where, readonly)
    engine = sa.create_engine(
        _file(where, readonly), hide_parameters=True, execution_options=_OPTIONS
    )
    sa.event.listen(engine, "connect", _on_look if readonly else _on_connect)
    sa.event.listen(engine, "begin", _on_look_begin if readonly else _on_begin)
    sa.event.listen(engine, "handle_error", _on_error)
    return engine


def _postgresql(url: str, readonly: bool) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() not in ("postgresql", "postgres"):
            raise ValueError(f"it names {parsed.get_backend_name()}")
        if "@" in url.partition("://")[2].partition("@")[2].partition("?")[0]:
            raise ValueError("an @ in the password, and its rest would count as a host")
        engine = sa.create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            hide_parameters=True,  # of readers, and the keys: no log has them
            connect_args=_talking(parsed),
        )
    except (sa.exc.ArgumentError, ValueError):  # its text may hold a password
        raise ConfigError(
            "ledger.url must be postgresql://user@host/database",
            why="In a password write @ as %40, and / as %2F.",
            todo="Leave it out for SQLite in the publication's folder.",
        ) from None
    except ImportError:
        raise ConfigError(
            "a ledger on PostgreSQL needs the package psycopg",
            todo="Install it: pip install '.[postgresql]' in the checkout",
        ) from None
    sa.event.listen(engine, "begin", _on_begin_postgresql)
    sa.event.listen(engine, "handle_error", _on_error)
    return engine.execution_options(postgresql_readonly=True) if readonly else engine


_SERVER = {
    "lock_timeout": f"{WAIT}s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",  # of an answer on its way: keepalive says nothing while there is one
}
"""The server lets go of a session, and of its locks, half a minute after its host is gone."""

_CLIENT = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""And nobody waits longer than that for a server that is gone."""


def _talking(url: sa.URL) -> dict[str, str]:
    """How to talk to a server, where its URL does not say otherwise."""
    ours = {name: value for name, value in _CLIENT.items() if name not in url.query}
    theirs = url.query.get("options", "")
    options = [*(f"-c {name}={value}" for name, value in _SERVER.items()), str(theirs)]
    ours["application_name"] = schema.SPOKEN_AS  # by which others know what we need of the tables
    return {**ours, "options": " ".join(options).strip()}


def dialled(engine: sa.Engine) -> tuple[str, dict[str, str]]:
    """Return how libpq reaches an engine's database, on PostgreSQL: its words and options."""
    plain = engine.url.set(drivername="postgresql")
    return plain.render_as_string(hide_password=False), _talking(engine.url)


def _file(path: Path | None, readonly: bool) -> sa.URL:
    if path is None:
        return sa.URL.create("sqlite+publisher")
    if not readonly:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # addresses and keys: for the owner's eyes
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        _mend_rights(path)
    # Not mode=ro, which leaves its -wal and -shm behind. Where nobody may write, nobody does.
    elif not os.access(path.parent, os.W_OK, effective_ids=True):
        query = {"immutable": "1", "uri": "true"}
        return sa.URL.create("sqlite+publisher", database=path.absolute().as_uri(), query=query)
    return sa.URL.create("sqlite+publisher", database=str(path))


def _mend_rights(path: Path) -> None:
    """Let what SQLite keeps beside the ledger be written, where the ledger itself may be.

    It gives them the ledger's mode when it makes them: one that was read-only for a minute leaves
    them so for ever. Raises PublisherError where they are another's.
    """
    if not os.access(path, os.W_OK, effective_ids=True):
        return
    for beside in (path.with_name(path.name + ending) for ending in ("-wal", "-shm")):
        if not beside.exists() or os.access(beside, os.W_OK, effective_ids=True):
            continue
        try:
            beside.chmod(path.stat().st_mode & 0o777)
        except OSError:
            raise PublisherError(
                f"{beside} may not be written",
                why="SQLite keeps it beside the ledger, and it was made when that was read-only.",
                todo=f"Let its owner write it: chmod u+w {shlex.quote(str(beside))}",
            ) from None


def _on_error(context: sa.ExceptionContext) -> None:
    """Say in our own words that the database does not answer: nobody else knows its library."""
    if isinstance(context.sqlalchemy_exception, sa.exc.OperationalError):
        url = context.engine.url if context.engine else None
        raise unavailable(url, str(context.original_exception))


def unavailable(url: sa.URL | None, said: str) -> StateUnavailable:
    """The error of a database that does not answer; None is one that is being opened."""
    if url is None or url.get_backend_name() == "sqlite":
        return StateUnavailable(said)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return LedgerUnavailable(ledger_place(plain), concealed(said, *_given(url)))


def _given(url: sa.URL) -> list[str]:
    """The secrets of an address, which libpq may quote."""
    secret = [value for name, value in url.query.items() if is_secret(name)]
    return [url.password or "", *(one for one in secret if isinstance(one, str))]


def _on_begin(db: sa.Connection) -> None:
    """Begin for real: Python's sqlite3 would commit each CREATE TABLE by itself."""
    options = db.get_execution_options()
    if options.get("look"):
        db.exec_driver_sql("BEGIN")
        return
    # What a cheap commit loses in a power cut is found again by the epoch of its claim; a kill
    # loses nothing.
    begin_writing(db.exec_driver_sql, db.info, "NORMAL" if options.get("cheap") else "FULL")


def begin_writing(say: Callable[[str], object], known: dict[Any, Any], synchronous: str) -> None:
    """Begin on SQLite; `known` is what SQLAlchemy remembers of the connection. Raises Locked."""
    if known.get("synchronous") != synchronous:
        say(f"PRAGMA synchronous = {synchronous}")
        known["synchronous"] = synchronous
    try:
        say("BEGIN IMMEDIATE")
    except StateUnavailable as error:
        if "locked" not in error.said:
            raise
        raise Locked(
            f"the ledger was locked by another program for {WAIT} seconds",
            todo="Wait for it to end, and run the command again.",
        ) from None


UNSYNCED = "SET LOCAL synchronous_commit TO OFF"


def _on_begin_postgresql(db: sa.Connection) -> None:
    if db.get_execution_options().get("cheap"):
        db.exec_driver_sql(UNSYNCED)


def _on_look_begin(db: sa.Connection) -> None:
    db.exec_driver_sql("BEGIN")


def _on_look(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `_on_look_begin` begins
    connection.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")
    connection.execute("PRAGMA query_only = ON")


def _on_connect(connection: Any, _record: Any) -> None:
    """Readers never wait for the writer (WAL)."""
    connection.isolation_level = None  # `_on_begin` begins
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {WAIT * 1000}")
    cursor.close()
