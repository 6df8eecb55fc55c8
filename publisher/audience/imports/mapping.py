"""What the editor said of columns and their words with `--map`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from publisher.audience.imports.headings import COLUMNS, plain_field
from publisher.audience.imports.words import Word, folded
from publisher.errors import UsageError, suggestion

MEANINGS: dict[str, Word] = {
    "active": "active",
    "unsubscribed": "unsubscribed",
    "bounced": "bounced",
    "complained": "complained",
    "blocked": "manual",
    "pending": "pending",
    "-": "pending",
}
"""What a word of a status may be said to mean: `--map COLUMN:WORD=MEANING`; `-` leaves such rows
out, as those who never confirmed are."""


class Given(msgspec.Struct, frozen=True):
    """What the editor said with `--map`: fields of columns, and meanings of their words."""

    fields: Mapping[str, str]
    words: Mapping[tuple[str, str], str]

    def word(self, column: str, text: str) -> str | None:
        """What the editor said that a word of a column means; `*` stands for every word."""
        if not self.words:
            return None
        return self.words.get((column, folded(text))) or self.words.get((column, "*"))

    def knows(self, column: str, text: str) -> bool:
        """Whether the editor said what a word means."""
        return self.word(column, text) is not None


def given(pairs: Mapping[str, str], columns: Sequence[str]) -> Given:
    """Take `--map` apart; `columns` are all of the file. Raises UsageError."""
    fields: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    for key, value in pairs.items():
        column, word = _column_of(key, columns)
        if word is None:
            _check_field(value)
            fields[column] = value
        else:
            if value not in MEANINGS and plain_field(column) != "newsletters":
                known = ", ".join(MEANINGS)
                raise UsageError(f"{value!r} is no meaning of a word", why=f"There are: {known}.")
            words[column, "*" if word == "*" else folded(word)] = value
    return Given(fields, words)


def _column_of(key: str, columns: Sequence[str]) -> tuple[str, str | None]:
    """`COLUMN`, or `COLUMN:WORD`: both may hold a colon."""
    if key in columns:
        return key, None
    for at in (at for at, letter in enumerate(key) if letter == ":"):
        if key[:at] in columns:
            return key[:at], key[at + 1 :]
    name = key.partition(":")[0]
    raise UsageError(f"there is no column {name!r}", why=suggestion(name, columns))


def _check_field(value: str) -> None:
    if value != "-" and value not in COLUMNS and not value.startswith("attributes."):
        raise UsageError(
            f"{value!r} is no field",
            why=suggestion(value, COLUMNS),
            todo="Write --map COLUMN=FIELD, attributes.NAME for one of your own.",
        )
