"""One suite over both databases: each test runs on SQLite and on a real PostgreSQL."""

import itertools
import os

import pytest
import sqlalchemy as sa

from publisher.ledger import Ledger

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a new, empty ledger is."""
    if request.param == "sqlite":
        yield tmp_path / "ledger.db"
        return
    server = request.getfixturevalue("postgresql")
    name = f"ledger_{os.getpid()}_{next(_numbers)}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?").replace("+psycopg", "")
    with admin.connect() as db:
        db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(place):
    """A new, empty ledger."""
    opened = Ledger(place)
    yield opened
    opened.close()
