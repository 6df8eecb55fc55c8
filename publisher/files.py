"""Files that others wrote, read without trusting them.

A pipe, a device or a socket keeps whoever opens it; a log grows while it is read; some files have
no end. Only regular files are read, never in a way that waits, and at most so many bytes.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_ATTEMPTS = 3  # readings of a file that somebody is writing

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


class TooLarge(OSError):
    """A file that has more bytes than are read."""


def read(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file.

    Raises OSError, with a `strerror` that an editor understands, for what is no such file or
    changes each time it is read; TooLarge for one of more than `most` bytes.
    """
    for _ in range(_ATTEMPTS):
        with opened(path) as file:
            before = os.fstat(file.fileno())
            data = file.read(min(before.st_size, most) + 1)  # room is made for so much at once
            if len(data) > before.st_size:  # it grows, or its file system tells no size
                data += file.read(most + 1 - len(data))
            if len(data) > most:
                raise TooLarge(errno.EFBIG, f"it has more than {most} bytes")
            if _state(before) == _state(os.fstat(file.fileno())):
                return data
    raise OSError(errno.EAGAIN, "it changes while it is read")


def read_beginning(path: Path, count: int) -> bytes:
    """Return at most so many bytes of the beginning of a regular file; raise OSError as `read`."""
    with opened(path) as file:
        return file.read(count)


def oddity(path: Path) -> str:
    """Say what lies at a path in place of a regular file, "" where one does."""
    try:
        return kind_of(path.stat().st_mode)
    except OSError as error:
        return error.strerror or str(error)


def kind_of(mode: int) -> str:
    """Say what a file that is no regular one is, by its mode; "" for a regular one."""
    if stat.S_ISREG(mode):
        return ""
    return next((name for is_one, name in _KINDS if is_one(mode)), "no file")


def opened(path: Path) -> BinaryIO:
    """Open a regular file to be read as a stream; raise OSError as `read`."""
    # Asked before it is opened: to open some devices is to use them.
    _check(path.stat().st_mode)
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    file = os.fdopen(handle, "rb")
    try:
        _check(os.fstat(handle).st_mode)  # it may be another one by now
    except OSError:
        file.close()
        raise
    return file


def _check(mode: int) -> None:
    if kind := kind_of(mode):
        raise OSError(errno.EINVAL, f"it is {kind}, no file" if kind != "no file" else kind)


def _state(found: os.stat_result) -> tuple[int, int]:
    return (found.st_size, found.st_mtime_ns)
