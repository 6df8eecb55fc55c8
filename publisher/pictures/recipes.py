"""What is to be made of a picture, and what came of it."""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

FORMAT = 1
"""Raise it whenever the same picture and recipe are to give other bytes."""

SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
}
"""Kinds of files that are made, with the ends of their names."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """How a picture is made: at most `width` pixels and `bytes`; cropped to a shape with `height`.

    `better` are formats that browsers may have instead (`avif`, `webp`). Animated ones are left
    alone up to `animated` bytes; one of more than `pixels` is not read.
    """

    use: Literal["mail", "page", "thumbnail"]
    width: int
    bytes: int
    pixels: int
    height: int = 0
    better: tuple[str, ...] = ()
    animated: int = 0

    def key(self, digest: str) -> str:
        """Return the name of what is made of the picture with a digest: the same for each Pillow.

        What no byte of it depends on is no part of it.
        """
        about = (FORMAT, self.use, self.width, self.height, self.bytes, self.better, self.animated)
        return hashlib.sha256(repr((about, digest)).encode()).hexdigest()[:32]


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was made; `length` in bytes, `data` empty where only its shape is remembered."""

    type: str
    width: int
    height: int
    length: int
    data: bytes = b""
    digest: str = ""

    @classmethod
    def of(cls, kind: str, width: int, height: int, data: bytes) -> Output:
        """Return a file with its length and digest."""
        return cls(
            type=kind,
            width=width,
            height=height,
            length=len(data),
            data=data,
            digest=hashlib.sha256(data).hexdigest(),
        )


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a picture: files, the one that everybody can show first; none where it failed.

    `width` and `height` are its own, turned as it is shown, 0 where unknown. `refused` says why
    nothing was made, `harmless` whether the picture itself may be shown all the same, `note` what
    an editor should know of what was made.
    """

    outputs: tuple[Output, ...] = ()
    width: int = 0
    height: int = 0
    refused: str = ""
    harmless: bool = True
    note: str = ""
