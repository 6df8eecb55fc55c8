"""The cells of a record by field: a reader's address, name, tags and dates; notes of the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from publisher.audience.addresses import address, whole_domain
from publisher.audience.imports import cells
from publisher.audience.imports.dates import Moment, Undated, moment
from publisher.audience.imports.plan import Plan
from publisher.audience.imports.records import Record, leaves
from publisher.audience.imports.words import meaning
from publisher.errors import AddressError
from publisher.model import Address

_DEEPEST = 4000  # characters of all attributes of a reader
SHOWN = 60
"""Characters of a cell in a message and in evidence."""


class Dated(msgspec.Struct, frozen=True):
    """A moment, and the column and the text that it was read from."""

    moment: Moment
    column: str
    text: str


class Fields:
    """The cells of one record, by what they are for; `notes` tell what could not be read."""

    def __init__(self, record: Record, plan: Plan, now: datetime) -> None:
        self.record, self.plan, self.now = record, plan, now
        self.notes: list[str] = []
        self.cells: dict[str, list[Any]] = {}
        for column, value in record.cells:
            self.cells.setdefault(column, []).append(value)

    def raw(self, field: str) -> Any:
        """The first cell of a field that is not empty, whatever the order of columns."""
        for column in self.plan.fields.get(field, ()):
            filled = [cell for cell in self.cells.get(column, ()) if cell not in (None, "")]
            if filled:
                return min(filled, key=str)
        return None

    def text(self, field: str) -> str:
        return cells.text(self.raw(field))

    def texts(self, field: str) -> Iterator[str]:
        for column in self.plan.fields.get(field, ()):
            yield from map(cells.text, self.cells.get(column, ()))

    def address(self) -> Address:
        for column in self.plan.fields["address"]:
            found = {plain for plain in map(cells.bare_address, self.of(column)) if plain}
            addresses = {one.key: one for one in map(_named, sorted(found))}
            if len(addresses) > 1:
                raise AddressError(f"it has two addresses: {' and '.join(sorted(addresses))}")
            if addresses:
                return next(iter(addresses.values()))
        return address("")

    def of(self, column: str) -> list[str]:
        return [cells.text(cell) for cell in self.cells.get(column, ())]

    def name(self) -> str:
        both = (self.text("first_name"), self.text("last_name"))
        return self.text("name") or " ".join(filter(None, both))

    def known(self, field: str, read: Any) -> str:
        """A value that must be one of many; a note where it is none."""
        text = self.text(field)
        if not text or meaning(text) == "nothing":
            return ""
        found: str = read(text)
        if not found:
            self.note(field, text, "cannot be read")
        return found

    def note(self, what: str, text: str, why: str) -> None:
        self.notes.append(f"{what} {text[:SHOWN]!r} {why}, and was left out")

    def tags(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self.plan.fields.get("tags", ()):
            for cell in self.cells.get(column, ()):
                found |= dict.fromkeys(cells.tags(cell))
        return tuple(found)

    def attributes(self) -> dict[str, str]:
        value = self.raw("attributes")
        found = cells.attributes(value)
        if not found and not cells.is_empty_object(value):
            self.note("attributes", str(value), "cannot be read")
        for name, column in self.plan.attributes.items():
            for text in self.inner(column):
                found[name] = cells.fuller(found.get(name, ""), text)
        if first := self.text("first_name"):
            found.setdefault("first_name", first)
        found = {name: text for name, text in found.items() if name and text}
        if len(json.dumps(found)) > _DEEPEST:
            raise AddressError(f"its attributes are longer than {_DEEPEST} characters")
        return found

    def inner(self, name: str) -> Iterator[str]:
        """The texts of a column, or of a path into one that holds objects."""
        for column, values in self.cells.items():
            if column == name or name.startswith(f"{column}."):
                for value in values:
                    found = leaves(column, value)
                    yield from (cells.text(one) for path, one in found if path == name)

    def dates(self, field: str) -> list[Dated]:
        found = []
        for column in self.plan.fields.get(field, ()):
            for text in self.of(column):
                if meaning(text) not in ("nothing", "no", "yes") and (
                    at := self.moment(column, text)
                ):
                    found += [Dated(at, column, text)]
        return found

    def moment(self, column: str, text: str) -> Moment | None:
        try:
            return moment(text, self.plan.order, self.now)
        except Undated as why:
            self.note(column, text, str(why))
            return None


def _named(text: str) -> Address:
    """An address, or all those of a domain, which our own export has where it is suppressed."""
    return whole_domain(text) or address(text)
