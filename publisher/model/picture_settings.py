"""What `[pictures]` declares."""

from __future__ import annotations

from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class PictureSettings(Settings, frozen=True, kw_only=True):
    """How pictures that lie in the publication's folder are made for what shows them."""

    make: Literal["auto", "always", "never"] = _key(
        "Make them for mails and pages: `auto` where the pages of the articles are made here "
        '(`web.pages = "all"`), `always`, or `never`: then each is shown as it is.',
        "auto",
    )
    mail_bytes: int = _key("Bytes that a picture in a mail has at most.", 400_000)
    page_bytes: int = _key("Bytes that a picture on a page has at most.", 600_000)
    formats: tuple[str, ...] = _key(
        "What browsers get instead of JPEG and PNG where it is smaller: `webp`, `avif`.",
        ("webp",),
        example="avif",
    )
    thumbnail: int = _key(
        "Pixels that a thumbnail is wide, where a template shows one; it is three quarters as "
        "high.",
        160,
    )
    animated_bytes: int = _key(
        "An animated picture of at most so many bytes is left alone; a heavier one stands still "
        "in mails.",
        1_000_000,
    )
    source_bytes: int = _key("A file of more bytes is no picture to make one of.", 64_000_000)
    megapixels: int = _key("A picture of more millions of pixels is shown to nobody.", 50)
