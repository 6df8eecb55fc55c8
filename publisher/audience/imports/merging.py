"""What all rows of an address say together: the same in whatever order they stand.

Statements are merged by `+`, which does not care about order. What says that a reader left, bounced
or complained wins over what says that they read, unless a later dated consent stands against it;
who was blocked by hand stays out whatever stands against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from publisher.audience.imports.cells import fuller
from publisher.audience.imports.dates import Moment
from publisher.audience.imports.words import LEFT
from publisher.model import Address, Candidate, Out, Said

_KEPT = 8  # moments at each end, and rows of evidence
ALL = ""
"""In place of a newsletter's name: whichever the import is for."""

Evidence = tuple[tuple[str, str], ...]
"""(when, as text that sorts; what stands in the file), in order."""


class Consent(msgspec.Struct, frozen=True):
    """Dated consents to a newsletter, whether a row says that one stands, and since when: `later`
    is the latest moment that may stand against a leaving.
    """

    moments: tuple[Moment, ...] = ()
    later: Moment | None = None
    stands: bool = False

    def __add__(self, other: Consent) -> Consent:
        moments = sorted({*self.moments, *other.moments})
        if len(moments) > 2 * _KEPT:
            moments = [*moments[:_KEPT], *moments[-_KEPT:]]
        later = max((m for m in (self.later, other.later) if m), default=None)
        return Consent(tuple(moments), later, self.stands or other.stands)


class Leaving(msgspec.Struct, frozen=True):
    """When a reader left, the last time; `undated` where a row does not say when."""

    at: Moment | None = None
    undated: bool = False

    def __add__(self, other: Leaving) -> Leaving:
        known = [moment for moment in (self.at, other.at) if moment]
        at = max(known, default=None, key=lambda moment: (moment.last, moment.first))
        return Leaving(at, self.undated or other.undated)

    def is_overcome_by(self, consent: Consent) -> bool:
        """Whether a later dated consent is known."""
        if self.undated or self.at is None or consent.later is None:
            return False
        return consent.later.first > self.at.last


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one row says, or several of one address together."""

    address: Address
    line: int
    rows: int = 1
    name: str = ""
    language: str = ""
    zone: str = ""
    tags: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = msgspec.field(default_factory=dict)
    consents: Mapping[str, Consent] = msgspec.field(default_factory=dict)
    left: Mapping[tuple[str, Out], Leaving] = msgspec.field(default_factory=dict)
    evidence: Evidence = ()
    ending: Evidence = ()

    def __add__(self, other: Statement) -> Statement:
        names = {*self.attributes, *other.attributes}
        return Statement(
            address=min(self.address, other.address, key=lambda one: one.text),
            line=min(self.line, other.line),
            rows=self.rows + other.rows,
            name=fuller(self.name, other.name),
            language=fuller(self.language, other.language),
            zone=fuller(self.zone, other.zone),
            tags=self.tags | other.tags,
            attributes={
                name: fuller(self.attributes.get(name, ""), other.attributes.get(name, ""))
                for name in names
            },
            consents={
                name: self.consents.get(name, Consent()) + other.consents.get(name, Consent())
                for name in {*self.consents, *other.consents}
            },
            left={
                key: self.left.get(key, Leaving()) + other.left.get(key, Leaving())
                for key in {*self.left, *other.left}
            },
            evidence=_first([*self.evidence, *other.evidence]),
            ending=_first([*self.ending, *other.ending]),
        )


def _first(evidence: Iterable[tuple[str, str]]) -> Evidence:
    return tuple(sorted(set(evidence))[:_KEPT])


def candidate(row: Statement) -> Candidate:
    """Return what the import takes of a reader."""
    names = ({name for name, _ in row.left} | set(row.consents)) - {ALL}
    named = {name: said for name in sorted(names) if (said := _said(row, name))}
    said = _said(row, ALL) or Said(what="unsaid" if named else "pending")
    reads = "active" in {one.what for one in (said, *named.values())}
    came_back = row.ending if reads else ()
    return Candidate(
        address=row.address,
        name=row.name,
        language=row.language,
        zone=row.zone,
        tags=tuple(sorted(row.tags)),
        attributes=dict(sorted(row.attributes.items())),
        said=said,
        named=named,
        evidence="; ".join(map(_text, filter(None, (row.evidence, came_back)))),
        ending=_text(row.ending),
        line=row.line,
        rows=row.rows,
    )


def _said(row: Statement, name: str) -> Said | None:
    """What is said of a newsletter, or of whichever is asked for; None for nothing."""
    consent = row.consents.get(name, Consent())
    if name != ALL:
        consent += row.consents.get(ALL, Consent())
    overcome: list[datetime] = []
    for reason in LEFT:
        keys = {(name, reason), (ALL, reason)} & row.left.keys()
        leaving = sum((row.left[key] for key in keys), Leaving())
        if keys and not (reason != "manual" and leaving.is_overcome_by(consent)):
            return Said(
                what=reason,
                joined=consent.moments[0].first if consent.moments else None,
                ended=leaving.at.first if leaving.at else None,
            )
        overcome += [leaving.at.last] if leaving.at else []
    valid = (m.first for m in consent.moments if all(m.first > end for end in overcome))
    return Said(joined=next(valid, None)) if consent.stands else None


def _text(evidence: Iterable[tuple[str, str]]) -> str:
    return "; ".join(text for _, text in sorted(evidence))
