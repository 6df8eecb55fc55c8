"""Where an AVIF keeps what its camera wrote: boxes within boxes (ISO/IEC 14496-12, 23008-12)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_TOLD = {b"Exif", b"mime"}  # items: place, time and camera; XMP


def told(data: bytes | bytearray) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, first byte and end of each piece that tells of the camera.

    Raises struct.error, LookupError or ValueError for boxes that are damaged.
    """
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"meta":
            inner = {name: (at, until) for name, at, until in _boxes(data, start + 4, end)}
            kinds = dict(_items(data, *inner[b"iinf"]))
            for item, first, last in _extents(data, *inner[b"iloc"]):
                if kinds.get(item) in _TOLD:
                    yield kinds[item], first, min(last, len(data))


def _boxes(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= end:
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        start = at + 8
        if length == 1:
            (length,) = struct.unpack(">Q", data[start : start + 8])
            start += 8
        until = end if length == 0 else min(at + length, end)
        if until < start:
            raise ValueError("it is damaged")
        yield kind, start, until
        at = until


def _items(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The kind of each item by its number (ItemInfoBox)."""
    at += 6 if data[at] == 0 else 8
    for kind, start, _ in _boxes(data, at, end):
        if kind == b"infe" and data[start] in (2, 3):
            shape = ">H2x4s" if data[start] == 2 else ">I2x4s"
            number, what = struct.unpack_from(shape, data, start + 4)
            yield number, what


def _extents(data: bytes | bytearray, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Where each item lies in the file (ItemLocationBox); those that lie elsewhere are left out."""
    version, sizes = data[at], struct.unpack(">H", data[at + 4 : at + 6])[0]
    of_offset, of_length, of_base, of_index = (sizes >> 4 * place & 15 for place in (3, 2, 1, 0))
    wide = 4 if version == 2 else 2
    at += 6
    if not of_length:  # nobody says where they end; and each piece costs its bytes, below
        return

    def number(width: int) -> int:
        nonlocal at
        at += width
        if at > end:
            raise ValueError("it is cut")
        return int.from_bytes(data[at - width : at], "big")

    for _ in range(number(wide)):
        item = number(wide)
        is_here = version == 0 or number(2) & 15 == 0
        number(2)
        base = number(of_base)
        for _ in range(number(2)):
            number(of_index if version else 0)
            first = base + number(of_offset)
            length = number(of_length)
            if is_here and length:
                yield item, first, first + length
