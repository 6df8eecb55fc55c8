"""Readers → CSV that a spreadsheet opens without running it, and that an import takes whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

EXPORTED = (
    "address",
    "name",
    "language",
    "zone",
    "tags",
    "newsletters",
    "newsletters_left",
    "standing",
    "standing_since",
    "joined",
    "attributes",
)
"""Columns of an export, in order. `newsletters_left` is `NEWSLETTER=INSTANT` for each that
a reader left."""


def csv_of(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Return the lines of an export.

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
