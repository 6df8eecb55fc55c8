"""A plain picture → files: JPEG for photographs, PNG for what is flat or transparent; and better.

Each is kept within a recipe's bytes: first by its quality, then by its size.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, features

from publisher.pictures.recipes import Output, Recipe

_QUALITIES = (82, 75, 67, 58, 48)
_SMALLEST = 16  # pixels of a side
_WORTH_IT = 0.9  # of the bytes of what everybody can show, or another format is not offered
_LEAST = 1000  # bytes that it saves, for the words of a page that offer it are some, too
_FLAT = 1.5  # times the bytes of a JPEG may a PNG have: it has no smudges around letters
_QUICKLY = 1.5  # times what it may have may one have that is packed quickly, or none is made


def encoded(picture: Image.Image, recipe: Recipe, *, is_lossless: bool) -> tuple[Output, ...]:
    """Return the file that every program shows, and after it what browsers may have instead.

    `is_lossless` tells whether the picture came from a file that keeps every pixel.
    """
    smaller, first = picture, _first(picture, recipe.bytes, is_lossless)
    while first.length > recipe.bytes and max(smaller.size) > _SMALLEST:
        smaller = _smaller(smaller, recipe.bytes / first.length)
        first = _first(smaller, recipe.bytes, is_lossless)
    better: list[Output] = []
    for name in recipe.better:
        made = _better(smaller, name, is_flat=first.type == "image/png")
        least = min((one.length for one in better), default=first.length)
        if made and made.length < min(_WORTH_IT * least, first.length - _LEAST):
            better.append(made)
    return (first, *sorted(better, key=lambda one: one.length))


def _smaller(picture: Image.Image, share: float) -> Image.Image:
    """The picture scaled so that it has about that share of its bytes."""
    scale = min(max(share**0.5 * 0.95, 0.3), 0.9)
    width, height = (max(int(side * scale), 1) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _first(picture: Image.Image, most: int, is_lossless: bool) -> Output:
    if picture.mode == "RGBA":
        whole = _png(picture)
        return whole if whole.length <= most else _png(_of_few_colours(picture))
    photograph = _jpeg(picture, most)
    if not is_lossless:
        return photograph
    return _flat(picture, min(_FLAT * photograph.length, most)) or photograph


def _jpeg(picture: Image.Image, most: int) -> Output:
    for quality in _QUALITIES:
        made = _output(
            picture, "image/jpeg", format="JPEG", quality=quality, optimize=True, progressive=True
        )
        if made.length <= most:
            break
    return made


def _flat(picture: Image.Image, most: float) -> Output | None:
    """The picture as PNG, None where that has more than `most` bytes.

    To pack it well takes five times as long as to pack it quickly: of a photograph, or most of a
    screen that has one, nobody does that in vain.
    """
    exact = _in_its_colours(picture)
    quickly = _output(exact, "image/png", format="PNG", compress_level=1)
    if quickly.length > _QUICKLY * most:
        return None
    made = _png(exact)
    return made if made.length <= most else None


def _png(picture: Image.Image) -> Output:
    return _output(picture, "image/png", format="PNG", optimize=True)


def _in_its_colours(picture: Image.Image) -> Image.Image:
    """The same picture with a palette, where its colours are so few."""
    few = picture.getcolors(256)
    if few and picture.mode == "RGB":
        exact = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=256)
        if exact.convert("RGB").tobytes() == picture.tobytes():
            return exact
    return picture


def _of_few_colours(picture: Image.Image) -> Image.Image:
    return picture.quantize(256, method=Image.Quantize.FASTOCTREE)


def _better(picture: Image.Image, name: str, *, is_flat: bool) -> Output | None:
    if not features.check(name):
        return None
    if name == "webp":
        return _output(picture, "image/webp", format="WEBP", quality=78, method=4, lossless=is_flat)
    if is_flat:  # its letters would be smudged
        return None
    return _output(picture, "image/avif", format="AVIF", quality=60, speed=8, max_threads=1)


def _output(picture: Image.Image, kind: str, **settings: Any) -> Output:
    file = BytesIO()
    bare = picture.copy()
    bare.info = {}  # or it would be written: profiles, comments, EXIF
    bare.save(file, **settings)
    return Output.of(kind, picture.width, picture.height, file.getvalue())
