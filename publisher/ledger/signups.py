"""Who asked to be a reader and has not confirmed it: a mail a day at most, and three ever."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger import welcoming
from publisher.ledger.engine import in_turn, looking, retried
from publisher.ledger.joining import Join
from publisher.ledger.stopping import DOMAIN, is_suppressed, suppresses
from publisher.model import Address, Candidate
from publisher.model.job import mailing_signups

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs

MAILS = 3
"""To one mailbox, ever, until it is confirmed."""

PAUSE = timedelta(days=1)
"""Between two mails to one mailbox."""

HOUR = timedelta(hours=1)
OF_NETWORK = 10
"""Requests of an hour that are taken up, from one network."""

OF_DOMAIN = 60
"""Mails of any hour, to one domain."""

_TURN = "sign-ups"
"""Who asks, and who mails, does so one after the other on all hosts: what is counted is bounded."""

_PAGE = "page:"
"""Before the mailbox of who asked for the page of preferences, and not to be a reader."""

LONGEST = timedelta(days=1)
"""A place in a domain's line that is further away is not given: who asks then may ask again."""


class Signup(msgspec.Struct, frozen=True, kw_only=True):
    """Someone who asked. `language` is that of the page, for the mail.

    Without newsletters it is a reader, who asked for the link to the page of preferences; with
    `welcomed` one who has confirmed them, and is to be welcomed.
    """

    id: int
    address: Address
    newsletters: tuple[str, ...]
    language: str
    asked: datetime
    welcomed: bool = False


class Signups:
    """The verbs of signing up."""

    def __init__(self, engine: sa.Engine, jobs: Jobs | None = None) -> None:
        self._engine, self._look, self._jobs = engine, looking(engine), jobs

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
        ask from a network, or for a domain within a day; later where many ask for a domain. Every
        request takes a place, whatever comes of it: what is counted must not tell who reads. Who
        waits keeps the place that was given first, however often anybody asks. What a mail was sent
        about stays as it is until the next mail, which has another number.
        """
        with self._engine.begin() as db:
            in_turn(db, _TURN)
            due = _place(db, network, address.domain, now)
            if due is None or _is_known(db, address, newsletters):
                return False
            wanted = {"newsletters": sorted(newsletters), "language": language}
            is_wanted = _wait(db, mailbox, address, due, now, MAILS, wanted)
            return self._mails(db, is_wanted, due, now)

    @retried
    def ask_page(
        self, address: Address, mailbox: str, language: str, network: str, now: datetime
    ) -> bool:
        """Keep that somebody asked for a reader's page of preferences; see `ask`.

        A reader who is not suppressed is mailed the link, once a day.
        """
        s = t.subscribers.c
        with self._engine.begin() as db:
            in_turn(db, _TURN)
            due = _place(db, network, address.domain, now)
            reader = sa.select(s.id).where(s.key == address.key, ~is_suppressed(s))
            if due is None or db.execute(reader).first() is None:
                return False
            wanted = {"newsletters": [], "language": language}
            is_wanted = _wait(db, _PAGE + mailbox, address, due, now, None, wanted)
            return self._mails(db, is_wanted, due, now)

    def _mails(self, db: sa.Connection, is_wanted: bool, due: datetime, now: datetime) -> bool:
        """Let workers mail who waits, when it is due, where somebody does; return that."""
        if self._jobs and is_wanted:
            is_later = due > now
            self._jobs.defer(db, [mailing_signups(due, now) if is_later else mailing_signups()])
        return is_wanted

    def unconfirmed(self) -> list[Signup]:
        """Return who asked to be a reader and has not confirmed it, in order of address."""
        c = t.signups.c
        query = sa.select(t.signups).where(c.mailbox.not_like(f"{_PAGE}%")).order_by(c.key)
        with self._look.connect() as db:
            return [_signup(row) for row in db.execute(query)]

    @retried
    def prune(self, before: datetime) -> int:
        """Forget who asked before then, was mailed or not, and never confirmed; return how many."""
        old = t.signups.c.asked < before
        with self._look.connect() as db:
            if db.execute(sa.select(t.signups.c.id).where(old).limit(1)).first() is None:
                return 0  # it is asked each second
        with self._engine.begin() as db:
            return db.execute(sa.delete(t.signups).where(old)).rowcount

    def waiting(self, now: datetime) -> bool:
        """Return whether somebody is to be mailed."""
        with self._look.connect() as db:
            return is_anybody_ready(db, now)

    @retried
    def take(self, now: datetime) -> Signup | None:
        """Return one who is to be mailed, counted as mailed; None where there is none.

        Before the mail, so that a crash sends none twice: whoever gets none may ask again. A domain
        that was sent its mails of an hour waits, also where much has come due while nobody sent.
        """
        c, m = t.signups.c, t.confirmations.c
        with self._engine.begin() as db:
            in_turn(db, _TURN)
            db.execute(sa.delete(t.confirmations).where(m.at <= now - HOUR))
            first = _ready(now).order_by(c.due, c.id).limit(1)
            row = db.execute(first.with_for_update()).one_or_none()
            if row is None:
                return None
            taken = sa.update(t.signups).where(c.id == row.id)
            db.execute(taken.values(waits=False, mails=row.mails + 1, mailed=now))
            db.execute(t.confirmations.insert().values(domain=row.domain, at=now))
        return _signup(row)

    @retried
    def give_back(self, number: int, due: datetime, now: datetime) -> None:
        """Say that one who was taken got no mail, and is to get it later."""
        c, m = t.signups.c, t.confirmations.c
        with self._engine.begin() as db:
            mine = sa.update(t.signups).where(c.id == number, ~c.waits)
            db.execute(mine.values(waits=True, mails=c.mails - 1, due=due))
            same = m.domain == sa.select(c.domain).where(c.id == number).scalar_subquery()
            newest = sa.select(sa.func.max(m.id)).where(same).scalar_subquery()
            db.execute(sa.delete(t.confirmations).where(m.id == newest))
            self._mails(db, True, due, now)

    def get(self, number: int) -> Signup | None:
        """Return who asked, by the number in the link; None once it is confirmed."""
        with self._look.connect() as db:
            row = db.execute(sa.select(t.signups).where(t.signups.c.id == number)).one_or_none()
        return _signup(row) if row else None

    @retried
    def confirm(
        self, number: int, remains: str, now: datetime, how: str, welcome: Collection[str] = ()
    ) -> Signup | None:
        """Make a reader of who asked, in one transaction; None where that cannot be.

        `remains` is what is left of the address had it been erased: who asks to return, comes
        back. Whoever was suppressed since is none. To newsletters of `welcome` that they never had
        they are welcomed by a mail.
        """
        c, x = t.signups.c, t.suppressions.c
        with self._engine.begin() as db:
            same = c.id == number
            row = db.execute(sa.select(t.signups).where(same).with_for_update()).one_or_none()
            if row is None or not row.newsletters:
                return None
            signup = _signup(row)
            greeted = welcoming.unknown(db, row.key, {*signup.newsletters} & {*welcome})
            db.execute(sa.delete(t.suppressions).where(x.key == remains))
            source = f"web, asked {signup.asked:%Y-%m-%dT%H:%M}Z"
            erased = {signup.address.key: remains}
            join = Join(db, signup.newsletters, now, how, source, erased, True)
            (joined,) = join.all([Candidate(address=signup.address)])
            db.execute(sa.delete(t.signups).where(same))
            if greeted and joined.what != "kept":
                welcoming.wait(db, row, greeted, now)
                self._mails(db, True, now, now)
        return None if joined.what == "kept" else signup

    @retried
    def done(self, number: int) -> None:
        """Forget one who was taken, and for whom nothing is left to do."""
        with self._engine.begin() as db:
            c = t.signups.c
            db.execute(sa.delete(t.signups).where(c.id == number, ~c.waits))


def _wait(
    db: sa.Connection,
    mailbox: str,
    address: Address,
    due: datetime,
    now: datetime,
    most: int | None,
    wanted: Mapping[str, Any],
) -> bool:
    """Let a mailbox wait for a mail, of which it gets one a day and so many in all."""
    same = t.signups.c.mailbox == mailbox
    row = db.execute(sa.select(t.signups).where(same)).one_or_none()
    if row is not None and not row.waits:
        if row.mailed > now - PAUSE or (most is not None and row.mails >= most):
            return False
    elif row is not None:
        due = min(due, row.due)
    values = {
        "id": secrets.randbits(62), "key": address.key, "address": address.text,
        "domain": address.domain, "utf8": address.utf8, "waits": True, "asked": now, "due": due,
        **wanted,
    }  # fmt: skip
    if row is None:
        db.execute(t.signups.insert().values(mailbox=mailbox, mails=0, **values))
    else:
        db.execute(sa.update(t.signups).where(same).values(**values))
    return True


def is_anybody_ready(db: sa.Connection, now: datetime) -> bool:
    """Whether somebody is to be mailed."""
    return db.execute(_ready(now).limit(1)).first() is not None


def _ready(now: datetime) -> sa.Select[Any]:
    """Whose mail may leave now: it is due, and the domain was not sent its mails of an hour."""
    c, m = t.signups.c, t.confirmations.c
    full = (
        sa.select(m.domain)
        .where(m.at > now - HOUR, m.at <= now)
        .group_by(m.domain)
        .having(sa.func.count() >= OF_DOMAIN)
    )
    may = ~is_suppressed(c)  # whoever was since is not even asked
    return sa.select(t.signups).where(c.waits, c.due <= now, c.domain.not_in(full), may)


def _place(db: sa.Connection, network: str, domain: str, now: datetime) -> datetime | None:
    """Take a place in the line of a domain: no more than so many come in any hour.

    None where too many ask from the network, which takes no place, or the line is too long.
    """
    r = t.requests.c
    db.execute(sa.delete(t.requests).where(r.at <= now - HOUR, r.due <= now - HOUR))
    mine = (r.network == network) & (r.at > now - HOUR) & (r.at <= now)
    count = sa.select(sa.func.count()).select_from(t.requests).where(mine)
    due: datetime | None = None
    if db.execute(count).scalar_one() < OF_NETWORK:
        line = sa.select(r.due).where(r.domain == domain, r.due > now - HOUR)
        last = line.order_by(r.due.desc()).offset(OF_DOMAIN - 1).limit(1)
        before = db.execute(last).scalar_one_or_none()
        due = max(now, before + HOUR) if before else now
        if due > now + LONGEST:
            due = None
    place = {"domain": domain, "due": due} if due else {"domain": "", "due": now}
    db.execute(t.requests.insert().values(network=network, at=now, **place))
    return due


def _is_known(db: sa.Connection, address: Address, newsletters: Collection[str]) -> bool:
    """Whether an address is suppressed, or gets all of this already."""
    x, s, sub = t.suppressions.c, t.subscribers.c, t.subscriptions.c
    ways = suppresses(address.key, address.folded) | (x.key == DOMAIN + address.domain)
    if db.execute(sa.select(x.key).where(ways)).first():
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
        welcomed=row.mailbox.startswith(welcoming.WELCOME),
    )
