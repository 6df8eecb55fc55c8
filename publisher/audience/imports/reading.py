"""A record → what it says of a reader and their consent, with notes of what could not be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from publisher.audience.imports import cells
from publisher.audience.imports.dates import Moment, Undated, moment
from publisher.audience.imports.fields import SHOWN, Dated, Fields
from publisher.audience.imports.headings import Role, plain_field
from publisher.audience.imports.likeness import is_about
from publisher.audience.imports.merging import ALL, Consent, Evidence, Leaving, Statement
from publisher.audience.imports.plan import Plan
from publisher.audience.imports.records import Record
from publisher.audience.imports.words import LEFT, Word, is_plainly_left, meaning
from publisher.errors import AddressError
from publisher.model import Out

_OUT: Mapping[Role, Out] = {
    "unsubscribed": "unsubscribed", "bounced": "bounced", "complained": "complained",
    "blocked": "manual",
}  # fmt: skip


class _Consent(msgspec.Struct):
    """What the columns of consent of a record say."""

    is_active: bool = False
    is_pending: bool = False
    by_word: bool = False
    """A word of a status says that the reader is out: a date beside it brings nobody back."""
    out: dict[Out, list[Moment]] = msgspec.field(default_factory=dict)
    dated: list[Dated] = msgspec.field(default_factory=list)
    ending: list[str] = msgspec.field(default_factory=list)


def read(record: Record, plan: Plan, name: str, now: datetime) -> tuple[Statement, list[str]]:
    """Return what a record says, with notes; raise AddressError for one that cannot be taken.

    `name` is what the evidence calls the file.
    """
    if record.wrong:
        raise AddressError(record.wrong)
    return _Reader(record, plan, now).row(f"{name}:{record.line}")


class _Reader(Fields):
    """Reads a record: what its columns of consent say together, beside its plain fields."""

    def row(self, place: str) -> tuple[Statement, list[str]]:
        who = self.address()
        tags = self.tags()
        said = self.consent(tags)
        asked = self.dates("joined") + said.dated
        dated = asked or self.dates("created")
        consents, left = self.by_newsletter(said, asked, dated)
        stands = any(consent.stands for consent in consents.values())
        origins = sorted({text for text in self.texts("origin") if text})
        found = Statement(
            address=who,
            line=self.record.line,
            name=self.name(),
            language=self.known("language", cells.language),
            zone=self.known("zone", cells.zone),
            tags=frozenset(tags),
            attributes=self.attributes(),
            consents=consents,
            left=left,
            evidence=_evidence(place, dated, origins) if consents and (stands or dated) else (),
            ending=_ending(place, said.ending),
        )
        return found, self.notes

    def consent(self, tags: tuple[str, ...]) -> _Consent:
        """What all columns of consent say together: whoever left by one of them has left."""
        said = _Consent()
        for column, role in self.plan.roles.items():
            for text in self.inner(column):
                if role in _OUT:
                    self.leaving(said, column, _OUT[role], text)
                else:
                    self.standing(said, column, role, text)
        for tag in tags:
            if is_plainly_left(tag) and (out := _out(meaning(tag))):
                said.out.setdefault(out, [])
                said.ending.append(f"tag {tag}")
                self.notes.append(f"the tag {tag!r} says that they are out, and was believed")
        everyone = self.plan.everyone
        is_silent = not (said.out or said.is_active or said.is_pending)
        if is_silent and not everyone and self.plan.granting:
            said.is_pending = self.is_granted_nothing()
        if everyone and is_silent:
            said.is_pending = everyone == "pending"
            if out := _out(everyone):
                said.by_word = True
                said.out[out] = []
                said.ending.append(f"all are {everyone}")
        if said.out:
            since = [one.moment for one in self.dates("since")]
            for moments in said.out.values():
                moments += since
        return said

    def is_granted_nothing(self) -> bool:
        """Whether all columns that grant consent to others are empty, with a note: nobody knows."""
        granting = self.plan.granting
        if any(meaning(text) != "nothing" for column in granting for text in self.of(column)):
            return False
        self.notes.append(
            f"nothing of them stands in {' or '.join(sorted(granting))}, and something of others; "
            "this row is not taken. If they want mail: --all-are active"
        )
        return True

    def leaving(self, said: _Consent, column: str, out: Out, text: str) -> None:
        """A column that keeps a reader out by yes, by a date, or by whatever stands in it."""
        word = self.plan.means(column, text)
        if word in ("nothing", "no", "active"):
            return
        if word == "pending":
            said.is_pending = said.is_pending or self.plan.given.knows(column, text)
            return
        moments = said.out.setdefault(_out(word) or out, [])
        said.ending.append(f"{column} {text[:SHOWN]}")
        if _is_stamp(text) or (word is None and not is_about(column) and not text.isdigit()):
            try:
                moments.append(moment(text, self.plan.order, self.now))
            except Undated as why:
                self.notes.append(f"{column} {text[:SHOWN]!r} {why}; they are out, without a date")

    def standing(self, said: _Consent, column: str, role: Role, text: str) -> None:
        """A column that says by a word, or by yes and no, whether a reader wants mail."""
        word = self.plan.means(column, text)
        if word == "nothing":
            return
        if word is None:
            at = self.moment_of(column, role, text)
            said.dated += [Dated(at, column, text)] if at and plain_field(column) == role else []
            word = "yes"
        if role == "confirmed":
            said.is_pending = said.is_pending or word in ("no", "pending")
        else:
            word = "unsubscribed" if word == "no" else word
            said.is_active = said.is_active or word in ("yes", "active")
            said.is_pending = said.is_pending or word == "pending"
        if out := _out(word):
            said.by_word = True
            said.out.setdefault(out, [])
            said.ending.append(f"{column} {text[:SHOWN]}")

    def moment_of(self, column: str, role: Role, text: str) -> Moment | None:
        """A date in place of yes; AddressError for a word that nobody knows."""
        unknown = f"nobody knows what {column} {text[:SHOWN]!r} means"
        if role == "status":
            raise AddressError(unknown)
        try:
            return moment(text, self.plan.order, self.now)
        except Undated as why:
            if re.search(r"\d{2}", text):  # a date all the same, that is no evidence
                self.note(column, text, str(why))
                return None
            raise AddressError(unknown) from None

    def by_newsletter(
        self, said: _Consent, asked: list[Dated], dated: list[Dated]
    ) -> tuple[dict[str, Consent], dict[tuple[str, Out], Leaving]]:
        """What consent and leaving are of: the newsletters that a row names, or what is asked."""
        left: dict[tuple[str, Out], Leaving] = {
            (ALL, out): Leaving(max(moments, default=None), not moments)
            for out, moments in said.out.items()
        }
        names, ended = self.newsletters(), self.ended()
        if ended and set(said.out) == {"unsubscribed"} and not names:
            left = {}  # it is said of each by name
        left |= {(name, "unsubscribed"): leaving for name, leaving in ended.items()}
        if said.is_pending:
            return {}, left
        against = [one.moment for one in (asked if said.out else dated)]
        consent = Consent(
            moments=tuple(sorted({one.moment for one in dated})),
            later=None if said.by_word else max(against, default=None),
            stands=not said.by_word and (not said.out or said.is_active or bool(asked)),
        )
        return dict.fromkeys(names or ([] if ended else [ALL]), consent), left

    def newsletters(self) -> list[str]:
        """The newsletters that a row names, by the names that they have here."""
        found = re.split(r"[\s,;]+", self.text("newsletters"))
        return sorted({self.here(name) for name in found if name})

    def here(self, name: str) -> str:
        columns = self.plan.fields.get("newsletters", ())
        return next((to for c in columns if (to := self.plan.given.word(c, name))), name)

    def ended(self) -> dict[str, Leaving]:
        """`morning=2026-11-24T07:00:00+00:00 weekly=…`: what each was left, as we export it."""
        found = {}
        for part in self.text("left").split():
            name, _, when = part.partition("=")
            at = self.moment("left", when) if when else None
            found[self.here(name)] = Leaving(at, at is None)
        return found


def _out(word: Word | None) -> Out | None:
    return next((out for out in LEFT if out == word), None)


def _is_stamp(text: str) -> bool:
    """Whether a text is seconds since 1970."""
    return bool(re.fullmatch(r"1\d{9}(\d{3})?(\.\d+)?", text))


def _evidence(place: str, dated: list[Dated], origins: list[str]) -> Evidence:
    """Where consent stands: file and line, the dates as they are written, whence."""
    when = min((one.moment.first.isoformat() for one in dated), default="~")
    parts = sorted({f"{one.column} {one.text[:SHOWN]}" for one in dated}) or ["no date"]
    whence = [f"from {' and '.join(origins)}"] if origins else []
    return ((when, ", ".join([place, *parts, *whence])),)


def _ending(place: str, ending: list[str]) -> Evidence:
    return (("", ", ".join([place, *sorted(set(ending))])),) if ending else ()
