"""Who asked to be a reader and has not confirmed it: a mail a day at most, and three ever."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried
from publisher.model import Address

MAILS = 3
"""To one address, ever, until it is confirmed."""

PAUSE = timedelta(days=1)
"""Between two mails to one address."""

HOUR = timedelta(hours=1)
OF_NETWORK, OF_DOMAIN = 10, 60
"""Addresses that may ask within an hour, from one network and of one domain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signup:
    """Someone who asked. `language` is that of the page, for the mail."""

    id: int
    address: Address
    newsletters: tuple[str, ...]
    language: str
    asked: datetime


class Signups:
    """The verbs of signing up."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)

    @retried
    def ask(
        self, address: Address, newsletters: Collection[str], language: str, network: str,
        now: datetime,
    ) -> bool:  # fmt: skip
        """Keep that an address asked; return whether a mail is to be sent.

        Not to who is a reader of all of it, is suppressed or was mailed enough; not where too many
        of one network or domain ask.
        """
        c = t.signups.c
        with self._engine.begin() as db:
            if self._is_known(db, address, newsletters) or self._are_many(
                db, address, network, now
            ):
                return False
            same = c.key == address.key
            row = db.execute(sa.select(t.signups).where(same)).one_or_none()
            values = {"newsletters": sorted(newsletters), "language": language, "asked": now,
                      "network": network}  # fmt: skip
            if row is None:
                db.execute(t.signups.insert().values(
                    id=secrets.randbits(62), key=address.key, address=address.text,
                    domain=address.domain, utf8=address.utf8, mails=0, waits=True, **values,
                ))  # fmt: skip
                return True
            may = row.mails < MAILS and (row.mailed is None or row.mailed <= now - PAUSE)
            db.execute(sa.update(t.signups).where(same).values(waits=row.waits or may, **values))
            return may

    def _is_known(self, db: sa.Connection, address: Address, newsletters: Collection[str]) -> bool:
        x, s, sub = t.suppressions.c, t.subscribers.c, t.subscriptions.c
        if db.execute(sa.select(x.key).where(x.key == address.key)).first():
            return True
        mine = (
            sa.select(sub.newsletter).join(t.subscribers, s.id == sub.subscriber)
            .where(s.key == address.key, sub.active, sub.newsletter.in_(newsletters))
        )  # fmt: skip
        return set(db.execute(mine).scalars()) == set(newsletters)

    def _are_many(self, db: sa.Connection, address: Address, network: str, now: datetime) -> bool:
        c = t.signups.c
        for same, most in (
            (c.network == network, OF_NETWORK),
            (c.domain == address.domain, OF_DOMAIN),
        ):
            query = sa.select(sa.func.count()).where(
                same, c.asked > now - HOUR, c.key != address.key
            )
            if db.execute(query.select_from(t.signups)).scalar_one() >= most:
                return True
        return False

    @retried
    def take(self, now: datetime) -> Signup | None:
        """Return one who is to be mailed, counted as mailed; None where there is none.

        Before the mail, so that a crash sends none twice: whoever gets none may ask again.
        """
        c = t.signups.c
        with self._engine.begin() as db:
            row = db.execute(
                sa.select(t.signups).where(c.waits).order_by(c.asked).limit(1).with_for_update()
            ).one_or_none()
            if row is None:
                return None
            taken = sa.update(t.signups).where(c.id == row.id, c.waits)
            db.execute(taken.values(waits=False, mails=row.mails + 1, mailed=now))
        return _signup(row)

    def waiting(self) -> bool:
        """Return whether somebody is to be mailed."""
        with self._look.connect() as db:
            return (
                db.execute(sa.select(t.signups.c.id).where(t.signups.c.waits)).first() is not None
            )

    def get(self, number: int) -> Signup | None:
        """Return who asked, by the number in the link; None once it is confirmed."""
        with self._look.connect() as db:
            row = db.execute(sa.select(t.signups).where(t.signups.c.id == number)).one_or_none()
        return _signup(row) if row else None

    @retried
    def forget(self, number: int) -> None:
        """Forget one who has confirmed."""
        with self._engine.begin() as db:
            db.execute(sa.delete(t.signups).where(t.signups.c.id == number))


def _signup(row: sa.Row[tuple[object, ...]]) -> Signup:
    address = Address(text=row.address, key=row.key, domain=row.domain, utf8=row.utf8)
    return Signup(id=row.id, address=address, newsletters=tuple(row.newsletters),
                  language=row.language, asked=row.asked)  # fmt: skip
