"""Databases of PostgreSQL's test server: each as long as it is needed."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

_numbers = itertools.count()


@contextmanager
def database(server: str, like: str = "") -> Iterator[str]:
    """A database of a server, by name; a copy of another one where `like` is its name."""
    name = f"ledger_{os.getpid()}_{next(_numbers)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name}{f' TEMPLATE {like}' if like else ''}")
    yield name
    with admin.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(server: str, name: str) -> str:
    """The URL of a database, as publisher.toml has it."""
    return server.replace("/postgres?", f"/{name}?").replace("+psycopg", "")
