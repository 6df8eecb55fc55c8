"""subscribers import: the readers of a file."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from publisher.audience import Rows
from publisher.errors import Problem
from publisher.model import Candidate, Joined
from publisher.pipeline.readers.subscribers import join, newsletters_named
from publisher.pipeline.workspace import Workspace

_BATCH = 1000  # rows of a transaction


@dataclass(kw_only=True, slots=True)
class Imported:
    """What became of an import's rows, by outcome; `columns` were not taken."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    columns: Sequence[str] = ()


def import_file(
    space: Workspace,
    path: Path,
    newsletters: Sequence[str],
    given: Mapping[str, str],
    how: str,
    *,
    dry: bool = False,
) -> Imported:
    """Add the readers of a CSV or JSON Lines file; the rows that cannot be taken are named.

    A run that dies can be run again: who is in already is known. Nobody who left comes back.
    """
    names = newsletters_named(space, newsletters)
    lines = _lines(path)
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        rows = Rows(file, path.name, given)
        imported = Imported(columns=rows.mapping.unused)
        if encoding == "cp1252":
            imported.problems.append(
                Problem(
                    what="it is not UTF-8, and was read as Windows-1252",
                    path=path.name,
                    severity="warning",
                    why="If names look wrong, save it as UTF-8.",
                )
            )
        for batch in _batches(iter(rows)):
            imported.problems += [row for row in batch if isinstance(row, Problem)]
            candidates = [row for row in batch if isinstance(row, Candidate)]
            imported.problems += [
                Problem(
                    what=f"{row.address.text}: {one}",
                    path=path.name,
                    line=row.line,
                    severity="note",
                )
                for row in candidates
                for one in row.dropped
            ]
            if dry:
                imported.counts["readable"] += len(candidates)
            else:
                _count(imported, path.name, join(space, candidates, names, how, path.name))
            last = max((row.line or 0 for row in batch), default=0)
            space.progress(f"Importing {path.name}", min(last, lines), lines)
    imported.counts["refused"] = sum(p.severity == "error" for p in imported.problems)
    space.progress(f"Importing {path.name}", lines, lines)
    return imported


def _batches(rows: Iterator[Candidate | Problem]) -> Iterator[list[Candidate | Problem]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _count(imported: Imported, name: str, joined: Sequence[Joined]) -> None:
    for one in joined:
        imported.counts[one.what] += 1
        if one.what == "kept" and one.candidate.standing == "active":
            imported.problems.append(
                Problem(
                    what=f"{one.candidate.address.text} is left as it is: {one.reason}",
                    path=name,
                    line=one.candidate.line,
                    severity="note",
                )
            )


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _encoding(path: Path) -> str:
    """UTF-8 if all of it is, UTF-16 by its mark, else what Windows wrote."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
