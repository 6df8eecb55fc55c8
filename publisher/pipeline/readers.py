"""subscribers add · import · list · show · export · remove · suppress · erase; segments; keys."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from publisher.audience import EXPORTED, Keys, Rows, address, csv_of, erased_key, language, zone
from publisher.errors import Problem, UnknownName, UsageError
from publisher.model import Candidate, Consent, Joined, Segment, Standing, Subscriber, Suppression
from publisher.outbox import put, remove_folder
from publisher.pipeline.workspace import Workspace

_BATCH = 1000  # rows of a transaction


@dataclass(kw_only=True, slots=True)
class Imported:
    """What became of an import's rows, by outcome; `columns` were not taken."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    columns: Sequence[str] = ()


def keys(space: Workspace) -> Keys:
    """Return the keys that sign links, made the first time they are needed."""
    secrets, newest = space.ledger.readers.secrets(space.now)
    return Keys(secrets, newest)


def add(
    space: Workspace, candidate: Candidate, newsletters: Sequence[str], how: str, *, again: bool
) -> Joined:
    """Add one reader by hand; `again` brings back one who left.

    Raises UsageError for a language or a time zone that is none.
    """
    for given, known, example in (
        (candidate.language, language, "de"),
        (candidate.zone, zone, "Europe/Berlin"),
    ):
        if given and not known(given):
            raise UsageError(f"{given!r} is none", todo=f"Write it as in {example}.")
    return _join(space, [candidate], _named(space, newsletters), how, "by hand", again)[0]


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
    names = _named(space, newsletters)
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
                _count(imported, path.name, _join(space, candidates, names, how, path.name))
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


def _join(
    space: Workspace,
    candidates: Sequence[Candidate],
    newsletters: Sequence[str],
    how: str,
    source: str,
    again: bool = False,
) -> list[Joined]:
    signing = keys(space)
    erased = {one.address.key: erased_key(signing, one.address.key) for one in candidates}
    return space.ledger.readers.join(
        candidates, newsletters, now=space.now, how=how, source=source, erased=erased, again=again
    )


def _named(space: Workspace, newsletters: Sequence[str]) -> list[str]:
    """The newsletters meant; the only one there is where none was named."""
    known = [newsletter.name for newsletter in space.publication.newsletters]
    if not newsletters and len(known) != 1:
        raise UsageError(
            "which newsletter is meant?",
            why=f"There are: {', '.join(known) or 'none'}.",
            todo="Name it: --newsletter NAME",
        )
    return [space.newsletter(name).name for name in newsletters] or known


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


def subscriber(space: Workspace, name: str) -> Subscriber:
    """Return the reader of an address; raise UnknownName."""
    found = space.ledger.readers.find(address(name).key)
    if found is None:
        raise UnknownName("subscriber", name, (), todo="List them: publisher subscribers list")
    return found


def consents(space: Workspace, reader: Subscriber) -> list[Consent]:
    """Return what a reader said of newsletters, oldest first."""
    return space.ledger.readers.consents(reader.id)


def subscribers(
    space: Workspace, newsletter: str = "", segment: str = "", *, active: bool = False
) -> Iterator[Subscriber]:
    """Yield readers in order of address."""
    if newsletter:
        space.newsletter(newsletter)
    wanted = segment_named(space, segment) if segment else None
    return space.ledger.readers.listed(newsletter, wanted, active=active)


def leave(space: Workspace, name: str, newsletters: Sequence[str]) -> list[str]:
    """End a reader's subscriptions, all of them by default; return those that were active."""
    reader = subscriber(space, name)
    names = [space.newsletter(one).name for one in newsletters]
    return space.ledger.readers.leave(reader.id, names, space.now, "by hand")


def suppress(
    space: Workspace, name: str, reason: Standing = "manual", detail: str = ""
) -> Suppression | None:
    """Never mail an address again; return the suppression it had before."""
    return space.ledger.readers.suppress(address(name).key, reason, space.now, detail)


def unsuppress(space: Workspace, name: str) -> Suppression | None:
    """Lift a suppression, of an erased reader as well; return it."""
    key, readers = address(name).key, space.ledger.readers
    return readers.unsuppress(key) or readers.unsuppress(erased_key(keys(space), key))


def erase(space: Workspace, name: str) -> bool:
    """Forget a reader but for a keyed hash; return whether anybody was known."""
    key = address(name).key
    remove_folder(space.state / "preview")  # a page there may show the mail as this reader's
    return space.ledger.readers.erase(key, erased_key(keys(space), key), space.now)


def export(readers: Iterator[Subscriber], path: Path | None) -> str:
    """Return readers as CSV, or write it to `path`, for the owner's eyes alone."""
    text = "".join(csv_of([EXPORTED, *map(_exported, readers)]))
    if path is not None:
        put(path, text.encode("utf-8-sig"))  # or a spreadsheet takes it for Latin 1
        path.chmod(0o600)
    return text


def _exported(reader: Subscriber) -> tuple[str, ...]:
    standing = (
        reader.suppression.reason
        if reader.suppression
        else ("active" if "active" in reader.subscriptions.values() else "unsubscribed")
    )
    return (
        reader.address,
        reader.name,
        reader.language,
        reader.zone,
        json.dumps(reader.tags, ensure_ascii=False) if reader.tags else "",
        " ".join(name for name, what in reader.subscriptions.items() if what == "active"),
        standing,
        reader.joined.isoformat(timespec="seconds"),
        json.dumps(reader.attributes, ensure_ascii=False) if reader.attributes else "",
    )


def segment_named(space: Workspace, name: str) -> Segment:
    """Return a segment by name; raise UnknownName."""
    for segment in space.publication.segments:
        if segment.name == name:
            return segment
    known = [segment.name for segment in space.publication.segments]
    raise UnknownName("segment", name, known, todo="Declare it in publisher.toml: [segments.NAME]")


def segment_counts(space: Workspace) -> dict[str, int]:
    """Return how many readers of any newsletter each segment has who can be mailed."""
    return {
        segment.name: space.ledger.readers.count(segment=segment)
        for segment in space.publication.segments
    }
