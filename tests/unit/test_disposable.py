"""State that can be made anew, copied while others use it."""

import sqlite3
from contextlib import closing

from publisher.disposable import copy_database


def test_a_database_is_copied_and_one_that_is_damaged_or_missing_is_left_out(tmp_path):
    source, target = tmp_path / "a.db", tmp_path / "b.db"
    copy_database(source, target)
    assert not target.exists()
    with closing(sqlite3.connect(source)) as db, db:
        db.execute("CREATE TABLE t AS SELECT 7 AS seven")
    copy_database(source, target)
    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT seven FROM t").fetchall() == [(7,)]
    target.unlink()
    source.write_bytes(source.read_bytes()[:5000])
    copy_database(source, target)
    assert not target.exists()
