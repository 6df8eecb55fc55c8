"""CSV and JSON Lines → records, each with the line on which it begins.

Nothing is lost on the way: two columns of one name, and two keys of one name in an object, stay
two.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import msgspec

from publisher.audience.addresses import address
from publisher.errors import AddressError, UsageError

_LONGEST_RECORD = 100  # lines
_DEEPEST = 4  # objects within objects
_MOST_COLUMNS = 500
_LONGEST_CELL = 10_000  # characters: letters with thousands of marks cost their square

_TOO_LONG = f"a cell has more than {_LONGEST_CELL:,} characters"

_ARRAY = re.compile(r"\[\s*(?:\{|\]|$)")

Cell = tuple[str, Any]
"""A column, and what stands in it."""


class Pairs(list[Cell]):
    """An object's keys and values as they were written."""


class Record(msgspec.Struct, frozen=True):
    """A row of a file; `wrong` says what is wrong with it: then it is `raw`, without cells."""

    line: int
    cells: Sequence[Cell] = ()
    wrong: str = ""
    raw: str = ""


class Table:
    """The records of a file, once. `columns` are those of its heading, or those seen so far."""

    def __init__(self, file: TextIO) -> None:
        """`file` is a text file opened with newline=""."""
        file.seek(0)
        start = file.read(4096).lstrip("\ufeff \r\n\t")
        file.seek(0)
        self.columns: list[str] = []
        if _ARRAY.match(start):
            raise UsageError(
                "the file is one array in JSON, and each reader is wanted on a line of their own",
                todo="Make it JSON Lines: jq -c '.[]' FILE > readers.jsonl",
            )
        is_json = start.startswith("{")
        self._records = self._of_json(file) if is_json else self._of_csv(file)

    def __iter__(self) -> Iterator[Record]:
        return self._records

    def _of_json(self, file: TextIO) -> Iterator[Record]:
        seen: dict[str, None] = {}
        for line, text in enumerate(file, 1):
            if not text.strip("\ufeff \r\n\t"):
                continue
            try:
                row = json.loads(text.lstrip("\ufeff"), object_pairs_hook=Pairs)
            except (ValueError, RecursionError):
                yield Record(line, wrong="not JSON", raw=text)
                continue
            if not isinstance(row, Pairs):
                yield Record(line, wrong="not a JSON object", raw=text)
                continue
            if what := _beyond_measure(row):
                yield Record(line, wrong=what, raw=text)
                continue
            for name, _ in row:
                if name not in seen:
                    seen[name] = None
                    self.columns.append(name)
            yield Record(line, row)

    def _of_csv(self, file: TextIO) -> Iterator[Record]:
        lines = _Lines(file)
        rows = _rows(lines, _delimiter(lines))
        _, heading, _ = next(rows, (0, "", ""))
        if not isinstance(heading, str):
            if len(heading) > _MOST_COLUMNS:
                raise UsageError(
                    f"the first line has {len(heading):,} columns, more than {_MOST_COLUMNS}",
                    todo="Is it a list of readers? Export it again, with their own columns alone.",
                )
            self.columns = [name.strip("\ufeff ") for name in heading]
            _check_heading(self.columns)
        return self._named(rows) if self.columns else iter(())

    def _named(self, rows: Iterator[tuple[int, list[str] | str, str]]) -> Iterator[Record]:
        for line, cells, raw in rows:
            if isinstance(cells, str):
                yield Record(line, wrong=cells, raw=raw)
            elif any(cells[len(self.columns) :]):
                what = f"{len(cells)} columns, the heading has {len(self.columns)}"
                yield Record(line, wrong=what, raw=raw)
            elif any(cells):
                yield Record(line, list(zip(self.columns, cells, strict=False)))


def leaves(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str | bool | float]]:
    """Yield what stands in a value by its path: `lists.status` for that of each of some lists.

    A text that is an object in JSON, as a cell of CSV may be, is taken apart as well.
    """
    if isinstance(value, str) and value.lstrip("'\ufeff ").startswith("{"):
        value = as_object(value) or value
    if isinstance(value, Pairs):
        for key, inner in value if depth < _DEEPEST else ():
            yield from leaves(f"{name}.{key}", inner, depth + 1)
    elif isinstance(value, list):
        for inner in value if depth < _DEEPEST else ():
            yield from leaves(name, inner, depth + 1)
    elif value is not None:
        yield name, value


def as_object(text: str) -> Pairs | None:
    """Return the object that a cell holds as JSON, as our own export writes it; None for none."""
    try:
        found = json.loads(text.strip("\ufeff ").removeprefix("'"), object_pairs_hook=Pairs)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, Pairs) else None


class _Lines:
    """The lines of a file by number, from 1; some may be put back."""

    def __init__(self, file: TextIO) -> None:
        self._lines = iter(file)
        self._back: list[str] = []
        self.number = 0

    def take(self) -> str | None:
        """The next line; None at the end."""
        line = self._back.pop() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def put_back(self, lines: Sequence[str]) -> None:
        """Lines to take again."""
        self._back += reversed(lines)
        self.number -= len(lines)


def _delimiter(lines: _Lines) -> str:
    """What parts the cells, by the heading, or as Excel writes it above: `sep=;`.

    Empty lines before the heading are taken.
    """
    told = ""
    while (line := lines.take()) is not None:
        plain = line.strip("\ufeff \r\n")
        if len(plain) == 5 and plain.lower().startswith("sep=") and not told:
            told = plain[4]
        elif plain.strip(",;\t"):
            lines.put_back([line])
            return told or max(",;\t|", key=line.count)
    return ","


def _is_address(cell: str) -> bool:
    if "@" not in cell or len(cell) > _LONGEST_CELL:
        return False
    try:
        address(cell)
    except AddressError:
        return False
    return True


def _check_heading(columns: Sequence[str]) -> None:
    """A first line with an address in it names no columns: whoever stands there would be lost."""
    for cell in columns:
        if _is_address(cell):
            raise UsageError(
                f"the first line names no columns: it holds {cell[:80]}",
                why="Whoever stands there would not be taken.",
                todo="Write a line above it that names them, such as: email,name,status",
            )


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str, str]]:
    """Each record with the line on which it begins; a quote never closed costs one line alone."""
    while (line := lines.take()) is not None:
        number, record = lines.number, [line]
        while (cells := _cells(record, delimiter)) is None:
            following = lines.take() if len(record) < _LONGEST_RECORD else None
            if following is None:
                lines.put_back(record[1:])
                record, cells = record[:1], "a quote is not closed"
                break
            record.append(following)
        yield number, cells, "".join(record)


def _cells(lines: Sequence[str], delimiter: str) -> list[str] | str | None:
    """The cells of a record, what is wrong with it, or None where it goes on."""
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return None if "unexpected end of data" in str(error) else str(error)
    return _TOO_LONG if any(len(cell) > _LONGEST_CELL for cell in cells) else cells


def _beyond_measure(row: Pairs) -> str:
    """What is wrong with the size of an object, "" for nothing."""
    if len(row) > _MOST_COLUMNS:
        return f"it has more than {_MOST_COLUMNS} keys"
    texts = (text for key, value in row for text in (key, value) if isinstance(text, str))
    return _TOO_LONG if any(len(text) > _LONGEST_CELL for text in texts) else ""
