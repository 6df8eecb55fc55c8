"""Who asked to be a reader and has not confirmed it: a mail a day at most, and three ever."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.engine import looking, retried
from publisher.ledger.joining import Join
from publisher.model import Address, Candidate

MAILS = 3
"""To one mailbox, ever, until it is confirmed."""

PAUSE = timedelta(days=1)
"""Between two mails to one mailbox."""

HOUR = timedelta(hours=1)
OF_NETWORK, OF_DOMAIN = 10, 60
"""Requests of an hour that are taken up at once, from one network and of one domain."""


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
        self,
        address: Address,
        mailbox: str,
        newsletters: Collection[str],
        language: str,
        network: str,
        now: datetime,
    ) -> bool:
        """Keep that somebody asked for an address; return whether a mail is to be sent.

        Not to who is a reader of all of it, is suppressed or was mailed enough; not where too many
        ask from a network; an hour later where too many ask for a domain. Every request counts,
        whatever comes of it: what is counted must not tell who reads. What a mail was sent about
        stays as it is until the next mail, which has another number.
        """
        c = t.signups.c
        with self._engine.begin() as db:
            of_network, of_domain = _counted(db, network, address.domain, now)
            if of_network >= OF_NETWORK or _is_known(db, address, newsletters):
                return False
            same = c.mailbox == mailbox
            row = db.execute(sa.select(t.signups).where(same)).one_or_none()
            if (
                row is not None
                and not row.waits
                and (row.mails >= MAILS or row.mailed > now - PAUSE)
            ):
                return False
            values = {
                "id": secrets.randbits(62), "key": address.key, "address": address.text,
                "domain": address.domain, "utf8": address.utf8, "waits": True,
                "newsletters": sorted(newsletters), "language": language, "asked": now,
                "due": now + HOUR if of_domain >= OF_DOMAIN else now,
            }  # fmt: skip
            if row is None:
                db.execute(t.signups.insert().values(mailbox=mailbox, mails=0, **values))
            else:
                db.execute(sa.update(t.signups).where(same).values(**values))
            return True

    def waiting(self, now: datetime) -> bool:
        """Return whether somebody is to be mailed."""
        c = t.signups.c
        with self._look.connect() as db:
            return db.execute(sa.select(c.id).where(c.waits, c.due <= now)).first() is not None

    @retried
    def take(self, now: datetime) -> Signup | None:
        """Return one who is to be mailed, counted as mailed; None where there is none.

        Before the mail, so that a crash sends none twice: whoever gets none may ask again.
        """
        c = t.signups.c
        with self._engine.begin() as db:
            first = sa.select(t.signups).where(c.waits, c.due <= now).order_by(c.due).limit(1)
            row = db.execute(first.with_for_update()).one_or_none()
            if row is None:
                return None
            taken = sa.update(t.signups).where(c.id == row.id)
            db.execute(taken.values(waits=False, mails=row.mails + 1, mailed=now))
        return _signup(row)

    @retried
    def give_back(self, number: int, due: datetime) -> None:
        """Say that one who was taken got no mail, and is to get it later."""
        c = t.signups.c
        with self._engine.begin() as db:
            mine = sa.update(t.signups).where(c.id == number, ~c.waits)
            db.execute(mine.values(waits=True, mails=c.mails - 1, due=due))

    def get(self, number: int) -> Signup | None:
        """Return who asked, by the number in the link; None once it is confirmed."""
        with self._look.connect() as db:
            row = db.execute(sa.select(t.signups).where(t.signups.c.id == number)).one_or_none()
        return _signup(row) if row else None

    @retried
    def confirm(self, number: int, remains: str, now: datetime, how: str) -> Signup | None:
        """Make a reader of who asked, in one transaction; None where that cannot be.

        `remains` is what is left of the address had it been erased: who asks to return, comes
        back. Whoever was suppressed since is none.
        """
        c, x = t.signups.c, t.suppressions.c
        with self._engine.begin() as db:
            same = c.id == number
            row = db.execute(sa.select(t.signups).where(same).with_for_update()).one_or_none()
            if row is None:
                return None
            signup = _signup(row)
            db.execute(sa.delete(t.suppressions).where(x.key == remains))
            source = f"web, asked {signup.asked:%Y-%m-%dT%H:%M}Z"
            erased = {signup.address.key: remains}
            join = Join(db, signup.newsletters, now, how, source, erased, True)
            (joined,) = join.all([Candidate(address=signup.address)])
            db.execute(sa.delete(t.signups).where(same))
        return None if joined.what == "kept" else signup


def _counted(db: sa.Connection, network: str, domain: str, now: datetime) -> tuple[int, int]:
    """Count a request; return how many there were within the hour before, of both."""
    r = t.requests.c
    db.execute(sa.delete(t.requests).where(r.at <= now - HOUR))
    found = [
        db.execute(
            sa.select(sa.func.count()).select_from(t.requests).where(same, r.at <= now)
        ).scalar_one()
        for same in (r.network == network, r.domain == domain)
    ]
    db.execute(t.requests.insert().values(network=network, domain=domain, at=now))
    return found[0], found[1]


def _is_known(db: sa.Connection, address: Address, newsletters: Collection[str]) -> bool:
    """Whether an address is suppressed, or gets all of this already."""
    x, s, sub = t.suppressions.c, t.subscribers.c, t.subscriptions.c
    if db.execute(sa.select(x.key).where(x.key == address.key)).first():
        return True
    mine = (
        sa.select(sub.newsletter)
        .join(t.subscribers, s.id == sub.subscriber)
        .where(s.key == address.key, sub.active, sub.newsletter.in_(newsletters))
    )
    return set(db.execute(mine).scalars()) == set(newsletters)


def _signup(row: sa.Row[Any]) -> Signup:
    address = Address(text=row.address, key=row.key, domain=row.domain, utf8=row.utf8)
    return Signup(
        id=row.id,
        address=address,
        newsletters=tuple(row.newsletters),
        language=row.language,
        asked=row.asked,
    )
