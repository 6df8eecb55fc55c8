"""What web servers send compressed: which codings there are, and how each is made."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

SUFFIXES = {"gzip": ".gz", "br": ".br"}
"""What a packed file's name has at its end, by content coding (RFC 9110 §8.4.1)."""

ENDS = ("", *SUFFIXES.values())
"""Of a file and of its packed ones, in the order in which they are remembered."""


def packed(data: bytes) -> dict[str, bytes]:
    """Return data compressed, by content coding; the same data gives the same bytes."""
    import brotli  # slow to import, and needed only where something changes

    return {
        "gzip": gzip.compress(data, 6, mtime=0),
        # A window no larger than the data: a larger one takes half as long again to fill.
        "br": brotli.compress(data, quality=5, lgwin=min(max(len(data).bit_length(), 10), 22)),
    }


def packed_beside(path: Path, data: bytes, known: Mapping[str, bytes] = {}) -> dict[Path, bytes]:
    """Return what web servers send of a file compressed, by its path beside it: `rss.xml.gz`.

    `known` is it by content coding, where that was done already.
    """
    made = known or packed(data)
    return {_beside(path, SUFFIXES[coding]): body for coding, body in made.items()}


def with_packed(path: Path) -> list[Path]:
    """Return a file's path, and those of its packed ones."""
    return [path, *(_beside(path, suffix) for suffix in SUFFIXES.values())]


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
