"""One suite over both databases: each test runs on SQLite and on a real PostgreSQL.

The latter are slow together, for each worker starts a server.
"""

import shutil
from pathlib import Path

import pytest

from publisher.ledger import Ledger
from tests.postgresql import database, url_of

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
def place(request, tmp_path):
    """Where a new ledger is, with nothing in it: a copy of one that was made once."""
    if request.param == "sqlite":
        yield shutil.copy(request.getfixturevalue("new_file"), tmp_path / "ledger.db")
        return
    server = request.getfixturevalue("postgresql")
    with database(server, request.getfixturevalue("new_database")) as name:
        yield url_of(server, name)


@pytest.fixture(params=BOTH)
def empty_place(request, tmp_path):
    """Where a ledger may be made, and none is yet."""
    if request.param == "sqlite":
        yield tmp_path / "ledger.db"
        return
    server = request.getfixturevalue("postgresql")
    with database(server) as name:
        yield url_of(server, name)


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
