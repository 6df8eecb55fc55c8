"""How large a picture is, read from the first bytes of its file; no pixel is decoded."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from publisher import files

KINDS = (".png", ".gif", ".jpg", ".jpeg", ".webp", ".bmp", ".svg", ".avif")
_HEAD = 262_144  # bytes: cameras put a preview before the size


def measured(path: Path) -> tuple[int, int]:
    """Return a picture's width and height in pixels, (0, 0) where that is not to be seen."""
    try:
        return _size(files.read_beginning(path, _HEAD))
    except (OSError, struct.error, IndexError, ValueError):
        return 0, 0


def _size(head: bytes) -> tuple[int, int]:
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return struct.unpack(">II", head[16:24])
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return struct.unpack("<HH", head[6:10])
    if head[:2] == b"\xff\xd8":
        return _jpeg(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    if head[:2] == b"BM":
        width, height = struct.unpack("<ii", head[18:26])
        return width, abs(height)
    if head[4:8] == b"ftyp" and (at := head.find(b"ispe")) >= 0:
        return struct.unpack(">II", head[at + 8 : at + 16])
    return _svg(head[:8192])


def _jpeg(head: bytes) -> tuple[int, int]:
    """The frame header's size, turned as EXIF has it turned (ITU T.81 §B.2.2)."""
    at, is_turned = 2, False
    while at + 9 < len(head):
        if head[at] != 0xFF:
            at += 1
            continue
        marker = head[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack(">H", head[at + 2 : at + 4])[0]
        if marker == 0xE1 and head[at + 4 : at + 10] == b"Exif\0\0":
            is_turned = _is_turned(head[at + 10 : at + 2 + length])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return (height, width) if is_turned else (width, height)
        at += 2 + length
    return 0, 0


def _is_turned(tiff: bytes) -> bool:
    """Whether EXIF's orientation exchanges width and height."""
    order = "<" if tiff[:2] == b"II" else ">"
    at = struct.unpack(f"{order}I", tiff[4:8])[0]
    count = struct.unpack(f"{order}H", tiff[at : at + 2])[0]
    for number in range(min(count, 64)):
        entry = tiff[at + 2 + 12 * number : at + 14 + 12 * number]
        if struct.unpack(f"{order}H", entry[:2])[0] == 0x0112:
            return bool(struct.unpack(f"{order}H", entry[8:10])[0] in (5, 6, 7, 8))
    return False


def _webp(head: bytes) -> tuple[int, int]:
    kind = head[12:16]
    if kind == b"VP8X":
        return (
            1 + int.from_bytes(head[24:27], "little"),
            1 + int.from_bytes(head[27:30], "little"),
        )
    if kind == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    width, height = struct.unpack("<HH", head[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _svg(head: bytes) -> tuple[int, int]:
    found = re.search(rb"<svg\b[^>]{0,4000}>", head)
    if not found:
        return 0, 0
    sizes = dict(re.findall(rb'\s(width|height)\s*=\s*["\']([0-9.]+)(?:px)?["\']', found[0]))
    if len(sizes) == 2:
        return round(float(sizes[b"width"])), round(float(sizes[b"height"]))
    box = re.search(
        rb'viewBox\s*=\s*["\'][-0-9.]+[\s,]+[-0-9.]+[\s,]+([0-9.]+)[\s,]+([0-9.]+)', found[0]
    )
    return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
