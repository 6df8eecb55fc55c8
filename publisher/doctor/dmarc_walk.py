"""A DMARC record, and the walk that finds it (RFC 9989 §4.7, §4.10).

The organisation of a domain is found by walking up its name and asking, and by no list of suffixes.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from publisher.doctor.answers import Ask
from publisher.doctor.tags import Tags, begins, tags_of

Policy = Literal["none", "quarantine", "reject"]
STRENGTH: dict[str, int] = {"none": 0, "quarantine": 1, "reject": 2}
_POLICIES: tuple[Policy, ...] = ("none", "quarantine", "reject")
_FIRST_KEPT = 7  # labels; of a longer name the walk leaps to its last seven (§4.10)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-+\--:<-~]+", re.ASCII)  # no comma, no semicolon


class DmarcRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record that counts, and at which domain it stands."""

    domain: str
    text: str
    tags: Tags

    @property
    def psd(self) -> str:
        """What it says of suffixes: y, n, or u for nothing."""
        value = self.tags.get("psd", "u").lower()
        return value if value in ("y", "n") else "u"

    def policy(self, name: Literal["p", "sp", "np"]) -> Policy | None:
        """What is asked for; `np` is as `sp`, and `sp` as `p`, where they are not there."""
        value = self.tags.get(name).lower()
        if value in STRENGTH:
            return _POLICIES[STRENGTH[value]]
        if name in self.tags.values or name == "p":
            return None
        return self.policy("sp" if name == "np" else "p")

    @property
    def broken(self) -> list[str]:
        """The policies that are none that there is: one of them voids the others (§4.10.1)."""
        below = [name for name in ("sp", "np") if name in self.tags.values]
        return [name for name in ("p", *below) if self.tags.get(name).lower() not in STRENGTH]

    @property
    def reports(self) -> list[str]:
        """Where reports go, as far as these are addresses."""
        parts = [one.strip() for one in self.tags.get("rua").split(",")]
        return [one for one in parts if _URI.fullmatch(one)]

    def is_strict(self, name: Literal["adkim", "aspf"]) -> bool:
        """Whether only the very same domain aligns."""
        return self.tags.get(name, "r").lower() == "s"


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """The records on the way from a domain upwards, and what was there that is none."""

    start: str
    records: tuple[DmarcRecord, ...] = ()
    several: tuple[str, ...] = ()
    nearly: tuple[tuple[str, str], ...] = ()
    unanswered: tuple[tuple[str, str], ...] = ()

    @property
    def organisation(self) -> str:
        """The domain that somebody owns (§4.10.2): records align that have it in common."""
        for record in self.records:  # from the longest to the shortest
            if record.psd == "n":
                return record.domain
            if record.psd == "y" and record.domain != self.start:
                labels = self.start.split(".")
                return ".".join(labels[-(record.domain.count(".") + 2) :])
        return self.records[-1].domain if self.records else self.start

    @property
    def in_force(self) -> DmarcRecord | None:
        """The record by which a mail from the domain is judged (§4.10.1)."""
        by_domain = {record.domain: record for record in self.records}
        suffix = self.organisation.partition(".")[2]
        for domain in (self.start, self.organisation, suffix):
            if domain in by_domain:
                return by_domain[domain]
        return None

    @property
    def policy(self) -> Policy | None:
        """What is asked for in the end; None where nothing counts."""
        record = self.in_force
        if record is None:
            return None
        found = record.policy("p" if record.domain == self.start else "sp")
        if found is None or record.broken:
            return "none" if record.reports else None
        if record.tags.get("t").lower() == "y":
            return _POLICIES[max(STRENGTH[found] - 1, 0)]
        return found


def names_above(domain: str) -> list[str]:
    """Return the names that a walk asks, at most eight: the domain, then from seven labels down."""
    labels = domain.split(".")
    rest = min(len(labels) - 1, _FIRST_KEPT)
    return [domain, *(".".join(labels[-count:]) for count in range(rest, 0, -1))]


def walk(ask: Ask, domain: str) -> Walk:
    """Walk up from a domain until a record says where an organisation ends (§4.10)."""
    records: list[DmarcRecord] = []
    several: list[str] = []
    nearly: list[tuple[str, str]] = []
    unanswered: list[tuple[str, str]] = []
    for name in names_above(domain):
        answer = ask(f"_dmarc.{name}", "TXT")
        found = [one for one in answer.values if begins(one, "DMARC1")]
        if answer.outcome == "failed":
            unanswered.append((name, answer.why))
        if len(found) > 1:
            several.append(name)
        elif found:
            records.append(DmarcRecord(domain=name, text=found[0], tags=tags_of(found[0])))
            if records[-1].psd != "u":
                break
        else:
            nearly += [(name, one) for one in answer.values if "dmarc" in one[:20].lower()][:2]
    return Walk(
        start=domain,
        records=tuple(records),
        several=tuple(several),
        nearly=tuple(nearly),
        unanswered=tuple(unanswered),
    )
