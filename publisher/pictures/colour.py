"""Any picture → grey, RGB or RGBA in sRGB, which every program shows alike."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")


def plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, with alpha only where something can be seen through."""
    colours = _in_srgb(_known(picture), profile)
    if colours.mode == "RGBA" and colours.getchannel("A").getextrema() == (255, 255):
        return colours.convert("RGB")
    return colours


def _known(picture: Image.Image) -> Image.Image:
    """The picture in one of the modes L, RGB, RGBA and CMYK."""
    mode = picture.mode
    if mode.startswith("I") or mode == "F":  # 16 bits a channel
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if mode in {"LA", "La", "PA", "RGBa"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if mode in {"L", "RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("L" if mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            return _translated(picture, ImageCms.ImageCmsProfile(BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that makes no sense is none
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _translated(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    made = ImageCms.profileToProfile(colours, profile, _SRGB, outputMode="RGB")
    if made is None:
        return picture
    if alpha:
        made.putalpha(alpha)
    return made
