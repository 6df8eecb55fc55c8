"""subscribers import: the readers of a file."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice
from pathlib import Path

import msgspec

from publisher.audience.imports.dates import Order
from publisher.audience.imports.headings import plain_field
from publisher.audience.imports.likeness import likely_role
from publisher.audience.imports.passes import readers, surveyed
from publisher.errors import Problem, UsageError
from publisher.model import Candidate, Joined
from publisher.pipeline.readers.subscribers import join, newsletters_named
from publisher.pipeline.workspace import Workspace
from publisher.returns.guessing import guessed

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
    lines, encoding = _lines(path), _encoding(path)
    imported = Imported()
    if encoding in _ENCODINGS:
        imported.problems.append(
            Problem(
                what=f"it is not UTF-8, and was read as {_ENCODINGS[encoding]}",
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


def _encoding(path: Path) -> str:
    """UTF-8 if all of it is, UTF-16 by its mark, else what Windows wrote where it is read."""
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
            file.seek(0)
            return _old_encoding(path.name, file.read(1 << 20))
    return "utf-8-sig"


_ENCODINGS = {
    "cp1252": "Windows-1252", "cp1251": "Windows-1251", "koi8-r": "KOI8-R", "cp866": "CP 866",
    "cp932": "Shift JIS", "euc-jp": "EUC-JP", "gb18030": "GB 18030", "big5hkscs": "Big5",
    "cp949": "EUC-KR", "cp1253": "Windows-1253", "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
}  # fmt: skip
_ALIKE = ("utf-8", "mac_roman", "cp850", "cp1250", "cp1254")  # for which cp1252 is taken
_BETWEEN = re.compile(rb"[,;\t\r\n\"]+")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")


def _old_encoding(name: str, data: bytes) -> str:
    """Return the codec in which headings of another script are known, or that letters speak for.

    Raises UsageError where such headings are known in none: one of them may tell who left.
    """
    guess = _guessed(b" ".join(cell for cell in _BETWEEN.split(data) if not cell.isascii()))
    heading = (data.splitlines() or [b""])[0][:10_000]
    if misread := _misread(heading, guess):
        raise _of_unknown(name, misread)
    foreign = _foreign(heading, guess)
    if not foreign:
        return guess
    for codec in (guess, *_ENCODINGS):
        if any(plain_field(one) or likely_role(one, ()) for one in _foreign(heading, codec)):
            return codec
    raise _of_unknown(name, foreign[0])


def _of_unknown(name: str, heading: str) -> UsageError:
    return UsageError(
        f"{name} is not UTF-8, and its heading {heading[:40]!r} is known to nobody",
        why="It may tell who left.",
        todo="Save it as CSV (UTF-8), and import that.",
    )


def _misread(heading: bytes, guess: str) -> str:
    """A heading that tells who left in another encoding, and not as it is read; "" for none."""
    columns = re.split(rb"[,;\t|\"]+", heading.strip())
    for column in (one for one in columns if not one.isascii()):
        read = column.decode(guess, "replace")
        others = (column.decode(codec, "replace") for codec in _ALIKE)
        if not _tells_who_left(read) and any(map(_tells_who_left, others)):
            return read
    return ""


def _tells_who_left(heading: str) -> bool:
    return likely_role(heading, ()) in ("unsubscribed", "bounced", "complained", "blocked")


def _guessed(cells: bytes) -> str:
    """Return the codec of cells that are not ASCII; words of Latin letters have few accents."""
    words = b"".join(word for word in _WORD.findall(cells) if not word.isascii())
    accents = len(words) - len(words.translate(None, bytes(range(0x80, 0x100))))
    return "cp1252" if accents * 2 <= len(words) else guessed(cells)


def _foreign(heading: bytes, codec: str) -> list[str]:
    """The headings of which most letters are of another script than the Latin one."""
    columns = re.split(r"[,;\t|\"]+", heading.decode(codec, "replace").strip())
    return [name for name in columns if sum(c > "\x7f" for c in name) * 2 > len(name)]
