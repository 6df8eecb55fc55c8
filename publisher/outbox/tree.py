"""A folder every file of which is ours: made from a key, and gone when nobody wants it any more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.outbox.files import put_all
from publisher.outbox.memory import digest, digest_of, remember, remembered, standing
from publisher.outbox.packing import SUFFIXES, packed_beside, with_packed

_BATCH = 200  # files on their way to the disk together,
_BYTES = 16_000_000  # or so many bytes
_SMALL = 200  # bytes: not worth packing


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that is to be written."""

    key: str
    note: Any
    data: bytes
    packing: bool


class Tree:
    """What lies in a folder, what it was made from, and what of it is still wanted.

    The memory (`memory`, a file) is disposable: without it, or in another format than `format_`,
    everything is made anew, compared, and not rewritten. A file counts only as it was left: with
    its sizes and times, or at least its bytes. Of every text a packed `.gz` and `.br` lies beside
    it. `fits` tells whether a note is one of the caller's. `damage` is why the memory could not be
    read, "" where nothing was wrong with it.
    """

    def __init__(
        self,
        folder: Path,
        memory: Path,
        format_: int,
        fits: Callable[[Any], bool] = lambda _: True,
    ) -> None:
        self.folder, self._memory, self._format = folder, memory, format_
        self.written: list[Path] = []
        self.removed: list[Path] = []
        self.unchanged = 0
        self._lying = dict(_lying(folder, ""))
        self._known, self.damage = _remembered(memory, format_, fits)
        self._kept: dict[str, list[Any]] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._bytes = 0

    def note(self, path: str) -> Any:
        """Return what was noted when a file was put, None where nothing is known."""
        known = self._known.get(path)
        return known[2] if known else None

    def holds(self, path: str, key: str) -> bool:
        """Whether a file lies there as it was made from `key`; then it is wanted still."""
        known = self._known.get(path)
        if known is None or known[0] != key or not self._is_as_left(path, known):
            return False
        self._kept[path] = known
        self.unchanged += 1
        return True

    def _is_as_left(self, path: str, known: list[Any]) -> bool:
        """Whether a file and its packed ones are as they were left, by times or at least bytes."""
        now = self._standing(path)
        if known[1] == now and len(known) > 3:
            return True
        if [one[:2] for one in known[1]] != [one[:2] for one in now]:
            return False
        # Somebody touched it, and may have put its time back: or it is of before digests were kept.
        digest = digest_of(self._lying_with(path))
        if len(known) > 3 and known[3] != digest:
            return False
        known[1:] = [now, known[2], digest]
        return True

    def distrust(self) -> None:
        """Look at every file's bytes: those that somebody changed are to be made anew."""
        for path in _changed(self.folder, self._known):
            self._known[path][0] = ""  # what was noted of it holds still

    def _lying_with(self, path: str) -> list[Path]:
        return _with_those_packed(self.folder / path)

    def put(
        self, path: str, key: str, data: bytes, note: Any = None, *, packing: bool = True
    ) -> None:
        """Make a file hold `data`, made from `key`; it is on the disk after `finish` at the latest.

        The packed files are in place before it: whoever looks in between finds an old page in two
        sizes rather than a new one in one.
        """
        self._waiting[path] = _Waiting(key, note, data, packing and len(data) > _SMALL)
        self._bytes += len(data)
        if len(self._waiting) >= _BATCH or self._bytes >= _BYTES:
            self._write()

    def clear(self, wanted: Collection[str]) -> None:
        """Take away everything but some files and their packed ones, before anything is made.

        What is made may fail, and what is not wanted must be gone all the same.
        """
        kept = {one.as_posix() for path in wanted for one in with_packed(Path(path))}
        for path in sorted(self._lying.keys() - kept):
            self._take(path)
        self._tidy()

    def drop(self, may_stay: Callable[[Any], bool]) -> None:
        """Take away what was not made anew and may not stay, by what was noted of it.

        Files that are no pages, and of which nothing was noted, show nobody's words: they stay.
        """
        for path in [one for one in self._lying if one not in self._kept]:
            note = self.note(path)
            is_page = path.endswith((".html", ".htm", ".xml"))
            if (is_page or note is not None) and not may_stay(note):
                for one in with_packed(Path(path)):
                    if one.as_posix() in self._lying:
                        self._take(one.as_posix())
        self._tidy()

    def abandon(self) -> None:
        """Keep what was made so far, as well as may be, for making the rest has failed."""
        with suppress(OSError):
            self._write()
        for path in self._lying.keys() & self._known.keys() - self._kept.keys():
            self._kept[path] = self._known[path]
        with suppress(OSError):
            self._save()

    def finish(self) -> None:
        """Write what waits, and remember it."""
        self._write()
        self._save()

    def _save(self) -> None:
        whole = {"format": self._format, "files": self._kept}
        text = json.dumps(whole, separators=(",", ":"), sort_keys=True)
        remember(self._memory, text.encode())

    def _write(self) -> None:
        with ThreadPoolExecutor() as threads:  # packing leaves the interpreter to others
            found = threads.map(self._files, self._waiting.keys(), self._waiting.values())
            made = dict(zip(self._waiting, found, strict=True))
        changed = put_all({path: data for files in made.values() for path, data in files.items()})
        for path, waiting in self._waiting.items():
            own = made[path]
            if changed.isdisjoint(own):
                self.unchanged += 1
            else:
                self.written.append(self.folder / path)
            for one in with_packed(Path(path)):  # one that is packed no more is not wanted
                whole = self.folder / one
                if whole in own:
                    self._lying[one.as_posix()] = standing(whole)
                elif self._lying.pop(one.as_posix(), None):
                    whole.unlink(missing_ok=True)
            written = (own[one] for one in with_packed(self.folder / path) if one in own)
            self._kept[path] = [
                waiting.key,
                self._standing(path),
                waiting.note,
                digest(written),
            ]
        self._waiting.clear()
        self._bytes = 0

    def _files(self, path: str, waiting: _Waiting) -> dict[Path, bytes]:
        """A file with its packed ones before it."""
        whole = self.folder / path
        return {
            **(packed_beside(whole, waiting.data) if waiting.packing else {}),
            whole: waiting.data,
        }

    def _take(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)
        self._lying.pop(path, None)
        self.removed.append(self.folder / path)

    def _tidy(self) -> None:
        """Take away folders that have become empty: their names are those of stories."""
        for folder in sorted({path.parent for path in self.removed}, reverse=True):
            _remove_empty(folder, self.folder)

    def _standing(self, path: str) -> list[list[int]]:
        """Size and times of a file and its packed ones, as JSON would hold them."""
        return [list(self._lying.get(path + suffix, ())) for suffix in ("", *SUFFIXES.values())]


def changed(folder: Path, memory: Path, format_: int) -> list[Path]:
    """Return the files of a `Tree` that somebody changed since they were made, by their bytes."""
    known, _ = _remembered(memory, format_, lambda _: True)
    return [folder / path for path in _changed(folder, known)]


def _changed(folder: Path, known: Mapping[str, list[Any]]) -> list[str]:
    return [
        path
        for path, made in known.items()
        if len(made) > 3 and digest_of(_with_those_packed(folder / path)) != made[3]
    ]


def _with_those_packed(path: Path) -> list[Path]:
    """A file, and those of its packed ones that lie there."""
    _, *others = with_packed(path)
    return [path, *(one for one in others if standing(one)[0] >= 0)]


def _remembered(
    path: Path, format_: int, fits: Callable[[Any], bool]
) -> tuple[Mapping[str, list[Any]], str]:
    """What a memory says of each file, and what is wrong with it."""
    whole, damage = remembered(path)
    if whole is None:
        return {}, damage
    known, files = whole.get("format"), whole.get("files")
    if isinstance(known, int) and known < format_:
        return {}, ""  # of an older publisher
    if known != format_ or not isinstance(files, dict):
        return {}, "it is not ours"
    if not all(_is_entry(made) and fits(made[2]) for made in files.values()):
        return {}, "what it says of a file is not ours"
    return files, ""


def _is_entry(made: Any) -> bool:
    """Whether a key, what stood there, a note and, since digests are kept, one of these."""
    if not isinstance(made, list) or len(made) not in (3, 4) or not isinstance(made[1], list):
        return False
    if len(made[1]) != 3 or not all(map(_is_standing, made[1])):
        return False
    return isinstance(made[0], str) and isinstance(made[-1], str | None | dict)


def _is_standing(stat: Any) -> bool:
    return isinstance(stat, list) and all(isinstance(one, int) for one in stat)


def _lying(folder: Path, below: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Every file of a folder, by path below it, with size and times."""
    try:
        entries = list(os.scandir(folder / below))
    except OSError:
        return
    for entry in entries:
        path = f"{below}{entry.name}"
        if entry.name.startswith(".") and not entry.name.endswith(".aside"):
            continue  # what a web server reads is not ours
        if entry.is_symlink():  # whatever it leads to, nothing is to be written through it
            Path(entry.path).unlink(missing_ok=True)
        elif entry.is_dir(follow_symlinks=False):
            yield from _lying(folder, f"{path}/")
        else:
            stat = entry.stat(follow_symlinks=False)
            yield path, (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
