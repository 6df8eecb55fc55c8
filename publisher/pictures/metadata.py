"""What cameras and programs write into a picture's file besides the picture: place, time, owner."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_OF_PNG = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT"}
_APP0, _APP14 = 0xE0, 0xEE  # JFIF's own and Adobe's, which say what the colours are


def without(data: bytes) -> bytes | None:
    """Return a JPEG or PNG without all that is no part of the picture; None where that fails.

    No pixel is decoded or changed, and nothing that follows the picture stays.
    """
    try:
        if data.startswith(_PNG):
            return _PNG + b"".join(_chunks(data))
        if data.startswith(b"\xff\xd8"):
            return b"\xff\xd8" + b"".join(_segments(data))
    except (struct.error, IndexError, ValueError):
        pass
    return None


def _chunks(data: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while True:
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        end = at + 12 + length
        if end > len(data):
            raise ValueError("it is cut")
        if kind in _OF_PNG:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _segments(data: bytes) -> Iterator[bytes]:
    """Each segment that shows something (ITU T.81 §B.1.1), up to the end of the picture."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("it is damaged")
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        end = at + 2 + length
        if marker == 0xDA:  # a scan: its pixels follow it
            end = end_of_scan(data, end)
        is_told = 0xE0 <= marker <= 0xEF and marker not in (_APP0, _APP14)
        if not is_told and marker != 0xFE:
            yield data[at:end]
        at = end


def end_of_scan(data: bytes | bytearray, at: int) -> int:
    """Return where the pixels of a JPEG's scan end that begin at `at`; raise ValueError."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
