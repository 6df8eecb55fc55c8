"""An export of another system → article files, once: written aside, fsynced, renamed.

What was written is remembered, so that a second import changes nothing, and what an editor changed
since is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from publisher.errors import Problem, SourceError, UsageError
from publisher.exports import (
    Imported,
    LeftOut,
    Order,
    Pack,
    Place,
    System,
    apart,
    article_file,
)
from publisher.exports.picturing import Pictures
from publisher.exports.words import host_of
from publisher.ledger import locked
from publisher.outbox.files import put, put_all
from publisher.pipeline.illustrating import Copied, Illustrator
from publisher.pipeline.workspace import Workspace

_MEMORY = "imports.json"
_READERS = re.compile(r"(?:members|subscribers|email_list)[^/]*\.csv\Z", re.IGNORECASE)
_BATCH = 200  # articles that are written at once
_MOST_PROBLEMS = 10_000


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asked for: `folder` below the articles, `site` where the export was on the web.

    `replace` writes over what an editor changed; `dry` writes nothing.
    """

    folder: str = ""
    site: str = ""
    kinds: tuple[str, ...] = ("post",)
    replace: bool = False
    dry: bool = False


class Report(msgspec.Struct):
    """What came of an import. `counts` are articles by what became of each; `left_out` by reason.

    `lost` are parts of texts by name; `pictures` what became of pictures; `written` are paths from
    the publication's folder on, `readers` files of readers that lie in the export.
    """

    system: str
    counts: Counter[str] = msgspec.field(default_factory=Counter)
    drafts: int = 0
    hidden: int = 0
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    lost: Counter[str] = msgspec.field(default_factory=Counter)
    notes: Counter[str] = msgspec.field(default_factory=Counter)
    pictures: Counter[str] = msgspec.field(default_factory=Counter)
    problems: list[Problem] = msgspec.field(default_factory=list)
    written: list[str] = msgspec.field(default_factory=list)
    example: str = ""
    readers: list[str] = msgspec.field(default_factory=list)

    @property
    def found(self) -> int:
        """How many articles the export holds of those that were wanted."""
        return sum(self.counts.values())

    def tell(self, problem: Problem) -> None:
        """Keep a problem: so many, and no more, are of use."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)


def import_export(
    space: Workspace,
    system: System,
    paths: Sequence[Path],
    wish: Wish,
    illustrator: Illustrator | None = None,
) -> Report:
    """Read an export and write its articles; raise UsageError, or SourceError for no export at all.

    What is damaged in it is a problem of the report, and the rest goes on.
    """
    own = space.publication
    folder = space.root / own.articles
    site = _site(wish.site or own.base_url)
    order = Order(site=site, zone=own.zone, kinds=frozenset(wish.kinds), progress=space.progress)
    place = Place(
        base_url=own.base_url, language=own.language, folder=_folder(wish, folder),
        moves=system.moves,
    )  # fmt: skip
    report = Report(system.name)
    with locked(space.state / "import.lock"), Pack(paths) as pack:
        for one in pack.passed_over:
            report.left_out[one.reason] += 1
        report.readers = [one.place for one in pack.ending(".csv") if _READERS.search(one.name)]
        hosts = frozenset({host_of(site), host_of(own.base_url)})
        pictures = Pictures(pack, own.base_url, hosts)
        writer = _Writer(space, folder, place, wish, report)
        copied = Copied(pack, folder, pictures, illustrator, report.pictures, dry=wish.dry)
        for article in _wanted(system.read(pack, order), report):
            writer.take(copied.placed(article))
        writer.end()
    if not report.found and not report.left_out and report.problems:
        raise _no_export(report.problems[0])
    return report


def _wanted(found: Iterable[Any], report: Report) -> Iterator[Imported]:
    """The articles of an export; the rest is counted."""
    for one in found:
        if isinstance(one, Problem):
            report.tell(one)
        elif isinstance(one, LeftOut):
            report.left_out[one.reason] += 1
            if one.is_fault:
                what = f"left out: {one.title[:80]!r}: {one.reason}" if one.title else one.reason
                report.tell(Problem(what=what, path=one.place or None))
        else:
            yield one


def _no_export(problem: Problem) -> SourceError:
    return SourceError(
        problem.what, why=problem.why, todo=problem.todo, path=problem.path, line=problem.line
    )


def _site(address: str) -> str:
    if not host_of(address) or not address.startswith(("http://", "https://")):
        raise UsageError(
            f"--site {address!r} is no address of a site", todo="Write it as https://blog.example/"
        )
    return address if address.endswith("/") else f"{address}/"


def _folder(wish: Wish, articles: Path) -> str:
    """The folder for articles, below that of all; UsageError where it leads out, or is not read."""
    parts = Path(wish.folder).parts
    is_inside = (articles / wish.folder).resolve().is_relative_to(articles.resolve())
    if not is_inside or any(part.startswith((".", "_")) for part in parts):
        raise UsageError(
            f"--to {wish.folder} is no folder of the articles",
            todo="Name one below the articles folder, such as --to archive.",
        )
    return Path(wish.folder).as_posix() if parts else ""


class _Writer:
    """Writes articles in batches, and remembers by id what it wrote."""

    def __init__(
        self, space: Workspace, articles: Path, place: Place, wish: Wish, report: Report
    ) -> None:
        self.articles, self.place, self.wish, self.report = articles, place, wish, report
        self.memory = space.state / _MEMORY
        self.known: dict[str, list[str]] = _remembered(self.memory)
        self.shown = space.publication.articles
        self.elsewhere = {name: path for name, path, *_ in space.ledger.articles.all()}
        self.owner = {path.casefold(): name for name, (path, _) in self.known.items()}
        self.seen: set[str] = set()
        self.batch: dict[Path, bytes] = {}

    def take(self, article: Imported) -> None:
        """Decide what becomes of an article, and write it, or leave what is there."""
        if article.id in self.seen:
            self.report.left_out["the same article once more"] += 1
            return
        self.seen.add(article.id)
        made = article_file(article, self.place)
        path = self.path_of(article.id, made.stem)
        became = self.decided(article.id, path, made.data)
        self.report.counts[became] += 1
        self.report.drafts += made.is_draft
        self.report.hidden += not made.is_draft and article.status != "published"
        self.report.lost.update(article.lost)
        self.report.notes.update(made.notes)
        self.report.example = self.report.example or article.id
        if became in ("written", "replaced"):
            self.report.written.append(str(self.shown / path))
            self.batch[self.articles / path] = made.data
        if became in ("written", "replaced", "unchanged"):
            self.known[article.id] = [path, hashlib.sha256(made.data).hexdigest()]
        if len(self.batch) >= _BATCH:
            self.flush()

    def path_of(self, name: str, stem: str) -> str:
        """Where an article goes: where it went before, or where nothing else is."""
        if name in self.known:
            return self.known[name][0]
        path = f"{stem}.html"
        if self.owner.setdefault(path.casefold(), name) != name or self.is_anothers(path, name):
            path = f"{apart(stem, name)}.html"
            self.owner[path.casefold()] = name
        return path

    def is_anothers(self, path: str, name: str) -> bool:
        """Whether a file is there that is not this article."""
        try:
            with (self.articles / path).open("rb") as file:
                head = file.read(4096)
        except OSError:
            return False
        return (
            f"id: {json.dumps(name, ensure_ascii=False)}\n".encode("utf-8", "replace") not in head
        )

    def decided(self, name: str, path: str, data: bytes) -> str:
        """What becomes of an article whose file may be there already."""
        there = _bytes_of(self.articles / path)
        if there == data:
            return "unchanged"
        other = self.elsewhere.get(name)
        if there is None and other and other != path and (self.articles / other).is_file():
            return "there already, in another file"
        if there is None:
            is_gone = name in self.known and not self.wish.replace
            return "taken away here since, and left so" if is_gone else "written"
        is_ours = hashlib.sha256(there).hexdigest() == self.known.get(name, ["", ""])[1]
        return "replaced" if is_ours or self.wish.replace else "edited here since, and left so"

    def flush(self) -> None:
        if not self.wish.dry:
            for path in self.batch:
                if not path.parent.resolve().is_relative_to(self.articles.resolve()):
                    raise UsageError(f"{path.parent} leads out of the articles folder")
            put_all(self.batch)
        self.batch.clear()

    def end(self) -> None:
        """Write the rest, and remember."""
        self.flush()
        if not self.wish.dry and self.seen:
            kept = {"version": 1, "articles": self.known}
            put(self.memory, (json.dumps(kept, ensure_ascii=False, indent=0) + "\n").encode())


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return b""


def _remembered(path: Path) -> dict[str, list[str]]:
    """By id: where an article was written to, and its digest. Lost, it makes edits look like none
    of ours: then nothing is written over.
    """
    try:
        found: Mapping[str, Any] = json.loads(path.read_bytes())["articles"]
        return {
            str(name): [str(value[0]), str(value[1])]
            for name, value in found.items()
            if not Path(str(value[0])).is_absolute() and ".." not in Path(str(value[0])).parts
        }
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
    ):
        return {}
