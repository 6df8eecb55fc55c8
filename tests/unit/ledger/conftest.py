"""One suite over both databases: each test runs on SQLite and on a real PostgreSQL.

The latter are slow together, for each worker starts a server.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from publisher.ledger import Ledger

_numbers = itertools.count()

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
def place(request, tmp_path):
    """Where a new ledger is, with nothing in it: a copy of one that was made once."""
    if request.param == "sqlite":
        yield shutil.copy(request.getfixturevalue("new_file"), tmp_path / "ledger.db")
        return
    server = request.getfixturevalue("postgresql")
    with _database(server, f"TEMPLATE {request.getfixturevalue('new_database')}") as name:
        yield _url(server, name)


@pytest.fixture(params=BOTH)
def empty_place(request, tmp_path):
    """Where a ledger may be made, and none is yet."""
    if request.param == "sqlite":
        yield tmp_path / "ledger.db"
        return
    server = request.getfixturevalue("postgresql")
    with _database(server) as name:
        yield _url(server, name)


@pytest.fixture
def ledger(place):
    """A new ledger with nothing in it."""
    opened = Ledger(place)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def new_file(tmp_path_factory) -> Path:
    """A ledger with nothing in it."""
    path = tmp_path_factory.mktemp("new") / "ledger.db"
    Ledger(path).close()
    return path


@contextmanager
def _database(server: str, like: str = "") -> Iterator[str]:
    """A database of PostgreSQL, as long as it is needed."""
    name = f"ledger_{os.getpid()}_{next(_numbers)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name} {like}")
    yield name
    with admin.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _url(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?").replace("+psycopg", "")
