"""A memory's file: JSON with a line for each file it tells of, which is decoded when asked for.

The ids of all that any of them shows, and a sum of all lines, stand at the end. Where the sum is
right, they are as they were written, and none need be looked at to know that; where it is wrong,
or the lines are not ours, it is JSON still.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from publisher import files, garbage

Stood = tuple[tuple[int, ...], ...]
"""Size and times of a file and of each of its packed ones, () where there is none."""

_LINES = 1_000  # that are written at once
_PIECE = 1_000_000  # bytes that are read at once
_BETWEEN = b'":['  # a name and what is known of it
_SHOWN = b'},"shown":'
_SUM = b'"sum":"'  # no name is followed by another text


class Entry(msgspec.Struct, array_like=True):
    """What is known of a file.

    A key, how it and its packed ones stood, what was noted, as JSON, and a digest of their bytes:
    None of before these were kept.
    """

    key: str
    stood: Stood
    note: msgspec.Raw
    digest: str | None


_encode = msgspec.json.Encoder().encode
_entry = msgspec.json.Decoder(Entry)
_whole_line = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ids = msgspec.json.Decoder(list[str])


def encoded(key: str, stood: Stood, note: Any, digest: str | None) -> bytes:
    """Return an entry as it is kept. Raises ValueError for text that is none (half a letter)."""
    return msgspec.json.encode((key, stood, note, digest), order="sorted")


def beginning(key: str, stood: Stood) -> bytes:
    """Return what an entry begins with that has this key, and whose files stood like this."""
    return _encode((key, stood))[:-1]


def decoded(entry: bytes) -> Entry:
    """Return what an entry says, but for its note."""
    return _entry.decode(entry)


def note_of(entry: bytes, kind: Any = Any) -> Any:
    """Return the note of an entry, which is of a kind; what that has no name for is passed over."""
    return _noted(kind).decode(entry).note


@lru_cache(maxsize=8)
def _noted(kind: Any) -> Any:
    fields = [("key", msgspec.Raw), ("stood", msgspec.Raw), ("note", kind)]
    return msgspec.json.Decoder(msgspec.defstruct("Noted", fields, array_like=True))


def ids_of(shown: bytes) -> list[str]:
    """Return the ids of what is shown, as a file has them."""
    return _ids.decode(shown)


def with_ids(shown: bytes, ids: Collection[str]) -> bytes:
    """Return them as a file has them, with some more."""
    known = set(ids_of(shown))
    return shown if known.issuperset(ids) else msgspec.json.encode(sorted(known.union(ids)))


def read_lines(path: Path, format_: int) -> tuple[dict[str, bytes], bytes] | None:
    """Return the entries in a file by name, and the ids of what they show.

    None where it is not as we wrote it in this format.
    """
    head, known, shown, end = _head(format_), dict[str, bytes](), b"", b""
    try:
        with garbage.kept_waiting(), files.opened(path) as file:
            if file.readline(len(head)) != head:
                return None
            total = zlib.crc32(head)
            while some := file.readlines(_PIECE):
                end = some.pop() if some[-1].startswith(_SUM) else b""
                total = zlib.crc32(b"".join(some), total)
                for line in some:
                    if line.startswith(_SHOWN):
                        shown = line[len(_SHOWN) : -2]
                    else:
                        name, entry = _parted(line)
                        known[name] = entry
    except (OSError, ValueError, MemoryError):  # msgspec's are ValueErrors
        return None
    return (known, shown) if shown and end == _end(total) else None


def lines(format_: int, entries: Mapping[str, bytes], shown: bytes) -> Iterator[bytes]:
    """Yield a file that holds some entries, and the ids of what they show, piece by piece."""
    total = 0
    for piece in _pieces(format_, entries, shown):
        total = zlib.crc32(piece, total)
        yield piece
    yield _end(total)


def _pieces(format_: int, entries: Mapping[str, bytes], shown: bytes) -> Iterator[bytes]:
    yield _head(format_)
    names, ended = iter(sorted(entries)), b""
    while some := list(islice(names, _LINES)):
        told = [msgspec.json.encode(name) + b":" + entries[name] for name in some]
        yield ended + b",\n".join(told)
        ended = b",\n"
    yield (b"\n" if entries else b"") + _SHOWN + shown + b",\n"


def _parted(line: bytes) -> tuple[str, bytes]:
    """A name, and its entry."""
    at = line.index(_BETWEEN)
    end = -2 if line.endswith(b",\n") else -1
    if b"\\" in line[:at]:  # it may be that this is still within the name
        ((name, entry),) = _whole_line.decode(b"{" + line[:end] + b"}").items()
        return name, bytes(entry)
    return line[1:at].decode(), line[at + 2 : end]


def _head(format_: int) -> bytes:
    return b'{"format":%d,"files":{\n' % format_


def _end(total: int) -> bytes:
    return _SUM + b'%08x"}\n' % total
