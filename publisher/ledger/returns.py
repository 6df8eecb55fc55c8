"""What came back: recorded once, with what followed from it, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from publisher.ledger import tables as t
from publisher.ledger.engine import in_turn, looking, retried, upserting
from publisher.ledger.floods import Floods, hold
from publisher.ledger.leaving import end_subscriptions
from publisher.ledger.signs import signs_of
from publisher.ledger.stopping import is_suppressed, suppress
from publisher.model import (
    WAITING_FOR_PERSON,
    Consequence,
    Evidence,
    Followed,
    Proof,
    ReturnedClass,
)

BY_MAIL = "mail"
"""How the log of consent calls a mail that asked to leave."""

Decide = Callable[[Evidence], Consequence]


class ReturnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One reader's part of what came back. All instants are UTC.

    `id` is 0 for what is not recorded yet. `mark` is what is the same of a message that comes by
    two ways, with other headers on it; None for what has none. `reader` and `edition` are what
    `proof` proves, None and "" where nothing does. `newsletter` is the one that a mail to leave is
    about. `kept` is the name of its file in the outbox. `followed` is "unread", before it is
    recorded, of what nobody could read.
    """

    digest: str
    part: int
    mark: str | None
    at: datetime
    way: str
    what: ReturnedClass
    id: int = 0
    status: str = ""
    words: str = ""
    server: str = ""
    recipient: str = ""
    replacement: str = ""
    domain: str = ""
    proof: Proof = ""
    reader: int | None = None
    edition: str = ""
    newsletter: str = ""
    followed: Followed = "counted"
    kept: str = ""


class Returns:
    """The verbs of what comes back."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine, self._look = engine, looking(engine)
        self._floods = Floods()

    @retried
    def take(
        self, found: Sequence[ReturnRecord], decide: Decide, now: datetime
    ) -> list[ReturnRecord]:
        """Record what came back and what follows from it; return those that were new.

        What was recorded before, by its digest or its mark, changes nothing.
        """
        with self._engine.begin() as db:
            in_turn(db, "returns")  # a flood that comes to several hosts is one
            return [new for one in found if (new := self._take(db, one, decide, now))]

    def _take(
        self, db: sa.Connection, one: ReturnRecord, decide: Decide, now: datetime
    ) -> ReturnRecord | None:
        if one.reader is not None:  # whoever takes another one of this reader waits for this
            reader = sa.select(t.subscribers.c.id).where(t.subscribers.c.id == one.reader)
            if db.execute(reader.with_for_update()).first() is None:
                one = replace(one, reader=None, recipient="", words="")  # erased meanwhile
        new = upserting(db, t.returns).values(**_row(one)).on_conflict_do_nothing()
        number = db.execute(new.returning(t.returns.c.id)).scalar_one_or_none()
        if number is None:
            return None
        one = replace(one, id=number)
        return self._follow(db, one, decide(self._evidence(db, one)), now)

    def _evidence(self, db: sa.Connection, one: ReturnRecord) -> Evidence:
        if one.reader is None:
            return Evidence(what=one.what, proof=one.proof, is_unread=one.followed == "unread")
        s = t.subscribers.c
        blocked = sa.select(s.id).where(s.id == one.reader, is_suppressed(s))
        crowds = {}
        if one.what in ("dead", "complaint"):
            crowds = {
                "of_domain": self._floods.crowd(db, one.what, one.at, one.edition, one.domain),
                "of_all": self._floods.crowd(db, one.what, one.at, one.edition, ""),
            }
        return Evidence(
            what=one.what,
            proof=one.proof,
            is_unread=one.followed == "unread",
            is_reader=True,
            is_suppressed=db.execute(blocked).first() is not None,
            signs=signs_of(db, one.reader),
            **crowds,
        )

    def _follow(
        self, db: sa.Connection, one: ReturnRecord, what: Consequence, now: datetime
    ) -> ReturnRecord:
        """Do what follows, and record it."""
        one = replace(one, followed=what.followed)
        if what.suppress and one.reader is not None:
            key = sa.select(t.subscribers.c.key).where(t.subscribers.c.id == one.reader)
            detail = f"{one.status} {one.words}".strip()[:300]
            suppress(db, [(db.execute(key).scalar_one(), what.suppress, one.at, detail)], now)
        if what.leave and one.reader is not None:
            names = [one.newsletter] if one.newsletter else []
            if not end_subscriptions(db, one.reader, names, now, BY_MAIL):
                one = replace(one, followed="counted")  # had left before
        if what.flood:
            hold(db, one.what, one.at, one.domain if what.flood == "domain" else "")
        same = t.returns.c.id == one.id
        db.execute(sa.update(t.returns).where(same).values(followed=one.followed))
        return one

    @retried
    def release(self, numbers: Sequence[int], decide: Decide, now: datetime) -> list[ReturnRecord]:
        """Let follow what `decide` says of held ones, oldest first; return what became of them."""
        done = []
        with self._engine.begin() as db:
            for one in _held(db, numbers):
                counts = sa.update(t.returns).where(t.returns.c.id == one.id)
                db.execute(counts.values(followed="counted"))  # a sign of death from now on
                done.append(self._follow(db, one, decide(self._evidence(db, one)), now))
        return done

    @retried
    def dismiss(self, numbers: Sequence[int]) -> list[ReturnRecord]:
        """Let those that wait for a person mean nothing; return what they were."""
        r = t.returns.c
        waits = r.id.in_(numbers) & r.followed.in_((*WAITING_FOR_PERSON, "forged"))
        with self._engine.begin() as db:
            found = [_record(row) for row in db.execute(sa.select(t.returns).where(waits))]
            db.execute(sa.update(t.returns).where(waits).values(followed="dismissed", kept=""))
        return found

    def uncopied(self, names: Iterable[str]) -> None:
        """Note that the files of these names are kept no more."""
        gone = sa.update(t.returns).where(t.returns.c.kept.in_(list(names)))
        with self._engine.begin() as db:
            db.execute(gone.values(kept=""))

    def forged(self) -> list[str]:
        """Return the names of files that are kept of forged messages alone, oldest first."""
        with self._look.connect() as db:
            return _forged(db, sa.true())

    @retried
    def prune(self, before: datetime) -> list[str]:
        """Forget what proved nothing before then, and waits for nobody; return its files' names.

        Anybody can send as much of it as they like: it must not fill the ledger.
        """
        old = t.returns.c.at < before
        with self._engine.begin() as db:
            names = _forged(db, old)
            nobodys = (t.returns.c.followed == "counted") & (t.returns.c.proof == "")
            gone = (t.returns.c.followed == "forged") | nobodys
            db.execute(sa.delete(t.returns).where(gone, old))
        return names

    def known(self, digest: str) -> list[ReturnRecord]:
        """Return what was recorded of a message."""
        return self._all(t.returns.c.digest == digest)

    def get(self, number: int) -> ReturnRecord | None:
        """Return one by its number."""
        return next(iter(self._all(t.returns.c.id == number)), None)

    def listed(
        self,
        *,
        what: str = "",
        domain: str = "",
        edition: str = "",
        reader: int | None = None,
        followed: Sequence[str] = (),
        limit: int = 0,
    ) -> list[ReturnRecord]:
        """Return what came back, oldest first; the newest `limit` of it, 0 for all."""
        r = t.returns.c
        where: sa.ColumnElement[bool] = sa.true()
        for column, value in ((r.what, what), (r.domain, domain), (r.edition, edition)):
            if value:
                where &= column == value
        if reader is not None:
            where &= r.subscriber == reader
        if followed:
            where &= r.followed.in_(followed)
        return self._all(where, limit)

    def _all(self, where: sa.ColumnElement[bool], limit: int = 0) -> list[ReturnRecord]:
        query = sa.select(t.returns).where(where).order_by(t.returns.c.id.desc())
        with self._look.connect() as db:
            rows = db.execute(query.limit(limit) if limit else query).all()
        return [_record(row) for row in reversed(rows)]

    def counts(self, edition: str) -> dict[str, dict[ReturnedClass, int]]:
        """Return how many readers each class came back of, by domain; what is proven alone."""
        r = t.returns.c
        query = (
            sa.select(r.domain, r.what, sa.func.count(r.subscriber.distinct()))
            .where(r.edition == edition, r.proof != "", r.followed != "dismissed")
            .group_by(r.domain, r.what)
        )
        found: dict[str, dict[ReturnedClass, int]] = {}
        with self._look.connect() as db:
            for domain, what, count in db.execute(query):
                found.setdefault(domain, {})[what] = count
        return found

    def waiting(self) -> dict[tuple[Followed, ReturnedClass, str], int]:
        """Return how many wait for a person, by (followed, class, domain)."""
        r = t.returns.c
        query = (
            sa.select(r.followed, r.what, r.domain, sa.func.count())
            .where(r.followed.in_(WAITING_FOR_PERSON))
            .group_by(r.followed, r.what, r.domain)
            .order_by(r.followed, r.what, r.domain)
        )
        with self._look.connect() as db:
            return {(row[0], row[1], row[2]): row[3] for row in db.execute(query)}

    def readers_of(self, edition: str, after: int, size: int) -> list[int]:
        """Return the readers of an edition in order of number: `size` of them after one."""
        d = t.deliveries.c
        query = sa.select(d.subscriber).where(d.edition == edition, d.subscriber > after)
        with self._look.connect() as db:
            return list(db.execute(query.order_by(d.subscriber).limit(size)).scalars())


def _row(one: ReturnRecord) -> Mapping[str, Any]:
    """The columns of a record that is not there yet."""
    columns = {column.name for column in t.returns.columns} - {"id", "subscriber"}
    return {**{name: getattr(one, name) for name in columns}, "subscriber": one.reader}


def _record(row: sa.Row[Any]) -> ReturnRecord:
    values = dict(row._mapping)
    return ReturnRecord(reader=values.pop("subscriber"), **values)


def _forged(db: sa.Connection, where: sa.ColumnElement[bool]) -> list[str]:
    """The files of forged messages that no other reader's part is kept in."""
    r, other = t.returns.c, t.returns.alias().c
    shared = sa.select(1).where(other.digest == r.digest, other.followed != "forged").exists()
    mine = sa.select(r.kept).where(r.followed == "forged", where, r.kept != "", ~shared)
    return list(dict.fromkeys(db.execute(mine.order_by(r.id)).scalars()))


def _held(db: sa.Connection, numbers: Sequence[int]) -> list[ReturnRecord]:
    r = t.returns.c
    query = sa.select(t.returns).where(r.id.in_(numbers), r.followed == "held")
    return [_record(row) for row in db.execute(query.order_by(r.at, r.id))]


def forget_returns(db: sa.Connection, reader: int | None, key: str) -> None:
    """Forget what returns say of an erased reader, and of the address; counts stay what they are.

    What waited for a person is about nobody any more.
    """
    r = t.returns.c
    theirs = sa.func.lower(r.recipient) == key
    if reader is not None:
        theirs |= r.subscriber == reader
    waits = r.followed.in_(WAITING_FOR_PERSON)
    blank = {"mark": None, "words": "", "recipient": "", "replacement": "", "domain": ""}
    done = sa.case((waits, "dismissed"), else_=r.followed)
    db.execute(sa.update(t.returns).where(theirs).values(**blank, kept="", followed=done))
