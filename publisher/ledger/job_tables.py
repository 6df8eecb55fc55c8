"""Where the tables of jobs are: in a schema of their own, found by a transaction, and made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

_WHERE = (
    "SELECT current_schema(), current_setting('search_path'), now(), "
    "to_regclass(quote_ident(current_schema() || '_jobs') || '.prepared') IS NOT NULL"
)
_PATH = "SELECT set_config('search_path', %(path)s, true)"
_TABLES = (
    "CREATE TABLE prepared (step text PRIMARY KEY)",
    "CREATE TABLE workers (name text PRIMARY KEY, host text NOT NULL, lanes text NOT NULL, "
    "concurrency integer NOT NULL, started timestamptz NOT NULL, looked timestamptz NOT NULL, "
    "ended boolean NOT NULL)",
    "CREATE TABLE failures (task text, about text, host text NOT NULL, at timestamptz NOT NULL, "
    "times integer NOT NULL, what text NOT NULL, PRIMARY KEY (task, about))",
)


_STEPS = {
    "ours: parts": "CREATE TABLE parts (build text, part integer, turn integer NOT NULL, "
    "state text NOT NULL, tries integer NOT NULL, at timestamptz NOT NULL, "
    "PRIMARY KEY (build, part))",
}
"""What was added to them since: who made them before does these steps."""


def entered(db: sa.Connection) -> datetime | None:
    """Find the tables of jobs until this transaction ends; return its time, None without tables."""
    schema, path, now, is_there = db.exec_driver_sql(_WHERE).one()
    if not is_there:
        return None
    jobs = _quoted(db, schema)
    if jobs not in path:
        db.exec_driver_sql(_PATH, {"path": f"{path}, {jobs}"})
    found: datetime = now
    return found


def _quoted(db: sa.Connection, schema: str) -> str:
    return db.dialect.identifier_preparer.quote_identifier(f"{schema}_jobs")


def prepared(db: sa.Connection, whole: str, steps: Mapping[str, str]) -> str:
    """Make the tables, or do the steps that are missing; return the schema that they are in."""
    schema, path, _, is_there = db.exec_driver_sql(_WHERE).one()
    jobs = _quoted(db, schema)
    if db.exec_driver_sql("SELECT to_regnamespace(%(name)s)", {"name": jobs}).scalar() is None:
        db.exec_driver_sql(f"CREATE SCHEMA {jobs}")
    db.exec_driver_sql(_PATH, {"path": f"{jobs}, {path}"})  # theirs are made there
    steps = {**steps, **_STEPS}
    if is_there:
        known = set(db.exec_driver_sql("SELECT step FROM prepared").scalars())
        missing = [step for name, step in steps.items() if name not in known]
    else:
        missing = [*_TABLES, whole, *_STEPS.values()]
    for statements in missing:
        db.exec_driver_sql(statements, execution_options={"no_parameters": True})  # a % is a %
    for name in steps:
        said = "INSERT INTO prepared VALUES (%(name)s) ON CONFLICT DO NOTHING"
        db.exec_driver_sql(said, {"name": name})
    return f"{schema}_jobs"
