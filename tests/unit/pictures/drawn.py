"""Pictures drawn for tests: a photograph, a flat drawing, one to be seen through."""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from publisher.pictures import Recipe

MAIL = Recipe(use="mail", width=1200, bytes=400_000, pixels=50_000_000, animated=100_000)
PAGE = Recipe(use="page", width=1280, bytes=600_000, pixels=50_000_000, better=("webp",))
SMALL = Recipe(use="thumbnail", width=320, height=240, bytes=80_000, pixels=50_000_000)


def saved(image: Image.Image, kind: str, **settings: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def photograph(width: int = 600, height: int = 400, grain: int = 8) -> Image.Image:
    """Something with as much in it as the world has: soft, and no two pixels alike."""
    size = max(width // grain, 1), max(height // grain, 1)
    noise = random.Random(7).randbytes(size[0] * size[1] * 3)
    return Image.frombytes("RGB", size, noise).resize((width, height), Image.Resampling.BICUBIC)


def flat(width: int = 600, height: int = 400) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 9, height // 9, width // 2, height // 2), fill=(11, 92, 107))
    draw.line((0, height, width, 0), fill="black", width=3)
    return image


def cut_out(width: int = 300, height: int = 200) -> Image.Image:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 20, 150, 150), fill=(200, 30, 30, 255))
    return image


def turned(orientation: int, width: int = 40, height: int = 20) -> bytes:
    """A JPEG whose upper left, as it is shown, is red; a camera's place is in it."""
    upright = Image.new("RGB", (width, height), "white")
    upright.paste((220, 0, 0), (0, 0, width // 2, height // 2))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return saved(stored, "JPEG", quality=95, exif=exif, comment=b"Anna's kitchen")


def moving(kind: str = "GIF", frames: int = 3, size: int = 60, **more: Any) -> bytes:
    pictures = [photograph(size, size, grain).convert("RGB") for grain in range(3, 3 + frames)]
    rest = {"save_all": True, "append_images": pictures[1:], "duration": 100, **more}
    return saved(pictures[0], kind, **rest)
