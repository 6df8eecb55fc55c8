"""What a person said of articles in newsletters: pinned, or excluded."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking


class Pins:
    """Pins and exclusions by command."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    def of(self, newsletter: str, until: datetime | None = None) -> dict[str, list[str]]:
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

    def put(
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
