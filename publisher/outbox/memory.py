"""What each file was made from, remembered from build to build, and whether it still is that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from publisher import disposable, garbage
from publisher.files import read
from publisher.outbox.files import put
from publisher.outbox.packing import ENDS, with_packed
from publisher.stamps import Stand

Stood = tuple[tuple[int, ...], ...]
"""Size and times of a file and of each of its packed ones, () where there is none."""

_MOST = 1_000_000_000  # bytes of a memory, or of a file that is compared


class Memory:
    """Remembers what a folder's files were made from: what would be the same is not made anew.

    A file is known by its path below the folder, and stands for those packed beside it. It counts
    only as it was left: with its sizes and times, or at least its bytes. The memory itself (`path`)
    is disposable: without it, or in another format than `format_`, everything is made anew,
    compared, and not rewritten. `fits` tells whether a note is one of the caller's, `note` is what
    type it has and `is_whole` whether one of that type is, at less cost; `older` tells what still
    holds of a note that an older publisher made, None where nothing does; `standing` tells how
    a file and its packed ones lie there, where that is known already. `damage` is why the memory
    could not be read, "" where nothing was wrong with it; `look` tells how the folder stands, and
    what changed in it since an instant, where somebody has looked already.
    """

    def __init__(
        self,
        folder: Path,
        path: Path,
        format_: int,
        *,
        fits: Callable[[Any], bool] = lambda _: True,
        note: Any = Any,
        is_whole: Callable[[Any], bool] | None = None,
        older: Callable[[Any], Any] = lambda _: None,
        standing: Callable[[str], Stood] | None = None,
    ) -> None:
        self._folder, self._path, self._format = folder, path, format_
        self._standing = standing or self._standing_on_disk
        known = _at_once(path, format_, note, is_whole or fits)
        self._known, self.damage = (known, "") if known else _remembered(path, format_, fits, older)
        self._kept: dict[str, _Known] = {}
        self.look: Callable[[int], Stand] | None = None

    def note(self, name: str) -> Any:
        """Return what was noted of a file, None where nothing is known."""
        known = self._known.get(name)
        return known[2] if known else None

    def holds(self, name: str, key: str) -> bool:
        """Whether a file lies there as it was made from `key`; then it is wanted still."""
        known = self._known.get(name)
        if known is None or known[0] != key or not self._is_as_left(name, known):
            return False
        self._kept[name] = self._known[name]
        return True

    def stands(self, name: str) -> bool:
        """Whether a file lies there as it was made, whatever from."""
        known = self._known.get(name)
        return known is not None and len(known) > 3 and self._is_as_left(name, known)

    def noted(self, names: Iterable[str]) -> list[tuple[str, Any]]:
        """Return those of some files that were neither made nor wanted since this was opened.

        Each with what was noted of it, None where nothing is known.
        """
        known, kept = self._known.get, self._kept
        return [
            (name, found[2] if (found := known(name)) else None)
            for name in names
            if name not in kept
        ]

    def keep(self, name: str, key: str, note: Any = None, parts: Iterable[bytes] = ()) -> None:
        """Remember that a file, as it lies there, was made from `key`.

        `parts` are the bytes of it and of its packed ones, where they are at hand.
        """
        made = list(parts)
        found = digest(made) if made else digest_of(self._lying(name))
        self._kept[name] = (key, self._standing(name), note, found)

    def keep_known(self, names: Iterable[str]) -> None:
        """Remember what was known of some files, without asking whether it still holds."""
        for name in names:
            if name in self._known and name not in self._kept:
                self._kept[name] = self._known[name]

    def stood(self, name: str) -> tuple[int, ...] | None:
        """Return how a file, or one packed beside it, was left; None where it is not one of ours.

        Ours is what was made since this was opened, or is wanted still.
        """
        for at, suffix in enumerate(ENDS):
            made = self._kept.get(name.removesuffix(suffix)) if name.endswith(suffix) else None
            if made and made[1][at]:
                found: tuple[int, ...] = made[1][at]
                return found
        return None

    def changed(self) -> list[str]:
        """Return the files that somebody changed since they were made, by their bytes."""
        return [
            name
            for name, made in self._known.items()
            if len(made) > 3 and digest_of(self._lying(name)) != made[3]
        ]

    def distrust(self) -> None:
        """Look at every file's bytes: those that somebody changed are to be made anew."""
        for name in self.changed():
            self._known[name] = ("", *self._known[name][1:])  # what was noted of it holds still

    def save(self) -> None:
        """Write the memory of what was made or is wanted still."""
        if self._path.is_dir():
            disposable.make_way(self._path)
        whole = {"format": self._format, "files": self._kept}
        put(self._path, msgspec.json.encode(whole, order="sorted"))

    def _is_as_left(self, name: str, known: _Known) -> bool:
        """Whether a file and its packed ones are as they were left, by times or at least bytes."""
        now = self._standing(name)
        if known[1] == now and len(known) > 3:
            return True
        if [one[:2] for one in known[1]] != [one[:2] for one in now]:
            return False
        # Somebody touched it, and may have put its time back: or it is of before digests were kept.
        found = digest_of(self._lying(name))
        if len(known) > 3 and known[3] != found:
            return False
        self._known[name] = (known[0], now, known[2], found)
        return True

    def _lying(self, name: str) -> list[Path]:
        """A file, and those of its packed ones that lie there."""
        path, *packed = with_packed(self._folder / name)
        return [path, *(one for one in packed if os.path.lexists(one))]

    def _standing_on_disk(self, name: str) -> Stood:
        return tuple(standing(path) for path in with_packed(self._folder / name))


_Known = tuple[Any, ...]
"""A key, how a file and its packed ones stood, what was noted and, since these are kept, a digest
of their bytes."""


@lru_cache(maxsize=8)
def _decoder(note: Any) -> Any:
    stat = tuple[int, ...]
    made = tuple[str, tuple[stat, stat, stat], note | None, str]
    return msgspec.json.Decoder(
        msgspec.defstruct("Whole", [("format", int), ("files", dict[str, made])])
    )


def _at_once(
    path: Path, format_: int, note: Any, is_whole: Callable[[Any], bool]
) -> dict[str, _Known] | None:
    """What a memory says of each file that is in order; None where it must be looked at."""
    try:
        with garbage.kept_waiting():
            whole = _decoder(note).decode(read(path, _MOST))
    except (OSError, ValueError, RecursionError, MemoryError):  # msgspec's are ValueErrors
        return None
    files: dict[str, _Known] = whole.files
    notes = (made[2] for made in files.values())
    is_ours = whole.format == format_ and all(map(is_whole, notes))
    return files if is_ours else None


def _remembered(
    path: Path, format_: int, fits: Callable[[Any], bool], older: Callable[[Any], Any]
) -> tuple[dict[str, _Known], str]:
    """What a memory says of each file, and what is wrong with it."""
    whole, damage = _table(path)
    if whole is None:
        return {}, damage
    known, files = whole.get("format"), whole.get("files")
    if _is_older(whole, format_):
        return _of_older(files, older), ""
    if known != format_ or not isinstance(files, dict):
        return {}, "it is not ours"
    if not all(_is_entry(made) and fits(made[2]) for made in files.values()):
        return {}, "what it says of a file is not ours"
    return {
        name: (made[0], tuple(map(tuple, made[1])), *made[2:]) for name, made in files.items()
    }, ""


def _of_older(files: Any, older: Callable[[Any], Any]) -> dict[str, _Known]:
    """What still holds of what an older publisher noted: each file is made anew all the same."""
    entries = files.items() if isinstance(files, dict) else ()
    notes = {name: older(made[2]) for name, made in entries if _is_entry(made)}
    return {name: ("", ((), (), ()), note) for name, note in notes.items() if note is not None}


def _is_older(whole: dict[str, Any], format_: int) -> bool:
    """Whether an older publisher wrote it: with a lower number, or, of feeds, with none."""
    known = whole.get("format")
    if isinstance(known, int):
        return known < format_
    return bool(whole) and all(isinstance(made, list) for made in whole.values())


def _is_entry(made: Any) -> bool:
    """Whether a key, what stood there, a note and, since digests are kept, one of these."""
    if not isinstance(made, list) or len(made) not in (3, 4) or not isinstance(made[1], list):
        return False
    if len(made[1]) != 3 or not all(map(_is_standing, made[1])):
        return False
    return isinstance(made[0], str) and isinstance(made[-1], str | None | dict)


def _is_standing(stat: Any) -> bool:
    return isinstance(stat, list) and all(isinstance(one, int) for one in stat)


def _table(path: Path) -> tuple[dict[str, Any] | None, str]:
    """Return the table of a file in JSON, and why there is none; "" where it is merely not there.

    Raises nothing: whatever lies there, it can be made anew.
    """
    try:
        known = json.loads(read(path, _MOST))
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, error.strerror or str(error)
    except (ValueError, RecursionError, MemoryError) as error:
        return None, f"it is not JSON: {str(error)[:100]}"
    if not isinstance(known, dict):
        return None, "it is no table"
    return known, ""


def standing(path: Path) -> tuple[int, ...]:
    """Return a file's size, and when it was modified and changed (ns); () where there is none.

    No program sets when it was changed.
    """
    try:
        stat = os.stat(path)  # noqa: PTH116 of every file, thrice
    except (OSError, ValueError):  # a name that no file can have
        return ()
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def digest_of(paths: Iterable[Path]) -> str:
    """Return a digest of some files' bytes, one after the other; "" where one cannot be read."""
    try:
        return digest(read(path, _MOST) for path in paths)
    except (OSError, ValueError):
        return ""


def digest(parts: Iterable[bytes]) -> str:
    """Return a digest of some bytes, one after the other."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(part)
    return found.hexdigest()
