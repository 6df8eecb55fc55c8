"""How wide a picture is shown in a mail, whatever attributes it came with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qs, urlsplit

from publisher.model import Picture, file_url

SMALL = 300
"""Pixels that any phone has room for: a picture up to this width needs no bounds."""

_SIZE = re.compile(r'\s*\b(width|height)="([^"]*)"')
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_WORDS = re.compile(r'\balt="([^"]*)"')
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*", re.ASCII)
_PERCENT = re.compile(r"\s*(\d{1,3})(?:\.\d+)?\s*%\s*", re.ASCII)
_IN_NAME = re.compile(r"[-_](\d{2,4})x(\d{2,4})\.\w{3,4}$", re.ASCII)  # WordPress: p-1200x800.png


def without_size(attributes: str) -> str:
    """Return an element's attributes without its size."""
    return _SIZE.sub("", attributes).strip()


def own(attributes: str, pictures: Mapping[str, Picture]) -> Picture | None:
    """Return the picture that an element shows, None where it is no file of ours."""
    source = _SOURCE.search(attributes)
    url = unescape(source[1]) if source else ""
    return pictures.get(file_url(url))


def words(attributes: str) -> str:
    """Return the words that stand for a picture, as HTML."""
    found = _WORDS.search(attributes)
    return found[1] if found else ""


def shown(attributes: str, pictures: Mapping[str, Picture], most: int) -> tuple[int, int]:
    """Return the width and height of a picture in a column of `most` pixels, 0 where unknown.

    It is never wider than the column, nor than its own file, where that is known. The height is
    told only where it is sure: one that lies would distort the picture.
    """
    source = _SOURCE.search(attributes)
    url = unescape(source[1]) if source else ""
    given = {name: unescape(value) for name, value in _SIZE.findall(attributes)}
    file = own(attributes, pictures)
    wanted, wanted_height = _pixels(given.get("width", "")), _pixels(given.get("height", ""))
    if percent := _PERCENT.fullmatch(given.get("width", "")):
        wanted = most * min(int(percent[1]), 100) // 100
    if file and file.width and file.height:
        if not wanted and wanted_height:
            wanted = round(file.width * wanted_height / file.height)
        width = min(wanted or file.width, file.width, most)
        return width, max(round(width * file.height / file.width), 1)
    width = min(wanted or _hinted(url), most)
    if not (width and wanted and wanted_height) or percent:
        return width, 0
    return width, max(round(width * wanted_height / wanted), 1)


def _pixels(text: str) -> int:
    found = _PIXELS.fullmatch(text)
    return int(found[1]) if found else 0


def _hinted(url: str) -> int:
    """The width that an address itself tells, 0 where it tells none."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
    except ValueError:
        return 0
    if found := _IN_NAME.search(parts.path):
        return int(found[1])
    told = next((query[key][0] for key in ("width", "w") if key in query), "")
    return int(told) if re.fullmatch(r"\d{2,4}", told, re.ASCII) else 0
