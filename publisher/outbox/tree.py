"""A folder every file of which is ours: made from a key, and gone when nobody wants it any more."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from publisher.outbox.entries import Stood
from publisher.outbox.files import put_all
from publisher.outbox.memory import Memory
from publisher.outbox.packing import ENDS, SUFFIXES, packed_beside, with_packed
from publisher.stamps import Stand, Stat, Stats, look, stamp

_BATCH = 1000  # files on their way to the disk together,
_BYTES = 8_000_000  # or so many bytes
_SMALL = 200  # bytes: not worth packing
_NEVER = 1 << 62  # ns since 1970


class _Waiting(msgspec.Struct, frozen=True):
    """A file that is to be written."""

    key: str
    note: Any
    data: bytes
    packing: bool
    packed: Mapping[str, bytes]


_Made = dict[str, dict[Path, bytes]]  # a file with its packed ones before it, by path


class Tree:
    """What lies in a folder, what it was made from (`memory`), and what of it is still wanted.

    With `packing` a packed `.gz` and `.br` of every text lies beside it. `is_apart` tells, by its
    path, a file that somebody else looks after; of notes `Memory` is told: `fits`, `shows`. At most
    `jobs` processes look at what lies there.
    """

    def __init__(
        self,
        folder: Path,
        memory: Path,
        format_: int,
        fits: Callable[[Any], bool] = lambda _: True,
        is_apart: Callable[[str], bool] = lambda _: False,
        *,
        packing: bool = True,
        shows: Callable[[Any], Iterable[str]] = lambda _: (),
        older: Callable[[Any], Any] = lambda _: None,
        jobs: int = 1,
    ) -> None:
        self.folder, self._packing = folder, packing
        self.memory = Memory(
            folder,
            memory,
            format_,
            fits=fits,
            shows=shows,
            older=older,
            standing=self._standing,
        )
        self.written: list[Path] = []
        self.removed: list[Path] = []
        self.unchanged = 0
        self.told: Mapping[str, Any] = {}
        self._changed: set[str] = set()  # folders in which something is written or removed
        self._before = Stand()  # how they stood
        self._is_apart = is_apart
        self._lying = Stats()
        self._top = f"{folder}/"
        from publisher.workers.looking import stand_of_many  # whoever only asks looks at nothing

        self._stood = stand_of_many(folder, _NEVER, self._see, jobs=jobs)
        for link in filter(self._is_ours, self._stood.links):
            self._changing(Path(link))
            Path(link).unlink(missing_ok=True)  # nothing is to be written through it
        self._waiting: dict[str, _Waiting] = {}
        self._bytes = 0
        self._thread = ThreadPoolExecutor(1)  # writes some while others are made
        self._going: tuple[dict[str, _Waiting], Future[tuple[_Made, set[Path]]]] | None = None

    def below(self, folder: str) -> list[str]:
        """Return the paths of what lies below a folder."""
        return [path for path in self._lying if path.startswith(f"{folder}/")]

    def look(self, since: int) -> Stand:
        """Return how all of it stands, once all is done: what was not touched, as it was found.

        Of what changed since an instant (ns) it knows where it wrote itself: whatever else changed
        before it was found was no file of ours, or was made anew.
        """
        found = Stand(total=self._stood.total - self._before.total)
        for below in self._changed:
            if Path(below).is_dir():
                look(below, found, since)
        return found

    def note(self, path: str, kind: Any = Any) -> Any:
        """Return what was noted when a file was put, None where nothing is known.

        Of a note that is of some kind, what that has names for. What another host notes of a file
        that it made goes before: see `told`.
        """
        if told := self.told.get(path):
            return msgspec.json.decode(msgspec.json.encode(told), type=kind)
        return self.memory.note(path, kind)

    def holds(self, path: str, key: str) -> bool:
        """Whether a file lies there as it was made from `key`; then it is wanted still."""
        is_held = self.memory.holds(path, self._keyed(key))
        self.unchanged += is_held
        return is_held

    def lies(self, path: str, key: str) -> bool:
        """Whether a file lies there as it was made from `key`, whoever wants it."""
        return self.memory.holds(path, self._keyed(key))

    def put(
        self,
        path: str,
        key: str,
        data: bytes,
        note: Any = None,
        *,
        packing: bool = True,
        packed: Mapping[str, bytes] = {},
    ) -> None:
        """Make a file hold `data`, made from `key`; it is on the disk after `finish` at the latest.

        `packed` is it by content coding, where that was done already.

        The packed files are in place before it: whoever looks in between finds an old page in two
        sizes rather than a new one in one.
        """
        is_packed = self._packing and packing and len(data) > _SMALL
        self._waiting[path] = _Waiting(self._keyed(key), note, data, is_packed, packed)
        self._bytes += len(data)
        if len(self._waiting) >= _BATCH or self._bytes >= _BYTES:
            self._write()

    def _keyed(self, key: str) -> str:
        return key if self._packing else f"{key} alone"

    def clear(self, wanted: Collection[str]) -> None:
        """Take away everything but some files and their packed ones, before anything is made.

        What is made may fail, and what is not wanted must be gone all the same.
        """
        kept = wanted if isinstance(wanted, Set) else set(wanted)
        for path in sorted(one for one in self._lying if kept.isdisjoint(_meant(one))):
            self._take(path)
        self._tidy()

    def hide(self, ids: set[str]) -> None:
        """Take away what shows any other than these, by what was noted of it."""
        for path in self.memory.showing_others(ids):
            self._take_packed(path)
        self._tidy()

    def drop(
        self,
        may_stay: Callable[[Any], bool],
        pages: Collection[str] = (),
        others: Collection[str] = (),
    ) -> None:
        """Take away what was not made anew and may not stay, by what was noted of it.

        Files that are no pages, and of which nothing was noted, show nobody's words: they stay;
        but for `pages`, which show them whatever their names are. Of those of `others`, who know
        what these show, none goes of which nothing was noted.
        """
        with suppress(OSError):
            self._settle()
        for path, note in self.memory.noted(self._lying):
            if note is None and path in others:
                continue
            is_page = path.endswith((".html", ".htm", ".xml")) or path in pages
            if (is_page or note is not None) and not may_stay(note):
                self._take_packed(path)
        self._tidy()

    def abandon(self) -> None:
        """Keep what was made so far, as well as may be, for making the rest has failed."""
        for one in (self._settle, self._write, self._settle):
            with suppress(OSError):
                one()
        self._thread.shutdown()
        self.memory.keep_known(self._lying)
        with suppress(OSError):
            self.memory.save()

    def finish(self) -> None:
        """Write what waits, and remember it."""
        self._write()
        self._settle()
        self._thread.shutdown()
        self.memory.save()
        self.memory.look = self.look

    def _write(self) -> None:
        """Have what waits written meanwhile."""
        self._settle()
        waiting, self._waiting, self._bytes = self._waiting, {}, 0
        for path in waiting:
            self._changing(self.folder / path)
        if waiting:
            self._going = waiting, self._thread.submit(self._put, waiting)

    def _put(self, waiting: Mapping[str, _Waiting]) -> tuple[_Made, set[Path]]:
        """Pack some files and write them; return them all, and which of them are new."""
        with ThreadPoolExecutor() as threads:  # packing leaves the interpreter to others
            made = dict(
                zip(waiting, threads.map(self._files, waiting, waiting.values()), strict=True)
            )
        return made, put_all({path: data for one in made.values() for path, data in one.items()})

    def _settle(self) -> None:
        """Wait for what is being written, and note it."""
        if self._going is None:
            return
        (all_, future), self._going = self._going, None
        made, changed = future.result()
        for path, waiting in all_.items():
            own = made[path]
            if changed.isdisjoint(own):
                self.unchanged += 1
            else:
                self.written.append(self.folder / path)
            for one in with_packed(Path(path)):
                self._see_again(one.as_posix(), is_wanted=self.folder / one in own)
            parts = (own[one] for one in with_packed(self.folder / path) if one in own)
            self.memory.keep(path, waiting.key, waiting.note, parts)

    def _files(self, path: str, waiting: _Waiting) -> dict[Path, bytes]:
        """A file with its packed ones before it."""
        whole = self.folder / path
        return {
            **(packed_beside(whole, waiting.data, waiting.packed) if waiting.packing else {}),
            whole: waiting.data,
        }

    def _see(self, path: str, stat: Stat) -> None:
        if self._is_ours(path):
            self._lying.put(path[len(self._top) :], stat)

    def _see_again(self, path: str, *, is_wanted: bool) -> None:
        """See how a file stands that was put; one that is packed no more is not wanted."""
        whole, was_there = self.folder / path, path in self._lying
        self._lying.drop(path)
        if is_wanted and (stat := stamp(whole)):
            self._lying.put(path, stat)
        elif was_there and not is_wanted:
            whole.unlink(missing_ok=True)

    def _is_ours(self, path: str) -> bool:
        """Whether a file is one that we look after; what a web server reads is not."""
        below = path[len(self._top) :]
        if "/." in path[len(self._top) - 1 :]:
            *folders, name = below.split("/")
            is_hidden = name.startswith(".") and not name.endswith(".aside")
            if is_hidden or any(one.startswith(".") for one in folders):
                return False
        return not self._is_apart(below)

    def _changing(self, path: Path) -> None:
        """Look at the folders, up to the top, that will be other ones when a file is."""
        for above in path.parents:
            known = os.fspath(above)
            if known in self._changed:
                return
            self._changed.add(known)
            if above == self.folder or above.is_dir():
                look(known, self._before, _NEVER)
            if above == self.folder:
                return

    def _take(self, path: str) -> None:
        self._changing(self.folder / path)
        (self.folder / path).unlink(missing_ok=True)
        self._lying.drop(path)
        self.removed.append(self.folder / path)

    def _take_packed(self, path: str) -> None:
        """Take away a file and its packed ones, as far as they lie there."""
        for one in with_packed(Path(path)):
            if one.as_posix() in self._lying:
                self._take(one.as_posix())

    def _tidy(self) -> None:
        """Take away folders that have become empty: their names are those of stories."""
        for folder in sorted({path.parent for path in self.removed}, reverse=True):
            _remove_empty(folder, self.folder)

    def _standing(self, path: str) -> Stood:
        """Size and times of a file and its packed ones."""
        return self._lying.of([path + suffix for suffix in ENDS])


def _meant(path: str) -> tuple[str, ...]:
    """What a file may be wanted for: itself, or the one beside which it lies packed."""
    for suffix in SUFFIXES.values():
        if path.endswith(suffix):
            return path, path.removesuffix(suffix)
    return (path,)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
