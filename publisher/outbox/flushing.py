"""Waiting until many files are on the disk: once for all of them, where the system can do that."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

_FEW = 16  # files that are waited for one by one: others' bytes would have to be waited for as well
_SIDE_BY_SIDE = 8  # files on their way to the disk: it likes to be asked for much at once


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Collection[Path]) -> None:
    """Wait until some files, or the names in some folders, are on the disk. Raises OSError."""
    whole = _whole() if len(paths) > _FEW else None
    if whole is None:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_SIDE_BY_SIDE) as threads:
            list(threads.map(sync, paths))
        return
    for path in {path.stat().st_dev: path for path in paths}.values():  # one a file system
        handle = os.open(path, os.O_RDONLY)
        try:
            if number := whole(handle):
                raise OSError(number, os.strerror(number), str(path))
        finally:
            os.close(handle)


@cache
def _whole() -> Callable[[int], int] | None:
    """Linux's syncfs(2), which returns the number of an error or 0.

    None where there is none, or where it keeps quiet about a bad disk.
    """
    found = re.match(r"(\d+)\.(\d+)", platform.release())
    tells = found is not None and (int(found[1]), int(found[2])) >= (5, 8)
    if platform.system() != "Linux" or not tells:
        return None
    import ctypes  # where many files are written, and nowhere else

    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    return call and (lambda handle: ctypes.get_errno() if call(handle) else 0)
