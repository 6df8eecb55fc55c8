"""Where each key of a TOML text stands."""

from __future__ import annotations

import re

_LONGEST_NAME = 300  # characters


def toml_lines(text: str) -> dict[str, int]:
    """Return on which line (from 1) each key of a TOML text stands, keyed by dotted path.

    Members of an array of tables are numbered: `newsletters.morning.sections.0.max`. Made for
    messages: a key within an inline table or a multi-line value may be missing or mistaken.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[\[([^\]]+)\]\]", line):
            name = _dotted(found[1])
            table = f"{name}.{counts.setdefault(name, 0)}"
            counts[name] += 1
        elif found := re.match(r"\s*\[([^\]]+)\]", line):
            table = _dotted(found[1])
        elif found := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            key = _dotted(found[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            continue
        else:
            continue
        lines.setdefault(table, number)
        lines.setdefault(table.split(".")[0], number)
    return lines


def _dotted(name: str) -> str:
    """A key's path as it is kept; of one beyond measure, which stands in many, the beginning."""
    return ".".join(part.strip().strip("\"'") for part in name[:_LONGEST_NAME].split("."))
