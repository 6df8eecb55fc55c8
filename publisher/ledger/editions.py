"""Editions that were built or skipped, and the stories they hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal

import msgspec
import sqlalchemy as sa
from msgspec.structs import asdict

from publisher.ledger import tables as t
from publisher.ledger.engine import looking
from publisher.model import Cause, Reasoned


class EditionRecord(Reasoned, msgspec.Struct, frozen=True, kw_only=True):
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
    cause: Cause = Cause.UNKNOWN
    reason: str = ""
    seal: str = ""


class Editions:
    """What became of each slot in the outbox. Each verb that writes is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def get(self, edition: str) -> EditionRecord | None:
        """Return the record of one edition, None where there is none."""
        with self._look.connect() as db:
            same = sa.select(t.editions).where(t.editions.c.id == edition)
            row = db.execute(same).mappings().first()
        return EditionRecord(**row) if row else None

    def all(self, newsletter: str = "", *, state: str = "") -> list[EditionRecord]:
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
        besides: Collection[str] = (),
    ) -> dict[str, str]:
        """Return, by article id, the edition of a newsletter that has it; edition `but` aside.

        An edition that was cancelled before anybody got it has none; nor have those of `besides`.
        Without `breaking`, what went out as breaking news does not count; `within`, if given, only
        editions from the first instant on and before the second.
        """
        query = (
            sa.select(t.stories.c.article, t.stories.c.edition)
            .join(t.editions, t.editions.c.id == t.stories.c.edition)
            .where(t.editions.c.newsletter == newsletter, t.editions.c.id != but)
            .where(t.editions.c.id.not_in(_unread()), t.editions.c.id.not_in(besides))
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


def _unread() -> sa.Select[tuple[str]]:
    """Editions that were cancelled, and that nobody has or may have."""
    s, d = t.sends.c, t.deliveries.c
    may_have_it = d.state.in_(("accepted", "filed", "sending", "uncertain"))
    got = sa.select(1).where(d.edition == s.edition, may_have_it).correlate(t.sends).exists()
    return sa.select(s.edition).where(s.state == "cancelled", ~got)
