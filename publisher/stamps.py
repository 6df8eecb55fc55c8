"""How a folder stands: by the sizes and times of its files it is known that none was touched."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

import msgspec

RACY = 2_000_000_000
"""ns: a file changed this recently may change again within its timestamp, as git's index has it."""

Stat = tuple[int, int, int]
"""Size, and times of change of a file's bytes and of its entry in ns. No program sets the last."""


class Stats:
    """How files stand, by path: numbers in a row take a third of what tuples of them do."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._numbers = array("q")

    def put(self, path: str, stat: Stat) -> None:
        """Keep how a file stands from now on."""
        self._at[path] = len(self._numbers)
        self._numbers.extend(stat)

    def drop(self, path: str) -> None:
        """Know no more of a file."""
        self._at.pop(path, None)

    def of(self, paths: Iterable[str]) -> tuple[Stat | tuple[()], ...]:
        """Return how some files stand, () where there is none."""
        numbers, places = self._numbers, map(self._at.get, paths)
        return tuple(
            [() if at is None else (numbers[at], numbers[at + 1], numbers[at + 2]) for at in places]
        )

    def __contains__(self, path: str) -> bool:
        return path in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)


class Stand(msgspec.Struct, kw_only=True):
    """How a folder stands: `digest` is another one when a file below it is.

    `recent` are the files that changed since an instant, by path; `linked` are links to folders,
    in which nothing was looked at, `links` all there are. `total` is the sum of a number for each
    folder: one that is another, and was looked at before, is exchanged without the others.
    """

    recent: dict[str, Stat] = msgspec.field(default_factory=dict)
    linked: list[str] = msgspec.field(default_factory=list)
    links: list[str] = msgspec.field(default_factory=list)
    total: int = 0

    @property
    def digest(self) -> str:
        """A digest of it all."""
        return f"{self.total % (1 << 128):032x}"

    def add(self, other: Stand) -> None:
        """Count another folder as one that lies below this one."""
        self.total += other.total
        self.recent |= other.recent
        self.linked += other.linked
        self.links += other.links


def stand(
    folder: Path,
    since: int,
    apart: Collection[str] = (),
    see: Callable[[str, Stat], object] | None = None,
) -> Stand:
    """Look at every file below a folder, but in folders of `apart` (absolute paths); open none.

    `since` is an instant in ns: files that changed later are told; `see` is told of every file
    that is no link. Where the same names come in another order, a folder counts as another one:
    what is made of it once more is the same.
    """
    found = Stand()
    stack = [os.fspath(folder)]
    while stack:
        stack += look(stack.pop(), found, since, apart, see)
    return found


def look(
    below: str,
    found: Stand,
    since: int,
    apart: Collection[str] = (),
    see: Callable[[str, Stat], object] | None = None,
) -> list[str]:
    """Add to what was found what lies in one folder, as `stand` sees it; return its folders."""
    folders, names, numbers = [], [below], array("q")
    try:
        entries = os.scandir(below)
    except OSError as error:
        found.total += _number(f"{below}\0{error.errno}".encode("utf-8", "surrogateescape"))
        return []
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.path not in apart:
                    folders.append(entry.path)
                    names.append(f"{entry.name}/")
                continue
            names.append(entry.name)
            try:
                if is_link := entry.is_symlink():
                    names.append(f"-> {Path(entry.path).readlink()}")
                    found.links.append(entry.path)
                    if entry.is_dir():
                        found.linked.append(entry.path)
                stat = entry.stat()
            except OSError as error:  # a link to nowhere, or it went while we looked
                names.append(f"{error.errno}")
                continue
            own = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            numbers.extend(own)
            if own[2] >= since or own[1] >= since:
                found.recent[entry.path] = own
            if see and not is_link:
                see(entry.path, own)
    found.total += _number(os.fsencode("\0".join([*names, ""])) + numbers.tobytes())
    return folders


def _number(told: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(told, digest_size=16).digest(), "big")


def stamp(path: Path) -> Stat | None:
    """Return how one file stands, None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


Standing = tuple[Stat | None, Stat | None]
"""How a database of SQLite stands, and what is kept beside it of late (`-wal`)."""


def standing(database: Path) -> Standing:
    """Return how a database at a path stands."""
    return stamp(database), stamp(database.with_name(f"{database.name}-wal"))


def is_as_before(database: Path, before: Standing) -> bool:
    """Whether nobody has written to a database since it stood so, with all of it in its file.

    What is beside it may be gone: whoever closes it last takes that away, or leaves it empty.
    """
    whole, beside = standing(database)
    return whole == before[0] and (beside is None or beside[0] == 0 or beside == before[1])
