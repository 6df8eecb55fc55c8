"""A look at all of a file before any of it is taken: what stands in each of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from publisher.audience.imports.dates import Ambiguous, Undated, moment
from publisher.audience.imports.headings import OUT_ROLES, ROLES, Role, plain_field
from publisher.audience.imports.likeness import is_weak, likely_role, may_end, may_part
from publisher.audience.imports.records import Record, leaves
from publisher.audience.imports.words import LEFT, Word, is_plainly_left, meaning

_DATED = frozenset({"joined", "created", "since", *ROLES})
_TWO_WAYS = re.compile(r"\s*\d{1,2}([./ -])(\d{1,2}|[A-Za-z]{3,9})\1\d{2}")
_LIKE_A_DATE = re.compile(r".*\d{4}.*|\s*\d{1,2}[./-]\w{1,9}[./-]\d{2}.*", re.DOTALL)
_MOST_WORDS, _MOST_COLUMNS = 200, 2000
_SHORT = 60  # characters of a word that is remembered


class Seen(msgspec.Struct):
    """What stands in a column, each with the line of the first.

    `unknown` are words that nobody knows, `dates` what looks like one, `left` words of leaving,
    `plain` those that can mean nothing else in any column; `meanings` are of all known words.
    """

    unknown: dict[str, int] = msgspec.field(default_factory=dict)
    dates: dict[str, int] = msgspec.field(default_factory=dict)
    left: dict[str, int] = msgspec.field(default_factory=dict)
    plain: dict[str, int] = msgspec.field(default_factory=dict)
    meanings: dict[Word, int] = msgspec.field(default_factory=dict)
    filled: int = 0
    """In how many records something stands in it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it but what stands for nothing."""
        return not (self.unknown or self.dates or self.meanings.keys() - {"nothing"})

    @property
    def grants(self) -> bool:
        """Whether it says of somebody that they want mail, or since when."""
        return bool(self.dates or {"yes", "active"} & self.meanings.keys())

    def tells_of_leaving(self, role: Role, inner: bool = False) -> bool:
        """Whether somebody is out by it; "no" within an object may be of anything."""
        if role in OUT_ROLES:
            return bool(self.left or self.dates or "yes" in self.meanings)
        is_no = role in ("status", "subscribed") and "no" in self.meanings and not inner
        return bool(self.left) or is_no


class Survey:
    """Takes note of record after record."""

    def __init__(self, now: datetime, mapped: Mapping[str, str]) -> None:
        """`mapped` is `--map`: COLUMN, or COLUMN:WORD, and what it is."""
        self.now, self._mapped = now, mapped
        self.seen: dict[str, Seen] = {}
        self.records = 0
        self.ambiguous: dict[str, tuple[str, int]] = {}
        """By column, the first date that may be two."""
        self.clear: dict[str, tuple[str, int]] = {}
        """By column, the first date of the same kind that is one alone."""
        self.newsletters: set[tuple[str, str]] = set()
        """Names in our own columns of newsletters, each with its column."""
        self._kinds: dict[str, tuple[bool, bool]] = {}

    def look(self, record: Record) -> None:
        """Take note of what stands in a record."""
        self.records += not record.wrong
        for column, value in record.cells:
            if value is None or value == "":
                continue
            if isinstance(value, str) and "{" not in value[:3]:
                self._look(column, value, record.line)
                continue
            for name, inner in leaves(column, value):
                self._look(name, text_of(inner), record.line)

    def _look(self, column: str, text: str, line: int) -> None:
        kind = self._kinds.get(column)
        if kind is None:
            if len(self._kinds) >= _MOST_COLUMNS:
                return  # the keys are data themselves
            kind = self._kinds[column] = self._kind(column)
            self.seen[column] = Seen()
        of_consent, with_dates = kind
        if of_consent:
            self._note(self.seen[column], text, line)
        if is_plainly_left(text):
            _keep(self.seen[column].plain, text, line)
        if (self._mapped.get(column) or plain_field(column)) in ("newsletters", "left"):
            self._note_newsletters(column, text)
        if with_dates and _TWO_WAYS.match(text):
            self._note_date(column, text, line)

    def _kind(self, column: str) -> tuple[bool, bool]:
        """Whether a column may be of consent, and whether it has dates that count."""
        said = self._mapped.get(column) or plain_field(column) or likely_role(column, ())
        is_spoken_of = any(key == column or key.startswith(f"{column}:") for key in self._mapped)
        is_of_consent = said in ROLES or is_weak(column) or may_end(column)
        is_of_consent = is_of_consent or (said is None and may_part(column) is not None)
        is_of_consent = is_of_consent or (said == "joined" and likely_role(column, ()) is not None)
        return is_spoken_of or is_of_consent, said in _DATED

    def _note(self, seen: Seen, text: str, line: int) -> None:
        found = meaning(text)
        seen.filled += found != "nothing"
        if found is not None:
            seen.meanings.setdefault(found, line)
            if found in LEFT:
                _keep(seen.left, text, line)
        elif _LIKE_A_DATE.fullmatch(text[:_SHORT]):
            _keep(seen.dates, text, line)
        else:
            _keep(seen.unknown, text, line)

    def _note_newsletters(self, column: str, text: str) -> None:
        for part in re.split(r"[\s,;]+", text[:2000]):
            if part and len(self.newsletters) < _MOST_WORDS:
                self.newsletters.add((column, part.partition("=")[0]))

    def _note_date(self, column: str, text: str, line: int) -> None:
        try:
            moment(text, None, self.now)
        except Ambiguous:
            self.ambiguous.setdefault(column, (text.strip()[:_SHORT], line))
        except Undated:
            pass
        else:
            self.clear.setdefault(column, (text.strip()[:_SHORT], line))


def text_of(value: str | bool | float) -> str:
    """Return a value of JSON as a cell of CSV would have it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _keep(words: dict[str, int], text: str, line: int) -> None:
    if len(words) < _MOST_WORDS:
        words.setdefault(text.strip()[:_SHORT], line)
