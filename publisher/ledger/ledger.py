"""The verbs of record. Each that writes is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.counts import Counts
from publisher.ledger.engine import looking, opened
from publisher.ledger.queue import Queue
from publisher.ledger.readers import Readers
from publisher.ledger.schedules import Schedules
from publisher.ledger.sends import Sends
from publisher.ledger.signups import Signups


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionRecord:
    """What became of a slot: the edition that was built, or why it was skipped.

    A "sealing" one was being built, or taken away, when its run died. `slot` is local wall-clock
    time as ISO 8601 text; `instant` and `recorded` are UTC; `seal` is the sha256 of the bundle's
    manifest, "" for a skipped edition.
    """

    id: str
    newsletter: str
    slot: str
    instant: datetime
    state: Literal["sealing", "built", "skipped"]
    recorded: datetime
    reason: str = ""
    seal: str = ""


class Ledger:
    """The database of a publication: SQLite by a path, PostgreSQL by a URL, None for memory."""

    def __init__(self, where: Path | str | None, *, readonly: bool = False) -> None:
        """Open the database at a path or a PostgreSQL URL, or one in memory.

        `readonly` leaves the disk alone. Raises what `engine.opened` does.
        """
        self._engine = opened(where, readonly=readonly)
        self._look = looking(self._engine)
        self.readers = Readers(self._engine)
        self.sends = Sends(self._engine)
        self.queue = Queue(self._engine)
        self.schedules = Schedules(self._engine)
        self.signups = Signups(self._engine)
        self.counts = Counts(self._engine)

    def articles(self) -> list[tuple[str, str, datetime, str, str, str]]:
        """Every article ever seen: (id, path, first_seen, digest, body, title)."""
        columns = "id, path, first_seen, digest, body, title"
        with self._look.connect() as db:  # plain SQL: every build reads every row
            rows = db.exec_driver_sql(f"SELECT {columns} FROM articles")  # noqa: S608 no input
            return [(i, p, datetime.fromisoformat(seen), d, b, t) for i, p, seen, d, b, t in rows]

    def remember(self, rows: Iterable[Any], renamed: Mapping[str, str] | None = None) -> None:
        """Keep what articles are called and where they lie; `rows` are dataclasses of that.

        Where an editor gave an article another id (`renamed`: old → new), its history goes along.
        """
        values = [asdict(row) for row in rows]
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

    def edition(self, edition: str) -> EditionRecord | None:
        """Return the record of one edition, None where there is none."""
        with self._look.connect() as db:
            same = sa.select(t.editions).where(t.editions.c.id == edition)
            row = db.execute(same).mappings().first()
        return EditionRecord(**row) if row else None

    def editions(self, newsletter: str = "", *, state: str = "") -> list[EditionRecord]:
        """What became of each slot, oldest first."""
        query = sa.select(t.editions).order_by(t.editions.c.instant, t.editions.c.id)
        if newsletter:
            query = query.where(t.editions.c.newsletter == newsletter)
        if state:
            query = query.where(t.editions.c.state == state)
        with self._look.connect() as db:
            return [EditionRecord(**row) for row in db.execute(query).mappings()]

    def record(self, edition: EditionRecord, stories: Sequence[tuple[str, str]] = ()) -> None:
        """Keep what became of a slot, with (article id, version) of its stories in order.

        What was recorded for the slot before is replaced: an edition that nobody has been sent
        may be built again.
        """
        values = asdict(edition)
        with self._engine.begin() as db:
            db.execute(sa.delete(t.stories).where(t.stories.c.edition == edition.id))
            same = sa.update(t.editions).where(t.editions.c.id == edition.id)
            if db.execute(same.values(**values)).rowcount == 0:
                db.execute(t.editions.insert().values(**values))
            for position, (article, version) in enumerate(stories):
                db.execute(
                    t.stories.insert().values(
                        edition=edition.id, article=article, version=version, position=position
                    )
                )

    def unsettle(self, edition: str) -> None:
        """Say that an edition is about to be taken out of the outbox."""
        with self._engine.begin() as db:
            same = t.editions.c.id == edition
            db.execute(sa.update(t.editions).where(same).values(state="sealing"))

    def forget(self, edition: str) -> None:
        """Drop the record of an edition that never came to be."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.stories).where(t.stories.c.edition == edition))
            db.execute(sa.delete(t.editions).where(t.editions.c.id == edition))

    def sent(
        self,
        newsletter: str,
        but: str,
        *,
        breaking: bool = True,
        within: tuple[datetime, datetime] | None = None,
    ) -> dict[str, str]:
        """Return, by article id, the edition of a newsletter that has it; edition `but` aside.

        Without `breaking`, what went out as breaking news does not count; `within`, if given, only
        editions from the first instant on and before the second.
        """
        query = (
            sa.select(t.stories.c.article, t.stories.c.edition)
            .join(t.editions, t.editions.c.id == t.stories.c.edition)
            .where(t.editions.c.newsletter == newsletter, t.editions.c.id != but)
            .order_by(t.editions.c.instant.desc())
        )
        if not breaking:
            news = sa.select(t.sends.c.edition).where(t.sends.c.lane == 0)
            query = query.where(t.editions.c.id.not_in(news))
        if within:
            query = query.where(t.editions.c.instant >= within[0], t.editions.c.instant < within[1])
        with self._look.connect() as db:
            return {row.article: row.edition for row in db.execute(query)}

    def stories(self, edition: str) -> list[str]:
        """Return the article ids of an edition's stories, in order."""
        same = t.stories.c.edition == edition
        query = sa.select(t.stories.c.article).where(same).order_by(t.stories.c.position)
        with self._look.connect() as db:
            return list(db.execute(query).scalars())

    def hands(self, newsletter: str, until: datetime | None = None) -> dict[str, list[str]]:
        """Return the article ids pinned and excluded by command: {"pin": […], "exclude": […]}.

        What was asked for after `until`, if given, does not count.
        """
        query = (
            sa.select(t.hands.c.verb, t.hands.c.article)
            .where(t.hands.c.newsletter == newsletter)
            .order_by(t.hands.c.recorded, t.hands.c.article)
        )
        if until:
            query = query.where(t.hands.c.recorded <= until)
        found: dict[str, list[str]] = {"pin": [], "exclude": []}
        with self._look.connect() as db:
            for verb, article in db.execute(query):
                found[verb].append(article)
        return found

    def set_hand(
        self, newsletter: str, article: str, verb: Literal["pin", "exclude"] | None, now: datetime
    ) -> None:
        """Pin or exclude an article; None takes either back."""
        same = (t.hands.c.newsletter == newsletter) & (t.hands.c.article == article)
        with self._engine.begin() as db:
            db.execute(sa.delete(t.hands).where(same))
            if verb:
                db.execute(
                    t.hands.insert().values(
                        newsletter=newsletter, article=article, verb=verb, recorded=now
                    )
                )

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
