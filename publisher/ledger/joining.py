"""Readers join: a batch of candidates against what the ledger knows of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.stopping import DOMAIN, stop, suppress
from publisher.model import Candidate, Joined, Said

_ID_BITS = 62
"""Of a subscriber's id: random, so that a link tells nobody how many readers there are."""

_SUPPRESSED = ("bounced", "complained", "manual")


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
        """`erased` maps keys of addresses, folded ones too, to what erasing leaves of them."""
        self.db, self.newsletters, self.now = db, newsletters, now
        self.how, self.source, self.erased, self.again = how, source, erased, again

    def all(self, candidates: Sequence[Candidate]) -> list[Joined]:
        """Take candidates in their order, and one after the other those of one address."""
        found: dict[int, Joined] = {}
        for round_ in _rounds(candidates):
            self._begin([candidates[place].address.key for place in round_])
            self._read([candidates[place] for place in round_])
            for place in round_:
                one = candidates[place]
                what, reason = self._one(one)
                found[place] = Joined(
                    candidate=one, what=what, reason=reason, may_return=one.address.key in self.left
                )
            self._write()
        return [found[place] for place in range(len(candidates))]

    def _begin(self, keys: list[str]) -> None:
        self.keys = keys
        self.new: list[dict[str, Any]] = []
        self.tags: list[dict[str, Any]] = []
        self.opened: list[dict[str, Any]] = []
        self.log: list[tuple[Any, ...]] = []
        self.suppressed: list[tuple[Any, ...]] = []
        self.stopped: dict[str, list[int]] = {}
        self.left: set[str] = set()

    def _read(self, candidates: Sequence[Candidate]) -> None:
        """What the ledger knows of these addresses."""
        c = t.subscribers.c
        rows = self.db.execute(sa.select(c.id, c.key).where(c.key.in_(self.keys)))
        self.ids: dict[str, int] = {row.key: row.id for row in rows}
        s = t.subscriptions.c
        rows = self.db.execute(
            sa.select(s.subscriber, s.newsletter, s.active, s.since).where(
                s.subscriber.in_(list(self.ids.values())), s.newsletter.in_(self.newsletters)
            )
        )
        self.subscriptions = {(r.subscriber, r.newsletter): (r.active, r.since) for r in rows}
        x = t.suppressions.c
        every = {key for one in candidates for key in (one.address.key, one.address.folded)}
        every |= {self.erased[key] for key in every if key in self.erased}
        every |= {DOMAIN + one.address.domain for one in candidates}
        rows = self.db.execute(
            sa.select(x.key, x.reason, x.at, x.folded).where(x.key.in_(sorted(every)))
        )
        self.suppressions = {row.key: (row.reason, row.at, row.folded) for row in rows}

    def _blocked(self, one: Candidate) -> tuple[str, datetime] | None:
        """The suppression of an address, or of its domain, or what is left where it was erased.

        Those of an older ledger are known by the folded key.
        """
        key, folded = one.address.key, one.address.folded
        for name in (self.erased.get(key), key, DOMAIN + one.address.domain):
            if name and (found := self.suppressions.get(name)):
                return found[0], found[1]
        for name in (self.erased.get(folded), folded):
            found = self.suppressions.get(name) if name and folded != key else None
            if found and found[2]:
                if found[0] != "erased":  # from now on by the key that every query asks for
                    self.suppressed.append((key, found[0], found[1], "of an older ledger"))
                return found[0], found[1]
        return None

    def _one(self, one: Candidate) -> tuple[Any, str]:
        key = one.address.key
        blocked = self._blocked(one)
        if blocked and blocked[0] == "erased":
            return "kept", f"asked to be forgotten on {blocked[1]:%Y-%m-%d}"
        asked = {name: one.of(name) for name in self.newsletters}
        if not blocked and one.said.what not in _SUPPRESSED:
            silent = {said.what for said in asked.values()}
            if silent <= {"pending", "unsaid", "doubtful"}:
                return min(silent), ""
        is_new = key not in self.ids
        reader = self._reader(key, one)
        if blocked:
            return "kept", f"suppressed ({blocked[0]}) since {blocked[1]:%Y-%m-%d}"
        if one.said.what in _SUPPRESSED:
            at = one.said.ended or self.now
            self.suppressed.append((key, one.said.what, at, one.ending or self.source))
            return one.said.what, "suppressed from now on"
        return self._subscriptions(reader, one, asked, is_new)

    def _subscriptions(
        self, reader: int, one: Candidate, asked: Mapping[str, Said], is_new: bool
    ) -> tuple[Any, str]:
        done: dict[str, int] = {}
        reasons = []
        for newsletter, said in asked.items():
            before = self.subscriptions.get((reader, newsletter))
            wanted = said.what == "active"
            if said.what not in ("active", "unsubscribed"):
                continue
            if before and not before[0] and not (self.again and wanted):
                reasons.append(f"left {newsletter} on {before[1]:%Y-%m-%d}")
            elif not before or before[0] != wanted:
                self._change(reader, newsletter, one, said, known=before is not None)
                what = "joined" if wanted else "ended" if before else "left"
                done[what] = done.get(what, 0) + 1
        if done.get("joined"):
            return ("added" if is_new else "subscribed"), ", ".join(reasons)
        if done:
            return ("ended" if done.get("ended") else "left"), ""
        if not reasons:
            return "known", ""
        self.left.add(one.address.key)
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

    def _change(
        self, reader: int, newsletter: str, one: Candidate, said: Said, *, known: bool
    ) -> None:
        """Begin or end a subscription. Each has its own date, and is logged with its evidence."""
        active = said.what == "active"
        begun = self.subscriptions[reader, newsletter][1] if known else None
        is_later = said.ended is not None and (begun is None or said.ended > begun)
        since = said.ended if said.ended and is_later and not active else self.now
        values = {"active": active, "since": since}
        if known:
            same = (t.subscriptions.c.subscriber == reader) & (
                t.subscriptions.c.newsletter == newsletter
            )
            self.db.execute(sa.update(t.subscriptions).where(same).values(**values))
        else:
            self.opened.append({"subscriber": reader, "newsletter": newsletter, **values})
        evidence = one.evidence or self.source
        if active:
            at = said.joined or self.now
            self.log.append((reader, newsletter, "subscribed", at, self.how, evidence))
            return
        self.stopped.setdefault(newsletter, []).append(reader)
        if said.joined and not known:
            before = (reader, newsletter, "subscribed", said.joined, self.how, evidence)
            self.log.append(before)
        ending = one.ending or self.source
        self.log.append((reader, newsletter, "unsubscribed", since, self.how, ending))

    def _write(self) -> None:
        for table, rows in (
            (t.subscribers, self.new),
            (t.tags, self.tags),
            (t.subscriptions, self.opened),
        ):
            if rows:
                self.db.execute(table.insert(), rows)
        log(self.db, self.log)
        for newsletter, readers in self.stopped.items():
            stop(self.db, readers, self.now, [newsletter])
        if self.suppressed:
            suppress(self.db, self.suppressed, self.now)


def _rounds(candidates: Sequence[Candidate]) -> Iterator[list[int]]:
    """The places of candidates, each address once a round."""
    rounds: list[list[int]] = []
    seen: dict[str, int] = {}
    for place, one in enumerate(candidates):
        number = seen.get(one.address.key, 0)
        seen[one.address.key] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(place)
    yield from rounds


def log(db: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Append to the log of consent; nothing in this program changes it, and `erase` alone cuts."""
    names = ("subscriber", "newsletter", "what", "at", "how", "source")
    if rows:
        db.execute(t.consents.insert(), [dict(zip(names, row, strict=True)) for row in rows])
