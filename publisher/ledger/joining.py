"""Readers join: a batch of candidates against what the ledger knows of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.stopping import DOMAIN, stop, suppress
from publisher.model import Candidate, Joined

_ID_BITS = 62
"""Of a subscriber's id: random, so that a link tells nobody how many readers there are."""


class Join:
    """One batch of candidates in one transaction."""

    def __init__(
        self,
        db: sa.Connection,
        newsletters: Sequence[str],
        now: datetime,
        how: str,
        source: str,
        erased: Mapping[str, str],
        again: bool,
    ) -> None:
        self.db, self.newsletters, self.now = db, newsletters, now
        self.how, self.source, self.erased, self.again = how, source, erased, again
        self.new: list[dict[str, Any]] = []
        self.tags: list[dict[str, Any]] = []
        self.opened: list[dict[str, Any]] = []
        self.log: list[tuple[Any, ...]] = []
        self.suppressed: list[tuple[Any, ...]] = []
        self.stopped: list[int] = []
        self.left: set[str] = set()

    def all(self, candidates: Sequence[Candidate]) -> list[Joined]:
        unique: dict[str, Candidate] = {}
        for one in candidates:  # the last row of an address is the one that counts
            unique[one.address.key] = one
        self._read(unique)
        outcomes = {key: self._one(key, one) for key, one in unique.items()}
        self._write()
        return [
            Joined(
                candidate=one,
                what=outcomes[one.address.key][0],
                reason=outcomes[one.address.key][1],
                may_return=one.address.key in self.left,
            )
            if unique[one.address.key] is one
            else Joined(candidate=one, what="known", reason="stands further down as well")
            for one in candidates
        ]

    def _read(self, unique: Mapping[str, Candidate]) -> None:
        """What the ledger knows of these addresses."""
        keys = list(unique)
        c = t.subscribers.c
        rows = self.db.execute(sa.select(c.id, c.key).where(c.key.in_(keys)))
        self.ids: dict[str, int] = {row.key: row.id for row in rows}
        s = t.subscriptions.c
        rows = self.db.execute(
            sa.select(s.subscriber, s.newsletter, s.active, s.since).where(
                s.subscriber.in_(list(self.ids.values())), s.newsletter.in_(self.newsletters)
            )
        )
        self.subscriptions = {(r.subscriber, r.newsletter): (r.active, r.since) for r in rows}
        x = t.suppressions.c
        domains = {DOMAIN + one.address.domain for one in unique.values()}
        every = [*keys, *(self.erased[key] for key in keys), *domains]
        rows = self.db.execute(sa.select(x.key, x.reason, x.at).where(x.key.in_(every)))
        self.suppressions = {row.key: (row.reason, row.at) for row in rows}

    def _one(self, key: str, one: Candidate) -> tuple[Any, str]:
        ways = (self.erased[key], key, DOMAIN + one.address.domain)
        blocked = next((self.suppressions[way] for way in ways if way in self.suppressions), None)
        if blocked and blocked[0] == "erased":
            return "kept", f"asked to be forgotten on {blocked[1]:%Y-%m-%d}"
        is_new = key not in self.ids
        reader = self._reader(key, one)
        if blocked:
            return "kept", f"suppressed ({blocked[0]}) since {blocked[1]:%Y-%m-%d}"
        if one.standing in ("bounced", "complained", "manual"):
            self.suppressed.append((key, one.standing, self.now, self.source))
            return "kept", f"{one.standing}: suppressed from now on"
        joined, reasons = 0, []
        for newsletter in self.newsletters:
            before = self.subscriptions.get((reader, newsletter))
            if before and not before[0] and not (self.again and one.standing == "active"):
                reasons.append(f"left {newsletter} on {before[1]:%Y-%m-%d}")
            elif not before or before[0] != (one.standing == "active"):
                joined += self._subscribe(reader, newsletter, one)
        if one.standing != "active":
            return "kept", "unsubscribed"
        if joined:
            return ("added" if is_new else "subscribed"), ""
        if not reasons:
            return "known", ""
        self.left.add(key)
        return "kept", ", ".join(reasons)

    def _reader(self, key: str, one: Candidate) -> int:
        values = {"name": one.name, "language": one.language, "zone": one.zone}
        if key in self.ids:
            reader = self.ids[key]
            given = {name: value for name, value in values.items() if value}
            if one.attributes or given or one.tags:
                self._enrich(reader, given, one)
        else:
            reader = self.ids[key] = secrets.randbits(_ID_BITS)
            self.new.append({
                "id": reader, "address": one.address.text, "key": key,
                "domain": one.address.domain, "utf8": one.address.utf8, **values,
                "attributes": dict(one.attributes), "joined": one.joined or self.now,
            })  # fmt: skip
            self.tags += [{"subscriber": reader, "tag": tag} for tag in one.tags]
        return reader

    def _enrich(self, reader: int, given: dict[str, Any], one: Candidate) -> None:
        same = t.subscribers.c.id == reader
        known = self.db.execute(sa.select(t.subscribers.c.attributes).where(same)).scalar_one()
        merged = {**known, **one.attributes}
        self.db.execute(sa.update(t.subscribers).where(same).values(**given, attributes=merged))
        had = set(
            self.db.execute(sa.select(t.tags.c.tag).where(t.tags.c.subscriber == reader)).scalars()
        )
        self.tags += [{"subscriber": reader, "tag": tag} for tag in one.tags if tag not in had]

    def _subscribe(self, reader: int, newsletter: str, one: Candidate) -> int:
        active = one.standing == "active"
        values = {"active": active, "since": self.now}
        if (reader, newsletter) in self.subscriptions:
            same = (t.subscriptions.c.subscriber == reader) & (
                t.subscriptions.c.newsletter == newsletter
            )
            self.db.execute(sa.update(t.subscriptions).where(same).values(**values))
        else:
            self.opened.append({"subscriber": reader, "newsletter": newsletter, **values})
        if not active:
            self.stopped.append(reader)
        what = "subscribed" if active else "unsubscribed"
        place = f"{self.source}:{one.line}" if one.line else self.source
        place += f", from {one.origin}" if one.origin else ""
        self.log.append((reader, newsletter, what, one.joined or self.now, self.how, place))
        return int(active)

    def _write(self) -> None:
        for table, rows in (
            (t.subscribers, self.new),
            (t.tags, self.tags),
            (t.subscriptions, self.opened),
        ):
            if rows:
                self.db.execute(table.insert(), rows)
        log(self.db, self.log)
        stop(self.db, self.stopped, self.now, self.newsletters)
        if self.suppressed:
            suppress(self.db, self.suppressed)


def log(db: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append to the log of consent; nothing in this program changes it, and `erase` alone cuts."""
    names = ("subscriber", "newsletter", "what", "at", "how", "source")
    if rows:
        db.execute(t.consents.insert(), [dict(zip(names, row, strict=True)) for row in rows])
