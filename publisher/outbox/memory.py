"""What each file was made from, remembered from build to build, and whether it still is that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from publisher import disposable
from publisher.files import read
from publisher.outbox.files import put

_MOST = 1_000_000_000  # bytes of a memory, or of a file that is compared


class Written:
    """Remembers what each file was made from, so that what would be the same is not made.

    A file counts only as it was left: with its size and times, or at least its bytes. The memory
    is disposable: without it everything is made anew, compared, and not rewritten. `damage` is
    why it could not be read, "" where nothing was wrong with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[Any]] = {}
        known, self.damage = remembered(path)
        if known is not None and not all(map(_is_entry, known.values())):
            self.damage = "what it says of a file is not ours"
        elif known is not None:
            self._known = known

    def holds(self, key: str, paths: Sequence[Path]) -> bool:
        """Whether every one of `paths` was made from `key` and lies there untouched."""
        return all(self._holds(key, path) for path in paths)

    def _holds(self, key: str, path: Path) -> bool:
        known = self._known.get(str(path))
        if known is None or known[0] != key:
            return False
        stat = standing(path)
        if known[1:] == [*stat, known[-1]]:
            return True
        if known[1:3] != list(stat[:2]):
            return False
        # Somebody touched it, and may have put its time back: or it is of before digests were kept.
        digest = digest_of([path])
        if len(known) > 3 and known[4] != digest:
            return False
        self._known[str(path)] = [key, *stat, digest]
        return True

    def keep(self, key: str, paths: Sequence[Path]) -> None:
        """Remember that `paths`, as they lie there, were made from `key`."""
        for path in paths:
            self._known[str(path)] = [key, *standing(path), digest_of([path])]

    def changed(self) -> list[Path]:
        """Return the files that somebody changed since they were made, by their bytes."""
        return [
            Path(path)
            for path, known in self._known.items()
            if len(known) > 3 and digest_of([Path(path)]) != known[4]
        ]

    def distrust(self) -> None:
        """Look at every file's bytes: those that somebody changed are to be made anew."""
        for path in self.changed():
            del self._known[str(path)]

    def save(self) -> None:
        """Write the memory, without what is gone."""
        # Not Path.is_file, which raises where a folder may not be looked into.
        kept = {path: made for path, made in self._known.items() if os.path.isfile(path)}  # noqa: PTH113
        remember(self._path, (json.dumps(kept, indent=0, sort_keys=True) + "\n").encode())


def _is_entry(known: Any) -> bool:
    """Whether a key, size and time; since digests are kept, when it was changed and its digest."""
    if not isinstance(known, list) or len(known) not in (3, 5):
        return False
    kinds = (str, int, int, int, str)[: len(known)]
    return all(isinstance(one, kind) for one, kind in zip(known, kinds, strict=True))


def remember(path: Path, data: bytes) -> None:
    """Write a memory, whatever lies in its place."""
    if path.is_dir():
        disposable.make_way(path)
    put(path, data)


def remembered(path: Path) -> tuple[dict[str, Any] | None, str]:
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


def standing(path: Path) -> tuple[int, int, int]:
    """Return a file's size, and when it was modified and changed (ns); no program sets the last."""
    try:
        stat = path.stat()
    except (OSError, ValueError):  # a name that no file can have
        return (-1, -1, -1)
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
