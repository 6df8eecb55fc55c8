"""CSV and JSON Lines of other tools → candidates, and problems with their line.

A column is known by its heading, whatever its case and punctuation; `COLUMNS` lists what
Mailchimp, Substack, Ghost, Buttondown and listmonk write.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any, TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser as dates

from publisher.audience.addresses import address
from publisher.errors import AddressError, Problem, UsageError, suggestion
from publisher.model import Candidate, Standing, legal, no_controls

COLUMNS: dict[str, tuple[str, ...]] = {
    "address": ("email address", "email", "address", "email_address", "e-mail", "subscriber email"),
    "name": ("name", "full name", "display name"),
    "first_name": ("first name", "fname", "given name"),
    "last_name": ("last name", "lname", "surname", "family name"),
    "language": ("language", "locale", "lang"),
    "zone": ("timezone", "time zone", "zone", "tz"),
    "tags": ("tags", "labels", "tag"),
    "attributes": ("attributes", "metadata", "attribs", "fields"),
    "joined": (
        "optin_time", "confirm_time", "created_at", "creation_date", "created", "subscribed_at",
        "signup date", "joined", "date added",
    ),
    "origin": ("confirm_ip", "optin_ip", "ip_address", "ip"),
    "status": (
        "status", "subscriber_type", "type", "state", "subscribed", "subscribed_to_emails",
        "subscription_status", "standing",
    ),
    "unsubscribed": (
        "unsub_time", "unsubscribed_at", "unsubscribe_date", "email_disabled", "unsubscribed",
    ),
    "bounced": ("bounced", "clean_time", "cleaned_at", "bounced_at", "undeliverable"),
}  # fmt: skip
"""Field → headings, in the order in which they are taken."""

_STATUSES: dict[str, Standing | None] = {
    **dict.fromkeys(
        ("", "active", "subscribed", "enabled", "regular", "premium", "free", "paid", "comped",
         "complimentary", "gift", "trialed", "confirmed", "true", "yes", "1"), "active"),
    **dict.fromkeys(
        ("unsubscribed", "inactive", "disabled", "removed", "false", "no", "0", "deleted",
         "paused", "churned"), "unsubscribed"),
    **dict.fromkeys(("cleaned", "bounced", "undeliverable", "malformed"), "bounced"),
    **dict.fromkeys(("complained", "spammy", "spam"), "complained"),
    **dict.fromkeys(("blocklisted", "blacklisted", "blocked", "manual", "suppressed"), "manual"),
    **dict.fromkeys(("unactivated", "unconfirmed", "pending", "unverified"), None),
}  # fmt: skip

_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST_RECORD = 100  # lines
_LONGEST = 200  # characters of a name or tag
_DEEPEST = 4000  # characters of all attributes of a reader
_NO = {"", "false", "0", "no", "none", "null"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which columns give which field, the first that is not empty; and which are not taken."""

    fields: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, str]
    unused: tuple[str, ...]


def mapped(columns: Sequence[str], given: Mapping[str, str]) -> Mapped:
    """Return what each column of a file is for; `given` maps columns as the user wrote it.

    A field of `COLUMNS`, `attributes.NAME` or `-` for nothing. Raises UsageError.
    """
    fields: dict[str, tuple[str, ...]] = {}
    attributes: dict[str, str] = {}
    for column, field in given.items():
        if column not in columns:
            raise UsageError(f"there is no column {column!r}", why=suggestion(column, columns))
        if field.startswith("attributes."):
            attributes[field.removeprefix("attributes.")] = column
        elif field in COLUMNS:
            fields[field] = (column,)
        elif field != "-":
            raise UsageError(
                f"{field!r} is no field",
                why=suggestion(field, COLUMNS),
                todo="Write --map COLUMN=FIELD, attributes.NAME for one of your own.",
            )
    by_name = {_plain(column): column for column in reversed(columns) if column not in given}
    for field, names in COLUMNS.items():
        found = [by_name[_plain(name)] for name in names if _plain(name) in by_name]
        if found and field not in fields:
            fields[field] = tuple(dict.fromkeys(found))
    if "address" not in fields:
        raise UsageError(
            f"no column holds addresses: {', '.join(columns)[:300]}",
            todo="Say which one does: --map COLUMN=address",
        )
    used = {*chain.from_iterable(fields.values()), *attributes.values(), *given}
    return Mapped(fields, attributes, tuple(column for column in columns if column not in used))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Rows:
    """The rows of a file: iterate for a candidate or a problem each; `mapping` tells of columns."""

    def __init__(self, file: TextIO, name: str, given: Mapping[str, str]) -> None:
        """`file` is a text file opened with newline="", `name` what messages call it.

        Raises UsageError for a file without rows or without a column of addresses.
        """
        self.name = name
        start = file.read(4096)
        file.seek(0)
        if start.lstrip("\ufeff \r\n\t").startswith("{"):
            rows = (row for _, row in _json_rows(file) if not isinstance(row, str))
            columns = list(dict.fromkeys(key for row in rows for key in row))
            file.seek(0)
            self._rows = _json_rows(file)
        else:
            columns, self._rows = _csv_rows(file, start)
        if not columns:
            raise UsageError(f"{name} holds no rows", todo="CSV with a heading, or JSON Lines.")
        self.mapping = mapped(columns, given)

    def __iter__(self) -> Iterator[Candidate | Problem]:
        for line, row in self._rows:
            yield self._read(line, row)

    def _read(self, line: int, row: Mapping[str, Any] | str) -> Candidate | Problem:
        if isinstance(row, str):
            return self._problem(line, row)
        try:
            return candidate(row, self.mapping, line)
        except AddressError as error:
            return self._problem(line, error.problem.what)

    def _problem(self, line: int, what: str) -> Problem:
        return Problem(what=what, path=self.name, line=line)


def candidate(row: Mapping[str, Any], mapping: Mapped, line: int | None = None) -> Candidate:
    """Return what a row says; raise AddressError for one that cannot be taken."""
    value = {
        field: next((row[c] for c in columns if row.get(c) not in (None, "")), None)
        for field, columns in mapping.fields.items()
    }
    text = {field: _text(found) for field, found in value.items()}
    attributes = _attributes(value.get("attributes"))
    attributes |= {name: _text(row.get(column)) for name, column in mapping.attributes.items()}
    attributes = {key: found for key, found in attributes.items() if key and found}
    if len(json.dumps(attributes)) > _DEEPEST:
        raise AddressError(f"its attributes are longer than {_DEEPEST} characters")
    speaks, lives = language(text.get("language", "")), zone(text.get("zone", ""))
    joined = _joined(text.get("joined", ""))
    readable = {
        "language": speaks,
        "zone": lives,
        "joined": joined,
        "attributes": attributes or _is_empty(value.get("attributes")),
    }
    first, last = text.get("first_name", ""), text.get("last_name", "")
    if first and "first_name" not in attributes:
        attributes["first_name"] = first
    return Candidate(
        address=address(_bare(text["address"])),
        name=text.get("name") or " ".join(filter(None, (first, last))),
        language=speaks,
        zone=lives,
        dropped=tuple(
            f"{field} {str(value[field])[:60]!r} cannot be read, and was left out"
            for field, found in readable.items()
            if value.get(field) and not found
        ),
        tags=_tags(value.get("tags")),
        attributes=attributes,
        joined=joined,
        origin=text.get("origin", ""),
        standing=_standing(text, [row.get(c) for c in mapping.fields.get("status", ())]),
        line=line,
    )


def _bare(text: str) -> str:
    """The address of `Name <address>`, and without the mark that spreadsheets need."""
    found = re.fullmatch(r"[^<>]*<([^<>]+)>", text)
    return (found[1] if found else text).removeprefix("mailto:").removeprefix("'")


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    plain = re.sub(r"^'(?=[=+\-@\t\r])", "", legal(str(value)))  # as our own export writes it
    # Joiners stay, for Persian and for families of emoji; what turns text around goes.
    return " ".join(_TURNS.sub(" ", no_controls(plain)).split())[:_LONGEST]


def _attributes(value: Any) -> dict[str, str]:
    if isinstance(value, str) and value.strip().startswith(("{", "'{")):
        try:
            value = json.loads(value.strip().removeprefix("'"))
        except (ValueError, RecursionError):
            return {}
    if not isinstance(value, dict):
        return {}
    return {_text(key): _text(found) for key, found in value.items()}


def _is_empty(value: Any) -> bool:
    return not value or (isinstance(value, str) and value.strip() in ("{}", "[]", "null"))


def _tags(value: Any) -> tuple[str, ...]:
    """A list, a JSON list, or words with commas, quoted as Mailchimp does."""
    if isinstance(value, str):
        plain = value.strip().strip("{}") if value.strip().startswith("{") else value.strip()
        if plain.startswith("["):
            try:
                value = json.loads(plain)
            except (ValueError, RecursionError):
                value = plain.strip("[]")
        else:
            value = plain
    if isinstance(value, str):
        value = next(csv.reader([value], skipinitialspace=True), [])
    if not isinstance(value, list):
        return ()
    names = (_text(tag.get("name", "") if isinstance(tag, dict) else tag) for tag in value)
    return tuple(dict.fromkeys(name.strip("\"' ") for name in names if name.strip("\"' ")))


def _standing(text: Mapping[str, str], statuses: Sequence[Any]) -> Standing:
    """What all columns together say: whoever left by one of them has left."""
    if text.get("bounced", "").lower() not in _NO:
        return "bounced"
    if text.get("unsubscribed", "").lower() not in _NO:
        return "unsubscribed"
    found = [_status(_text(status).lower()) for status in statuses]
    strictest: tuple[Standing, ...] = ("complained", "manual", "bounced", "unsubscribed")
    return next((one for one in strictest if one in found), "active")


def _status(text: str) -> Standing:
    if text not in _STATUSES:
        raise AddressError(
            f"nobody knows what the status {text!r} means: --map COLUMN=- leaves it out"
        )
    standing = _STATUSES[text]
    if standing is None:
        raise AddressError(f"this reader never confirmed (status {text!r})")
    return standing


def language(text: str) -> str:
    """A language (BCP 47) as it is written there, "" for what is none."""
    tag = text.replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,6}", tag) else ""


def zone(text: str) -> str:
    """A time zone of the tz database, "" for what is none."""
    try:
        return ZoneInfo(text).key if "/" in text or text == "UTC" else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _joined(text: str) -> datetime | None:
    plain = re.sub(r"([+-]\d{4}) [A-Z]{2,5}$", r"\1", text)  # as Go prints it
    if re.fullmatch(r"1\d{9}", plain):  # seconds since 1970
        return datetime.fromtimestamp(int(plain), UTC)
    try:
        found = dates.parse(plain) if plain else None
    except (ValueError, OverflowError):
        return None
    if found is None or not 1990 <= found.year <= 2200:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


_Row = tuple[int, Mapping[str, Any] | str]


def _json_rows(file: TextIO) -> Iterator[_Row]:
    for line, text in enumerate(file, 1):
        if not text.strip("\ufeff \r\n\t"):
            continue
        try:
            row = json.loads(text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            yield line, "not JSON"
            continue
        yield line, row if isinstance(row, dict) else "not a JSON object"


def _csv_rows(file: TextIO, start: str) -> tuple[list[str], Iterator[_Row]]:
    first = start.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    records = _records(_Lines(file), delimiter)
    heading = next(records, (0, ""))[1]
    if isinstance(heading, str):
        return [], iter(())
    columns = [name.strip("\ufeff ") for name in heading]
    return columns, _named(columns, records)


def _named(columns: list[str], records: Iterator[tuple[int, list[str] | str]]) -> Iterator[_Row]:
    for line, cells in records:
        if isinstance(cells, str):
            yield line, cells
        elif any(cells[len(columns) :]):
            yield line, f"{len(cells)} columns, the heading has {len(columns)}"
        elif any(cells):
            yield line, dict(zip(columns, cells, strict=False))


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


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with the line on which it begins; a quote never closed costs one line alone."""
    while (line := lines.take()) is not None:
        number, record = lines.number, [line]
        while (cells := _cells(record, delimiter)) is None:
            following = lines.take() if len(record) < _LONGEST_RECORD else None
            if following is None:
                lines.put_back(record[1:])
                cells = "a quote is not closed"
                break
            record.append(following)
        yield number, cells


def _cells(lines: Sequence[str], delimiter: str) -> list[str] | str | None:
    """The cells of a record, what is wrong with it, or None where it goes on."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        return None if "unexpected end of data" in str(error) else str(error)


EXPORTED = (
    "address",
    "name",
    "language",
    "zone",
    "tags",
    "newsletters",
    "standing",
    "joined",
    "attributes",
)
"""Columns of an export, in order."""


def csv_of(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return the lines of an export that a spreadsheet opens without running it.

    A cell that begins as a formula does gets a `'` before it (OWASP, "CSV Injection"); an import
    takes it off.
    """
    out = _Line()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
        yield out.text


class _Line:
    """What csv.writer writes to: it keeps the last line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text
