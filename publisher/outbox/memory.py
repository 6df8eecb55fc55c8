"""What each file was made from, remembered from build to build, and whether it still is that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from publisher import disposable
from publisher.files import read
from publisher.outbox.entries import (
    Entry,
    Stood,
    beginning,
    decoded,
    encoded,
    ids_of,
    lines,
    note_of,
    read_lines,
    with_ids,
)
from publisher.outbox.files import put_pieces
from publisher.outbox.packing import ENDS, with_packed
from publisher.stamps import Stand

_MOST = 1_000_000_000  # bytes of a memory, or of a file that is compared
_FEW = 10  # ids that are looked for in all that is known


class Memory:
    """Remembers what a folder's files were made from: what would be the same is not made anew.

    A file is known by its path below the folder, and stands for those packed beside it. It counts
    only as it was left: with its sizes and times, or at least its bytes. The memory itself (`path`)
    is disposable: without it, or in another format than `format_`, everything is made anew,
    compared, and not rewritten. What is known of a file is kept as it was written, and decoded
    when it is asked for. `fits` tells whether a note is one of the caller's, where nobody knows
    that the memory is as it was written; `shows` the ids of what a file shows by its note; `older`
    what still holds of a note that an older publisher made, None where nothing does;
    `standing` how a file and its packed ones lie there, where that is known already. `damage` is
    why the memory could not be read, "" where nothing was wrong with it; `look` tells how the
    folder stands, and what changed in it since an instant, where somebody has looked already.
    """

    def __init__(
        self,
        folder: Path,
        path: Path,
        format_: int,
        *,
        fits: Callable[[Any], bool] = lambda _: True,
        shows: Callable[[Any], Iterable[str]] = lambda _: (),
        older: Callable[[Any], Any] = lambda _: None,
        standing: Callable[[str], Stood] | None = None,
    ) -> None:
        self._folder, self._path, self._format = folder, path, format_
        self._standing = standing or self._standing_on_disk
        self._shows, self._added = shows, set[str]()
        self._known, self.damage = dict[str, bytes](), ""
        self._count = -1  # so many are on the disk as they are here
        self._shown: bytes | None = None  # ids of at least what is shown, None where unknown
        if found := read_lines(path, format_):
            self._known, self._shown = found
            self._count = len(self._known)
        else:
            self._known, self.damage = _remembered(path, format_, fits, older)
        self._kept: dict[str, bytes] = {}
        self.look: Callable[[int], Stand] | None = None

    def note(self, name: str, kind: Any = Any) -> Any:
        """Return what was noted of a file, None where nothing is known; of it what a kind has."""
        known = self._known.get(name)
        return note_of(known, kind) if known else None

    def holds(self, name: str, key: str) -> bool:
        """Whether a file lies there as it was made from `key`; then it is wanted still."""
        known = self._known.get(name)
        if known is None:
            return False
        now = self._standing(name)
        if not known.startswith(beginning(key, now)):
            made = decoded(known)
            if made.key != key or not self._is_as_left(name, made, now):
                return False
            known = self._known[name]
        self._kept[name] = known
        return True

    def stands(self, name: str) -> bool:
        """Whether a file lies there as it was made, whatever from."""
        made = decoded(self._known[name]) if name in self._known else None
        return made is not None and made.digest is not None and self._is_as_left(name, made)

    def noted(self, names: Iterable[str]) -> list[tuple[str, Any]]:
        """Return those of some files that were neither made nor wanted since this was opened.

        Each with what was noted of it, None where nothing is known.
        """
        return [(name, self.note(name)) for name in names if name not in self._kept]

    def showing_others(self, ids: set[str]) -> list[str]:
        """Return the files that show any other than these, as far as that was noted of them."""
        known = None if self._shown is None else ids_of(self._shown)
        if known is not None and ids.issuperset(known):
            return []
        self._shown, self._count = None, -1  # to be found out anew when it is saved
        others = [msgspec.json.encode(one) for one in known or () if one not in ids]
        is_few = 0 < len(others) <= _FEW
        asked = (
            (name, entry)
            for name, entry in self._known.items()
            if not is_few or any(one in entry for one in others)
        )
        return [name for name, entry in asked if not ids.issuperset(self._shows(note_of(entry)))]

    def keep(self, name: str, key: str, note: Any = None, parts: Iterable[bytes] = ()) -> None:
        """Remember that a file, as it lies there, was made from `key`.

        `parts` are the bytes of it and of its packed ones, where they are at hand.
        """
        made = list(parts)
        found = digest(made) if made else digest_of(self._lying(name))
        self._kept[name], self._count = encoded(key, self._standing(name), note, found), -1
        self._added.update(self._shows(note))

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
            if made and (found := decoded(made).stood[at]):
                return found
        return None

    def changed(self) -> list[str]:
        """Return the files that somebody changed since they were made, by their bytes."""
        made = ((name, decoded(known).digest) for name, known in self._known.items())
        return [
            name
            for name, before in made
            if before is not None and digest_of(self._lying(name)) != before
        ]

    def distrust(self) -> None:
        """Look at every file's bytes: those that somebody changed are to be made anew."""
        for name in self.changed():
            made = decoded(self._known[name])  # what was noted of it holds still
            self._known[name], self._count = encoded("", made.stood, made.note, made.digest), -1

    def save(self) -> None:
        """Write the memory of what was made or is wanted still, if it is another one."""
        if self._count == len(self._kept):
            return
        if self._path.is_dir():
            disposable.make_way(self._path)
        shown = self._shown
        if shown is None:
            shown = b"[]"
            self._added.update(*(self._shows(note_of(one)) for one in self._kept.values()))
        put_pieces(self._path, lines(self._format, self._kept, with_ids(shown, self._added)))

    def _is_as_left(self, name: str, made: Entry, now: Stood | None = None) -> bool:
        """Whether a file and its packed ones are as they were left, by times or at least bytes."""
        now = self._standing(name) if now is None else now
        if made.stood == now and made.digest is not None:
            return True
        if [one[:2] for one in made.stood] != [one[:2] for one in now]:
            return False
        # Somebody touched it, and may have put its time back: or it is of before digests were kept.
        found = digest_of(self._lying(name))
        if made.digest is not None and made.digest != found:
            return False
        self._known[name], self._count = encoded(made.key, now, made.note, found), -1
        return True

    def _lying(self, name: str) -> list[Path]:
        """A file, and those of its packed ones that lie there."""
        path, *packed = with_packed(self._folder / name)
        return [path, *(one for one in packed if os.path.lexists(one))]

    def _standing_on_disk(self, name: str) -> Stood:
        return tuple(standing(path) for path in with_packed(self._folder / name))


def _remembered(
    path: Path, format_: int, fits: Callable[[Any], bool], older: Callable[[Any], Any]
) -> tuple[dict[str, bytes], str]:
    """What a memory says of each file that is not as we write it, and what is wrong with it."""
    whole, damage = _table(path)
    if whole is None:
        return {}, damage
    known, files = whole.get("format"), whole.get("files")
    if _is_older(whole, format_):
        return _of_older(files, older), ""
    if known != format_ or not isinstance(files, dict):
        return {}, "it is not ours"
    try:
        if all(_is_entry(made) and fits(made[2]) for made in files.values()):
            return {name: _encoded(*made) for name, made in files.items()}, ""
    except (ValueError, OverflowError):  # half a letter, a number that is none of ours
        pass
    return {}, "what it says of a file is not ours"


def _encoded(key: str, stood: list[list[int]], note: Any, digest: str | None = None) -> bytes:
    """An entry; where there is no digest yet, all that changes with a file is not believed."""
    most = 2 if digest is None else 3
    return encoded(key, tuple(tuple(one[:most]) for one in stood), note, digest)


def _of_older(files: Any, older: Callable[[Any], Any]) -> dict[str, bytes]:
    """What still holds of what an older publisher noted: each file is made anew all the same."""
    entries = files.items() if isinstance(files, dict) else ()
    notes = {name: older(made[2]) for name, made in entries if _is_entry(made)}
    return {
        name: encoded("", ((), (), ()), note, None)
        for name, note in notes.items()
        if note is not None
    }


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
