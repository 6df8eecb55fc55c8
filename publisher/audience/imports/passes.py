"""A file of readers, taken in two passes: all of it is looked at before anything is taken.

The first pass surveys the columns and finds addresses that stand in more than one row, by a number
of eight bytes each; the second yields each reader once, with all of their rows together. What is
held in memory is those numbers, and the rows of addresses that stand more than once and are not
complete yet.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import TextIO
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from publisher.audience.addresses import address
from publisher.audience.imports.cells import bare_address, text
from publisher.audience.imports.dates import Order
from publisher.audience.imports.headings import plain_field
from publisher.audience.imports.merging import Statement, candidate
from publisher.audience.imports.plan import Plan, planned
from publisher.audience.imports.reading import read
from publisher.audience.imports.records import Record, Table
from publisher.audience.imports.survey import Survey
from publisher.errors import AddressError, Problem, UsageError
from publisher.model import Candidate, Said


class Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was looked at: which column is what, and which addresses stand how often.

    `repeated` counts rows by a number of their address, for those with more than one.
    """

    name: str
    now: datetime
    plan: Plan
    mapped: Mapping[str, str]
    repeated: Mapping[int, int]


def surveyed(
    file: TextIO,
    name: str,
    mapped: Mapping[str, str],
    order: Order | None,
    now: datetime,
    *,
    everyone: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> Surveyed:
    """Look at all of a file; `progress` is told the line at hand.

    `mapped` is `--map`, `everyone` what a row says of consent where no column does (`MEANINGS`).

    `file` is a text file opened with newline="", `name` what messages call it. Raises UsageError
    for a file without rows or a column of addresses, and for what the editor must say first.
    """
    table, survey = Table(file), Survey(now, mapped)
    numbers = array("q")
    for record in table:
        survey.look(record)
        numbers.extend(map(hash, _addresses(record, mapped)))
        progress(record.line)
    if not table.columns:
        raise UsageError(f"{name} holds no rows", todo="CSV with a heading, or JSON Lines.")
    plan = planned(name, table.columns, survey, mapped, order, everyone)
    return Surveyed(name=name, now=now, plan=plan, mapped=mapped, repeated=_repeated(numbers))


_BETWEEN = re.compile(r"[\s,;:<>\"(){}\[\]|]+")
_PLAIN = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]*[a-z0-9]")
_MOST = 20  # addresses of a row that is refused


def _addresses(record: Record, mapped: Mapping[str, str]) -> set[str]:
    """What the spellings of the addresses of a record have in common, before they are checked.

    Of all columns that may hold the reader's, and of all of a row that cannot be read: what is
    found to be repeated and is not, is harmless.
    """
    if record.wrong:
        return _within(record.raw)
    found: set[str] = set()
    for column, value in record.cells:
        if value and mapped.get(column, plain_field(column)) == "address":
            plain = _spelling(value)
            found |= {plain} if _PLAIN.fullmatch(plain) else {plain} | _within(str(value))
    return found


def _within(text: str) -> set[str]:
    """Each address in a text: a row that is refused may speak of all of them."""
    parts = (part.strip(".'") for part in _BETWEEN.split(unquote(text[:5000])))
    return {_spelling(part) for part in islice((p for p in parts if "@" in p[1:-1]), _MOST)}


def _spelling(value: object) -> str:
    plain = bare_address(text(value)).strip(" \t\u00a0\u200b\ufeff")
    if plain.isascii():
        return plain.lower()
    try:
        return address(plain).key
    except AddressError:
        return plain


def _repeated(numbers: array[int]) -> dict[int, int]:
    counts = ((number, sum(1 for _ in same)) for number, same in groupby(sorted(numbers)))
    return {number: count for number, count in counts if count > 1}


class _Gathered(msgspec.Struct):
    """The rows of an address that were met so far, and the lines of those that were refused."""

    met: int = 0
    row: Statement | None = None
    refused: list[int] = msgspec.field(default_factory=list)

    def told(self, name: str) -> Iterator[Candidate | Problem]:
        """What they say together. A row that nobody can read may say that the reader left."""
        if self.row is None:
            return
        found = candidate(self.row)
        if self.refused and "active" in {said.what for said in (found.said, *found.named.values())}:
            yield Problem(
                what=f"{found.address.text} is not taken: another row of theirs was refused",
                path=name,
                line=self.refused[0],
                severity="warning",
                why="It may say that they left.",
            )
            found = replace(found, said=Said(what="doubtful"), named={})
        yield found


def readers(file: TextIO, known: Surveyed) -> Iterator[Candidate | Problem]:
    """Yield each reader of a file once, with what all of their rows say; and problems by line.

    An error refuses a row, a note tells of a cell that was left out.
    """
    waiting: dict[str, _Gathered] = {}
    for record in Table(file):
        row = None
        try:
            row, notes = read(record, known.plan, known.name, known.now)
        except AddressError as error:
            yield Problem(what=error.problem.what, path=known.name, line=record.line)
            keys = _addresses(record, known.mapped)
        else:
            keys = {row.address.key}
            for note in notes:
                what = f"{row.address.text}: {note}"
                yield Problem(what=what, path=known.name, line=record.line, severity="note")
        for key in keys:
            rows = known.repeated.get(hash(key), 1)
            if row and rows == 1:
                yield candidate(row)
            elif rows > 1:
                yield from _gathered(waiting, key, rows, row, record.line, known.name)
    for rest in waiting.values():
        yield from rest.told(known.name)


def _gathered(
    waiting: dict[str, _Gathered], key: str, rows: int, row: Statement | None, line: int, name: str
) -> Iterator[Candidate | Problem]:
    """Take one of several rows of an address; tell of them when it is the last."""
    found = waiting.setdefault(key, _Gathered())
    found.met += 1
    if row is None:
        found.refused.append(line)
    else:
        found.row = found.row + row if found.row else row
    if found.met == rows:
        yield from waiting.pop(key).told(name)
