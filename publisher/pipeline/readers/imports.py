"""subscribers import: the readers of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice
from pathlib import Path

import msgspec

from publisher.audience.imports.dates import Order
from publisher.audience.imports.passes import readers, surveyed
from publisher.errors import Problem, UsageError
from publisher.model import Candidate, Joined
from publisher.pipeline.readers.encodings import ENCODINGS, encoding_of
from publisher.pipeline.readers.subscribers import join, newsletters_named
from publisher.pipeline.workspace import Workspace

_BATCH = 1000  # rows of a transaction


class Imported(msgspec.Struct, kw_only=True):
    """What became of an import: readers by outcome, and rows that were refused or said no more.

    `rows` is the sum of all counts; `columns` were not taken.
    """

    rows: int = 0
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    problems: list[Problem] = msgspec.field(default_factory=list)
    columns: Sequence[str] = ()


def import_file(
    space: Workspace,
    path: Path,
    newsletters: Sequence[str],
    given: Mapping[str, str],
    how: str,
    *,
    order: Order | None = None,
    everyone: str = "",
    dry: bool = False,
) -> Imported:
    """Add the readers of a CSV or JSON Lines file; the rows that cannot be taken are named.

    All of the file is looked at before anything is taken: see `audience.surveyed`, which raises
    UsageError for what the editor must say first. A run that dies can be run again: who is in
    already is known. Nobody who left comes back.
    """
    names = newsletters_named(space, newsletters)
    _check_kind(path)
    lines, encoding = _lines(path), encoding_of(path)
    imported = Imported()
    if encoding in ENCODINGS:
        imported.problems.append(
            Problem(
                what=f"it is not UTF-8, and was read as {ENCODINGS[encoding]}",
                path=path.name,
                severity="warning",
                why="If names look wrong, save it as UTF-8.",
            )
        )
    with path.open(encoding=encoding, errors="replace", newline="") as file:

        def looked(line: int) -> None:
            space.progress(f"Reading {path.name}", min(line, lines - 1), lines)

        known = surveyed(
            file, path.name, given, order, space.now, everyone=everyone, progress=looked
        )
        _check_newsletters(known.plan.newsletters, names, path.name)
        imported.columns = known.plan.unused
        for batch in _batches(readers(file, known)):
            imported.problems += [one for one in batch if isinstance(one, Problem)]
            named = [one for one in batch if isinstance(one, Candidate)]
            candidates = [one for one in named if not one.address.is_domain]
            for one in named:
                if one.address.is_domain:
                    _suppress(space, imported, path.name, one, dry=dry)
            if dry:
                imported.counts.update(_foreseen(one, names) for one in candidates)
            else:
                _count(imported, path.name, join(space, candidates, names, how, path.name))
            imported.counts["repeated"] += sum(one.rows - 1 for one in candidates)
            last = max((one.line or 0 for one in batch), default=0)
            space.progress(f"Importing {path.name}", min(last, lines), lines)
    imported.counts["refused"] = sum(p.severity == "error" for p in imported.problems)
    imported.rows = imported.counts.total()
    space.progress(f"Importing {path.name}", lines, lines)
    return imported


_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers")
_PACKED = {
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "packed",
    b"\xd0\xcf\x11\xe0": "a spreadsheet",
}


def _check_kind(path: Path) -> None:
    """A spreadsheet, or the archive that Mailchimp and others make, is no text."""
    with path.open("rb") as file:
        start = file.read(4)
    kind = next((what for mark, what in _PACKED.items() if start.startswith(mark)), None)
    if kind and path.suffix.lower() in _SPREADSHEETS:
        kind = "a spreadsheet"
    if kind == "a spreadsheet":
        raise UsageError(f"{path.name} is a spreadsheet", todo="Save it as CSV (UTF-8).")
    if kind:
        todo = "Unpack it, and import each file in it by itself: those who left as well."
        raise UsageError(f"{path.name} is {kind}", todo=todo)


def _check_newsletters(there: Set[str], names: Sequence[str], file: str) -> None:
    """A file that names newsletters, and none that is meant, is of no consent to these."""
    if there and not there & set(names):
        other, here = sorted(there)[0], names[0]
        raise UsageError(
            f"{file} is of other newsletters: {', '.join(sorted(there))}",
            why=f"Nobody in it asked for {' or '.join(names)}.",
            todo=f"If it is the same under another name: --map newsletters:{other}={here}",
        )


def _batches(rows: Iterator[Candidate | Problem]) -> Iterator[list[Candidate | Problem]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _count(imported: Imported, name: str, joined: Sequence[Joined]) -> None:
    for one in joined:
        imported.counts[one.what] += 1
        if one.reason and one.what in ("kept", "added", "subscribed") and _wants(one.candidate):
            imported.problems.append(
                Problem(
                    what=f"{one.candidate.address.text} is left as it is: {one.reason}",
                    path=name,
                    line=one.candidate.line,
                    severity="note",
                )
            )


def _suppress(
    space: Workspace, imported: Imported, name: str, one: Candidate, *, dry: bool
) -> None:
    """Take in that all of a domain is suppressed; nobody can subscribe it."""
    if one.said.what in ("bounced", "complained", "manual"):
        imported.counts[one.said.what] += 1
        if not dry:
            at, why = one.said.ended or space.now, one.ending or name
            space.ledger.readers.suppress(one.address.key, one.said.what, at, why)
        return
    imported.problems.append(
        Problem(
            what=f"{one.address.text} is no address",
            path=name,
            line=one.line,
            why="It stands for all of a domain, which can be suppressed and not subscribed.",
        )
    )


def _foreseen(one: Candidate, names: Sequence[str]) -> str:
    """What an import would make of a reader whom nobody knows here."""
    if one.said.what in ("bounced", "complained", "manual"):
        return one.said.what
    said = {one.of(name).what for name in names}
    if "active" in said:
        return "readable"
    return "left" if "unsubscribed" in said else min(said)


def _wants(candidate: Candidate) -> bool:
    return "active" in {said.what for said in (candidate.said, *candidate.named.values())}


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
