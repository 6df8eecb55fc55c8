"""What articles are called, where they lie, and when they were first seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking

_MANY = 2_000  # rows that are in memory at once


class Articles:
    """Who is who among the articles. Each verb that writes is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def all(self) -> Iterator[tuple[str, str, datetime, str, str, str, bool]]:
        """Every article ever seen: (id, path, first_seen, digest, body, title, dated)."""
        columns = "id, path, first_seen, digest, body, title, dated"
        with self._look.connect() as db:  # plain SQL: every build reads every row
            found = db.exec_driver_sql(f"SELECT {columns} FROM articles")  # noqa: S608 no input
            while rows := found.fetchmany(_MANY):  # one by one costs twice as much
                for i, p, seen, d, b, t, dated in rows:
                    yield i, p, datetime.fromisoformat(seen), d, b, t, bool(dated)

    def any(self) -> bool:
        """Whether an article was ever seen."""
        with self._look.connect() as db:
            return db.execute(sa.select(t.articles.c.id).limit(1)).first() is not None

    def remember(self, rows: Iterable[Any], renamed: Mapping[str, str] | None = None) -> None:
        """Keep what articles are called and where they lie; `rows` are named tuples of that.

        Where an editor gave an article another id (`renamed`: old → new), its history goes along.
        """
        values = [row._asdict() for row in rows]
        if not values:
            return
        with self._engine.begin() as db:
            for old, new in (renamed or {}).items():
                for table in (t.stories, t.hands):
                    db.execute(sa.update(table).where(table.c.article == old).values(article=new))
            # Paths may have been exchanged: free them all before they are taken again.
            stale = sa.delete(t.articles).where(
                sa.or_(
                    t.articles.c.path == sa.bindparam("old_path"),
                    t.articles.c.id == sa.bindparam("old_id"),
                )
            )
            db.execute(stale, [{"old_path": v["path"], "old_id": v["id"]} for v in values])
            db.execute(t.articles.insert(), values)
