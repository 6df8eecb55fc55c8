"""A picture's bytes → the files that are shown."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageFile, UnidentifiedImageError

from publisher.errors import OutOfTime
from publisher.pictures import encoding, metadata
from publisher.pictures.blanking import blanked
from publisher.pictures.colour import plain
from publisher.pictures.recipes import Output, Recipe, Result

_KINDS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
_MOVING = {"GIF", "PNG", "WEBP", "AVIF"}  # a JPEG of several is a camera's, with a preview in it
_PLAYED = {"GIF", "PNG"}  # by mail programs, or shown as a still
_ORIENTATION = 0x0112
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
_WIDEST = 65_000  # pixels of a side: JPEG has no more


def make(data: bytes, recipe: Recipe) -> Result:
    """Return what is made of a picture; what cannot be read is an answer.

    Raises OutOfTime, should somebody's alarm do so.
    """
    if _is_drawing(data):
        return Result(refused="it is a drawing (SVG), which few mail programs show")
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, recipe.pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=_KINDS) as image:
                return _made(image, data, recipe)
    except OutOfTime:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_large(recipe)
    except UnidentifiedImageError:
        return Result(refused="it is no JPEG, PNG, GIF, WebP, AVIF or BMP")
    except MemoryError:
        return Result(refused="it needs too much memory", harmless=False)
    except Exception as error:  # decoders raise whatever they like
        said = " ".join((str(error) or type(error).__name__).split())[:150]
        return Result(refused=f"it is damaged: {said}")
    finally:
        Image.MAX_IMAGE_PIXELS = before  # it is the whole process's


def _is_drawing(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head


def _too_large(recipe: Recipe) -> Result:
    most = recipe.pixels / 1e6
    return Result(refused=f"it has more than {most:g} million pixels", harmless=False)


def _made(image: ImageFile.ImageFile, data: bytes, recipe: Recipe) -> Result:
    width, height = image.size
    if width * height > recipe.pixels or max(width, height) > _WIDEST:
        return _too_large(recipe)
    turn = _turn_of(image)
    if turn >= 5:
        width, height = height, width
    note = ""
    if image.format in _MOVING and getattr(image, "is_animated", False):
        if recipe.use == "page" or (
            recipe.use == "mail" and image.format in _PLAYED and len(data) <= recipe.animated
        ):
            return _left_alone(image, data, recipe)
        note = _still(image.format, data, recipe)
    shape = width, height
    size, crop = _fitted(width, height, recipe)
    is_kept = size == shape and turn == 1 and not crop and not note and _is_plain(image)
    picture = _scaled(image, turn, size, crop)
    outputs = encoding.encoded(picture, recipe, is_lossless=image.format in {"PNG", "GIF", "BMP"})
    if is_kept:
        outputs = _or_itself(outputs, data, image, recipe)
    return Result(outputs=outputs, width=width, height=height, note=note)


def _left_alone(image: ImageFile.ImageFile, data: bytes, recipe: Recipe) -> Result:
    width, height = image.size
    if len(data) > recipe.animated:  # browsers play it from where it lies
        what = f"it is animated and has {len(data) / 1e6:.1f} MB"
        return Result(width=width, height=height, note=what)
    output = Output.of(Image.MIME[str(image.format)], width, height, blanked(data))
    return Result(outputs=(output,), width=width, height=height)


def _still(kind: str | None, data: bytes, recipe: Recipe) -> str:
    if recipe.use != "mail":
        return ""
    if kind not in _PLAYED:
        return f"it is an animated {kind}, and mail programs do not play it: it stands still"
    return f"it is animated and has {len(data) / 1e6:.1f} MB: in mails it stands still"


def _turn_of(image: Image.Image) -> int:
    """EXIF's orientation, 1 where there is none that makes sense."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # what a camera wrote may be anything
        return 1
    return found if isinstance(found, int) and found in _TURNS else 1


def _fitted(
    width: int, height: int, recipe: Recipe
) -> tuple[tuple[int, int], tuple[int, int, int, int] | None]:
    """The size to make, never larger than the picture, and what of the picture is in it."""
    if not recipe.height:
        wide = min(width, recipe.width)
        return (wide, max(round(height * wide / width), 1)), None
    if width * recipe.height >= height * recipe.width:  # too wide: the middle of it
        inner, outer = max(round(height * recipe.width / recipe.height), 1), height
    else:
        inner, outer = width, max(round(width * recipe.height / recipe.width), 1)
    # Of a tall picture rather the upper part: that is where faces are.
    left, top = (width - inner) // 2, (height - outer) // 3
    wide = min(inner, recipe.width)
    size = wide, max(round(outer * wide / inner), 1)
    return size, (left, top, left + inner, top + outer)


def _is_plain(image: Image.Image) -> bool:
    """Whether a file's own bytes show in every mail program what is meant."""
    kinds = {"JPEG": {"RGB", "L"}, "PNG": {"RGB", "RGBA", "L", "LA", "P", "1"}}
    return image.mode in kinds.get(str(image.format), ()) and "icc_profile" not in image.info


def _scaled(
    image: ImageFile.ImageFile,
    turn: int,
    size: tuple[int, int],
    crop: tuple[int, int, int, int] | None,
) -> Image.Image:
    if image.format == "JPEG" and crop is None:  # decoded at a half, a quarter, an eighth
        across = (size[1], size[0]) if turn >= 5 else size
        image.draft(image.mode, (across[0] * 2, across[1] * 2))
    profile = image.info.get("icc_profile")
    image.load()
    picture: Image.Image = image
    for method in _TURNS.get(turn, ()):
        picture = picture.transpose(method)
    if crop:
        picture = picture.crop(crop)
    if picture.mode in {"RGB", "L"} and "transparency" not in picture.info:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return plain(picture, profile)
    picture = plain(picture, profile)
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _or_itself(
    outputs: tuple[Output, ...], data: bytes, image: ImageFile.ImageFile, recipe: Recipe
) -> tuple[Output, ...]:
    """The file itself in place of what is larger, or no better, without what its maker wrote."""
    itself = metadata.without(data)
    first = outputs[0]
    if itself is None or len(itself) > min(recipe.bytes, first.length):
        return outputs
    kept = Output.of(Image.MIME[str(image.format)], first.width, first.height, itself)
    return (kept, *(one for one in outputs[1:] if one.length < len(itself)))
