"""The ledger's schema: its version, whose programs may use it, and how it is brought up.

Hosts that share a ledger are not all made newer in one moment. So each step says which programs go
on with what it leaves: one that only adds (a table, a column that may be empty) leaves all of them
at work, one that takes away what older ones use is not taken while one of these is. A ledger holds
that version, its floor: an older program that is above it uses a newer ledger.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from publisher.errors import Locked, PublisherError
from publisher.ledger import tables as t

MIGRATIONS = Path(__file__).parent / "migrations"

_SPEAKS = "publisher schema "
SPOKEN_AS = f"{_SPEAKS}{t.VERSION}"
"""What sessions on PostgreSQL are called: by it a newer program knows who is at work."""

_SESSIONS = (
    "SELECT DISTINCT coalesce(host(client_addr), 'a socket'), application_name FROM "
    "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
    "starts_with(application_name, %(speaks)s) ORDER BY 1, 2"
)


def version_of(db: sa.Connection) -> str | None:
    """The version of a ledger's schema, None where there is none."""
    known = sa.inspect(db)
    if known.has_table(t.version.name):
        found: str | None = db.execute(sa.select(t.version.c.version_num)).scalar_one_or_none()
        return found
    return "0001" if known.has_table("meta") else None  # before there were migrations


def floor_of(db: sa.Connection) -> str | None:
    """The oldest version whose programs may use a ledger; None for one of before there was that."""
    if not sa.inspect(db).has_table(t.schema_floor.name):
        return None
    found: str | None = db.execute(sa.select(t.schema_floor.c.oldest)).scalar_one_or_none()
    return found


def is_ours(db: sa.Connection) -> bool:
    """Whether this program uses the ledger as it is.

    Raises PublisherError for a newer one that has left this program behind.
    """
    version = version_of(db)
    if version is None or version <= t.VERSION:
        return version == t.VERSION
    oldest = floor_of(db)
    if oldest is None or oldest > t.VERSION:
        raise _too_new(version, oldest)
    return True


def check_file(db: sa.Connection) -> None:
    """Raise PublisherError for a file without a ledger that is another program's database.

    On a server others may have tables beside ours.
    """
    if db.dialect.name != "sqlite" or not (theirs := sa.inspect(db).get_table_names()):
        return
    raise PublisherError(
        f"the ledger is the database of another program: it has the table {theirs[0]}",
        why="It holds what was sent to whom, so that nothing goes on without one of ours.",
        todo="Put it elsewhere, and restore the ledger from a backup.",
    )


def _too_new(version: str, oldest: str | None) -> PublisherError:
    served = f", and serves programs of {oldest} and newer" if oldest else ""
    return PublisherError(
        f"the ledger has schema {version}{served}; this publisher knows up to {t.VERSION}",
        why="A newer publisher has brought it up.",
        todo="Use that one, or a newer one.",
    )


def bring_up(db: sa.Connection) -> None:
    """Make all tables, or migrate them, in this one transaction: all of it or nothing.

    Raises Locked while programs are at work that could not go on.
    """
    version = version_of(db)
    if version is None:
        for statement in _statements(db.dialect.name):
            db.exec_driver_sql(statement)
        db.execute(t.version.insert().values(version_num=t.VERSION))
    elif is_ours(db):
        return
    else:
        _migrate(db, version)
    db.execute(t.schema_floor.delete())
    db.execute(t.schema_floor.insert().values(oldest=t.OLDEST))
    if db.dialect.name != "sqlite":
        _check_sessions(db)


@cache
def _statements(dialect: str) -> tuple[str, ...]:
    """What makes all tables, in a database's own words: composing it takes longer than doing it."""
    spoken = importlib.import_module(f"sqlalchemy.dialects.{dialect}").dialect()
    parts: list[sa.schema.ExecutableDDLElement] = []
    for table in t.metadata.sorted_tables:
        parts.append(sa.schema.CreateTable(table, if_not_exists=True))
        parts += [
            sa.schema.CreateIndex(one, if_not_exists=True) for one in sorted(table.indexes, key=str)
        ]
    made = [str(part.compile(dialect=spoken)) for part in parts]
    return tuple(made if dialect == "sqlite" else [*made, t.UNLOGGED])


def _migrate(db: sa.Connection, version: str) -> None:
    from alembic import command  # slow to import, and seldom needed
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = db
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version not in known:
        raise _too_new(version, None)
    if not sa.inspect(db).has_table(t.version.name):
        t.version.create(db)
        db.execute(t.version.insert().values(version_num=version))
    command.upgrade(config, "head")


def _check_sessions(db: sa.Connection) -> None:
    """Raise Locked where a program has a session that could not go on with what is made here.

    Asked last: who connects later finds the schema as it is then. Programs from before there was a
    floor are not known by their sessions.
    """
    found = db.exec_driver_sql(_SESSIONS, {"speaks": _SPEAKS}).all()
    at_work = [(host, name.removeprefix(_SPEAKS)) for host, name in found]
    older = [f"{host}: schema {version}" for host, version in at_work if version < t.OLDEST]
    if older:
        raise Locked(
            f"older programs are at work on this ledger ({', '.join(older)})",
            why=f"They could not go on with schema {t.VERSION}, which serves {t.OLDEST} and newer.",
            todo="Stop them, or put newer ones in their place; then: publisher ledger upgrade",
        )
