"""A picture's own file with what its camera wrote made blank, so that it is as long as before.

Feeds tell how many bytes it has, and may go on doing so. No pixel is decoded or changed.
"""

from __future__ import annotations

import struct
import zlib

from publisher.pictures import boxes
from publisher.pictures.metadata import end_of_scan

_PNG = b"\x89PNG\r\n\x1a\n"
_TOLD = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_NOTHING = b"puRg"  # a chunk that is private, and that every decoder passes over (PNG §5.4)
_COMMENT, _EXIF, _OWN = 0xFE, b"Exif\0\0", {0xE0, 0xE2, 0xEE}  # JFIF, colours, Adobe
_ORIENTATION = 0x0112


def blanked(data: bytes) -> bytes:
    """Return a JPEG, PNG, WebP, AVIF or GIF without place, time and camera; anything else as it is.

    How a camera was held stays, for the picture would lie on its side otherwise.
    """
    found = bytearray(data)
    try:
        if data.startswith(_PNG):
            _png(found)
        elif data.startswith(b"\xff\xd8"):
            _jpeg(found)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            _webp(found)
        elif data[:6] in (b"GIF87a", b"GIF89a"):
            _gif(found)
        elif data[4:12] in (b"ftypavif", b"ftypavis", b"ftypmif1"):
            _avif(found)
    except (struct.error, LookupError, ValueError):
        pass  # it is damaged: what was found so far is blank
    return bytes(found)


def _png(found: bytearray) -> None:
    at = len(_PNG)
    while at + 12 <= len(found):
        length, kind = struct.unpack(">I4s", found[at : at + 8])
        end = at + 12 + length
        if kind in _TOLD and end <= len(found):
            found[at + 4 : end - 4] = _NOTHING + bytes(length)
            found[end - 4 : end] = struct.pack(">I", zlib.crc32(found[at + 4 : end - 4]))
        at = end
        if kind == b"IEND":
            _end(found, at)
            return


def _end(found: bytearray, at: int) -> None:
    """Blank what follows the picture: a telephone's film, with a place of its own, say."""
    found[at:] = bytes(max(len(found) - at, 0))


def _jpeg(found: bytearray) -> None:
    at = 2
    while at + 4 <= len(found) and found[at] == 0xFF:
        marker = found[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            _end(found, at + 2)
            return
        (length,) = struct.unpack(">H", found[at + 2 : at + 4])
        start, end = at + 4, min(at + 2 + length, len(found))
        if marker == _COMMENT or (0xE0 <= marker <= 0xEF and marker not in _OWN):
            held = _orientation(bytes(found[start:end])) if marker == 0xE1 else b""
            found[start:end] = held[: end - start].ljust(end - start, b"\0")
        at = at + 2 + length
        if marker == 0xDA:  # a scan: its pixels follow it
            at = end_of_scan(found, at)


def _orientation(exif: bytes) -> bytes:
    """EXIF that tells how the camera was held, and nothing else; b"" where nothing tells it."""
    if not exif.startswith(_EXIF):
        return b""
    tiff = exif[len(_EXIF) :]
    order = "<" if tiff[:2] == b"II" else ">"
    (at,) = struct.unpack(f"{order}I", tiff[4:8])
    (count,) = struct.unpack(f"{order}H", tiff[at : at + 2])
    for number in range(min(count, 64)):
        entry = tiff[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(f"{order}H", entry[:2])[0] == _ORIENTATION:
            head = struct.pack(f"{order}2sHIH", tiff[:2], 42, 8, 1)
            return _EXIF + head + entry + bytes(4)
    return b""


def _webp(found: bytearray) -> None:
    at = 12
    while at + 8 <= len(found):
        kind, length = struct.unpack("<4sI", found[at : at + 8])
        end = min(at + 8 + length, len(found))
        if kind == b"VP8X" and end > at + 8:
            found[at + 8] &= ~0b1100 & 0xFF  # there is neither EXIF nor XMP
        if kind in (b"EXIF", b"XMP "):
            found[at : at + 4] = b"NONE"
            found[at + 8 : end] = bytes(end - at - 8)
        at += 8 + length + length % 2


_SILENT = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
"""EXIF that tells nothing, as an AVIF holds it: without any, programs call it damaged."""


def _avif(found: bytearray) -> None:
    for kind, start, end in list(boxes.told(found)):
        held = _SILENT if kind == b"Exif" else b""
        found[start:end] = held[: end - start].ljust(end - start, b"\0" if held else b" ")


_PLAYS = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}  # how often, and in which colours


def _gif(found: bytearray) -> None:
    """Comments and what programs add (GIF89a §24 and §26), up to the trailer."""
    at = 13 + _colours(found[10])
    while at + 2 <= len(found):
        kind, label = found[at], found[at + 1]
        if kind == 0x3B:
            _end(found, at + 1)
            return
        if kind == 0x2C:
            at = _past(found, at + 11 + _colours(found[at + 9]))
        elif kind == 0x21:
            is_told = label == 0xFE or (
                label == 0xFF and bytes(found[at + 3 : at + 14]) not in _PLAYS
            )
            own = found[at + 2] + 1 if label == 0xFF else 0  # the program's name
            at = _past(found, at + 2 + own, blank=is_told)
        else:
            return


def _colours(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _past(found: bytearray, at: int, *, blank: bool = False) -> int:
    """Where the pieces (GIF89a §15) end that begin at `at`; with `blank` they are blank then."""
    while (length := found[at]) != 0:
        if blank:
            held = len(found[at + 1 : at + 1 + length])
            found[at + 1 : at + 1 + held] = b" " * held
        at += 1 + length
    return at + 1
